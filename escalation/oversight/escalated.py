"""Everything that was raised, to whom, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints import choices
from complaints.clock.calendars import calendars
from complaints.clock.words import Remaining, time_left
from complaints.paging import Order
from complaints.roster import Roster
from escalation.ladder.models import Escalation, EscalationQuerySet, EscalationState, Level, Trigger
from escalation.oversight.panels import own_levels

ALL, ME = "all", "me"
ANY = _("any")
STATES = [(ALL, _("all")), *EscalationState.choices]
BY_DUE = Order("due_at")
NEWEST_FIRST = Order("raised_at", newest_first=True)


def _pick(*, empty: Any = ANY, **options: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(empty_label=empty, **options)


class EscalationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`EscalationFilter(request.GET, user, now)`; without a state, what still waits for a decision."""

    state = _pick(label=_("State"), empty=_("waiting for a decision"), choices=STATES, method="in_state")
    level = _pick(label=_("Level"), choices=Level.choices)
    answerer = _pick(label=_("Who answers"), choices=[(ME, _("Me"))], method="by_answerer")
    trigger = _pick(label=_("Why"), choices=Trigger.choices)
    agency = _pick(label=_("Agency"), choices=choices.agency_choices, field_name="complaint__agency__code")
    overdue = django_filters.BooleanFilter(
        label=_("Overdue"), widget=forms.CheckboxInput, method="only_overdue"
    )

    def __init__(self, data: Any, user: User, now: datetime) -> None:
        super().__init__(data, Escalation.objects.visible_to(user))
        self.user, self.now = user, now

    def in_state(self, rows: EscalationQuerySet, name: str, value: str) -> EscalationQuerySet:
        return rows if value == ALL else rows.filter(state=value)

    def by_answerer(self, rows: EscalationQuerySet, name: str, value: str) -> EscalationQuerySet:
        return rows.filter(level__in=own_levels(self.user))

    def only_overdue(self, rows: EscalationQuerySet, name: str, on: bool) -> EscalationQuerySet:
        return rows.open().filter(due_at__lt=self.now) if on else rows

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    @property
    def found(self) -> EscalationQuerySet:
        """What fits; nothing when a value makes no sense."""
        if not self.form.is_valid():
            return Escalation.objects.none()
        rows: EscalationQuerySet = self.qs
        return rows.open() if self._waits else rows

    @property
    def strands(self) -> list[EscalationQuerySet]:
        """The same: what waits as a walk along its index for each level, which the database merges unsorted."""
        return self.found.by_level() if self._waits else [self.found]

    @property
    def order(self) -> Order:
        """What waits by when it is due; what is over, the newest first."""
        return BY_DUE if self._waits else NEWEST_FIRST

    @property
    def _waits(self) -> bool:
        state = self.form.is_valid() and self.form.cleaned_data["state"]
        return not state or state in (EscalationState.RAISED, EscalationState.ACKNOWLEDGED)


@dataclass(frozen=True)
class EscalatedRow:
    """`answers`: the names of the people on that level."""

    escalation: Escalation
    answers: str
    left: Remaining | None


def with_case(rows: EscalationQuerySet) -> EscalationQuerySet:
    """With what a row shows, in one query."""
    found = rows.select_related("complaint__agency", "acknowledged_by", "decided_by")
    return found.defer("complaint__description", "complaint__policy")


def rows_of(escalations: list[Escalation], now: datetime) -> list[EscalatedRow]:
    """Who answers and how long they have; five queries, however many rows."""
    if not escalations:
        return []
    known = calendars()
    roster = Roster.read(now)
    roster.read_parties(row.complaint_id for row in escalations)
    rows = []
    for row in escalations:
        people = roster.level(row.level, row.complaint) if row.is_open else []
        calendar = known.of(row.complaint.agency_id)
        left = time_left(row.due_at, calendar, now) if row.is_open else None
        rows.append(EscalatedRow(row, ", ".join(str(person) for person in people), left))
    return rows
