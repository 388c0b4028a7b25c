"""When a rule raises a case is the same whichever case of that day was looked at before it."""

from datetime import date, datetime
from itertools import product

import pytest

from complaints.clock.arithmetic import Target, Unit
from complaints.models import Clock
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.ladder.moments import overdue_at
from escalation.ladder.rules import Ladder
from tests.clock.calendars import MAKASSAR, weekdays, wita

# One Friday: as the office opens, at its closing, in the evening, and at the last minute of the day; and a Saturday.
DUES = [
    wita("2026-12-11T08:00"),
    wita("2026-12-11T16:00"),
    wita("2026-12-11T19:30"),
    wita("2026-12-11T23:59"),
    wita("2026-12-12T23:59"),
]


@pytest.mark.parametrize("order", [DUES, DUES[::-1]])
@pytest.mark.parametrize("unit", Unit)
def test_what_is_remembered_of_one_case_is_so_of_the_other(unit: Unit, order: list[datetime]) -> None:
    rule = EscalationRule(pk=1, trigger=Trigger.OVERDUE, amount=5, unit=unit.value, level=3)
    ladder, calendar = Ladder(wita("2026-12-20T09:00"), [rule]), weekdays()
    ladder._by_row = {1: calendar}
    for due in order:
        clock = Clock(calendar_id=1, stage="resolution", due_at=due, unit="calendar_days", amount=14)
        assert ladder.moment(rule, clock, ()) == overdue_at(due, Target(5, unit), calendar)


@pytest.mark.parametrize("backwards", [False, True])
def test_by_when_one_is_answered_says_nothing_of_another(backwards: bool) -> None:
    """Another agency, moment, rule or step has another day, whichever was asked first."""
    quick, slow = (
        EscalationRule(pk=n, acknowledge_amount=n, acknowledge_unit="working_days") for n in (1, 2)
    )
    asked = []
    for agency, day, rule, state in product((1, 2), (7, 8), (quick, slow, None), ("raised", "acknowledged")):
        at = wita(f"2026-07-0{day}T09:00")
        said = at if state == "acknowledged" else None
        asked.append((agency, Escalation(rule=rule, state=state, raised_at=at, acknowledged_at=said)))
    ladder, found = _ladder(), []
    for agency, escalation in asked[::-1] if backwards else asked:
        found.append(ladder.due_anew(agency, escalation))
        assert found[-1] == _ladder().due_anew(agency, escalation)
    assert len(set(found)) > 4
    assert ladder.due_anew(1, Escalation(state="decided", raised_at=DUES[0], acknowledged_at=DUES[0])) is None


def _ladder() -> Ladder:
    ladder = Ladder(wita("2026-07-20T09:00"), [])
    ladder._calendars = {1: weekdays(), 2: weekdays(MAKASSAR, date(2026, 7, 9))}
    return ladder
