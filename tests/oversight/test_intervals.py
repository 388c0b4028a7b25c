"""The interval of a share: against published values, by what must hold for any counts, and beside the city's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.intervals import wilson
from complaints.models import Clock, Complaint
from escalation.oversight.agencies import compare
from escalation.oversight.periods import Days
from tests.factories import DAY, FRIDAY, HOUR, make_agency, resolved

NOW = FRIDAY + HOUR
AUTUMN = Days(date(2026, 9, 1), date(2026, 11, 30))


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


@pytest.mark.django_db
@pytest.mark.parametrize(("met", "expected"), [(5, -1), (17, 0), (40, 1)])
def test_an_agency_differs_from_the_city_only_where_the_intervals_lie_apart(sari, met, expected):
    """Forty cases here, and sixty of an agency that kept half of its promises."""
    for code, kept, total in (("PUPR", met, 40), ("DLHK", 30, 60)):
        seed = resolved(FRIDAY - 30 * DAY, make_agency(code))
        copies(seed, kept, total)
    found = compare(sari, AUTUMN, NOW)
    mine = next(each for each in found.lines if each.agency and each.agency.code == "PUPR")
    (low, high), (city_low, city_high) = wilson(met, 40), wilson(met + 30, 100)
    assert mine.differs == expected == (-1 if high < city_low else int(low > city_high))


def copies(case, kept, total):
    """Makes of one answered case `total`, of which `kept` were in time; for counting only, without clocks."""
    Clock.objects.filter(complaint=case).delete()
    late = case.target_at + DAY
    rows = []
    for number in range(total - 1):
        row = Complaint.objects.get(pk=case.pk)
        row.pk, row.number, row.receipt_digest, row.submission_digest = (
            None,
            f"{case.pk}-{number}",
            None,
            None,
        )
        row.ended_at = case.ended_at if number < kept else late
        rows.append(row)
    Complaint.objects.bulk_create(rows)
    Complaint.objects.filter(pk=case.pk).update(ended_at=case.ended_at if kept == total else late)
