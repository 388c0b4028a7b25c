"""What of the database the history does not hold fast: columns and tables that could be changed unnoticed.

One list, for `/ledger/`, `docs/ledger.md` and the test that tries every column (tests/ledger/forger.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise

from complaints.history.rows import TABLES
from complaints.registry import Registry


@dataclass(frozen=True)
class Untold:
    """These columns of a table, or all of it, with the reason."""

    model: type[models.Model]
    reason: Promise
    columns: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return f"{self.model._meta.label}:{','.join(self.columns)}"

    @property
    def is_whole(self) -> bool:
        return not self.columns


UNTOLD: Registry[Untold] = Registry()


def untold() -> Iterator[Untold]:
    """All of them: those of tables that events record, then the others."""
    for table in TABLES:
        for column, reason in table.untold.items():
            yield Untold(table.model, reason, (column,))
    yield from UNTOLD


def is_untold(model: type[models.Model], column: str = "") -> bool:
    """Whether a change of this column, or without one a row more or less, goes unnoticed."""
    return any(each.model is model and (each.is_whole or column in each.columns) for each in untold())
