"""How many to ask, and which groups stay hidden."""

import csv
from itertools import combinations

import pytest
from hypothesis import given
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


def test_of_fewer_than_ten_nothing_is_shown() -> None:
    assert hidden_across({"sex": {"f": 8, "m": 0}}, total=8, overlaps={}) == {"sex": {"f"}}


people = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("pqr")), min_size=10, max_size=90)


@given(people)
def test_two_breakdowns_together_give_nobody_away(rows: list[tuple[str, str]]) -> None:
    breakdowns = {
        name: {key: sum(row[n] == key for row in rows) for key in keys}
        for n, (name, keys) in enumerate({"age": "xyz", "work": "pqr"}.items())
    }
    overlaps = {(("age", a), ("work", b)): sum(row == (a, b) for row in rows) for a in "xyz" for b in "pqr"}
    hidden = hidden_across(breakdowns, total=len(rows), overlaps=overlaps)
    known = [set(range(len(rows)))]
    for n, name in enumerate(breakdowns):
        for key, size in breakdowns[name].items():
            if size and key not in hidden[name]:
                inside = {number for number, row in enumerate(rows) if row[n] == key}
                known += [inside, known[0] - inside]
    for one, other in combinations(known, 2):
        for inner, outer in ((one, other), (other, one)):
            assert not (inner < outer and 0 < len(outer - inner) < SMALL)


def test_pupils_among_the_young_do_not_give_the_few_others_away() -> None:
    breakdowns = {"age": {"young": 15, "old": 60}, "work": {"pupil": 12, "trade": 63}}
    overlaps = {(("age", "young"), ("work", "pupil")): 12, (("age", "young"), ("work", "trade")): 3}
    overlaps[("age", "old"), ("work", "trade")] = 60
    hidden = hidden_across(breakdowns, total=75, overlaps=overlaps)
    assert hidden["age"] | hidden["work"] != frozenset()
