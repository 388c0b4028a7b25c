"""Periods of local days, and the one before."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, in the city's zone."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period cannot end before it begins")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def bounds(self, tz: ZoneInfo) -> tuple[datetime, datetime]:
        """The half-open stretch of moments [start, end) in UTC."""
        start = datetime.combine(self.first, time(), tz).astimezone(UTC)
        return start, datetime.combine(self.last + timedelta(1), time(), tz).astimezone(UTC)

    @property
    def whole_months(self) -> int:
        """How many calendar months it is, 0 when it is not made of whole ones."""
        ends_month = self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]
        if self.first.day != 1 or not ends_month:
            return 0
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def before(self) -> "Period":
        """The period of equal length before it; whole months before whole months, else as many days."""
        last = self.first - timedelta(1)
        if self.whole_months:
            return Period(add_months(self.first, -self.whole_months), last)
        return Period(self.first - timedelta(self.days), last)


def add_months(day: date, months: int) -> date:
    """The first of the month `months` away from the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_month(today: date) -> Period:
    return Period(add_months(today, -1), date(today.year, today.month, 1) - timedelta(1))


def last_quarter(today: date) -> Period:
    begin = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return Period(add_months(begin, -3), begin - timedelta(1))


def last_year(today: date) -> Period:
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def this_year(today: date) -> Period:
    return Period(date(today.year, 1, 1), today)


def steps(period: Period) -> list[Period]:
    """The period cut for a chart over time: months when longer than two, weeks above three, else days."""
    if period.days > 62:
        starts = [period.first]
        while (following := add_months(starts[-1], 1)) <= period.last:
            starts.append(following)
    else:
        size = 7 if period.days > 21 else 1
        starts = [period.first + timedelta(n) for n in range(0, period.days, size)]
    ends = [start - timedelta(1) for start in starts[1:]] + [period.last]
    return [Period(start, end) for start, end in zip(starts, ends, strict=True)]
