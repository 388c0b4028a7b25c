"""Cases and policies made up for the replay, without a database."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from complaints.clock.arithmetic import Pause, Target, Unit
from complaints.clock.working_calendar import DayOff, WorkingCalendar
from escalation.whatif.figures import Sums, Window
from escalation.whatif.policy import Policy, Rule, Rules
from escalation.whatif.replay import (
    FIRST_RESPONSE,
    RESOLUTION,
    VERIFICATION,
    CaseFact,
    ClockFact,
    replay,
    stored,
)

TZ = ZoneInfo("Asia/Makassar")
CITY = 1
# A Monday morning in Kupang; everything lies in the weeks after it.
MONDAY = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
NOW = MONDAY + timedelta(days=120)
OFFICE = {day: ((time(7, 30), time(12)), (time(13), time(16))) for day in range(5)}


@cache  # a calendar keeps the days it has worked out
def office(*days_off: date) -> WorkingCalendar:
    return WorkingCalendar(
        tz=TZ, hours=OFFICE, days_off={day: DayOff("Libur", "Off", "local") for day in days_off}
    )


def policy(*rules: Rule, calendar: WorkingCalendar | None = None, targets: Any = None) -> Policy:
    return Policy({CITY: calendar or office()}, Rules(rules, TZ), CITY, {}, targets or {})


def days(amount: int, unit: Unit = Unit.WORKING_DAYS) -> Target:
    return Target(amount, unit)


def window(first: int = 0, last: int = 90) -> Window:
    """From so many days after MONDAY to so many."""
    start = MONDAY.astimezone(TZ).date()
    return Window.of(start + timedelta(first), start + timedelta(last), TZ, NOW)


def case(
    *clocks: ClockFact, kind: str = "complaint", pauses: tuple[Pause, ...] = (), **fields: Any
) -> CaseFact:
    fields = {"category": "", "holders": ((MONDAY, "PUPR"),)} | fields
    return CaseFact(kind=kind, received=MONDAY, clocks=clocks, pauses=pauses, **fields)


def resolution(amount: int = 14, stopped: datetime | None = None, **fields: Any) -> ClockFact:
    values: dict[str, Any] = {"cycle": 1, "started": MONDAY} | fields
    return ClockFact(RESOLUTION, calendar=CITY, target=days(amount), stopped=stopped, **values)


def sums_of(cases: list[CaseFact], in_force: Policy, proposed: Policy, seen: Window | None = None) -> Sums:
    seen = seen or window()
    sums = Sums.empty(seen)
    for each in cases:
        outcomes = stored(each), replay(each, in_force, seen.until), replay(each, proposed, seen.until)
        sums.add(each, *outcomes, seen)
    return sums


# A moment in the hundred days after MONDAY, to the minute.
minutes = st.integers(0, 100 * 24 * 60)


def at(minute: int) -> datetime:
    return MONDAY + timedelta(minutes=minute)


@st.composite
def cases(draw: st.DrawFn) -> CaseFact:
    """A case with verification, first response and resolution, with up to two questions, ended or not."""
    received, verified, first, ended = sorted(draw(st.lists(minutes, min_size=4, max_size=4)))
    is_over = draw(st.booleans())
    asked = sorted(draw(st.lists(minutes, min_size=2, max_size=4)))
    pauses = [Pause(at(a), at(b)) for a, b in zip(asked[::2], asked[1::2], strict=False) if received <= a < b]
    unit = st.sampled_from(list(Unit))
    targets = [Target(draw(st.integers(1, 30)), draw(unit)) for _ in range(3)]
    stop = at(ended) if is_over else None
    return CaseFact(
        kind=draw(st.sampled_from(["complaint", "oversight"])),
        category="",
        received=at(received),
        clocks=(
            ClockFact(VERIFICATION, 1, CITY, targets[0], at(received), at(verified)),
            ClockFact(FIRST_RESPONSE, 1, CITY, targets[1], at(verified), at(first)),
            ClockFact(RESOLUTION, 1, CITY, targets[2], at(received), stop),
        ),
        pauses=tuple(pauses),
        holders=((at(verified), "PUPR"),),
    )
