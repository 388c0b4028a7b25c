"""Small counts of the public edition: hidden, protected between all tables, and attacked by linear programs."""

import json
from copy import deepcopy
from datetime import UTC
from random import Random

import pytest

from reports.figures.compute import compute
from reports.suppression.attack import Attack, attack, intervals, protect_and_attack
from reports.suppression.cells import Cells, is_safe, narrowed, protect
from reports.suppression.columns import TIMES, TOGETHER
from reports.suppression.report import Marks, decide, report_cells
from reports.suppression.rows import OTHERS, total
from reports.suppression.systems import System
from tests.reports.test_figures import BUILT, PERIOD, made_up, made_up_clocks, tables_of


def figures_of(seed, count):
    cases = made_up(seed, count)
    return compute(tables_of(cases, made_up_clocks(seed, cases)), PERIOD, BUILT, UTC)


def line(**values):
    """Cells of one sum: `whole` and its parts."""
    cells = Cells()
    for name, value in values.items():
        cells.add((name,), value)
    cells.add_sum(("whole",), [(name,) for name in values if name != "whole"])
    return cells


def hidden(cells):
    return sorted(key[0] for key in cells.hidden)


@pytest.mark.parametrize(
    ("low", "high", "safe"), [(1, 5, True), (1, 4, False), (3, 6, False), (3, 7, True), (0, 4, False)]
)
def test_five_values_are_possible_and_one_of_them_is_five(low, high, safe):
    assert is_safe(low, high) is safe


def test_a_small_count_takes_the_smallest_beside_it_along():
    cells = line(whole=40, a=3, b=9, c=28)
    assert protect(cells) == []
    assert hidden(cells) == ["a", "b"]


def test_two_that_are_small_together_take_a_third_along():
    """3 + 2: each is one to four, and anybody would know that of both."""
    cells = line(whole=35, a=3, b=2, c=30)
    protect(cells)
    assert hidden(cells) == ["a", "b", "c"]


def test_a_nought_is_shown_and_hides_nobody():
    cells = line(whole=12, a=3, nought=0, b=9)
    protect(cells)
    assert hidden(cells) == ["a", "b"]


def test_what_cannot_be_protected_is_said():
    cells = line(whole=12, a=3, b=9)
    cells.settled |= {("whole",), ("b",)}
    assert protect(cells) == [("a",)]


def triangle():
    """No sum by itself tells anything of x; all three together say that it is 3."""
    cells = Cells()
    for name, value in {"x": 3, "y": 7, "z": 8, "xy": 10, "yz": 15, "xz": 11, "all": 36}.items():
        cells.add((name,), value)
    for names in ("xy", "yz", "xz"):
        cells.add_sum((names,), [(name,) for name in names])
    cells.add_sum(("all",), [("xy",), ("yz",), ("xz",)])
    cells.hidden |= {("x",), ("y",), ("z",)}
    return cells


def test_the_attack_finds_what_no_single_sum_says():
    assert is_safe(*narrowed(triangle())["x",])
    assert intervals(triangle())["x",] == (3, 3)
    assert attack(triangle()) == [("x",)]


def test_more_is_hidden_until_the_attack_finds_nothing():
    cells = triangle()
    assert protect_and_attack(cells) == []
    assert len(hidden(cells)) > 3
    assert attack(cells) == []


@pytest.mark.parametrize(("seed", "count"), [(1, 43), (12, 43), (6, 300), (9, 1500)])
def test_random_cities_withstand_the_attack(seed, count):
    """The last does not, as long as only one sum after the other is looked at."""
    marks, cells, weak = decide(figures_of(seed, count), how=protect_and_attack)
    assert weak == []
    assert attack(cells) == []
    shown = {value for key, value in cells.values.items() if key not in cells.hidden}
    assert not shown & {1, 2, 3, 4}
    assert marks.is_one_way is (count < 200)


