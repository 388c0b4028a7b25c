"""What of the database the history does not hold fast: columns and tables that could be changed unnoticed.

One list, for `/ledger/`, `docs/ledger.md`, the tables' recorded columns (rows.py) and the test that tries every column
(tests/ledger/forger.py). Apps above add theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise

from complaints.registry import Registry

ROW_MORE, ROW_LESS = "+", "-"  # stand among the columns
Columns = Mapping[type[models.Model], tuple[str, ...]]


@dataclass(frozen=True)
class Untold:
    """What it is and why it is not held fast, in plain words; and its columns by table, none for all of it."""

    code: str
    what: Promise
    why: Promise
    columns: Columns


UNTOLD: Registry[Untold] = Registry()


def is_untold(model: type[models.Model], column: str) -> bool:
    """Whether nobody would notice that this column was changed, or (+, -) a row added or taken away."""
    return is_untold_whole(model) or any(column in each.columns.get(model, ()) for each in UNTOLD)


def is_untold_whole(model: type[models.Model]) -> bool:
    return any(each.columns.get(model) == () for each in UNTOLD)
