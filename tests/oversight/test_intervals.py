"""The interval of a share: against published values, and by what must hold for any counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.intervals import wilson


def _counts(most: int = 500) -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(1, most).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3 (score, uncorrected).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_values(successes: int, total: int, low: float, high: float) -> None:
    assert wilson(successes, total) == pytest.approx((low, high), abs=0.00006)


def test_nothing_seen_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(_counts())
def test_holds_the_share_and_stays_within_bounds(counts: tuple[int, int]) -> None:
    successes, total = counts
    low, high = wilson(successes, total)
    assert 0.0 <= low <= successes / total <= high <= 1.0
    assert low < high


@given(_counts())
def test_failures_mirror_successes(counts: tuple[int, int]) -> None:
    successes, total = counts
    low, high = wilson(successes, total)
    assert wilson(total - successes, total) == pytest.approx((1 - high, 1 - low))


@given(_counts(), st.integers(1, 500))
def test_a_finite_population_makes_it_narrower_and_a_census_exact(counts: tuple[int, int], rest: int) -> None:
    successes, total = counts
    low, high = wilson(successes, total)
    near_low, near_high = wilson(successes, total, population=total + rest)
    if total > 1:
        assert low <= near_low <= near_high <= high
    assert wilson(successes, total, population=total) == (successes / total, successes / total)


@pytest.mark.parametrize(("successes", "total", "population"), [(3, 2, None), (-1, 2, None), (1, 5, 4)])
def test_refuses_counts_that_cannot_be(successes: int, total: int, population: int | None) -> None:
    with pytest.raises(ValueError, match="population"):
        wilson(successes, total, population=population)
