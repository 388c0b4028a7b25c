"""The periods that reports are about, and the code under which each is found. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from reports.figures.periods import Period, add_months, last_month, last_quarter, last_year


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


PLAIN = re.compile(r"(?!(q\d|h\d|v\d+|\d\d)(-|$))(?!.*-v\d+$)[a-z0-9]+(-[a-z0-9]+)*")
MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}


def last_half(today: date) -> Period:
    begin = date(today.year, 1 if today.month < 7 else 7, 1)
    return Period(add_months(begin, -6), begin - timedelta(1))


LAST: dict[PeriodKind, Callable[[date], Period]] = {
    PeriodKind.MONTH: last_month,
    PeriodKind.QUARTER: last_quarter,
    PeriodKind.HALF: last_half,
    PeriodKind.YEAR: last_year,
}


def kind_of(period: Period) -> PeriodKind | None:
    """Which kind a period is; None for one that a report is not about, such as February to April."""
    for kind, months in MONTHS.items():
        if period.whole_months == months and (period.first.month - 1) % months == 0:
            return kind
    return None


def stem_of(kind: PeriodKind, first: date, agency: str = "", *, is_taken: bool = False) -> str:
    """What all versions of a report are called: `2026-q3`, `2026-07`, `2026-h2`, `2026`; an agency's `2026-q3-pupr`.
    `is_taken`: another agency is called so already, whose code reads the same in an address."""
    year, number = part_of(kind, first)
    part = {
        PeriodKind.MONTH: f"-{number:02}",
        PeriodKind.QUARTER: f"-q{number}",
        PeriodKind.HALF: f"-h{number}",
        PeriodKind.YEAR: "",
    }[kind]
    return f"{year}{part}" + (f"-{_spelled(agency, is_taken)}" if agency else "")


def _spelled(agency: str, is_taken: bool) -> str:
    """Its code in an address; with a digest where signs are lost, where it reads like a period or a version, or where
    another has it: no two agencies share an address, and none takes the city's."""
    if PLAIN.fullmatch(agency.lower()) and not is_taken:
        return agency.lower()
    slug = re.sub(r"[^a-z0-9]+", "-", agency.lower()).strip("-")
    return f"{slug}-{sha256(agency.encode()).hexdigest()[:8]}".strip("-")


def code_of(stem: str, version: int) -> str:
    return stem if version == 1 else f"{stem}-v{version}"


def part_of(kind: PeriodKind, first: date) -> tuple[int, int]:
    """Which part of which year: (2026, 3) for the third quarter; (2026, 1) for the year itself."""
    return first.year, (first.month - 1) // MONTHS[kind] + 1


def years_of(days: Iterable[date]) -> list[int]:
    """The latest first."""
    return sorted({day.year for day in days}, reverse=True)
