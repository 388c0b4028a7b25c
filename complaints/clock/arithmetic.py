"""How a target becomes a due moment. Pure Python, no Django.

The clock goes forward once from the start, hours by walking, days by a look into those that are known
(counted_days.py): what is added (a holiday, a pause) can only make the due moment later. All moments are aware, all
results in UTC.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from complaints.clock.counted_days import counted_day
from complaints.clock.working_calendar import (
    FOREVER,
    MICROSECOND,
    ONE_DAY,
    DayOff,
    Interval,
    Intervals,
    WorkingCalendar,
    checked,
)

MICROSECONDS_AN_HOUR = 3_600_000_000
Share = Fraction | int  # a whole number where it can be: quicker by far


class Unit(StrEnum):
    """What a target counts."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"


@dataclass(frozen=True)
class Target:
    """A promise: so many (at least one) of a unit."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a promise of nothing (ValueError)."""
        if self.amount <= 0:
            raise ValueError("A target must be at least one")


@dataclass(frozen=True)
class Pause:
    """A stretch during which the clock stands still, half-open; without an end it still lasts."""

    start: datetime
    end: datetime | None

    def __post_init__(self) -> None:
        """Refuse naive moments and an end before the start (ValueError)."""
        if checked(self.start) > checked(self.end or self.start):
            raise ValueError("A pause cannot end before it starts")


class SpanKind(StrEnum):
    """Why the clock ran or stood still during a stretch."""

    WAITED_FOR_OPENING = "waited_for_opening"  # after hours, before the clock first ran
    DAY_ZERO = "day_zero"  # the day of arrival, which does not count
    RAN = "ran"
    NOT_COUNTED = "not_counted"  # a day lost because the clock was paused when it closed
    PAUSED = "paused"
    CLOSED = "closed"  # night or break, for targets in hours
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Span:
    """One stretch of the explanation, half-open, in UTC. Codes only: the words are made at display time.

    `counted` is in days, or in whole seconds for a target in hours; `name` is the day off's Indonesian name.
    """

    kind: str
    start: datetime
    end: datetime
    name: str = ""
    counted: int = 0
    day_off: DayOff | None = None


