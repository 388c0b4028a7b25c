"""When an office is open: weekly hours, days off and the time zone. Pure Python, no Django.

A calendar keeps what it has worked out per day, so build it once and use it for many cases.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

Interval = tuple[datetime, datetime]  # half-open, aware, UTC
Intervals = tuple[Interval, ...]

ONE_DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
MIDNIGHT = time(0)
LAST_MINUTE = time(23, 59)  # a calendar day closes here, so that the date shown is the date meant
FOREVER = datetime.max.replace(tzinfo=UTC)  # the end of a pause that has not ended
LONGEST_CLOSURE_DAYS = 3 * 366
COUNTED_DAYS = 400  # at once
LAST_DAY = date.max.toordinal()


class NoWorkingDayError(ValueError):
    """The calendar has no working day within three years of where the walk stands."""


@dataclass(frozen=True)
class DayOff:
    """A date on which a working weekday does not count; kind is national, joint_leave or local."""

    name_id: str
    name_en: str
    kind: str


@dataclass(frozen=True)
class WorkingCalendar:
    """Opening hours by weekday (0 is Monday; several intervals a day are breaks) less the days off."""

    tz: ZoneInfo
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    days_off: Mapping[date, DayOff]
    _opening: dict[date, Intervals] = field(default_factory=dict, init=False, repr=False, compare=False)
    _whole_day: dict[date, Intervals] = field(default_factory=dict, init=False, repr=False, compare=False)
    # When so many working days after a day are used, without pauses (arithmetic.py): thousands of cases share them.
    days_used: dict[tuple[date, object], datetime | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    # Days that can count, by where each list begins (counted_days.py).
    day_lists: dict[tuple[int, bool], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _counted: dict[int, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _next: dict[date, tuple[date, Intervals]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Refuse weekly hours that make no sense (ValueError)."""
        for weekday, opening in self.hours.items():
            if weekday not in range(7):
                raise ValueError(f"No such weekday: {weekday}")
            edges = [edge for interval in opening for edge in interval]
            if any(edge.tzinfo for edge in edges):
                raise ValueError("Opening hours are local wall-clock times without a zone")
            if any(opens >= closes for opens, closes in opening) or edges != sorted(edges):
                raise ValueError(f"Opening hours of weekday {weekday} must ascend without overlap")
        if not any(self.hours.values()):
            raise ValueError("A working calendar needs at least one working hour a week")

    def moment(self, day: date, wall: time) -> datetime:
        """The first moment (UTC) of `day` at which local clocks show `wall` or later.

        So an hour that occurs twice means its first occurrence, and one that clocks jump over means the jump.
        """
        local = datetime.combine(day, wall, self.tz)
        at = local.astimezone(UTC)
        if at.astimezone(self.tz).replace(tzinfo=None) == local.replace(tzinfo=None):
            return at
        before, after = local.replace(fold=1).astimezone(UTC), at
        offset = after.astimezone(self.tz).utcoffset()
        while after - before > MICROSECOND:
            middle = before + (after - before) / 2
            if middle.astimezone(self.tz).utcoffset() == offset:
                after = middle
            else:
                before = middle
        return after

    def is_working_day(self, day: date) -> bool:
        """Whether the office opens at all on this local date."""
        return bool(self.intervals(day))

    def intervals(self, day: date) -> Intervals:
        """Opening intervals of a local date, ascending, in UTC; empty on a day off."""
        known = self._opening.get(day)
        if known is None:
            hours = () if day in self.days_off else self.hours.get(day.weekday(), ())
            edges = ((self.moment(day, opens), self.moment(day, closes)) for opens, closes in hours)
            known = self._opening[day] = tuple((start, end) for start, end in edges if start < end)
        return known

    def working_days_between(self, day: date, last: date) -> int:
        """Working days after `day` up to and including `last`; none where that is no later day. A list counts them for
        each of its cases, so they are counted once."""
        if last <= day:
            return 0
        begun, ended = day.toordinal(), last.toordinal()
        blocks = range(begun // COUNTED_DAYS, ended // COUNTED_DAYS)
        whole = sum(self._working_days_of(block)[-1] for block in blocks)
        return whole + self._working_days_until(ended) - self._working_days_until(begun)

    def _working_days_until(self, ordinal: int) -> int:
        """From the beginning of its block of days on."""
        return self._working_days_of(ordinal // COUNTED_DAYS)[ordinal % COUNTED_DAYS]

    def _working_days_of(self, block: int) -> list[int]:
        """For each of so many days how many were working days up to it."""
        known = self._counted.get(block)
        if known is None:
            days = range(block * COUNTED_DAYS, (block + 1) * COUNTED_DAYS)
            known = list(accumulate(self._is_working(day) for day in days))
            self._counted[block] = known
        return known

    def _is_working(self, ordinal: int) -> int:
        return 0 < ordinal <= LAST_DAY and self.is_working_day(date.fromordinal(ordinal))

    def whole_day(self, day: date) -> Intervals:
        """Local midnight to the last minute of a local date, as one interval in UTC."""
        known = self._whole_day.get(day)
        if known is None:
            start, end = self.moment(day, MIDNIGHT), self.moment(day, LAST_MINUTE)
            known = self._whole_day[day] = ((start, end),) if start < end else ()
        return known

    def midnight(self, day: date) -> datetime:
        """The first moment of a local date, in UTC."""
        whole = self.whole_day(day)
        return whole[0][0] if whole else self.moment(day, MIDNIGHT)

    def closing(self, day: date) -> datetime:
        """End of the last opening interval of a working day, in UTC; ValueError on a day off."""
        opening = self.intervals(day)
        if not opening:
            raise ValueError(f"{day} is not a working day")
        return opening[-1][1]

    def local_date(self, at: datetime) -> date:
        """The date the office's clocks show at this moment."""
        return checked(at).astimezone(self.tz).date()

    def is_open(self, at: datetime) -> bool:
        """Whether the office is open at this moment; no longer so at the closing moment itself."""
        return any(start <= at < end for start, end in self.intervals(self.local_date(at)))

    def first_day(self, at: datetime) -> date:
        """Day zero: today while today's office is not yet closed for the day, else the next working day."""
        today = self.local_date(at)
        opening = self.intervals(today)
        return today if opening and at < opening[-1][1] else self.next_working_day(today)[0]

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when open, else the next moment the office opens, in UTC."""
        day = self.first_day(at)
        start = next(start for start, end in self.intervals(day) if at < end)
        return max(start, at.astimezone(UTC))

    def working_days_after(self, day: date) -> Iterator[Intervals]:
        """Opening intervals of each working day later than `day`, without end."""
        while True:
            day, found = self.next_working_day(day)
            yield found

    def calendar_days_after(self, day: date) -> Iterator[Intervals]:
        """The one interval of each calendar day later than `day`, without end."""
        while True:
            day, found = self.next_calendar_day(day)
            yield found

    def next_working_day(self, day: date) -> tuple[date, Intervals]:
        """The first one later than `day`, found once: thousands of cases walk along the same days."""
        known = self._next.get(day)
        if known is None:
            known = self._next[day] = self._next_day(day, self.intervals)
        return known

    def next_calendar_day(self, day: date) -> tuple[date, Intervals]:
        """The first later than `day` that was not left out of the city's own time."""
        return self._next_day(day, self.whole_day)

    @staticmethod
    def _next_day(day: date, intervals: Callable[[date], Intervals]) -> tuple[date, Intervals]:
        """The first day later than `day` of which `intervals` says any."""
        for ahead in range(1, LONGEST_CLOSURE_DAYS + 1):
            if found := intervals(day + ahead * ONE_DAY):
                return day + ahead * ONE_DAY, found
        raise NoWorkingDayError(f"No working day in the three years after {day}")


def checked(at: datetime) -> datetime:
    """The moment itself; ValueError when it does not say its time zone."""
    if at.utcoffset() is None:
        raise ValueError("A moment must carry its time zone")
    return at
