"""What hypothesis tries the clock with: whole minutes, many of them around a change of clocks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from complaints.clock.arithmetic import Pause, Target, Unit
from complaints.clock.working_calendar import WorkingCalendar
from tests.clock.calendars import AMSTERDAM, CLOSED_FOR_FLOOD, MAKASSAR, NEW_YORK, kupang

MINUTE = timedelta(minutes=1)
STARTS = [  # a fortnight is drawn after each of these
    datetime(2024, 2, 20, tzinfo=UTC),  # leap day
    datetime(2025, 3, 20, tzinfo=UTC),  # Idul Fitri; Amsterdam's clocks go forward
    datetime(2025, 12, 22, tzinfo=UTC),  # the turn of the year
    datetime(2026, 3, 1, tzinfo=UTC),  # New York's clocks go forward
    datetime(2026, 10, 19, tzinfo=UTC),  # Amsterdam's and New York's clocks go back
]
WALLS = [
    time(0),
    time(1, 30),
    time(2),
    time(2, 30),
    time(3),
    time(8),
    time(12),
    time(13),
    time(16),
    time(23, 30),
]


class Case(NamedTuple):
    """The arguments of `due_at`."""

    start: datetime
    target: Target
    calendar: WorkingCalendar
    pauses: Sequence[Pause]


def moments() -> st.SearchStrategy[datetime]:
    """Whole minutes in UTC."""
    return st.builds(
        lambda day, minute: day + minute * MINUTE, st.sampled_from(STARTS), st.integers(0, 14 * 1440)
    )


def targets(units: Sequence[Unit] = tuple(Unit)) -> st.SearchStrategy[Target]:
    """Up to a dozen of a unit."""
    return st.builds(Target, st.integers(1, 12), st.sampled_from(units))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Kupang's own, or odd hours in a zone that changes its clocks, Sundays and nights included."""
    if draw(st.booleans()):
        return kupang()
    hours: dict[int, tuple[tuple[time, time], ...]] = {}
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        walls = sorted(draw(st.sets(st.sampled_from(WALLS), min_size=2, max_size=4)))
        hours[weekday] = tuple(zip(walls[::2], walls[1::2], strict=False))
    zone: ZoneInfo = draw(st.sampled_from([MAKASSAR, AMSTERDAM, NEW_YORK]))
    days_off = draw(st.sets(days(), max_size=4))
    return WorkingCalendar(zone, hours, dict.fromkeys(days_off, CLOSED_FOR_FLOOD))


def days() -> st.SearchStrategy[date]:
    """A date in the neighbourhood of the starts."""
    return st.builds(
        lambda start, number: start.date() + timedelta(number), st.sampled_from(STARTS), st.integers(0, 25)
    )


@st.composite
def pauses_near(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to four pauses that may overlap, touch, be empty, lie before the start or never end."""
    found: list[Pause] = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + draw(st.integers(-2 * 1440, 12 * 1440)) * MINUTE
        length = draw(st.none() if draw(st.integers(0, 9)) == 9 else st.integers(0, 5 * 1440))
        found.append(Pause(begin, None if length is None else begin + length * MINUTE))
    return found


@st.composite
def cases(draw: st.DrawFn, units: Sequence[Unit] = tuple(Unit)) -> Case:
    """All that a due moment depends on."""
    start = draw(moments())
    return Case(start, draw(targets(units)), draw(calendars()), draw(pauses_near(start)))
