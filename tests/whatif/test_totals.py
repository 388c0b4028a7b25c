"""Every total of a trial is the sum of its lines, over random cities; what is not says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from complaints.clock.arithmetic import Target, Unit
from escalation.whatif.figures import report
from escalation.whatif.policy import BREACH, Rule
from escalation.whatif.replay import RESOLUTION, STAGES, VERIFIERS, CaseFact, ClockFact
from escalation.whatif.shown import FEW, Answer, late_words
from tests.whatif.cases import (
    CITY,
    MONDAY,
    at,
    case,
    cases,
    days,
    minutes,
    policy,
    resolution,
    sums_of,
    window,
)

NAMES = ["PUPR", "DLHK", "DINKES", VERIFIERS]


@st.composite
def cities(draw: st.DrawFn) -> list[CaseFact]:
    """Cases that went to and fro between agencies and verifiers, some with an extension, some stored late."""
    found = []
    for one in draw(st.lists(cases(), min_size=1, max_size=25)):
        moves = sorted(draw(st.lists(st.tuples(minutes, st.sampled_from(NAMES)), max_size=4)))
        extended = draw(st.sampled_from([0, 0, 3]))
        clocks = tuple(
            replace(
                clock,
                target=Target(clock.target.amount + extended, Unit.WORKING_DAYS),
                extension=extended,
                due=draw(st.none() | minutes.map(at)),
            )
            if clock.stage == RESOLUTION
            else clock
            for clock in one.clocks
        )
        holders = tuple((at(minute), name) for minute, name in moves)
        found.append(replace(one, holders=holders, clocks=clocks))
    return found


def answer_of(city: list[CaseFact], amount: int) -> dict[str, Any]:
    in_force = policy(Rule(BREACH, 1))
    targets = {(kind, "", RESOLUTION): days(amount) for kind in ("complaint", "oversight")}
    seen = window()
    sums = sums_of(city, in_force, policy(Rule(BREACH, 1), targets=targets), seen)
    return report(sums, seen) | {"since": seen.start.isoformat(), "until": seen.until.isoformat()}


@given(cities(), st.integers(1, 20))
def test_lines_add_up_to_each_total(city: list[CaseFact], amount: int) -> None:
    result = answer_of(city, amount)
    rows = result["agencies"]
    for name, column in result["columns"].items():
        assert sum(row[name]["late_cases"] for row in rows) == column["late_cases"]
        for stage in STAGES:
            assert sum(row[name]["late"][stage] for row in rows) == column["late"][stage]
        heads = [row[name]["escalations"] for row in rows if row["agency"] != VERIFIERS]
        assert sum(heads) == column["to_heads"]
        assert (
            sum(row[name]["escalations"] for row in rows)
            == column["escalations"]["1"] + column["climbed"]["1"]
        )
    assert sum(row["open"] for row in rows) == pytest.approx(sum(result["open"]) / len(result["open"]))
    assert sum(row["cases"] for row in rows) >= result["cases"]


@given(cities(), st.integers(1, 20))
def test_so_do_the_lines_that_are_shown_when_small_ones_stand_together(
    city: list[CaseFact], amount: int
) -> None:
    result = answer_of(city, amount)
    with translation.override("en"):
        answer = Answer(result, {})
        lines, total = answer.agencies, answer.total
    assert total.cases == result["cases"]
    assert [sum(cells) for cells in zip(*(line.late for line in lines), strict=True)] == total.late
    for place, stage in enumerate(STAGES):
        sums = [sum(line.stages[place][column] for line in lines) for column in range(3)]
        assert sums == total.stages[place]
        assert sums == [result["columns"][name]["late"][stage] for name in ("actual", "in_force", "proposed")]
    if len(lines) > 1:
        assert all(line.cases >= FEW for line in lines)


@given(cities(), st.integers(1, 20))
def test_a_headline_that_changes_has_a_line_that_changes(city: list[CaseFact], amount: int) -> None:
    result = answer_of(city, amount)
    now, then = (result["columns"][name]["late"] for name in ("in_force", "proposed"))
    changed = {stage for stage in STAGES if now[stage] != then[stage]}
    in_lines = {
        stage
        for row in result["agencies"]
        for stage in STAGES
        if row["in_force"]["late"][stage] != row["proposed"]["late"][stage]
    }
    assert changed <= in_lines


def test_a_case_that_was_late_with_something_else_already_shows_in_its_line() -> None:
    """What the headline said of 15 and 23 no line showed: those cases were late with their first response before."""
    late_before = ClockFact("first_response", 1, CITY, days(1), MONDAY, MONDAY + timedelta(days=30))
    ended = MONDAY + timedelta(days=10)
    city = [case(late_before, resolution(14, ended)) for _ in range(8)]
    result = answer_of(city, 3)
    assert [result["columns"][name]["late"][RESOLUTION] for name in ("in_force", "proposed")] == [0, 8]
    (row,) = result["agencies"]
    assert [row[name]["late_cases"] for name in ("in_force", "proposed")] == [8, 8]
    assert [row[name]["late"][RESOLUTION] for name in ("in_force", "proposed")] == [0, 8]


def test_a_target_missed_before_its_clock_ran_stands_with_who_had_the_case_then() -> None:
    """As a promise that was missed goes on after a case comes back; the verifiers never had a clock of this case."""
    began = MONDAY + timedelta(days=30)
    city = [case(resolution(14, started=began, due=MONDAY), holders=((MONDAY + timedelta(days=20), "PUPR"),))]
    result = answer_of(city, 14)
    assert result["columns"]["actual"]["late_cases"] == 1
    assert {row["agency"]: row["actual"]["late_cases"] for row in result["agencies"]} == {"PUPR": 1}


def test_an_extension_is_kept_in_one_share_and_not_in_the_other() -> None:
    ended = MONDAY + timedelta(days=20)  # 14 working days later; promised were ten
    city = [case(resolution(20, ended, extension=10, due=ended, promised=MONDAY + timedelta(days=14)))]
    columns = answer_of(city, 10)["columns"]
    for name in ("actual", "in_force", "proposed"):
        assert columns[name]["on_time_share"][RESOLUTION] == 0
        assert columns[name]["on_time_share_extended"][RESOLUTION] == 100


def first_response(stopped: timedelta, *, is_done: bool) -> CaseFact:
    clock = ClockFact("first_response", 1, CITY, days(5), MONDAY, MONDAY + stopped)
    return case(replace(clock, is_done=is_done))


def test_a_stage_whose_clock_was_stopped_is_not_met_by_that() -> None:
    """Five answered in time, ten taken away before anybody answered, one taken away after its promise."""
    day = timedelta(days=1)
    city = [first_response(day, is_done=True) for _ in range(5)]
    city += [first_response(day, is_done=False) for _ in range(10)] + [
        first_response(20 * day, is_done=False)
    ]
    result = answer_of(city, 14)
    assert result["met"]["first_response"] == 5
    for name in ("in_force", "proposed"):
        column = result["columns"][name]
        assert (column["in_time"]["first_response"], column["judged"]["first_response"]) == (5, 6)


@pytest.mark.parametrize(
    ("judged", "said"), [(19, "1 (in time: 18 of 19)"), (20, "1 (in time: 95\N{NO-BREAK SPACE}% of 20)")]
)
def test_against_fewer_than_twenty_the_page_says_numbers(judged: int, said: str) -> None:
    counts = {"first_response": judged - 1}, {"first_response": judged}
    column = {"late": {"first_response": 1}, "in_time": counts[0], "judged": counts[1]}
    column |= {"in_time_extended": counts[0], "judged_extended": counts[1]}
    with translation.override("en"):
        assert late_words(column, "first_response") == said
