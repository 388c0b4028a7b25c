"""Cohen's kappa as a table of counts gives it, and what is said where it is not defined."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.audits.agreement import FEW_PAIRS, Remark, agreement

ANSWERS = ["yes", "no", "na"]
PAIRS = st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), max_size=40)


def from_the_table(pairs: list[tuple[str, str]]) -> Fraction | None:
    """Kappa from the contingency table, cell by cell, in exact fractions."""
    table = {(a, b): sum(1 for pair in pairs if pair == (a, b)) for a in ANSWERS for b in ANSWERS}
    total = Fraction(len(pairs))
    seen = sum(table[a, a] for a in ANSWERS) / total
    rows = {a: sum(table[a, b] for b in ANSWERS) / total for a in ANSWERS}
    columns = {b: sum(table[a, b] for a in ANSWERS) / total for b in ANSWERS}
    chance = sum(rows[a] * columns[a] for a in ANSWERS)
    return None if chance == 1 else (seen - chance) / (1 - chance)


@given(PAIRS)
def test_kappa_is_that_of_the_table(pairs: list[tuple[str, str]]) -> None:
    found = agreement(pairs)
    expected = from_the_table(pairs) if pairs else None
    assert found.kappa == (None if expected is None else pytest.approx(float(expected), abs=1e-12))
    assert (found.pairs, found.same) == (len(pairs), sum(a == b for a, b in pairs))


@given(PAIRS)
def test_kappa_lies_between_minus_one_and_one_and_does_not_ask_who_came_first(pairs) -> None:
    found, turned = agreement(pairs), agreement([(b, a) for a, b in pairs])
    assert (found.kappa, found.same) == (turned.kappa, turned.same)
    assert found.kappa is None or -1 <= found.kappa <= 1


def test_a_textbook_table() -> None:
    """20 both yes, 5 yes-no, 10 no-yes, 15 both no: seen 0.7, chance 0.5, kappa 0.4."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = agreement(pairs)
    assert (found.share, found.remark) == (0.7, Remark.NONE)
    assert found.kappa == pytest.approx(0.4)


def test_nothing_reviewed_twice_has_no_kappa() -> None:
    assert agreement([]) == agreement(iter([]))
    assert (agreement([]).share, agreement([]).kappa, agreement([]).remark) == (None, None, Remark.NO_PAIRS)


def test_one_and_the_same_answer_always_has_no_kappa_although_all_agree() -> None:
    found = agreement([("yes", "yes")] * 12)
    assert (found.share, found.kappa, found.remark) == (1.0, None, Remark.ONE_ANSWER)


def test_one_who_always_says_the_same_makes_kappa_nought_and_that_is_said() -> None:
    found = agreement([("yes", "yes")] * 11 + [("yes", "no")])
    assert (found.kappa, found.remark) == (0.0, Remark.ONE_CONSTANT)


def test_few_pairs_are_called_few() -> None:
    mixed = [("yes", "yes"), ("no", "no")]
    assert agreement(mixed).remark == Remark.FEW
    assert agreement(mixed * FEW_PAIRS).remark == Remark.NONE
