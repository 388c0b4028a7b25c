"""Whole columns of rows: a value costs a tenth of what it does in a row of its own."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, IntegerField

from reports.figures import arrays


def columns_of(queryset: Any, *fields: str) -> list[Any]:
    """Each of these columns, the rows in no order: moments and whole numbers as an array (`arrays.NONE` where there is
    no number), everything else as words, by numbers."""
    kinds = [_kind(queryset.model._meta.get_field(name)) for name in fields]
    try:
        statement, parameters = queryset.order_by().values_list(*fields).query.sql_with_params()
    except EmptyResultSet:
        return _of_rows([], kinds)
    if connection.vendor == "postgresql":
        return _in_one_row(statement, parameters, kinds)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return _of_rows(cursor.fetchall(), kinds)


class Kind(NamedTuple):
    """How PostgreSQL puts a column together, as it has its values itself and without a text of each; and what is made
    of that, and of the values as SQLite has them."""

    put: str
    of_bytes: Callable[[bytes], Any]
    of_values: Callable[[Sequence[Any]], Any]


MOMENTS = Kind(
    "string_agg(timestamptz_send(coalesce({}, '-infinity')), '')",
    arrays.moments_from_bytes,
    arrays.moments_from_texts,
)
NUMBERS = Kind(
    f"string_agg(int8send(coalesce({{}}, {arrays.NONE})), '')", arrays.whole_from_bytes, arrays.whole
)
# No text has a zero byte in it. In none of the columns is a word missing.
WORDS = Kind(r"string_agg(textsend({}::text), '\x00')", arrays.words_from_bytes, arrays.words)


def _kind(field: Any) -> Kind:
    found = field.target_field if field.is_relation else field
    if isinstance(found, DateTimeField):
        return MOMENTS
    return NUMBERS if isinstance(found, IntegerField) else WORDS


def _of_rows(rows: Sequence[Any], kinds: Sequence[Kind]) -> list[Any]:
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return [kind.of_values(column) for column, kind in zip(columns, kinds, strict=True)]


def _in_one_row(statement: str, parameters: Any, kinds: Sequence[Kind]) -> list[Any]:
    names = [f"c{n}" for n in range(len(kinds))]
    whole = ", ".join(kind.put.format(name) for name, kind in zip(names, kinds, strict=True))
    asked = f"SELECT {whole} FROM ({statement}) AS found ({', '.join(names)})"  # noqa: S608 - the ORM's
    # What Django's cursors answer is text, of bytes twice as long; and its own `copy` takes no parameters.
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY ({asked}) TO STDOUT (FORMAT binary)", parameters) as copy,
    ):
        copy.set_types(["bytea"] * len(kinds))
        (found,) = copy.rows()
    return [
        kind.of_values([]) if column is None else kind.of_bytes(column)
        for column, kind in zip(found, kinds, strict=True)
    ]