def weak_by_intervals(cells):
    """The slow way: how far each count can go, by two programs each."""
    return sorted(key for key, ends in intervals(cells).items() if not cells.is_safe(key, *ends))


def test_an_attack_that_goes_on_says_what_one_from_the_beginning_says():
    """Whatever is hidden or shown since: what it remembers holds as long as nothing of it is shown."""
    found = set()
    for seed in range(5):
        random, going_on = Random(seed), Attack()
        cells = report_cells(figures_of(seed, 120))
        others = sorted(key for key, value in cells.values.items() if value and not cells.is_sensitive(key))
        cells.hide_small()
        cells.hidden |= {key for key in others if random.random() < 0.2}
        for _ in range(12):
            weak = weak_by_intervals(cells)
            assert sorted(going_on.weak(cells)) == weak
            assert going_on.finds(cells) == bool(weak)
            found.add(bool(weak))
            cells.hidden ^= set(random.sample(others, 8))
    assert found == {True, False}


def test_nothing_is_hidden_that_could_be_shown():
    _marks, cells, weak = decide(figures_of(12, 43), how=protect_and_attack)
    assert weak == []
    for key in cells.for_another():
        cells.hidden.discard(key)
        assert weak_by_intervals(cells) != []
        cells.hidden.add(key)


def test_what_the_table_of_states_joins_is_not_told_by_the_table_of_reasons():
    """Rejected was put with lapsed, the only small one; the sum of the reasons said how many were rejected."""
    figures = figures_of(3, 400)
    states = {"resolved": 389, "rejected": 9, "lapsed": 2}
    figures["by_state"] = [{"state": state, "received": count} for state, count in states.items()]
    figures["ended_how"] = []
    figures["rejected"] = [{"reason": "not-ours", "count": 9}]
    for each in ("rejected", "lapsed"):
        figures["excluded"][each] = 0
    _marks, cells, weak = decide(figures)
    assert weak == []
    known = cells.values[("", "by_state", "\0others", "received")]
    assert known == 11
    assert is_safe(*narrowed(cells)["", "by_state", "lapsed", "received"])


def test_of_a_few_that_have_a_time_no_time_is_told():
    """As in the month in which a city moved here from a system that did not tell when its cases ended."""
    figures = figures_of(3, 300)
    largest = figures["by_agency"][0]
    for unknown, of_all, of_row in ((0, False, False), (largest["ended"] - 4, False, True)):
        marks = decide(figures | {"end_unknown": unknown})[0]
        assert (marks.main >= TIMES) == of_all
        assert (marks.hidden("by_agency", largest["agency"]) >= TIMES) == of_row
    assert decide(figures | {"end_unknown": figures["ended"] - 2})[0].main >= TIMES


def test_the_same_is_hidden_whatever_the_order():
    first = report_cells(figures_of(6, 300))
    second = report_cells(figures_of(6, 300))
    second.sums.reverse()
    second.values = dict(reversed(second.values.items()))
    protect(first)
    protect(second)
    assert first.hidden == second.hidden


def test_what_hides_the_row_of_small_ones_is_kept_by_both_databases():
    """PostgreSQL stores no NUL in a JSON."""
    marks = Marks({("by_area", OTHERS): {"late"}, ("rejected", TOGETHER): {"count"}})
    stored = marks.as_json()
    assert "\\u0000" not in json.dumps(stored)
    assert Marks.from_json(stored).cells == marks.cells


def test_marks_and_cells_are_what_they_were_when_read_back():
    marks, cells, _weak = decide(figures_of(6, 300))
    assert Marks.from_json(marks.as_json()).cells == {
        place: names for place, names in marks.cells.items() if names
    }
    read = Cells.from_json(cells.as_json())
    assert (read.values, read.hidden, read.nowhere) == (cells.values, cells.hidden, cells.nowhere)
    assert {(each.whole, each.parts, each.drift) for each in read.sums} == {
        (each.whole, each.parts, each.drift) for each in cells.sums
    }


