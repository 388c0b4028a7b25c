"""The index comes out as the regulation counts it, whoever counts and in whatever order."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.index.bands import BANDS, bands_on, half_up
from surveys.index.columns import ELEMENTS
from surveys.index.counting import answers_frame, count
from surveys.index.figures import Index, equal_weights, index_of
from surveys.index.moments import Moments, nothing, pool
from surveys.questionnaires.models import Element
from tests.surveys.index.oracle import slow_index, slow_margin

NINE = {key: key for key in ELEMENTS}
THREE = ("time", "cost", "behaviour")
steps = st.integers(1, 4)
rows_of_three = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(THREE, steps)), max_size=12)
whole_rows = st.lists(st.fixed_dictionaries(dict.fromkeys(THREE, steps)), min_size=2, max_size=12)


def counted(rows: list[Any], items: tuple[str, ...] = ELEMENTS) -> Moments:
    return count(answers_frame(rows, items), {item: item for item in items})


def index(rows: list[Any], items: tuple[str, ...] = ELEMENTS, **more: Any) -> Index:
    return index_of(counted(rows, items), **more)


def alike(step: int, times: int = 1) -> list[dict[str, int]]:
    return [dict.fromkeys(ELEMENTS, step)] * times


def test_the_elements_are_those_of_the_questionnaires() -> None:
    assert tuple(Element.values) == ELEMENTS


@pytest.mark.parametrize(
    ("step", "expected", "grade"),
    [(1, "25.00", "D"), (2, "50.00", "D"), (3, "75.00", "C"), (4, "100.00", "A")],
)
def test_who_all_answer_alike_give_a_round_index(step: int, expected: str, grade: str) -> None:
    found = index(alike(step, 40))
    assert (found.rounded, found.grade) == (Decimal(expected), grade)


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        ("64.994", "D"),
        ("64.995", "C"),
        ("65", "C"),
        ("76.604999", "C"),
        ("76.605", "B"),
        ("88.304999", "B"),
        ("88.305", "A"),
        ("100", "A"),
        ("25", "D"),
    ],
)
def test_an_index_is_rounded_half_up_before_it_is_graded(value: str, grade: str) -> None:
    assert BANDS[-1].grade(half_up(Fraction(value))) == grade


def test_bands_are_those_in_force_on_the_day() -> None:
    assert bands_on(date(2026, 11, 28)).source == "Permenpan-RB 14/2017"
    assert bands_on(date(2010, 1, 1)) is BANDS[0]


@given(st.fractions(min_value=25, max_value=100, max_denominator=10**6))
def test_rounding_moves_nothing_further_than_half_a_hundredth(value: Fraction) -> None:
    off = Fraction(half_up(value)) - value
    assert -Fraction(1, 200) < off <= Fraction(1, 200)


@settings(deadline=None)
@given(rows_of_three)
def test_the_quick_way_and_the_slow_one_agree_to_the_last_digit(rows: list[dict[str, int]]) -> None:
    assert index(rows, THREE).value == slow_index(rows, equal_weights(THREE))


@settings(deadline=None)
@given(rows_of_three, st.tuples(*[st.integers(1, 9)] * 3))
def test_own_weights_count_as_they_are_given(rows: list[dict[str, int]], parts: tuple[int, ...]) -> None:
    weights = {item: Fraction(part, sum(parts)) for item, part in zip(THREE, parts, strict=True)}
    assert index(rows, THREE, weights=weights).value == slow_index(rows, weights)


@settings(deadline=None)
@given(whole_rows)
def test_the_interval_is_that_of_the_respondents_own_indices(rows: list[dict[str, int]]) -> None:
    found = index(rows, THREE)
    if found.margin is None:  # all have the same index of their own
        assert slow_margin(rows, THREE, 1.0) == 0
    else:
        assert found.margin == pytest.approx(slow_margin(rows, THREE, 1.0) * T[len(rows)], rel=1e-9)


# Of any table of Student's t, both sides, 95 %: by the number of respondents.
T = {2: 12.706204736, 3: 4.302652730, 4: 3.182446305, 5: 2.776445105, 6: 2.570581836, 7: 2.446911851}
T |= {8: 2.364624252, 9: 2.306004135, 10: 2.262157163, 11: 2.228138852, 12: 2.200985160}


@settings(deadline=None)
@given(rows_of_three, st.randoms(use_true_random=False))
def test_the_order_of_elements_and_of_respondents_changes_nothing(
    rows: list[dict[str, int]], random: Random
) -> None:
    items = list(THREE)
    random.shuffle(items)
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = index(rows, THREE), index(shuffled, tuple(items))
    assert (one.value, one.grade) == (other.value, other.grade)
    assert one.margin == pytest.approx(other.margin)


@settings(deadline=None)
@given(rows_of_three)
def test_one_more_who_is_content_with_everything_never_lowers_it(rows: list[dict[str, int]]) -> None:
    before, after = index(rows, THREE), index([*rows, dict.fromkeys(THREE, 4)], THREE)
    assert after.value is not None
    assert before.value is None or after.value >= before.value


@settings(deadline=None)
@given(rows_of_three)
def test_weights_sum_to_one_where_anybody_answered(rows: list[dict[str, int]]) -> None:
    weights = sum(each.weight for each in index(rows, THREE).elements)
    assert weights == (1 if any(rows) else 0)


@settings(deadline=None)
@given(rows_of_three, rows_of_three)
def test_rounds_put_together_are_as_if_asked_once(
    first: list[dict[str, int]], second: list[dict[str, int]]
) -> None:
    assert pool([counted(first, THREE), counted(second, THREE)]) == counted(first + second, THREE)


def test_rounds_of_other_elements_are_not_put_together() -> None:
    with pytest.raises(ValueError, match="other items"):
        pool([nothing(THREE), nothing(ELEMENTS)])
    with pytest.raises(ValueError, match="nothing"):
        pool([])


def test_what_was_counted_is_the_same_after_it_was_kept() -> None:
    moments = counted([{"time": 3, "cost": 4}, {"time": 1, "behaviour": "x"}], THREE)
    assert Moments.from_json(json.loads(json.dumps(moments.as_json()))) == moments


def test_what_is_no_answer_is_no_zero() -> None:
    none = ["", 0, "0", None, "-", float("nan")]
    wrong = ["5", "x", 2.5, -1, "04x", True]
    rows = [{"time": value, "cost": 4, "behaviour": 4} for value in [*none, *wrong, "3", "3.0", "3,0", 3]]
    moments = counted(rows, THREE)
    assert (moments.empty[0], moments.ignored[0], moments.answered("time")) == (6, 6, 4)
    found = index_of(moments)
    assert found.elements[0].mean == 3
    assert found.value == Fraction(25 * (3 + 4 + 4), 3)
    assert (found.partial, found.respondents) == (12, 16)


def test_an_element_that_nobody_answered_weighs_nothing_and_is_named() -> None:
    found = index([{"time": 4, "behaviour": 2}] * 3, THREE)
    assert found.value == 75
    assert found.unanswered == ["cost"]


def test_without_answers_there_is_no_index_rather_than_zero() -> None:
    none: list[list[dict[str, int]]] = [[], [{}], [{"time": 0}]]
    for rows in none:
        found = index(rows, THREE)
        assert (found.value, found.rounded, found.grade, found.grades, found.margin) == (
            None,
            None,
            "",
            (),
            None,
        )


def test_a_row_without_an_answer_is_no_respondent() -> None:
    moments = counted([{"time": 4}, {}, {"cost": 9}], THREE)
    assert (moments.respondents, moments.without) == (1, 2)


@pytest.mark.parametrize("rows", [alike(4, 1), alike(4, 500)])
def test_answers_all_alike_say_nothing_of_how_sure_they_are(rows: list[dict[str, int]]) -> None:
    assert index(rows).margin is None


def test_an_interval_ends_where_the_scale_ends() -> None:
    found = index([dict.fromkeys(ELEMENTS, 4), dict.fromkeys(ELEMENTS, 1)])
    assert (found.low, found.high) == (25.0, 100.0)
    assert found.grades == ("A", "B", "C", "D")


def test_the_more_of_the_users_answered_the_surer_it_is() -> None:
    rows = alike(4, 30) + alike(3, 30)
    margins = [index(rows, population=size).margin or 0.0 for size in (None, 1000, 120, 61)]
    assert margins == sorted(margins, reverse=True)
    assert index(rows, population=60).margin == 0.0
    assert index(rows, population=59).margin == margins[0]  # fewer users than answers cannot be


@pytest.mark.parametrize(
    "weights",
    [{"time": Fraction(1)}, dict.fromkeys(THREE, Fraction("0.33")), dict.fromkeys(ELEMENTS, Fraction(1, 9))],
)
def test_weights_that_do_not_sum_to_one_are_refused(weights: dict[str, Fraction]) -> None:
    with pytest.raises(ValueError, match="weight"):
        index([{"time": 4}], THREE, weights=weights)


def test_negative_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to one"):
        index(
            [{"time": 4}],
            THREE,
            weights={"time": Fraction(2), "cost": Fraction(-1), "behaviour": Fraction(0)},
        )


def test_the_same_answers_give_the_same_figure_by_every_way() -> None:
    """29 answers were once published as 90.56 and as 91.48."""
    random = Random(29)
    rows: list[dict[str, Any]] = [{key: random.choice([2, 3, 4, 4]) for key in ELEMENTS} for _ in range(29)]
    ways: list[Callable[[], Index]] = [
        lambda: index(rows),
        lambda: index([{key: str(value) for key, value in row.items()} for row in rows]),
        lambda: index(rows[::-1]),
        lambda: index_of(pool([counted(rows[:7]), counted(rows[7:])])),
        lambda: index_of(Moments.from_json(json.loads(json.dumps(counted(rows).as_json())))),
    ]
    assert len({(way().value, way().margin) for way in ways}) == 1