def due_at(
    start: datetime, target: Target, calendar: WorkingCalendar, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """When the target is used up, or None when a pause without an end stops the clock before that."""
    return share_at(start, target, calendar, 1, pauses)


def share_at(
    start: datetime, target: Target, calendar: WorkingCalendar, share: Share, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The first moment at which `used` reaches this share; None as for `due_at`.

    The share may fall inside a day: four fifths of three working days is 0.4 of the third day's opening time,
    so that a warning comes before the due moment even for a short target.
    """
    if share <= 0:
        raise ValueError("A share must be more than nothing")
    goal = target.amount * share
    begin, still = checked(start).astimezone(UTC), merged(pauses)
    if target.unit is Unit.WORKING_HOURS:
        return _hours_used_at(begin, goal * MICROSECONDS_AN_HOUR, calendar, still)
    if target.unit is Unit.CALENDAR_DAYS:
        return _days_used_at(calendar, calendar.local_date(begin), goal, still, in_calendar_days=True)
    zero = calendar.first_day(begin)
    if not still and (zero, goal) in calendar.days_used:
        return calendar.days_used[zero, goal]
    found = _days_used_at(calendar, zero, goal, still, in_calendar_days=False)
    if not still:
        calendar.days_used[zero, goal] = found
    return found


def in_working_days(
    start: datetime, target: Target, calendar: WorkingCalendar, pauses: Iterable[Pause] = ()
) -> Target:
    """As many working days as end when the target falls due, or first after that, for days to be added to: more time
    is granted in working days. A pause that still lasts is left out."""
    if target.unit is Unit.WORKING_DAYS:
        return target
    over = [pause for pause in pauses if pause.end is not None]
    due = due_at(start, target, calendar, over) or start
    number = 1
    while (due_at(start, Target(number, Unit.WORKING_DAYS), calendar, over) or due) < due:
        number += 1
    return Target(number, Unit.WORKING_DAYS)


def used(
    start: datetime, target: Target, calendar: WorkingCalendar, at: datetime, pauses: Iterable[Pause] = ()
) -> Fraction:
    """How much of the target is used at `at`; more than 1 once it is overdue.

    In days: each counted day that has closed is one; the day under way adds the share of its time that ran.
    """
    still = merged(pauses)
    begin, now = checked(start).astimezone(UTC), checked(at).astimezone(UTC)
    if target.unit is Unit.WORKING_HOURS:
        spent = sum(
            _length(_before(running(opening, still), now))
            for opening in _until(_opening_from(begin, calendar), now)
        )
        return Fraction(spent, target.amount * MICROSECONDS_AN_HOUR)
    count, part = 0, Fraction(0)
    for day in _until(counting_days(begin, target.unit, calendar), now):
        closing = day[-1][1]
        if pause_at(closing, still) is not None:
            continue
        if closing <= now:
            count += 1
        elif total := _length(running(day, still)):
            part = Fraction(_length(_before(running(day, still), now)), total)
    return (count + part) / target.amount


def explain(
    start: datetime,
    target: Target,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    until: datetime | None = None,
) -> list[Span]:
    """Each stretch that ran or stood still, without gaps, from the start to the due moment or to `until`.

    A clock stopped for good ends the list with an empty `paused` span, unless `until` says how far to go.
    """
    pauses = list(pauses)
    still = merged(pauses)
    begin = checked(start).astimezone(UTC)
    due = due_at(begin, target, calendar, pauses)
    stopped = max(begin, still[-1][0]) if still else begin
    end = checked(until).astimezone(UTC) if until else due or stopped
    spans: list[Span] = []
    in_hours = target.unit is Unit.WORKING_HOURS
    days = _hour_story(begin, calendar) if in_hours else _day_story(begin, target.unit, calendar, still)
    for day in days:
        if day[0].start >= min(end, due or end):
            break
        for span in _cut(day, min(end, due or end), still, in_hours):
            _append(spans, span)
    if due and end > due:
        spans.append(Span(SpanKind.OVERDUE, due, end))
    elif not due and not until:
        spans.append(Span(SpanKind.PAUSED, stopped, stopped))
    return spans


def merged(pauses: Iterable[Pause]) -> list[Interval]:
    """The pauses as ascending intervals that neither overlap nor touch, in UTC."""
    found: list[Interval] = []
    for start, end in sorted((pause.start, pause.end or FOREVER) for pause in pauses):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end.astimezone(UTC)))
        else:
            found.append((start.astimezone(UTC), end.astimezone(UTC)))
    return found


def pause_at(at: datetime, pauses: Sequence[Interval]) -> Interval | None:
    """The merged pause this moment lies in, if any."""
    for start, end in pauses:
        if start > at:
            return None
        if at < end:
            return start, end
    return None


def counting_days(start: datetime, unit: Unit, calendar: WorkingCalendar) -> Iterator[Intervals]:
    """The intervals of each day that can count: those after day zero, without end."""
    if unit is Unit.CALENDAR_DAYS:
        return calendar.calendar_days_after(calendar.local_date(start))
    return calendar.working_days_after(calendar.first_day(start))


def running(opening: Intervals, pauses: Sequence[Interval]) -> list[Interval]:
    """What is left of ascending intervals when the merged pauses are cut out."""
    left: list[Interval] = []
    for start, end in opening:
        for pause_start, pause_end in pauses:
            if pause_end <= start or pause_start >= end:
                continue
            if start < pause_start:
                left.append((start, pause_start))
            start = min(pause_end, end)
        if start < end:
            left.append((start, end))
    return left


def _days_used_at(
    calendar: WorkingCalendar, zero: date, goal: Share, pauses: Sequence[Interval], *, in_calendar_days: bool
) -> datetime | None:
    """When `goal` days after `zero` have counted. Only the closing moment of a day decides whether it counts."""
    whole, part = divmod(goal, 1)
    number = int(whole) + bool(part)
    day = counted_day(calendar, zero, number, pauses, in_calendar_days=in_calendar_days)
    if day is None or not part:
        return day[-1][1] if day else None
    return _within_day(day, part, pauses)


def _within_day(day: Intervals, part: Share, pauses: Sequence[Interval]) -> datetime:
    """When this part of the day's running time is used; its closing when no time ran before that."""
    pieces = running(day, pauses)
    return _spend(pieces, part * _length(pieces))[0] or day[-1][1]


def _hours_used_at(
    start: datetime, goal: Share, calendar: WorkingCalendar, pauses: Sequence[Interval]
) -> datetime | None:
    """When `goal` microseconds of opening time have run."""
    for opening in _opening_from(start, calendar):
        reached, goal = _spend(running(opening, pauses), goal)
        if reached is not None:
            return reached
        if opening and pauses and pauses[-1][1] == FOREVER and pauses[-1][0] <= opening[-1][1]:
            return None
    raise AssertionError("Opening hours do not end")


def _opening_from(start: datetime, calendar: WorkingCalendar) -> Iterator[Intervals]:
    """Opening intervals from `start` on, day by day, without end."""
    today = calendar.local_date(start)
    yield tuple((max(opens, start), closes) for opens, closes in calendar.intervals(today) if closes > start)
    yield from calendar.working_days_after(today)


def _spend(pieces: Iterable[Interval], goal: Share) -> tuple[datetime | None, Share]:
    """The moment at which `goal` microseconds of the pieces are used, or None and what is still wanting."""
    for start, end in pieces:
        length = (end - start) // MICROSECOND
        if goal <= length:
            return start + timedelta(microseconds=-(-goal // 1)), 0
        goal -= length
    return None, goal


def _until(days: Iterator[Intervals], at: datetime) -> Iterator[Intervals]:
    """The days that have begun by `at`."""
    for day in days:
        if day and day[0][0] >= at:
            return
        yield day


def _before(pieces: Iterable[Interval], at: datetime) -> list[Interval]:
    return [(start, min(end, at)) for start, end in pieces if start < at]


def _length(pieces: Iterable[Interval]) -> int:
    """Microseconds in all."""
    return sum((end - start) // MICROSECOND for start, end in pieces)


def _local_days(begin: datetime, calendar: WorkingCalendar) -> Iterator[tuple[date, datetime, datetime]]:
    """Each local date from `begin` on, with the part of it that is not before `begin`."""
    day = calendar.local_date(begin)
    start = begin
    while True:
        end = calendar.midnight(day + ONE_DAY)
        if start < end:
            yield day, start, end
        day, start = day + ONE_DAY, max(start, end)


def _shut(day: date, start: datetime, end: datetime, calendar: WorkingCalendar) -> Span:
    """A day on which the office does not open, by the reason a person would give."""
    if off := calendar.days_off.get(day):
        return Span(SpanKind.HOLIDAY, start, end, off.name_id, day_off=off)
    return Span(SpanKind.WEEKEND, start, end)


def _day_story(
    begin: datetime, unit: Unit, calendar: WorkingCalendar, pauses: Sequence[Interval]
) -> Iterator[list[Span]]:
    """One list of spans a day, pauses not yet cut out, for targets counted in days."""
    in_calendar_days = unit is Unit.CALENDAR_DAYS
    zero = calendar.local_date(begin) if in_calendar_days else calendar.first_day(begin)
    for day, start, end in _local_days(begin, calendar):
        opening = calendar.whole_day(day) if in_calendar_days else calendar.intervals(day)
        if not opening:
            yield [_shut(day, start, end, calendar)]
        elif day < zero:
            yield [Span(SpanKind.WAITED_FOR_OPENING, start, end)]
        elif day == zero:
            opens = max(start, opening[0][0])
            waited = [Span(SpanKind.WAITED_FOR_OPENING, start, opens)] if start < opens else []
            yield [*waited, Span(SpanKind.DAY_ZERO, opens, end)]
        elif pause_at(opening[-1][1], pauses):
            yield [Span(SpanKind.NOT_COUNTED, start, end)]
        else:
            # Two spans, so that a story that ends before the closing moment does not count the day.
            closing = opening[-1][1]
            yield [Span(SpanKind.RAN, start, closing, counted=1), Span(SpanKind.RAN, closing, end)]


def _hour_story(begin: datetime, calendar: WorkingCalendar) -> Iterator[list[Span]]:
    """One list of spans a day, pauses not yet cut out, for targets counted in hours."""
    idle = SpanKind.WAITED_FOR_OPENING
    for day, start, end in _local_days(begin, calendar):
        opening = calendar.intervals(day)
        if not opening:
            yield [_shut(day, start, end, calendar)]
            continue
        spans: list[Span] = []
        for opens, closes in opening:
            if closes <= start:
                continue
            if start < opens:
                spans.append(Span(idle, start, opens))
            spans.append(Span(SpanKind.RAN, max(start, opens), closes))
            start, idle = closes, SpanKind.CLOSED
        if start < end:
            spans.append(Span(idle, start, end))
        yield spans


def _cut(day: list[Span], end: datetime, pauses: Sequence[Interval], in_hours: bool) -> Iterator[Span]:
    """The day's spans up to `end`, with what was paused cut out and put in its place."""
    for span in day:
        if span.start >= end:
            return
        count = span.counted if span.end <= end else 0
        whole = (span.start, min(span.end, end))
        left = running((whole,), pauses)
        gaps = running((whole,), left)
        pieces = [replace(span, start=start, end=stop, counted=0) for start, stop in left]
        pieces += [Span(SpanKind.PAUSED, start, stop) for start, stop in gaps]
        for piece in sorted(pieces, key=lambda piece: piece.start):
            if piece.kind == SpanKind.RAN and in_hours:
                yield replace(piece, counted=(piece.end - piece.start) // timedelta(seconds=1))
            elif piece.kind == SpanKind.RAN or piece.end == whole[1]:
                yield replace(piece, counted=count)
                count = 0
            else:
                yield piece


def _append(spans: list[Span], span: Span) -> None:
    """Add a span, lengthening the last one when it tells the same."""
    if spans and (spans[-1].kind, spans[-1].name) == (span.kind, span.name):
        last = spans.pop()
        span = replace(span, start=last.start, counted=last.counted + span.counted)
    spans.append(span)
