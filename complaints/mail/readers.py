"""The last gate before a mail to staff leaves: whether its reader may still see the case it is about.

Much can happen between the moment a mail is written and the moment it is sent; a person may have been named
in the case meanwhile.
"""

from accounts.models import User
from complaints.mail.types import type_of
from complaints.models import Complaint, Message, ReportedParty


def not_for_reader(group: list[Message]) -> list[Message]:
    """Those of the mails to one person that are about what they may not (any more) hear of. One query, and
    one more where something is out of scope."""
    user = group[0].user
    if user is None or not user.is_active:
        return []  # the citizen's own case, or an account that gets no mail at all
    others = [message for message in group if message.complaint_id is None]
    return _of_cases(group, user) + [each for each in others if not type_of(each).is_for_reader(each)]


def _of_cases(group: list[Message], user: User) -> list[Message]:
    about = [message for message in group if message.complaint_id is not None]
    cases = {message.complaint_id for message in about}
    hidden = cases - set(Complaint.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True))
    if not hidden:
        return []
    named = ReportedParty.objects.against(user).filter(complaint__in=hidden)
    never = set(named.values_list("complaint", flat=True))
    return [
        message
        for message in about
        if message.complaint_id in never
        or (message.complaint_id in hidden and not type_of(message).told_afterwards)
    ]
