"""Whether a kept promise shows in what came after it: reports and means, as long before as after. Pure: no Django.

None of it proves a cause: other things change too. It says what was counted, and how sure that is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt

from complaints.intervals import wilson

LONGEST, SHORTEST = 180, 30  # days to each side
MONTH = 30
FEWEST = 5  # of the public: less might tell of a single report
FEW = 20  # below this no percentage
Z = 1.96


class Verdict(StrEnum):
    FEWER = "fewer"
    MORE = "more"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Window:
    """As many days before the change as after it. `last` is the day after the last one counted."""

    first: date
    split: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.split).days


def window(split: date, today: date) -> Window | None:
    """What can be compared today: whole days that are over, at most half a year to each side; None while it is too
    early. The day of the change begins the time after it."""
    days = min(LONGEST, (today - split).days)
    if days < SHORTEST:
        return None
    return Window(split - timedelta(days=days), split, split + timedelta(days=days))


def visible_from(split: date) -> date:
    """The first day on which anything can be said."""
    return split + timedelta(days=SHORTEST)


@dataclass(frozen=True)
class Rate:
    """Reports a month, with the interval in which the true rate lies (95 %)."""

    count: int
    value: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        return self.count == 0 or self.count >= FEWEST


def rate(count: int, days: int) -> Rate:
    """Of a count over so many days; the interval is Byar's for a Poisson count (Breslow and Day 1987, 2.13)."""
    if count < 0 or days < 1:
        raise ValueError("a count over at least a day is needed")
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * sqrt(more))) ** 3
    scale = MONTH / days
    return Rate(count, count * scale, max(0.0, low) * scale, high * scale)


@dataclass(frozen=True)
class Reports:
    """How many were received before and after."""

    before: Rate
    after: Rate

    @property
    def is_enough(self) -> bool:
        return self.before.count + self.after.count >= FEWEST

    @property
    def verdict(self) -> Verdict:
        """Were nothing changed, half of all would lie after the change. More or fewer is said only where that half
        lies outside the interval of the share."""
        if not self.is_enough:
            return Verdict.UNCLEAR
        low, high = wilson(self.after.count, self.before.count + self.after.count)
        if high < 0.5:
            return Verdict.FEWER
        return Verdict.MORE if low > 0.5 else Verdict.UNCLEAR

    @property
    def per_cent(self) -> float | None:
        """How much more or less, in per cent of before; None of fewer than twenty."""
        if self.before.count < FEW or not self.after.is_shown:
            return None
        return 100 * (self.after.count - self.before.count) / self.before.count


def reports(before: int, after: int, days: int) -> Reports:
    return Reports(rate(before, days), rate(after, days))


@dataclass(frozen=True)
class Point:
    """The mean of an element in one round."""

    opens_on: date
    closes_on: date
    mean: float
    low: float | None
    high: float | None
    answered: int


@dataclass(frozen=True)
class Means:
    """The last round that had closed before the change and the first that opened after it, as far as there are."""

    before: Point | None
    after: Point | None

    @property
    def verdict(self) -> Verdict | None:
        """MORE is better here. None where one of the two is missing or has no interval."""
        if self.before is None or self.after is None:
            return None
        margins = [_margin(each) for each in (self.before, self.after)]
        if margins[0] is None or margins[1] is None:
            return None
        change = self.after.mean - self.before.mean
        reach = sqrt(margins[0] ** 2 + margins[1] ** 2)
        if abs(change) <= reach:
            return Verdict.UNCLEAR
        return Verdict.MORE if change > 0 else Verdict.FEWER


def _margin(point: Point) -> float | None:
    return None if point.low is None or point.high is None else (point.high - point.low) / 2


def means(points: Iterable[Point], split: date) -> Means:
    """A round that was open on the day of the change tells of neither side."""
    found = list(points)
    before = [each for each in found if each.closes_on < split]
    after = [each for each in found if each.opens_on >= split]
    return Means(
        max(before, key=lambda each: each.closes_on, default=None),
        min(after, key=lambda each: each.opens_on, default=None),
    )
