"""What heads are told of signs that wait for their answer: once when they are asked, once before the last day."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from accounts.models import there as there_on
from accounts.roles import Role
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.mail.drafting import draft_message, store_messages
from complaints.mail.types import MessageType
from complaints.models import Message
from escalation.signals.answering import asked_of
from escalation.signals.models import StandingSign
from surveys.aftercase.quarters import number_of

ASKED, REMINDER = "asked", "reminder"
BEFORE = timedelta(days=3)  # the last day; counted once a night, so that a weekend lies between at most


class SignMessage(models.TextChoices):
    SIGN = "sign_to_answer", gettext_lazy("A sign waits for an answer")


def tell(rows: Iterable[StandingSign], what: str, now: datetime) -> int:
    """Writes to those who answer for the agency now; how many letters. Again it writes nothing new."""
    letters = [_letter(row, user, what, now) for row in rows for user in heads_for(row, now)]
    store_messages(letters)
    return len(letters)


def remind(now: datetime) -> int:
    """Of what nobody has answered and is to be answered in these days."""
    today = day_of(now)
    rows = StandingSign.objects.filter(answers=None, due_on__gte=today, due_on__lte=today + BEFORE)
    return tell(rows.select_related("agency"), REMINDER, now)


def heads_for(row: StandingSign, now: datetime) -> list[User]:
    """The heads of the agency, or of whoever took it over; where none of them is there, those above too. Without those
    for whom the sign does not exist."""
    agency: Agency | None = row.agency if row.agency.is_active else row.agency.who_took_over()
    told, seen = list[User](), set[int]()
    while agency is not None and agency.pk not in seen:
        heads = User.objects.filter(agency=agency, role=Role.AGENCY_HEAD, is_active=True).order_by("pk")
        found = [user for user in heads if _is_asked(user, row.pk, now)]
        told += found
        if there_on(found, day_of(now)):
            break
        seen.add(agency.pk)
        agency = agency.parent
    return told


def _is_asked(user: User, pk: int, now: datetime) -> bool:
    return any(asked.row.pk == pk for asked in asked_of(user, now))


def _letter(row: StandingSign, user: User, what: str, now: datetime) -> Message:
    """In office hours of whoever reads it."""
    at = calendar_for(user.agency_id)[1].next_opening(now)
    number, year = number_of(row.quarter)
    data = {"sign": row.pk, "what": what, "number": f"{year}-Q{number}/{row.pk}"}
    return draft_message(
        SignMessage.SIGN, case=None, cause=f"sign:{row.pk}:{what}", due_at=at, user=user, data=data
    )


def _line(message: Message) -> str:
    if message.data.get("what") == REMINDER:
        return _("A sign waits for the answer of your agency, and its last day is near")
    return _("A sign stands at your agency and waits for its answer")


def _page(message: Message) -> str:
    return reverse("escalation:sign-answer", args=[message.data["sign"]])


def _row(message: Message) -> StandingSign | None:
    return StandingSign.objects.filter(pk=message.data.get("sign")).select_related("agency").first()


def _is_answered(message: Message) -> bool:
    row = _row(message)
    return row is None or row.answers.exists()


def _is_for_reader(message: Message) -> bool:
    user = message.user
    return (
        user is not None and user.role == Role.AGENCY_HEAD and _is_asked(user, _pk(message), message.due_at)
    )


def _pk(message: Message) -> int:
    return int(message.data.get("sign", 0))


def _instead(message: Message, now: datetime) -> list[User]:
    row = _row(message)
    return heads_for(row, now) if row is not None else []


MESSAGES = (
    MessageType(
        SignMessage.SIGN,
        files="obligation",
        is_digested=True,
        line=_line,
        page=_page,
        is_overtaken=_is_answered,
        is_for_reader=_is_for_reader,
        instead=_instead,
    ),
)
