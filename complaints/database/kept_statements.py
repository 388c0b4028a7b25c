"""Statements that are the same again and again but for a moment: put together once.

To put a query of many parts together takes the ORM several times as long as the database takes to answer it.
"""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

MOST = 500
Make = Callable[[datetime], QuerySet[Any]]
_kept: dict[Hashable, tuple[str, list[Any], list[int]]] = {}


def row_of(key: Hashable, now: datetime, make: Make) -> tuple[Any, ...]:
    """The one row of plain values of the query that `make` makes for a moment. `key` says everything else on which it
    depends: with the same key it must be the same."""
    at = (connection.vendor, key)
    if at not in _kept:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[at] = _put_together(now, make)
    statement, values, places = _kept[at]
    values = list(values)
    for place in places:
        values[place] = _adapted(now)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _put_together(now: datetime, make: Make) -> tuple[str, list[Any], list[int]]:
    """The statement, its values, and at which places the moment stands: where it says otherwise at another."""
    later = now + timedelta(seconds=1)
    statement, values = make(now).query.sql_with_params()
    same, others = make(later).query.sql_with_params()
    places = [place for place, pair in enumerate(zip(values, others, strict=True)) if pair[0] != pair[1]]
    if same != statement or any(
        (values[place], others[place]) != (_adapted(now), _adapted(later)) for place in places
    ):
        raise ValueError("the statement depends on the moment in another way than by naming it")
    return statement, list(values), places


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
