"""The data of a report: rows as they were frozen, with moments read, and the days that a period is made of."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tuntas_recount.judging import Row, judge, moment


@dataclass(frozen=True)
class Days:
    """From the first to the last, both included, in the city."""

    first: date
    last: date

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From this moment until before that one."""
        ends = (self.first, self.last + timedelta(1))
        begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in ends)
        return begin, end

    @property
    def is_whole_months(self) -> bool:
        return (
            self.first.day == 1 and self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]
        )

    def before(self) -> Days:
        """As many whole months before whole months, else as many days."""
        end = self.first - timedelta(1)
        if not self.is_whole_months:
            return Days(self.first - (self.last - self.first + timedelta(1)), end)
        months = 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1
        number = 12 * self.first.year + self.first.month - 1 - months
        return Days(date(number // 12, number % 12 + 1, 1), end)

    def steps(self) -> Iterator[Days]:
        """Calendar months where it is longer than 62 days, weeks from its first day above 21, else days."""
        count = (self.last - self.first).days + 1
        start = self.first
        while start <= self.last:
            if count > 62:
                following = (start.replace(day=1) + timedelta(31)).replace(day=1)
            else:
                following = start + timedelta(7 if count > 21 else 1)
            yield Days(start, min(following - timedelta(1), self.last))
            start = following


@dataclass
class Sheet:
    """The rows of one period, and when they were frozen."""

    tables: dict[str, Any]
    days: Days
    built_at: datetime
    zone: ZoneInfo
    names: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def rows(self, name: str) -> list[Row]:
        table = self.tables.get(name, {"columns": [], "rows": []})
        return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]

    @cached_property
    def clocks(self) -> list[Row]:
        found = self.rows("clocks")
        for row in found:
            row |= {name: moment(row[name]) for name in ("promised_at", "due_at", "stopped_at")}
        return found

    @cached_property
    def cases(self) -> list[Row]:
        """Each with how it stands to its promises and how long it took."""
        cases = judge(self.rows("cases"), self.clocks, self.built_at)
        raised, corrected = (
            {row["case"] for row in self.rows(name)} for name in ("escalations", "corrections")
        )
        offices = {row["agency"]: row["office"] for row in self.rows("agencies")}
        districts = {row["area"]: row["district"] for row in self.rows("areas")}
        # By its first definition a case that was withdrawn or referred after an answer was none of the answered.
        by_rounds = self.about.get("definitions", {}).get("answered", {}).get("version", 1) > 1
        for case in cases:
            case["was_answered"] &= by_rounds
            case["is_escalated"], case["is_corrected"] = case["case"] in raised, case["case"] in corrected
            case["office"] = offices.get(case["agency"], case["agency"])
            case["district"] = districts.get(case["area"], case["area"])
        return cases

    @property
    def today(self) -> str:
        """The day in the city on which it was made."""
        return self.built_at.astimezone(self.zone).strftime("%Y-%m-%d")


def sheets(snapshot: dict[str, Any]) -> tuple[Sheet, Sheet]:
    """That of the period, and that of the period before."""
    days = Days(*(date.fromisoformat(snapshot["period"][end]) for end in ("from", "to")))
    built_at, zone = moment(snapshot["built_at"]), ZoneInfo(snapshot["city"]["time_zone"])
    if built_at is None:
        raise ValueError("it does not say when it was made")
    names = snapshot["labels"]
    own = Sheet(snapshot["tables"], days, built_at, zone, names, snapshot)
    return own, Sheet(snapshot["before"], days.before(), built_at, zone, names, snapshot)
