"""Statements that are the same again and again but for one value: put together once.

To put a query of many parts together takes the ORM several times as long as the database takes to answer it.
"""

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet, expressions
from django.db.models.query import ModelIterable

from complaints.database.once import in_front

MOST = 500
# What varies: one value, or a few.
Value = TypeVar("Value", datetime, str, int, tuple[datetime, int], tuple[Any, ...])
Row = TypeVar("Row", bound=Model)
Make = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class _Kept:
    """What was put together: the statement, its values, and at which places which of those that vary stands."""

    queryset: QuerySet[Any]
    compiler: Any
    statement: str
    values: list[Any]
    places: list[tuple[int, int]]

    def filled(self, value: Any) -> list[Any]:
        values, varying = list(self.values), _adapted(value)
        for place, which in self.places:
            values[place] = varying[which]
        return values


_kept: dict[Hashable, _Kept] = {}


def row_of(key: Hashable, now: datetime, make: Make) -> tuple[Any, ...]:
    """The one row of plain values of the query that `make` makes for a moment. `key` says everything else on which it
    depends: with the same key it must be the same."""
    [row] = values_of(key, now, now + timedelta(seconds=1), make)
    return row


def values_of(
    key: Hashable, value: Value, other: Value, make: Callable[[Value], QuerySet[Any]]
) -> list[tuple[Any, ...]]:
    """Rows of plain values, as the database gives them: numbers and texts. `value`, `other`: as in `rows_of`."""
    try:
        kept = _of(key, value, other, make)
    except EmptyResultSet:
        return []
    with connections[kept.queryset.db].cursor() as cursor:  # asked anew each time, as in rows_of
        cursor.execute(kept.statement, kept.filled(value))
        return list(cursor.fetchall())


def rows_of(key: Hashable, value: Value, other: Value, make: Callable[[Value], QuerySet[Row]]) -> list[Row]:
    """The rows of the query that `make` makes for a value, with all that it joins and works out; as `list(make(value))`
    but for prefetches. `other`: any other value, by which it is found where the value stands; of a few another each."""
    try:
        kept = _of(key, value, other, make)
    except EmptyResultSet:  # who may see nothing: the ORM asks nothing then
        return []
    compiler, queryset = copy(kept.compiler), kept.queryset.all()
    compiler.connection = connections[queryset.db]  # a page that is read from a replica stays there
    compiler.as_sql = lambda *args, **options: (kept.statement, tuple(kept.filled(value)))
    queryset.query.get_compiler = lambda **options: compiler  # type: ignore[method-assign]
    return list(ModelIterable(queryset))


def _of(key: Hashable, value: Any, other: Any, make: Callable[[Any], QuerySet[Any]]) -> _Kept:
    at = (connection.vendor, key)
    found = _kept.get(at)
    if found is None:
        if len(_kept) >= MOST:
            keys = list(_kept)
            _kept.pop(keys[0], None)  # the oldest
        found = _kept[at] = _put_together(value, other, make)
    return found


def _put_together(value: Any, other: Any, make: Callable[[Any], QuerySet[Any]]) -> _Kept:
    queryset = make(value)
    compiler = queryset.query.get_compiler(using=queryset.db)
    statement, values = in_front(*compiler.as_sql())
    try:
        same, others = in_front(*make(other).query.sql_with_params())
    except EmptyResultSet as error:
        raise ValueError("for the other value the database would not be asked") from error
    varying = list(zip(_adapted(value), _adapted(other), strict=True))
    pairs = [
        (place, pair) for place, pair in enumerate(zip(values, others, strict=True)) if pair[0] != pair[1]
    ]
    if same != statement or any(pair not in varying for _place, pair in pairs):
        raise ValueError("the statement depends on the value in another way than by naming it")
    places = [(place, varying.index(pair)) for place, pair in pairs]
    return _Kept(*_slim(queryset, compiler), statement, values, places)


def _slim(queryset: Any, compiler: Any) -> tuple[QuerySet[Any], Any]:
    """Both without what the statement was made of, nine tenths of what there would be to keep: of each column what it
    is, and how its value is read."""
    bare: QuerySet[Any] = QuerySet(queryset.model, using=queryset._db, hints=queryset._hints)
    slim = copy(compiler)
    slim.query, slim.where, slim.having, slim.qualify, slim.quote_cache = bare.query, None, None, None, {}
    slim.select = [
        (each if isinstance(each, expressions.Col) else _of_its_kind(each), ("", ()), alias)
        for each, _sql, alias in compiler.select
    ]
    return bare, slim


def _of_its_kind(worked_out: Any) -> Any:
    """Read as this column is, without the query that it was worked out by."""
    return expressions.Value(None, output_field=worked_out.output_field)


def _adapted(value: Any) -> list[Any]:
    """As the database takes them."""
    return [_as_taken(each) for each in (value if isinstance(value, tuple) else (value,))]


def _as_taken(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
