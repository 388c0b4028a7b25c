"""The rows that stand in the database now, spelled as events spell them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

from complaints.history.rows import TABLES, Table, spell

Span = tuple[int | None, int | None]  # keys of cases: from, and up to (not in it)
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)


def stored_rows(span: Span) -> dict[int, dict[str, list[tuple[Any, ...]]]]:
    """Of each case in the span: the rows of each table, in the order in which they were made."""
    cases: dict[int, dict[str, list[tuple[Any, ...]]]] = {}
    for table in TABLES:
        for case, row in _rows_of(table, span):
            cases.setdefault(case, {}).setdefault(table.code, []).append(row)
    return cases


def _rows_of(table: Table, span: Span) -> Iterator[tuple[int, tuple[Any, ...]]]:
    bounds = {f"{table.case}__gte": span[0], f"{table.case}__lt": span[1]}
    rows = table.model._base_manager.filter(**{name: key for name, key in bounds.items() if key is not None})
    spelling = [(place, _speller(table, name)) for place, name in enumerate(table.fields, 1)]
    others = [(place, to) for place, to in spelling if to is not None]
    for row in rows.order_by("pk").values_list(table.case, *table.fields):
        values = list(row)
        for place, to in others:
            if values[place] is not None:
                values[place] = to(values[place])
        yield values[0], tuple(values[1:])


def _speller(table: Table, name: str) -> Callable[[Any], Any] | None:
    """None where the value is spelled as it is."""
    if name in table.digested:
        return lambda value: table.spell(name, value)
    return None if isinstance(table.fields[name], (*PLAIN, models.ForeignKey, models.JSONField)) else spell
