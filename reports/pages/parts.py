"""The parts a printed report is put together from; the templates know these and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.pages.widths import widths

MAX_ROWS = 300  # a printed row costs paper and time; what is longer stands in the snapshot


@dataclass(frozen=True)
class Table:
    """The first cell of a row names it. `heads` are (words, is a number)."""

    caption: str
    heads: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    notes: Sequence[str] = ()

    def with_rows(self, rows: Sequence[Sequence[str]]) -> "Table":
        return replace(self, rows=rows)

    @property
    def shown(self) -> list[list[tuple[str, bool]]]:
        return [self._cells(row) for row in self.rows[:MAX_ROWS]]

    @property
    def labelled(self) -> list[list[tuple[str, bool, str]]]:
        """As `shown`, each cell with the words at the head of its column, for where there is no room for columns."""
        heads = [words for words, _is_number in self.heads]
        return [
            [(cell, is_number, head) for (cell, is_number), head in zip(row, heads, strict=False)]
            for row in self.shown
        ]

    @property
    def total_cells(self) -> list[tuple[str, bool]]:
        return self._cells(self.total)

    def _cells(self, row: Sequence[str]) -> list[tuple[str, bool]]:
        return [(cell, is_number) for cell, (_words, is_number) in zip(row, self.heads, strict=False)]

    @cached_property
    def _widths(self) -> tuple[list[float], bool]:
        return widths(self.heads, [*self.rows[:MAX_ROWS], self.total])

    @property
    def columns(self) -> list[str]:
        """How broad each is, as a style sheet says it."""
        return [f"{width:.2f}%" for width in self._widths[0]]

    @property
    def is_tight(self) -> bool:
        return self._widths[1]

    @property
    def is_short(self) -> bool:
        """Short enough to be kept on one page."""
        return len(self.rows) <= 12

    @property
    def cut(self) -> str:
        if len(self.rows) <= MAX_ROWS:
            return ""
        return _("Only the first %(shown)d of %(all)d rows are printed; all of them are in the snapshot.") % {
            "shown": MAX_ROWS,
            "all": len(self.rows),
        }


@dataclass(frozen=True)
class Chart:
    title: str
    svg: SafeString


@dataclass
class Section:
    key: str
    title: str
    lead: str = ""
    paragraphs: list[str] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_page: bool = False


@dataclass(frozen=True)
class Figure:
    """A key figure with the one before."""

    code: str
    label: str
    value: str
    before: str
