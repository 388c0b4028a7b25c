"""The published counts of an edition as tables of plain values: what open data gives out and a PDF carries."""

from collections.abc import Mapping
from typing import Any

from reports.suppression.columns import BESIDE, COUNTS, DAYS, GROUPED, ONLY, STAYS, STAYS_TOLD, STEPS
from reports.suppression.report import Marks, public_rows
from reports.suppression.rows import OTHERS, Row, code_of, flat
from reports.suppression.stays import public_stays

Table = dict[str, Any]  # {"columns": [code, …], "rows": [[value, …], …]}
OTHERS_CODE = "_others"  # what is put together since it is small
HOURS = (
    *("hours_to_end_median", "hours_to_end_p90", "hours_to_end_mean"),
    *("hours_without_pauses_median", "hours_without_pauses_p90"),
)
COUNTED = {
    "by_day": ("day", "received"),
    "by_state": ("state", "received"),
    "ended_how": ("how", "count"),
    "rejected": ("reason", "count"),
}
BANDS = {
    "open_by_age": ("from_days", ("below_days", "count", "late")),
    "hours_to_end_bands": ("from_hours", ("below_hours", "count")),
}


def public_tables(figures: Mapping[str, Any], marks: Marks) -> dict[str, Table]:
    """None is a hidden count; `_others` a row of several small ones together."""
    tables = {"figures": _main(figures, marks)}
    if marks.is_bare:
        return tables
    for name, key in GROUPED.items():
        if name in figures:
            tables[name] = _told(name, key, public_rows(figures[name], key), marks)
    if STEPS in figures:
        tables[STEPS] = _told(STEPS, "from", figures[STEPS], marks, beside=("to",))
    for name, (key, column) in COUNTED.items():
        if name in figures and marks.told_of(name, ""):
            rows = figures[name] if name == DAYS else public_rows(figures[name], key, column)
            tables[name] = _rows(name, key, rows, (column,), marks)
    if shown := public_stays(figures, marks):
        rows = [
            [row["agency"], *(None if name in hidden else row[name] for name in STAYS_TOLD)]
            for row, hidden in shown
        ]
        tables[STAYS] = {"columns": ["agency", *STAYS_TOLD], "rows": rows}
    for name, (key, names) in BANDS.items():
        if name in figures and marks.told_of(name, ""):
            tables[name] = _rows(name, key, figures[name], names, marks)
    return {name: table for name, table in tables.items() if table["rows"]}


def _main(figures: Mapping[str, Any], marks: Marks) -> Table:
    row, hidden = flat(dict(figures)), marks.main
    all_hidden = "received" in hidden
    rows = [
        [code, None if all_hidden or code in hidden else row[code]]
        for code in (*COUNTS, *BESIDE)
        if code in row
    ]
    is_timed = not all_hidden and "ended" not in hidden
    rows += [[code, row[code] if is_timed and code not in hidden else None] for code in HOURS if code in row]
    return {"columns": ["figure", "value"], "rows": rows}


def _told(name: str, key: str, rows: list[Row], marks: Marks, beside: tuple[str, ...] = ()) -> Table:
    columns = marks.told_in(name, [code_of(row, key) for row in rows]) or ONLY
    return _rows(name, key, rows, columns, marks, beside)


def _rows(
    name: str, key: str, rows: list[Row], columns: tuple[str, ...], marks: Marks, beside: tuple[str, ...] = ()
) -> Table:
    made = []
    for row in rows:
        code, values = code_of(row, key), flat(row) if "excluded" in row else row
        hidden = marks.hidden(name, code)
        shown = [None if column in hidden else values[column] for column in columns]
        made.append([OTHERS_CODE if code == OTHERS else code, *(row[each] for each in beside), *shown])
    return {"columns": [key, *beside, *columns], "rows": made}
