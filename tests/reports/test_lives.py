"""The figures of a city that lived by chance, held against a count from its tables (second_count.py). To search:
LIVES=1-30 LIVES_STEPS=360 python -m pytest -s tests/reports/test_lives.py"""

import json
import os
from datetime import date, timedelta

import pytest
from tuntas_recount.compare import Comparison
from tuntas_recount.program import count_again

from accounts.models import Agency
from complaints.clock.city_time import day_of
from reports.figures.periods import Period, add_months
from reports.figures.snapshot import Snapshot, freeze
from reports.statistics.blocks import Block
from reports.statistics.keeping import differs, keep_up
from reports.statistics.reading import figures_of
from tests.reports.lives import BEGAN, Lives
from tests.reports.second_count import Count, differences

pytestmark = [pytest.mark.django_db, pytest.mark.long]
FIRST, _dash, LAST = os.environ.get("LIVES", "3").partition("-")
SEARCHES, STEPS = bool(LAST), int(os.environ.get("LIVES_STEPS", "150"))
HALF = Period(date(2026, 7, 1), date(2026, 12, 31))
ADDED = (
    "received",
    "ended",
    "open",
    "late",
    "met_target",
    "answered",
    "disputed",
    "ended_in_period",
    "hand_backs",
)
IN_STATISTICS = ("received", "ended", "open", "met_target", "late", "not_yet_due", "late_extended")
NAMED = {"satisfaction": "round", "call_backs": "quarter", "promises_kept": "promise"}


def months(city: Lives) -> list[Period]:
    found = [day_of(BEGAN).replace(day=1)]
    while (following := add_months(found[-1], 1)) <= day_of(city.now):
        found.append(following)
    return [Period(first, add_months(first, 1) - timedelta(1)) for first in found]


def wrong_in(snapshot: Snapshot, code: str, city: Lives) -> list[str]:
    """By the words of the definitions, by the strangers' program, and beside the statistics of the month."""
    period, figures, comparison = snapshot.period, snapshot.figures, Comparison()
    found = differences(figures, Count(period.first, period.last, code, city.now))
    found += [f"not recounted: {each}" for each in count_again(json.loads(snapshot.content), comparison)]
    found += [f"recounted: {each}" for each in comparison.differs]
    if period.whole_months == 1:
        (month,) = figures_of([Block(period.first, "month")], "agency" if code else "", code)
        found += [f"statistics: {name}" for name in IN_STATISTICS if month[name] != figures[name]]
    return [f"{period.first} to {period.last} {code}: {each}" for each in found]


def not_the_sum(half: Snapshot, parts: list[Snapshot]) -> list[str]:
    whole, each = half.figures, [part.figures for part in parts]
    found = [name for name in ADDED if whole[name] != sum(part[name] for part in each)]
    for table in ("promises", "recommendations", "forum_inputs"):
        for n, row in enumerate(whole[table]):
            found += [] if row["count"] == sum(part[table][n]["count"] for part in each) else [f"{table} {n}"]
    for table, name in NAMED.items():
        rows = sorted(row[name] for part in each for row in part[table])
        found += [] if rows == sorted(row[name] for row in whole[table]) else [table]
    return [f"half a year is not its months: {name}" for name in found]


@pytest.mark.parametrize("seed", range(int(FIRST), int(LAST or FIRST) + 1))
def test_what_is_reported_of_a_life_is_what_its_tables_tell(seed: int) -> None:
    city = Lives(seed)
    city.live(STEPS)
    city.now += timedelta(days=90)
    city.night()
    city.live(STEPS // 5)
    city.night()
    city.now += timedelta(minutes=1)  # what happens in the second of the count is not yet over in it
    print(f"seed {seed}, {city.now:%d %B %Y}: {city.done}")  # noqa: T201 - to find it again
    keep_up(city.now)
    wrong = [f"roll-up of {month}" for month in differs(city.now)]
    all_months = months(city)
    half = [each for each in all_months if HALF.first <= each.first <= HALF.last]
    some = [*all_months, HALF, Period(date(2026, 6, 17), date(2026, 8, 9))] if SEARCHES else [*half[:2], HALF]
    for code in ("", "PUPR", "DLHK", "BARU1") if SEARCHES else ("", "PUPR"):
        agency = Agency.objects.filter(code=code).first()
        if code and agency is None:
            continue
        made = {period: freeze(period, agency, actor=None, now=city.now) for period in some}
        for snapshot in made.values():
            wrong += wrong_in(snapshot, code, city)
        if SEARCHES and len(half) == 6:
            wrong += not_the_sum(made[HALF], [made[period] for period in half])
    assert not wrong, "\n".join(wrong)
