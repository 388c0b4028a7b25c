"""To whom a mail to staff goes, worked out when it leaves: much can happen after it was written.

What is for a reader (models.message.Reader) is handed on to the people who are that now, and looked at again before
each of their mails is sent: who is that no longer gets none, and whoever is it instead gets it. What is for a person
is held back when they may not (any more) hear of the case.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Absence
from complaints.clock.city_time import day_of
from complaints.mail.drafting import for_person, for_reader, store_messages
from complaints.mail.types import type_of
from complaints.models import Complaint, Message, ReportedParty
from complaints.roster import Roster
from complaints.services.system import contact
from complaints.services.unconfirmed import is_for

BATCH = 500
NOBODY_THERE = timedelta(hours=1)  # until somebody is looked for again
NOT_FOR_READER = "not for this reader"
NOBODY = "nobody is there"
OVERTAKEN = "overtaken by events"
UNWANTED = "not each step is wanted"
ANOTHER_ADDRESS = "another address was given since"
NO_CODE = "a code by mail is not wanted any more"


def waiting_for_readers(now: datetime) -> QuerySet[Message]:
    """What is due and not handed on to people yet."""
    unsent = Message.objects.filter(sent_at=None, dropped_at=None, user=None, due_at__lte=now)
    return unsent.exclude(reader="").order_by("due_at", "id")


def hand_on(now: datetime) -> None:
    """Gives what is due to the people whom it is for now, a row for each."""
    while _hand_on_batch(now):
        pass


@transaction.atomic
def _hand_on_batch(now: datetime) -> int:
    """What reaches nobody waits: it is never dropped."""
    rows = waiting_for_readers(now)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    batch = list(rows.select_related("complaint")[:BATCH])
    roster = _roster_for(batch, now)
    handed_on: list[int] = []
    rest: list[int] = []
    over: list[int] = []
    copies: list[Message] = []
    for message in batch:
        assert message.complaint is not None
        if type_of(message).is_overtaken(message):
            over.append(message.pk)
            continue
        people = roster.readers(message.reader, message.complaint)
        (handed_on if people else rest).append(message.pk)
        copies += [for_person(message, user) for user in people]
    _give(copies)
    Message.objects.filter(pk__in=over).update(dropped_at=now, last_error=OVERTAKEN)
    Message.objects.filter(pk__in=handed_on).update(sent_at=now, last_error="")
    Message.objects.filter(pk__in=rest).update(due_at=now + NOBODY_THERE, last_error=NOBODY)
    return len(batch)


def _give(copies: list[Message]) -> None:
    """Stores the rows of people; one that was held back, since they were not the reader then, comes again."""
    store_messages(copies)
    again = Message.objects.filter(dedupe_key__in=[row.dedupe_key for row in copies])
    again.filter(last_error=NOT_FOR_READER, dropped_at__isnull=False).update(dropped_at=None, last_error="")


def _roster_for(messages: Iterable[Message], now: datetime) -> Roster:
    cases = {message.complaint_id for message in messages if message.complaint_id is not None}
    if not cases:
        return Roster()
    roster = Roster.read(now)
    roster.read_parties(cases)
    return roster


def _let_wait(message: Message, now: datetime) -> None:
    """Until there is somebody."""
    store_messages([message])
    rows = Message.objects.filter(dedupe_key=message.dedupe_key)
    rows.update(sent_at=None, due_at=now + NOBODY_THERE, last_error=NOBODY)


def not_for_reader(group: list[Message], now: datetime) -> list[Message]:
    """Those of the mails to one person that are not for them (any more). What was for a reader goes to the people
    who are that now, and waits while there is nobody; a few queries."""
    user = group[0].user
    if user is None:
        return []  # the citizen's own case
    for_readers = [message for message in group if message.reader]
    passed_on = _passed_on(for_readers, now) if for_readers else []
    others = [message for message in group if message.complaint_id is None]
    if not user.is_active:
        _tell_instead(others, now)
        return passed_on  # an account that gets no mail at all
    withheld = [each for each in others if not type_of(each).is_for_reader(each)]
    is_away = bool(others) and Absence.objects.on(day_of(now)).filter(user=user).exists()
    _tell_instead(others if is_away else withheld, now)
    return passed_on + withheld + _out_of_scope([message for message in group if not message.reader])


def why_withheld(message: Message) -> str:
    """Why a mail does not go to its citizen, "" if it does. A receipt and a code for a lost one are for the address
    that they were written to: a new one has its own, or has had its mails of the day (services/unconfirmed.py). Steps
    on the way are for who wants them, and for no address that got no receipt."""
    case, is_step = message.complaint, type_of(message).is_step
    is_bound = message.template in (Message.Template.RECEIPT, Message.Template.LOST_CODE)
    if message.user_id is not None or case is None or case.is_anonymous or not (is_bound or is_step):
        return ""
    known = contact(case)
    if is_bound and not is_for(message, known.email):
        return ANOTHER_ADDRESS
    if is_bound:
        is_wanted = known.may_recover or message.template == Message.Template.RECEIPT
        return "" if is_wanted else NO_CODE
    receipts = Message.objects.filter(complaint=case, template=Message.Template.RECEIPT)
    got_one = any(is_for(receipt, known.email) for receipt in receipts.select_related("complaint"))
    return UNWANTED if known.few_mails or not got_one else ""


def _tell_instead(group: list[Message], now: datetime) -> None:
    """What is about no case and was written to somebody who is not there (any more): whoever is next hears of it."""
    told = [(each, user) for each in group for user in type_of(each).instead(each, now)]
    _give([for_person(each, user) for each, user in told if user != each.user])


def _passed_on(group: list[Message], now: datetime) -> list[Message]:
    roster = _roster_for(group, now)
    passed_on, copies = [], []
    for message in group:
        assert message.complaint is not None
        people = roster.readers(message.reader, message.complaint)
        if message.user not in people:
            passed_on.append(message)
        copies += [for_person(message, user) for user in people if user != message.user]
        if not people:
            _let_wait(for_reader(message), now)
    _give(copies)
    return passed_on


def _out_of_scope(group: list[Message]) -> list[Message]:
    """One query, and one more where something is out of scope."""
    user = group[0].user if group else None
    about = [message for message in group if message.complaint_id is not None]
    if user is None or not about:
        return []
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
