"""The day on which so many days have counted, looked up instead of walked to. Pure Python, no Django.

A calendar keeps lists of days one after the other, as far as anybody has asked. What a pause costs is how many of them
close in it, so a target of forty days past two pauses takes six looks into a list.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

from complaints.clock.working_calendar import COUNTED_DAYS, FOREVER, Interval, Intervals, WorkingCalendar

_growing = Lock()  # threads share the calendars of their process; a look needs none, since a list only grows


@dataclass
class DayList:
    """The days later than `last`, ascending; `following` finds the next one."""

    last: date
    following: Callable[[date], tuple[date, Intervals]]
    _dates: list[date] = field(default_factory=list)
    _days: list[Intervals] = field(default_factory=list)
    _closings: list[datetime] = field(default_factory=list)

    def counted(self, zero: date, number: int, pauses: Sequence[Interval]) -> Intervals | None:
        """The so many-th day after `zero` of those that do not close during a pause (ascending, apart); None when a
        pause without an end comes before. Never looks further than a walk would."""
        first = self._place_after(zero)
        place = first + number - 1
        for start, end in pauses:
            if self._closing(place) < start:
                break
            if end == FOREVER:
                return None
            began, ended = self._place_of(start), self._place_of(end)
            place += max(ended, first) - max(began, first)
        self._closing(place)
        return self._days[place]

    def _place_after(self, zero: date) -> int:
        while self.last <= zero:
            self._grow()
        return bisect_right(self._dates, zero)

    def _place_of(self, at: datetime) -> int:
        """Of the first day that closes at this moment or later."""
        while not self._closings or self._closings[-1] < at:
            self._grow()
        return bisect_left(self._closings, at)

    def _closing(self, place: int) -> datetime:
        while len(self._closings) <= place:
            self._grow()
        return self._closings[place]

    def _grow(self) -> None:
        with _growing:
            self.last, day = self.following(self.last)
            self._dates.append(self.last)
            self._days.append(day)
            self._closings.append(day[-1][1])


def counted_day(
    calendar: WorkingCalendar, zero: date, number: int, pauses: Sequence[Interval], *, in_calendar_days: bool
) -> Intervals | None:
    """See `DayList.counted`."""
    begin = max(zero.toordinal() // COUNTED_DAYS * COUNTED_DAYS, 1)
    found = calendar.day_lists.get((begin, in_calendar_days))
    if found is None:
        following = calendar.next_calendar_day if in_calendar_days else calendar.next_working_day
        # From a year before at most: on the way to `zero` lies no closure that is too long for a walk from it.
        found = calendar.day_lists[begin, in_calendar_days] = DayList(date.fromordinal(begin), following)
    day: Intervals | None = found.counted(zero, number, pauses)
    return day
