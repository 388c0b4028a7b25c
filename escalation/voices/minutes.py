"""The sweep's part for minutes of meetings: it reminds who runs the office, and climbs while they are late.

What is late is worked out from the row as it stands: not written, objections without an answer, not signed, not
published. Each row is one transaction, begun by a conditional update, as with recommendations and commitments.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Seat
from complaints.clock.calendars import calendar_for
from complaints.ledger.recording import recording
from complaints.mail.drafting import draft_message, store_messages
from complaints.mail.types import MessageType
from complaints.models import Message
from escalation.days import PATIENCE
from escalation.ladder.models import Level
from escalation.promises import people
from surveys.forums.meetings.models.minutes import Minutes, MinutesState
from surveys.forums.meetings.models.record import ForumStepKind
from surveys.forums.meetings.services.frame import add_step
from surveys.forums.meetings.services.telling import ask_to_sign
from surveys.forums.meetings.text import changed_since_signing

logger = logging.getLogger(__name__)
BATCH = 200
SET_ASIDE = timedelta(hours=1)


class MinutesMessage(models.TextChoices):
    DUE = "minutes_due", gettext_lazy("Minutes due")


def sweep_minutes(now: datetime, *, batch: int = BATCH) -> int:
    """Visits all minutes whose `next_action_at` has come; returns how many."""
    done, due = 0, Minutes.objects.needing_action(now)
    while due.exists():
        rows = list(due.select_related("forum__agency")[:batch])
        taken = sum(_visit(row, now) for row in rows)
        if not taken:
            break  # another sweep does what is left
        done += taken
    return done


def _visit(row: Minutes, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _act(row, now)
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
        logger.error("minutes: row set aside (%s)", type(error).__name__)
        name = type(error).__name__[:200]
        with recording(actor=None, now=now) as record:
            Minutes.objects.filter(pk=row.pk).update(next_action_at=now + SET_ASIDE, sweep_error=name)
            record.changed(row, "next_action_at")
        return True


def _act(row: Minutes, now: datetime) -> bool:
    """Reminds before the day, climbs a level after it; at the top it is said again as long as nothing happens."""
    what = what_is_late(row)
    if row.due_at is not None and now < row.due_at and what != "changed":
        if not _take(row, next_action_at=row.due_at):
            return False
        written = [(row, "next_action_at")]
        add_step(row.forum, ForumStepKind.REMINDED, actor=None, now=now, changed=written, what=what)
        tell(people.agency_heads_of(_owed(row), now), row, what, now)
        ask_to_sign(row, now=now)
        return True
    level = min(row.level + 1, Level.OMBUDSMAN)
    if not _take(row, next_action_at=now + PATIENCE, level=level):
        return False
    raised, kind = [(row, "next_action_at", "level")], ForumStepKind.RAISED
    told = _rung(row, level, now)
    if what == "changed":  # whoever oversees the office has to know of it, not only the office itself
        told += people.supervisors(_owed(row), now)
    nobody: dict[str, Any] = {} if told else {"told": 0}
    add_step(row.forum, kind, actor=None, now=now, changed=raised, what=what, level=int(level), **nobody)
    tell(told, row, what, now)
    return True


def what_is_late(row: Minutes) -> str:
    """What has to be done next, as messages name it."""
    if changed_since_signing(row):
        return "changed"
    if row.state == MinutesState.DRAFT:
        return "draft"
    if row.state == MinutesState.SIGNED:
        return "publishing"
    return "objections" if row.objections.filter(answered_at=None).exists() else "signing"


def _take(row: Minutes, **values: Any) -> bool:
    """The conditional update that lets one of several sweeps, or a person, win."""
    as_read = Minutes.objects.filter(pk=row.pk, state=row.state, next_action_at=row.next_action_at)
    if not as_read.update(sweep_error="", **values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _owed(row: Minutes) -> Any:
    """As those read it who look for people: it has an agency, and readers by `visible_to`."""
    return row


def _rung(row: Minutes, level: int, now: datetime) -> list[User]:
    """The head of the agency; then the agency above and the inspectorate; then the ombudsman."""
    owed = _owed(row)
    if level <= Level.AGENCY_HEAD:
        return people.agency_heads_of(owed, now) or people.supervisors(owed, now)
    if level == Level.INSPECTORATE:
        return [*people.agency_heads_above(owed, now), *people.supervisors(owed, now, Seat.INSPECTORATE)]
    return people.supervisors(owed, now, Seat.OMBUDSMAN)


def tell(users: list[User], row: Minutes, what: str, now: datetime) -> None:
    """A line in the digest of each, in office hours; once for each visit."""
    _calendar, hours = calendar_for(row.forum.agency_id)
    about = f"m{row.pk}:{row.state}:{what}:{row.level}:{now:%Y%m%d}"
    data = {"number": row.forum.code, "what": what}
    at = hours.next_opening(now)
    found = {user.pk: user for user in users}.values()
    store_messages(
        [
            draft_message(MinutesMessage.DUE, case=None, cause=about, due_at=at, user=user, data=data)
            for user in found
        ]
    )


def _line(message: Message) -> str:
    words = {
        "draft": _("The minutes of a forum are not written yet"),
        "objections": _("Objections to the minutes of a forum wait for an answer"),
        "signing": _("The minutes of a forum are not signed yet"),
        "publishing": _("Signed minutes of a forum are not published yet"),
        "changed": _("The minutes of a forum are not what was signed"),
    }
    return words.get(str(message.data.get("what", "")), str(MinutesMessage.DUE.label))


def _page(message: Message) -> str:
    return reverse("surveys:desk-forum-minutes", args=[message.data["number"]])


def _row(message: Message) -> Minutes | None:
    return Minutes.objects.select_related("forum__agency").filter(forum__code=message.data["number"]).first()


def _may_read(message: Message) -> bool:
    """Asked when it leaves: whoever stands aside meanwhile does not hear of it."""
    rows = Minutes.objects.visible_to(message.user)
    return bool(rows.filter(forum__code=message.data["number"]).exists())


def _instead(message: Message, now: datetime) -> list[User]:
    row = _row(message)
    if row is None or message.user is None:
        return []
    return people.instead_of(message.user, _owed(row), "", now)


MESSAGES = (
    MessageType(
        MinutesMessage.DUE,
        files="obligation",
        is_digested=True,
        line=_line,
        page=_page,
        is_for_reader=_may_read,
        instead=_instead,
    ),
)
