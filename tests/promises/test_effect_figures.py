"""Before and after a change, against figures made by hand."""

from datetime import date, timedelta

import pytest

from escalation.promises.effect_figures import Point, Verdict, means, rate, reports, visible_from, window

SPLIT = date(2026, 4, 1)


def point(opens: int, closes: int, mean: float, half: float | None = 0.1) -> Point:
    """Opened and closed so many days from the change."""
    low, high = (None, None) if half is None else (mean - half, mean + half)
    return Point(SPLIT + timedelta(days=opens), SPLIT + timedelta(days=closes), mean, low, high, 100)


def test_as_long_before_as_after_and_at_most_half_a_year() -> None:
    found = window(SPLIT, date(2026, 5, 11))
    assert found is not None
    assert (found.first, found.split, found.last, found.days) == (
        date(2026, 2, 20),
        SPLIT,
        date(2026, 5, 11),
        40,
    )
    later = window(SPLIT, date(2027, 4, 1))
    assert later is not None and later.days == 180


def test_within_a_month_it_is_too_early() -> None:
    assert window(SPLIT, date(2026, 4, 30)) is None
    assert visible_from(SPLIT) == date(2026, 5, 1)
    assert window(SPLIT, visible_from(SPLIT)) is not None


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # The exact intervals of a Poisson count (Garwood): Byar's come within two hundredths of them.
    [(0, 0.0, 3.69), (5, 1.62, 11.67), (10, 4.80, 18.39), (50, 37.11, 65.92), (100, 81.36, 121.63)],
)
def test_the_interval_of_a_count_is_that_of_the_tables(count: int, low: float, high: float) -> None:
    found = rate(count, 30)
    assert found.value == count
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.03)


def test_a_rate_is_a_month_of_thirty_days() -> None:
    assert rate(12, 60).value == 6
    assert rate(12, 60).high == pytest.approx(rate(12, 30).high / 2)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (40, 15, Verdict.FEWER),
        (15, 40, Verdict.MORE),
        (20, 15, Verdict.UNCLEAR),
        (4, 0, Verdict.UNCLEAR),  # too few
        (10, 0, Verdict.FEWER),
        (0, 0, Verdict.UNCLEAR),
    ],
)
def test_fewer_or_more_is_said_only_where_chance_does_not_explain_it(
    before: int, after: int, verdict: Verdict
) -> None:
    assert reports(before, after, 90).verdict == verdict


def test_no_percentage_of_fewer_than_twenty_nor_of_what_is_hidden() -> None:
    assert reports(19, 9, 90).per_cent is None
    assert reports(20, 9, 90).per_cent == pytest.approx(-55)
    assert reports(20, 3, 90).per_cent is None


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_one_to_four_are_not_shown(count: int, shown: bool) -> None:
    assert rate(count, 90).is_shown is shown


def test_the_rounds_nearest_to_the_change_are_compared_and_one_that_spans_it_is_not() -> None:
    points = [point(-400, -380, 2.0), point(-60, -30, 2.4), point(-10, 10, 2.5), point(40, 60, 3.0)]
    found = means([*points, point(400, 420, 3.4)], SPLIT)
    assert found.before is not None and found.after is not None
    assert (found.before.mean, found.after.mean) == (2.4, 3.0)
    assert found.verdict == Verdict.MORE


@pytest.mark.parametrize(
    ("after", "half", "verdict"),
    [
        (3.0, 0.1, Verdict.MORE),  # 0.2 more, and the two margins together reach 0.141
        (2.93, 0.1, Verdict.UNCLEAR),  # 0.13
        (2.6, 0.1, Verdict.FEWER),
        (3.0, None, None),
    ],
)
def test_means_differ_only_where_their_intervals_say_so(
    after: float, half: float | None, verdict: Verdict | None
) -> None:
    assert means([point(-60, -30, 2.8), point(40, 60, after, half)], SPLIT).verdict == verdict


def test_without_a_round_on_one_side_nothing_is_compared() -> None:
    assert means([point(-60, -30, 2.4)], SPLIT).verdict is None
    assert means([], SPLIT).before is None