def sized(counts):
    """A city in which each of three channels has so many cases, a third of them late, and one case was rejected."""
    rows = []
    for channel, count in counts.items():
        late = count // 3
        row = {
            "received": count,
            "late": late,
            "met_target": count - late - 6,
            "not_yet_due": 5,
            "channel": channel,
        }
        row |= {"ended": count - 5, "open": 5, "met_target_extended": count - late - 6, "late_extended": late}
        rows.append(row | {"excluded": EXCLUDED | {"rejected": 1}})
    whole = total(rows, "channel")
    return whole | {"by_channel": rows}


EXCLUDED = dict.fromkeys(
    ("no_target", "standing_still", "rejected", "merged", "referred", "withdrawn", "lapsed"), 0
)


def test_how_much_is_told_of_a_row_goes_by_its_size():
    marks = decide(sized({"web": 1200, "letter": 60, "phone": 30}))[0]
    assert {"rejected", "late", "ended"} <= set(marks.told_of("by_channel", "web"))
    assert set(marks.told_of("by_channel", "letter")) == {"received", "met_target", "late", "ended", "open"}
    assert set(marks.told_of("by_channel", "phone")) == {"received"}
    assert Marks.from_json(marks.as_json()).told == {
        place: tuple(sorted(told)) for place, told in marks.told.items()
    }


def test_few_cases_are_told_short_and_in_time_and_late_are_not_lost_for_a_rare_reason():
    """Three were rejected: with single reasons beside it, in time or late would have to be hidden."""
    marks, cells, weak = decide(sized({"web": 60, "letter": 40, "phone": 30}), how=protect_and_attack)
    assert weak == [] and attack(cells) == []
    assert not {"received", "met_target", "late", "ended", "open"} & marks.main
    assert {"rejected", "not_yet_due", "met_target_extended", "late_ended"} <= marks.main
    assert marks.is_one_way and "late" in marks.hidden("by_channel", "web")


def test_what_is_not_needed_any_more_is_shown_again_the_dearest_first():
    cells = line(whole=40, a=3, b=9, c=28)
    cells.hidden |= {("b",), ("c",)}
    cells.dear["c",] = 1
    protect_and_attack(cells)
    assert hidden(cells) == ["a", "b"]


@pytest.fixture(scope="module")
def made_crowded():
    """Far more is hidden than has to be."""
    cells = report_cells(figures_of(3, 60))
    others = sorted(key for key, value in cells.values.items() if value and not cells.is_sensitive(key))
    cells.hidden |= set(others[::3])
    return cells


def test_where_the_budget_ends_what_is_hidden_stays_hidden(made_crowded):
    none, some, whole = (deepcopy(made_crowded) for _each in range(3))
    assert protect_and_attack(none, budget=0) == protect_and_attack(whole) == []
    assert protect_and_attack(some, budget=BUDGET_OF_SOME) == attack(some) == []
    assert none.hidden > some.hidden > whole.hidden


def test_the_budget_ends_at_the_same_count_whichever_answers_the_solver_gives(made_crowded, monkeypatch):
    """Several are right, and another build of it may give another: by the programs solved it would end elsewhere."""
    one, other = (deepcopy(made_crowded) for _each in range(2))
    protect_and_attack(one, budget=BUDGET_OF_SOME)
    monkeypatch.setattr(System, "way", lambda *_of: None)  # so that each count takes two programs more
    protect_and_attack(other, budget=BUDGET_OF_SOME)
    assert one.hidden == other.hidden


BUDGET_OF_SOME = 700


@pytest.mark.parametrize("count", [3, 7])
def test_a_small_number_of_all_cases_stays_hidden_after_the_attack(count):
    """It says nothing that has to be protected, and yet is not printed."""
    marks, _cells, weak = decide(figures_of(4, count), how=protect_and_attack)
    assert weak == [] and ("received" in marks.main) is (count < 5)
