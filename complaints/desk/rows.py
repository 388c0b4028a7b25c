"""The rows of a list of cases. Whatever costs time is done once for each different value, not once a row."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.calendars import Calendars, calendars
from complaints.clock.city_time import zone
from complaints.clock.kept import Kept
from complaints.clock.kept_in_sql import standings
from complaints.clock.words import Remaining, remaining
from complaints.desk.looks import marks_of
from complaints.models import Complaint
from complaints.names import with_names
from complaints.permissions import Act, may
from complaints.states import ACTIVE, PAUSED, TERMINAL, State
from complaints.templatetags.due import due_block
from complaints.templatetags.ui import urgency_tone

PLACE = "0-NUMBER-0"  # stands in for the number, so that the path is worked out once


@dataclass(frozen=True)
class Row:
    """What a line of the queue shows; `subject` is empty where only the heading may be read."""

    case: Complaint
    url: str
    subject: str
    level: str
    due: str  # the rendered component
    state: str  # likewise
    area: str
    turn: str
    beside: str  # under the turn: the handler, or the agency that waits for the citizen
    tone: str
    under: str  # under the subject: number, category, area
    tick_label: str
    is_new: bool = False  # something happened since its reader looked
    has_draft: bool = False

    @property
    def title(self) -> str:
        return self.subject or self.case.number

    @property
    def tick(self) -> str:
        """What a ticked row sends: the case as it was seen."""
        return f"{self.case.number}@{self.case.version}"


class RowMaker:
    """`page` names the path that a row leads to, which takes the case's number; `listing` from which list it is
    opened."""

    def __init__(
        self,
        actor: User,
        now: datetime,
        known: Calendars | None = None,
        page: str = "complaints:case-detail",
        listing: str = "",
    ) -> None:
        self.actor, self.now, self.calendars = actor, now, known or calendars()
        self._states: dict[str, str] = {}
        self._written = get_language(), zone(), settings.CITY.zone_label
        self._path = reverse(page, args=[PLACE]) + (f"?{urlencode({'list': listing})}" if listing else "")
        self._tick_label = _("Tick case %(number)s")

    def rows(self, cases: Iterable[Complaint]) -> list[Row]:
        """With a mark on what is new or begun where the list was read `with_marks`."""
        listed = with_names(cases)
        kept = standings(listed, self.now)
        return [self._row(case, kept) for case in listed]

    def _row(self, case: Complaint, kept: dict[int, Kept]) -> Row:
        turn, beside = whose_turn(case)
        left = remaining(case, self.calendars.of(case.agency_id), self.now, kept)
        subject = case.subject if may(self.actor, Act.READ_WORDS, case) else ""
        level = left.level if case.state in ACTIVE else "paused"  # a finished case asks for no attention
        area = case.area.name if case.area else ""
        marks = marks_of(case)
        under = (case.number if subject else "", case.category.name if case.category else "", area)
        return Row(
            case=case,
            url=self._path.replace(PLACE, case.number),
            subject=subject,
            level=level,
            due=_due(left, case.due_at if case.state in ACTIVE else None, self._written),
            state=self._state(case),
            area=area,
            turn=turn,
            beside=beside,
            tone=urgency_tone(level),
            under=" · ".join(filter(None, under)),
            tick_label=self._tick_label % {"number": case.number},
            is_new=marks.version is not None and marks.version < case.version,
            has_draft=marks.has_draft,
        )

    def _state(self, case: Complaint) -> str:
        if case.state not in self._states:
            self._states[case.state] = _badge(case.state, case.get_state_display())
        return self._states[case.state]


@cache
def _badge(state: str, label: str) -> str:
    return render_to_string("components/state_badge.html", {"state": state, "label": label})


@lru_cache(maxsize=500)  # the same cases stand at the head of a queue again and again, late by as many days
def _due(left: Remaining, due_at: datetime | None, _written: Hashable) -> SafeString:
    """`_written`: by which language and clock."""
    return due_block(compact=True, words=left.words, level=left.level, due_at=due_at)


def whose_turn(case: Complaint) -> tuple[str, str]:
    """Who has to act next, and who stands beside: the handler, or the agency while the citizen is asked."""
    agency = case.agency.short_name if case.agency else ""
    if case.state in PAUSED or case.state == State.RESOLVED:
        return _("Citizen"), agency
    if case.state == State.SUBMITTED:
        return _("Verifiers"), ""
    if case.state in TERMINAL:
        return "", agency
    return agency, str(case.handler) if case.handler else ""
