"""A lost receipt code: a code for one use goes to the address that the report has, and to nowhere else.

It lives half an hour and is nowhere: it is worked out from the key of its message when the mail is made. It opens
nothing any more once the report has another address, or none, or its citizen wants no code by mail. Who asks is told
the same whether there is such a report or not.
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.actors import Citizen
from complaints.clock.city_time import day_of
from complaints.identity import Identity
from complaints.mail.drafting import draft_message, store_messages
from complaints.mail.way_in import LIFE, code_of
from complaints.models import Complaint, Message
from complaints.numbers import is_number
from complaints.services.system import contact
from complaints.services.unconfirmed import is_for, mark_of, may_write

MOST_A_DAY = 3  # to one report, so that nobody is flooded by somebody who knows its number
USED = "used"
WAY_IN = "way-in"  # what the mails of a day to an address are counted as


def ask_for_code(number: str, email: str, *, now: datetime) -> None:
    """Sends a code for one use to the address of report `number`, where it is `email` and that was allowed when it was
    filed. Nothing else happens, and nothing is said, where it is not so."""
    number, email = number.strip().upper(), email.strip().casefold()
    # As the system: nobody is known yet.
    found = Complaint.objects.visible_to(None).select_related("complainant").filter(number=number)
    case = found.first() if is_number(number) else None
    if case is None or case.is_anonymous:
        return
    known = contact(case)
    if not known.may_recover or not email or known.email.casefold() != email:
        return
    with transaction.atomic():
        today = Message.objects.filter(
            complaint=case, template=Message.Template.LOST_CODE, due_at__gt=now - timedelta(days=1)
        ).count()
        if today < MOST_A_DAY and may_write(WAY_IN, email, now):
            cause = f"{day_of(now).isoformat()}.{today}"  # two at once are one
            bound = {"to": mark_of(case, email)}
            lost = draft_message(Message.Template.LOST_CODE, case=case, cause=cause, due_at=now, data=bound)
            store_messages([lost])


def find_by_lost_code(symbols: str, *, now: datetime) -> Citizen | None:
    """Who holds a code for one use that has not been used and has not run out. It is used up by this."""
    fresh = Message.objects.filter(
        template=Message.Template.LOST_CODE, due_at__gt=now - LIFE, due_at__lte=now, complaint__isnull=False
    )
    for message in fresh.select_related("complaint__complainant"):
        if code_of(message) == symbols:
            return _use(message) if _still_goes_there(message) else None
    return None


def _still_goes_there(message: Message) -> bool:
    """Erased, changed or taken back since, the address opens nothing."""
    known = contact(message.complaint) if message.complaint else Identity()
    return known.may_recover and is_for(message, known.email)


def _use(message: Message) -> Citizen | None:
    used = Message.objects.filter(pk=message.pk).exclude(data__has_key=USED)
    first = used.update(data=message.data | {USED: True})
    return Citizen(message.complaint_id) if first and message.complaint_id else None
