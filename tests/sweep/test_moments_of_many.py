"""When a rule raises a case is the same whichever case of that day was looked at before it."""

from datetime import datetime

import pytest

from complaints.clock.arithmetic import Target, Unit
from complaints.models import Clock
from escalation.ladder.models import EscalationRule, Trigger
from escalation.ladder.moments import overdue_at
from escalation.ladder.rules import Ladder
from tests.clock.calendars import weekdays, wita

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
