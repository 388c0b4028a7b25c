"""Statements that are the same again and again but for one value: put together once.

To put a query of many parts together takes the ORM several times as long as the database takes to answer it.
"""

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

MOST = 500
Value = TypeVar("Value", datetime, str, int)
Row = TypeVar("Row", bound=Model)
Make = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class _Kept:
    """What was put together: the statement, its values, and at which places the one that varies stands."""

    queryset: QuerySet[Any]
    compiler: Any
    statement: str
    values: list[Any]
    places: list[int]

    def filled(self, value: Any) -> list[Any]:
        values = list(self.values)
        for place in self.places:
            values[place] = _adapted(value)
        return values


_kept: dict[Hashable, _Kept] = {}


def row_of(key: Hashable, now: datetime, make: Make) -> tuple[Any, ...]:
    """The one row of plain values of the query that `make` makes for a moment. `key` says everything else on which it
    depends: with the same key it must be the same."""
    kept = _of(key, now, now + timedelta(seconds=1), make)
    with connections[kept.queryset.db].cursor() as cursor:  # asked anew each time, as in rows_of
        cursor.execute(kept.statement, kept.filled(now))
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def rows_of(key: Hashable, value: Value, other: Value, make: Callable[[Value], QuerySet[Row]]) -> list[Row]:
    """The rows of the query that `make` makes for a value, with all that it joins and works out; as `list(make(value))`
    but for prefetches. `other`: any other value, by which it is found where the value stands."""
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
            _kept.clear()
        found = _kept[at] = _put_together(value, other, make)
    return found


def _put_together(value: Any, other: Any, make: Callable[[Any], QuerySet[Any]]) -> _Kept:
    queryset = make(value)
    compiler = queryset.query.get_compiler(using=queryset.db)
    statement, values = compiler.as_sql()
    same, others = make(other).query.sql_with_params()
    places = [place for place, pair in enumerate(zip(values, others, strict=True)) if pair[0] != pair[1]]
    if same != statement or any(
        (values[place], others[place]) != (_adapted(value), _adapted(other)) for place in places
    ):
        raise ValueError("the statement depends on the value in another way than by naming it")
    return _Kept(queryset, compiler, statement, list(values), places)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
