"""Gives open cases that were taken over clocks and a place on the ladder (`import_complaints --escalate`)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.clock.deadlines import Clockwork, policy_for
from complaints.importing.rows import Row
from complaints.models import Complaint
from complaints.models.policy import Stage
from complaints.states import ACTIVE, OPEN, OVERSIGHT, PAUSED, State


class Policies:
    """The targets in force on the day of the take-over, each asked for once.

    LookupError at once when the city has neither calendar nor targets.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._known: dict[tuple[str, int | None], dict[str, Any]] = {}
        calendar_for(None)
        self.of("complaint", None)

    def of(self, kind: str, category_id: int | None) -> dict[str, Any]:
        key = kind, category_id
        if key not in self._known:
            self._known[key] = policy_for(kind, category_id, day_of(self.now))
        return self._known[key]


def may_have(agency: Agency | None, kind: str) -> bool:
    """Whether a case of this kind can be given to the agency, as to any other by a verifier. Another system's offices
    are not active: nobody signs in there."""
    if agency is None or not agency.is_active or agency.is_external:
        return False
    return kind != OVERSIGHT or agency.is_oversight


def for_the_verifiers(row: Row) -> Row:
    """An open case of an agency that may not have it lies with the verifiers, who find out whose it is."""
    remark = _("its agency is none of ours that may have it: it waits for verification")
    state = row.state if row.state in PAUSED else State.SUBMITTED.value
    return replace(row, agency="", agency_there=row.agency, state=state, remarks=(*row.remarks, remark))


def becomes_live(case: Complaint) -> bool:
    """Whether somebody goes on with it here. An answered one without an agency of ours is history: its citizen has no
    receipt to answer with."""
    return case.state in ACTIVE or (case.state in OPEN and may_have(case.agency, case.kind))


def make_live(case: Complaint, policies: Policies) -> Clockwork:
    """Starts the clocks of an open case; the caller stores them after the case.

    What the city has to do next (verify, respond) counts from the take-over. The resolution counts from
    receipt, and a target the other system promised stays the promise.
    """
    case.is_live, case.next_level = True, 1
    case.policy = policies.of(case.kind, case.category_id)
    clockwork = Clockwork(case, [], [])
    if case.state == State.RESOLVED:
        clockwork.start(Stage.CONFIRMATION, policies.now)
    else:
        promised = case.target_at
        unverified = State.SUBMITTED in (case.state, case.returns_to)
        clockwork.start(Stage.VERIFICATION if unverified else Stage.FIRST_RESPONSE, policies.now)
        clockwork.start(Stage.RESOLUTION, case.received_at)
        if promised is not None:
            clockwork.give(promised, policies.now)
        if case.state == State.AWAITING_CITIZEN:
            clockwork.pause(policies.now)
        case.watch_at = policies.now
    clockwork.settle()
    return clockwork
