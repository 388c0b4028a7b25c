"""How many to ask, and which groups stay hidden."""

import csv
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.index.sample import check_sample
from surveys.index.suppression import SMALL, hidden_across, hidden_groups
from surveys.sample import krejcie_morgan, krejcie_morgan_exact
from tests.shared import shared_data


def test_the_sample_asked_for_is_that_of_the_printed_table() -> None:
    with shared_data("skm", "krejcie_morgan.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 50
    for row in rows:
        population = int(row["population"])
        assert krejcie_morgan(population) == int(row["sample_rounded"])
        assert float(krejcie_morgan_exact(population)) == pytest.approx(
            float(row["sample_exact"]), abs=0.0006
        )


@pytest.mark.parametrize(("population", "sample"), [(0, 0), (1, 1), (100, 80), (500, 217), (10**6, 384)])
def test_known_sizes_ask_for_known_samples(population: int, sample: int) -> None:
    assert krejcie_morgan(population) == sample


def test_there_is_no_sample_of_fewer_than_nobody() -> None:
    with pytest.raises(ValueError, match="negative"):
        krejcie_morgan(-1)


@given(st.integers(1, 10**7))
def test_a_sample_is_never_larger_than_who_there_is(population: int) -> None:
    assert 1 <= krejcie_morgan(population) <= population


@pytest.mark.parametrize(
    ("respondents", "population", "target", "too_small", "below_floor"),
    [
        (80, 100, None, False, False),
        (79, 100, None, True, False),
        (29, None, None, True, True),
        (30, None, None, False, False),
        (20, 20, None, False, False),  # everybody answered
        (19, 20, None, False, False),
        (18, 20, None, True, True),
        (40, 500, 40, False, False),  # a target that was set
        (0, 100, None, True, True),
    ],
)
def test_too_small_is_said_by_target_and_by_floor(
    respondents: int, population: int | None, target: int | None, too_small: bool, below_floor: bool
) -> None:
    check = check_sample(respondents, population, target)
    assert (check.is_too_small, check.is_below_floor) == (too_small, below_floor)


def test_response_is_told_of_the_sample_and_of_all_users() -> None:
    check = check_sample(40, 100)
    assert (str(check.response_share), str(check.population_share)) == ("50.0", "40.0")
    assert check_sample(40, 30).is_more_than_population
    assert check_sample(40, None).population_share is None


groups = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), max_size=7)


@given(groups, st.integers(0, 25))
def test_no_group_under_ten_can_be_worked_out(counts: dict[str, int], unsaid: int) -> None:
    total = sum(counts.values()) + unsaid
    hidden = hidden_groups(counts, total=total)
    assert all(counts[name] >= SMALL for name in counts if name not in hidden and counts[name])
    unseen = total - sum(count for name, count in counts.items() if name not in hidden)
    # Whoever takes what is shown away from the total has nobody, or ten and more, or nothing was shown at all.
    assert unseen == 0 or unseen >= SMALL or unseen == total


@given(groups, st.integers(0, 25))
def test_no_more_is_hidden_than_needed(counts: dict[str, int], unsaid: int) -> None:
    if all(count == 0 or count >= SMALL for count in counts.values()) and (unsaid == 0 or unsaid >= SMALL):
        assert hidden_groups(counts, total=sum(counts.values()) + unsaid) == frozenset()


def test_the_only_small_group_takes_the_next_smallest_with_it() -> None:
    assert hidden_groups({"women": 60, "men": 41, "other": 4}, total=105) == {"other", "men"}


def test_more_in_groups_than_there_are_is_an_error() -> None:
    with pytest.raises(ValueError, match="more in groups"):
        hidden_groups({"women": 3}, total=2)


Cells = dict[tuple[str, ...], int]


def test_of_fewer_than_ten_nothing_is_shown() -> None:
    assert hidden_across(("sex",), {("f",): 8, ("m",): 0}) == {"sex": {"f"}}


def test_pupils_among_the_young_do_not_give_the_few_others_away() -> None:
    cells: Cells = {("young", "pupil"): 12, ("young", "trade"): 3, ("old", "trade"): 60}
    hidden = hidden_across(("age", "work"), cells)
    assert hidden["age"] | hidden["work"] != frozenset()


def test_sums_of_several_groups_give_nobody_away_either() -> None:
    """Two ages together are two trades together but for three people: no two groups say so."""
    cells: Cells = {
        ("a", "p"): 20,
        ("a", "q"): 20,
        ("b", "p"): 20,
        ("b", "q"): 17,
        ("b", "r"): 3,
        ("c", "r"): 40,
    }
    assert any(hidden_across(("age", "work"), cells).values())
    assert not any(hidden_across(("age", "work"), cells | {("b", "r"): 10}).values())


def test_three_breakdowns_together_give_nobody_away() -> None:
    """As exclusive or: of each two breakdowns every combination is there, and of all three half of them, but for
    four people."""
    half: Cells = {(a, b, str(int(a != b))): 30 for a in "01" for b in "01"}
    assert not any(hidden_across("abc", half).values())
    sums: Cells = {("0", "0", "0"): 30, ("1", "0", "1"): 30, ("0", "1", "1"): 30, ("1", "1", "2"): 30}
    assert not any(hidden_across("abc", sums).values())
    for pair in ((0, 1), (0, 2), (1, 2)):
        two: Cells = {tuple(cell[n] for n in pair): 0 for cell in [*sums, ("1", "1", "1")]}
        for cell, n in {**sums, ("1", "1", "1"): 4}.items():
            two[tuple(cell[n] for n in pair)] += n
        assert not any(hidden_across("ab", two).values())  # no two of them tell
    assert any(hidden_across("abc", {**sums, ("1", "1", "1"): 4}).values())


def rank(given_rows: list[list[int]]) -> int:
    rows, found = [[Fraction(each) for each in row] for row in given_rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is not None:
            found += 1
            rows = [
                [a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)]
                for row in rows
                if row is not pivot
            ]
    return found


def tells(people: Sequence[tuple[str, ...]], hidden: dict[str, frozenset[str]], few: int) -> bool:
    """By trying every few people: whether what is shown has a sum that is nought for all others."""
    known = [[1] * len(people)]
    for n, name in enumerate(sorted(hidden)):
        groups = {person[n] for person in people} - hidden[name] - {""}
        known += [[int(person[n] == group) for person in people] for group in sorted(groups)]
    whole = rank(known)
    return any(
        rank([[row[n] for n in range(len(people)) if n not in some] for row in known]) < whole
        for some in combinations(range(len(people)), few - 1)
    )


people = st.lists(
    st.tuples(*(st.sampled_from("pq"), st.sampled_from("xyz"), st.sampled_from("uvw"))), max_size=11
)


@settings(max_examples=60)
@given(people)
def test_whatever_is_added_and_subtracted_no_sum_of_a_few_comes_out(rows: list[tuple[str, str, str]]) -> None:
    hidden = hidden_across("abc", Counter(rows), few=3)
    assert len(rows) >= 3 or all(person[0] in hidden["a"] for person in rows)
    if len(rows) >= 3:
        assert not tells(rows, hidden, 3)


def test_a_hundred_thousand_answers_in_seven_breakdowns_are_looked_at_quickly() -> None:
    random = Random(4)
    sizes = (2, 6, 6, 7, 9, 6, 2)
    cells = Counter(tuple(str(int(random.betavariate(1, 3) * n)) for n in sizes) for _ in range(20_000))
    cells = Counter({cell: 5 * n for cell, n in cells.items()})
    started = process_time()
    hidden_across("abcdefg", cells)
    assert process_time() - started < 2
