"""The fixed periods that statistics are given for: months, quarters and years, never any other, since of two that
overlap in part somebody could subtract one from the other. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reports.figures.periods import Period, add_months

MONTHS = {"month": 1, "quarter": 3, "year": 12}
_CODE = re.compile(r"(?P<year>\d{4})(?:-(?:q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, order=True)
class Block:
    first: date
    kind: str

    @property
    def last(self) -> date:
        return add_months(self.first, MONTHS[self.kind]) - timedelta(1)

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    @property
    def code(self) -> str:
        """As addresses name it: 2026, 2026-q3, 2026-10."""
        if self.kind == "year":
            return f"{self.first:%Y}"
        if self.kind == "quarter":
            return f"{self.first:%Y}-q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> "Block":
        return Block(add_months(self.first, -MONTHS[self.kind]), self.kind)

    @property
    def after(self) -> "Block":
        return Block(add_months(self.first, MONTHS[self.kind]), self.kind)

    @classmethod
    def of(cls, day: date, kind: str) -> "Block":
        """The one in which this day is."""
        size = MONTHS[kind]
        return cls(date(day.year, (day.month - 1) // size * size + 1, 1), kind)

    @classmethod
    def read(cls, code: str) -> "Block":
        """ValueError when this names none."""
        found = _CODE.fullmatch(code)
        if found is None or not 1990 <= int(found["year"]) <= 2199:
            raise ValueError(f"no period: {code}")
        year = int(found["year"])
        if found["quarter"]:
            return cls(date(year, int(found["quarter"]) * 3 - 2, 1), "quarter")
        if found["month"]:
            return cls(date(year, int(found["month"]), 1), "month")
        return cls(date(year, 1, 1), "year")


def finished(start: date, until: date) -> Iterator[Block]:
    """The blocks of all kinds from that in which `start` is to the last that was over before `until`, as they end:
    months before their quarter, quarters before their year."""
    blocks = []
    for kind in MONTHS:
        block = Block.of(start, kind)
        while block.last < until:
            blocks.append(block)
            block = block.after
    return iter(sorted(blocks, key=lambda each: (each.last, MONTHS[each.kind])))
