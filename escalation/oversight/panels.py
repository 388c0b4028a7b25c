"""What waits for one supervisor, a panel each on the first page of their desk.

A part of the desk that has something waiting adds its function to PANELS. A function asks one query.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.clock.calendars import Calendars, calendars
from complaints.clock.dates import day_words
from complaints.clock.words import time_left
from complaints.database.kept_statements import rows_of
from complaints.paging import merged
from complaints.querysets import scope_of
from escalation.audits.models import AuditItem
from escalation.audits.reading import waiting_for
from escalation.ladder.models import Escalation, EscalationQuerySet, Level
from escalation.oversight.obligation_panels import commitments_to_judge, overdue, recommendations_to_judge
from escalation.oversight.panel import MOST, Line, Panel, kept_rows, panel_of

SEATS = {Level.INSPECTORATE: Seat.INSPECTORATE, Level.OMBUDSMAN: Seat.OMBUDSMAN}


# A hundred are read, most of them only to be counted.
IN_A_LINE = ("trigger", "due_at", "complaint__number", "complaint__subject", "complaint__agency")

Find = Callable[[User, datetime], Panel]


def own_levels(user: User) -> tuple[Level, ...]:
    """The upper levels on which this supervisor answers: both without a seat, else their own and one that
    is nobody's, as the ladder has it."""
    if not user.seat:
        return tuple(SEATS)
    supervisors = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
    taken = set(supervisors.values_list("seat", flat=True))
    return tuple(level for level, seat in SEATS.items() if seat == user.seat or not taken & {seat, ""})


def my_escalations(user: User, now: datetime) -> Panel:
    """Cases with escalations on this person's own level that nobody has decided, each with its most pressing."""
    levels, known = own_levels(user), calendars()
    pressing: dict[int, Escalation] = {}
    for row in kept_rows("escalated", user, lambda: _waiting(user, levels), levels):
        pressing.setdefault(row.complaint_id, row)
    return panel_of(
        _("Escalated to you"),
        pressing.values(),
        lambda row: _escalation_line(row, known, now),
        url=reverse("escalation:oversight-escalations") + "?answerer=me",
        empty=_("No escalation waits for you."),
    )


def _waiting(user: User, levels: tuple[Level, ...]) -> QuerySet[Escalation]:
    waiting = Escalation.objects.visible_to(user).open().select_related("complaint").only(*IN_A_LINE)
    # A walk along the index for each: else all that waits is put in order for the first few.
    return merged([waiting.filter(level=level) for level in levels], ("due_at", "id"), MOST + 1)


def _escalation_line(row: Escalation, known: Calendars, now: datetime) -> Line:
    left = time_left(row.due_at, known.of(row.complaint.agency_id), now)
    words = row.complaint.subject
    note = f"{row.complaint.number} · {row.get_trigger_display()} · {left.words}"
    return Line(words, reverse("escalation:escalation-detail", args=[row.pk]), note, left.level)


def not_followed(user: User, now: datetime) -> Panel:
    """Instructions whose day has passed, longest ago first."""
    key = ("instructions not followed", *scope_of(user))
    return panel_of(
        _("Instructions not followed"),
        rows_of(key, now, now + timedelta(seconds=1), partial(_unheeded, user)),
        _unheeded_line,
        url=reverse("escalation:oversight-ignored"),
        empty=_("Every instruction whose day has come was followed."),
    )


def _unheeded(user: User, now: datetime) -> EscalationQuerySet:
    found = Escalation.objects.visible_to(user).unheeded(now).select_related("complaint")
    return found.only(*IN_A_LINE).order_by("due_at", "id")[: MOST + 1]


def _unheeded_line(row: Escalation) -> Line:
    url = reverse("escalation:oversight-case", args=[row.complaint.number])
    note = _("%(number)s · was to be answered by %(day)s")
    told = {"number": row.complaint.number, "day": day_words(row.due_at)}
    return Line(row.complaint.subject, url, note % told, "overdue")


def my_reviews(user: User, now: datetime) -> Panel:
    """Drawn cases that this person has yet to review: their own samples, and those in which they are second."""
    return panel_of(
        _("Reviews for audits"),
        kept_rows("reviews", user, lambda: _reviews(user)),
        _review_line,
        url=reverse("escalation:audit-list"),
        empty=_("No review waits for you."),
    )


def _reviews(user: User) -> QuerySet[AuditItem]:
    rows = waiting_for(user).select_related("complaint")
    return rows.only("sample_id", "is_twice", "complaint__number")[: MOST + 1]


def _review_line(row: AuditItem) -> Line:
    number = row.complaint.number
    note = _("audit %(sample)d, reviewed by two") if row.is_twice else _("audit %(sample)d")
    url = reverse("escalation:audit-review", args=[row.sample_id, number])
    return Line(number, url, note % {"sample": row.sample_id})


# In the order in which they stand on the page.
PANELS: tuple[Find, ...] = (
    my_escalations,
    not_followed,
    recommendations_to_judge,
    commitments_to_judge,
    overdue,
    my_reviews,
)


def panels_for(user: User, now: datetime) -> list[Panel]:
    return [find(user, now) for find in PANELS]
