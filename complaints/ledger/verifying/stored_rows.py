"""The rows that stand in the database now, spelled as events spell them.

Columns are read as the database gives them, without a model between: of a million events this is most of the work.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, models

from complaints.history.rows import TABLES, Table, spell
from complaints.ledger.verifying import spelling

Span = tuple[int | None, int | None]  # keys of cases: from, and up to (not in it)
AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)
Reading = Callable[[Any], Any]


def stored_rows(span: Span) -> dict[int, dict[str, list[tuple[Any, ...]]]]:
    """Of each case in the span: the rows of each table, in the order in which they were made."""
    cases: dict[int, dict[str, list[tuple[Any, ...]]]] = {}
    for table in TABLES:
        for case, row in _rows_of(table, span):
            cases.setdefault(case, {}).setdefault(table.code, []).append(row)
    return cases


def _rows_of(table: Table, span: Span) -> Iterator[tuple[int, tuple[Any, ...]]]:
    readings = [_reading(table, name) for name in table.fields]
    others = [(place, read) for place, (_sql, read) in enumerate(readings, 1) if read is not None]
    with connection.cursor() as cursor:
        cursor.execute(*_select(table, [sql for sql, _read in readings], span))
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                values = list(row)
                for place, read in others:
                    if values[place] is not None:
                        values[place] = read(values[place])
                yield values[0], tuple(values[1:])


CHUNK = 2000


def _select(table: Table, columns: list[str], span: Span) -> tuple[str, list[int]]:
    quote, meta = connection.ops.quote_name, table.model._meta
    case = quote(table.case)  # an attribute is called as its column
    bounds = [(f"{case} >= %s", span[0]), (f"{case} < %s", span[1])]
    where = [(clause, bound) for clause, bound in bounds if bound is not None]
    return (
        f"SELECT {', '.join([case, *columns])} FROM {quote(meta.db_table)} "  # noqa: S608 - names of this code
        f"WHERE {' AND '.join(clause for clause, _ in where) or '1 = 1'} ORDER BY {quote(meta.pk.column)}",
        [bound for _, bound in where],
    )


def _reading(table: Table, name: str) -> tuple[str, Reading | None]:
    """The SQL that reads a column, and what brings it into the spelling of events; None where it is in it."""
    found = table.fields[name]
    column = connection.ops.quote_name(found.column)
    if name in table.digested:
        convert = _converted(found)
        return column, lambda value: table.spell(name, convert(value))
    if isinstance(found, models.DateTimeField):
        return spelling.any_moment_column(column), spelling.short_moment_reader()
    if isinstance(found, models.JSONField):
        return spelling.json_column(column), _from_json
    if isinstance(found, (*AS_IT_IS, models.ForeignKey)):
        return column, None
    convert = _converted(found)
    return column, lambda value: spell(convert(value))


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # what no event says


def _converted(found: Any) -> Reading:
    """What Django reads from it."""
    of_database = connection.ops.get_db_converters(found.get_col(found.model._meta.db_table))
    converters = [*of_database, *found.get_db_converters(connection)]

    def convert(value: Any) -> Any:
        for each in converters:
            value = each(value, None, connection)
        return value

    return convert
