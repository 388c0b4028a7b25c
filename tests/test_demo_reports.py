"""The demo city can be made on any day of the year: none of the steps of its reports stands before what it needs."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from accounts.roles import Role
from config.demo.reports import plan_reports
from reports.figures.periods import Period
from tests import factories
from tests.factories import DAY, FRIDAY

pytestmark = pytest.mark.django_db
NEEDS = {"prepare": "begin", "read": "prepare", "publish": "read", "withdraw": "publish", "ask": "begin"}
NEEDS |= {"read_again": "withdraw"}


def test_whatever_day_it_is_each_step_has_the_one_before_it_behind_it() -> None:
    factories.make_city()
    for role in (Role.VERIFIER, Role.SUPERVISOR, Role.SUPERVISOR):
        factories.make_user(role)
    for days in range(366):
        taken = steps_until(FRIDAY + days * DAY)
        assert [name for name, _ in taken].count("publish") == 3, days
        assert "ask" in [name for name, _ in taken], days
        for place, (name, period) in enumerate(taken):
            if name in NEEDS:
                assert (NEEDS[name], period) in taken[:place], (days, name, period)


def steps_until(now: datetime) -> list[tuple[str, Period]]:
    """What is done by then, in its order."""
    planned: list[tuple[datetime, str, Period]] = []

    def at(moment: datetime, step: Callable[[datetime], object]) -> None:
        assert isinstance(step, partial)
        period: Any = step.args[-1]
        planned.append((moment, step.func.__name__, period))

    plan_reports(at, now)
    done = [(moment, name, period) for moment, name, period in planned if moment <= now]
    return [(name, period) for _, name, period in sorted(done, key=lambda step: step[0])]
