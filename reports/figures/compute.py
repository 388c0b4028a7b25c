"""The figures of a report: each by its definition, over the rows of a snapshot. Nothing is rounded here.

A case is ended once it was answered or is over (not waiting for verification, agency or citizen). How it stands to its
promises is judging.py's.
"""

from datetime import datetime
from typing import Any

from reports.figures.definitions import FIGURES
from reports.figures.periods import Period
from reports.figures.sheet import Sheet
from reports.figures.tables import Tables

Figures = dict[str, Any]


def compute(tables: Tables, period: Period, built_at: datetime, tz: Any) -> Figures:
    """Every figure over what the period brought, as it stood when it was built, of rows that are all there."""
    before = tables.before if tables.before is not None else Tables.of({})
    sheets = Sheet(tables, period, built_at, tz), Sheet(before, period.before(), built_at, tz)
    for sheet, rows in zip(sheets, (tables, before), strict=True):
        sheet.add(rows)
    return counted(*sheets)


def counted(sheet: Sheet, before: Sheet) -> Figures:
    """`previous`: the period before, counted in the same way on the same day."""
    return _figures(sheet) | {"previous": _figures(before)}


def _figures(sheet: Sheet) -> Figures:
    return {code: figure.count(sheet) for code, figure in FIGURES.items()}
