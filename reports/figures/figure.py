"""What a figure is: declared once in `catalogue/`, and read from there by page, paper, file and command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.figures.sheet import Sheet


class Unit(StrEnum):
    """How a value is to be read."""

    COUNT = "count"  # whole number
    SHARE = "share"  # per cent
    HOURS = "hours"
    MEAN = "mean"  # decimal number without a unit
    RATE = "rate"  # per thousand residents
    INDEX = "index"  # 25 to 100
    PARTS = "parts"  # {code: count}
    TABLE = "table"  # list of rows
    CODE = "code"  # a column that names something: a code of the snapshot's labels, or a fixed word
    DAY = "day"


class Rule(StrEnum):
    """When the public edition does not show it. What each does is in suppression."""

    COUNT = "count"  # a number of cases: under five
    PARTS = "parts"  # counts that add up to another one: under five, and what would give one away
    SHARE = "share"  # where one of the numbers that make it is hidden
    TIME = "time"  # where the number of cases under it is hidden
    RESPONDENTS = "respondents"  # fewer than ten answered: left out before it was frozen
    OPEN = "open"  # everybody may know it anyway: promises, forums, residents
    INTERNAL = "internal"  # never, since it is about persons, or said among the city's own


@dataclass(frozen=True)
class Column:
    """A column of a figure that is a table. `group`: of a code, where its words are (labels of the snapshot)."""

    code: str
    name: str
    unit: Unit = Unit.COUNT
    group: str = ""


@dataclass(frozen=True)
class Figure:
    """`count` works it out from the rows of a snapshot, and from nothing else.

    `tables`: which of them it reads. `where`: of a count, the cases behind it. `of`: of a share, the two counts of
    which the first is divided by both together. `columns`: of a table; the first names the row.
    `version` is raised when what is counted changes, so that two snapshots can say why they differ.
    """

    code: str
    name: str  # both marked for translation
    definition: str
    unit: Unit
    rule: Rule
    count: Callable[[Sheet], Any]
    tables: tuple[str, ...] = ("cases",)
    where: Callable[[Any], Any] | None = None
    of: tuple[str, str] | None = None
    columns: tuple[Column, ...] = ()
    version: int = 1

    @property
    def is_public(self) -> bool:
        return self.rule != Rule.INTERNAL
