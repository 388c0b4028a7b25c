"""Inserts and guarded updates of thousands of rows, several times quicker than the ORM does them.

PostgreSQL gets COPY and UPDATE … FROM arrays, a column each, SQLite executemany. Rows are model instances, or
anything else that has the same attributes, which is cheaper to make.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from django.db import connection, models

from complaints.database.quick_json import Spelled, as_django
from complaints.database.together import Question, ask

Convert = Callable[[Any], Any]
FEW = 50  # up to here one INSERT is as quick, and gives keys


def insert(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Inserts instances; many that have no key yet do not get one. No signals, no validation but the database's."""
    if not rows:
        return None
    if len(rows) <= FEW:
        return _keep_keys(rows, _insert_few(model, rows, f'RETURNING "{model._meta.pk.column}"'))
    fields, values = _values(model, rows)
    table, columns = model._meta.db_table, ", ".join(f'"{f.column}"' for f in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                copy.write(_pg_text(values))
            return None
        marks = ", ".join(["%s"] * len(fields))
        statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'
        cursor.executemany(statement, list(zip(*values, strict=True)))
    return None


def insert_new(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Inserts those that no unique key forbids, a few; the others are there already and stay as they are. None gets
    its key."""
    for first in range(0, len(rows), FEW):
        _insert_few(model, rows[first : first + FEW], "ON CONFLICT DO NOTHING")


def insert_together(*tables: tuple[type[models.Model], Sequence[Any]]) -> None:
    """Inserts a few rows of several tables, in this order: on PostgreSQL by one message. Rows that have no key yet do
    not get one."""
    found = [(model, rows) for model, rows in tables if rows]
    if connection.vendor != "postgresql":
        for model, rows in found:
            insert(model, rows)
        return
    inserts = []
    for model, rows in found:
        fields, values = _values(model, rows)
        columns = tuple(f.column for f in fields)
        by_row = [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
        inserts.append(
            Question(_pg_insert(model, columns), (json.dumps(by_row, default=_in_json),), ("json",))
        )
    ask(*inserts)
    for _model, rows in found:
        for row in rows:
            if isinstance(row, models.Model):
                row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=100)
def _pg_insert(model: type[models.Model], columns: tuple[str, ...]) -> str:
    """All values of all rows in one JSON text: psycopg goes through each placeholder, and anew through a statement that
    has more than fifty."""
    fields = [f for f in model._meta.concrete_fields if f.column in columns]
    is_json = {f.column for f in fields if isinstance(f, models.JSONField)}
    types = ", ".join(f'"{f.column}" {"text" if f.column in is_json else _pg_type(f)}' for f in fields)
    picked = ", ".join(
        f'CAST(new."{name}" AS jsonb)' if name in is_json else f'new."{name}"' for name in columns
    )
    into = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({into}) SELECT {picked} FROM json_to_recordset(%s) AS new({types})'


def _in_json(value: Any) -> str:
    """As PostgreSQL reads it in a text."""
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else str(value.isoformat())


def _insert_few(model: type[models.Model], rows: Sequence[Any], end: str) -> list[Any]:
    """One statement, and what it returns."""
    fields, values = _values(model, rows)
    marks = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * len(rows))
    columns = ", ".join(f'"{f.column}"' for f in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {marks} {end}',
            [value for row_values in zip(*values, strict=True) for value in row_values],
        )
        return list(cursor.fetchall()) if cursor.description else []


def _keep_keys(rows: Sequence[Any], keys: Sequence[tuple[Any]]) -> None:
    for row, (pk,) in zip(rows, keys, strict=True):
        row.pk = pk
        if isinstance(row, models.Model):
            row._state.adding, row._state.db = False, connection.alias


def _values(model: type[models.Model], rows: Sequence[Any]) -> tuple[list[Any], list[Sequence[Any]]]:
    """The fields to be written, without what the database makes (keys, generated columns), and their columns."""
    has_key = getattr(rows[0], "pk", None) is not None
    fields: list[Any] = [
        f
        for f in model._meta.concrete_fields
        if not f.generated and (has_key or not isinstance(f, models.AutoField))
    ]
    for field in fields:
        if getattr(field, "is_worked_out", False):  # of the row's other fields, as save() has it done
            for row in rows:
                field.pre_save(row, True)
    return fields, _converted(rows, fields)


def _converted(rows: Sequence[Any], fields: Sequence[Any]) -> list[Sequence[Any]]:
    """A column for each of these fields, as the database takes it."""
    found: list[Sequence[Any]] = []
    held, vendor = [row.__dict__ for row in rows], connection.vendor
    for field in fields:
        try:
            column = list(map(itemgetter(field.attname), held))  # a third of what it takes to ask each row
        except KeyError:  # read without this column
            column = list(map(attrgetter(field.attname), rows))
        to = _converter(field.__class__, vendor)
        is_as_is = to is _as_is or (to is _text and {*map(type, column)} <= _PLAIN)
        found.append(column if is_as_is else list(map(to, column)))
    return found


def update(
    model: type[models.Model],
    rows: Sequence[Any],
    names: Sequence[str],
    guard: tuple[str, Sequence[Any]] | None = None,
) -> int:
    """Writes the named fields of `rows` by their key; returns how many rows were there to write.

    `guard` is a field and for each row the value it must still have, or that row is left alone.
    """
    if not rows:
        return 0
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    where: list[Any] = [model._meta.pk, *([model._meta.get_field(guard[0])] if guard else [])]
    columns = [*_converted(rows, [*fields, model._meta.pk]), *([guard[1]] if guard else [])]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_pg_update(model, fields, where), [_pg_array(column) for column in columns])
        else:
            sets = ", ".join(f'"{f.column}" = %s' for f in fields)
            tests = " AND ".join(f'"{f.column}" = %s' for f in where)
            statement = f'UPDATE "{model._meta.db_table}" SET {sets} WHERE {tests}'
            cursor.executemany(statement, list(zip(*columns, strict=True)))
        return int(cursor.rowcount)


def _pg_update(model: type[models.Model], fields: Sequence[Any], where: Sequence[Any]) -> str:
    sets = ", ".join(f'"{f.column}" = new."{f.column}"' for f in fields)
    # Texts without their length: a cast would cut what is too long, which an assignment refuses.
    arrays = [
        f"%s::{'text' if isinstance(f, models.CharField | models.TextField) else _pg_type(f)}[]"
        for f in (*fields, *where)
    ]
    titles = [f'"{f.column}"' for f in fields] + [f'"is_{f.column}"' for f in where]
    tests = " AND ".join(f'old."{f.column}" = new."is_{f.column}"' for f in where)
    return (
        f'UPDATE "{model._meta.db_table}" AS old SET {sets} '
        f"FROM unnest({', '.join(arrays)}) AS new({', '.join(titles)}) WHERE {tests}"
    )


def _pg_array(column: Sequence[Any]) -> str:
    """As PostgreSQL reads an array in a text: quicker for both sides than a parameter a value."""
    if _is_bare(column, '\\"'):
        return '{"' + '","'.join(column) + '"}'
    spelled = {value: _IN_ARRAY.get(type(value), str)(value) for value in set(column)}  # mostly few
    return "{" + ",".join([spelled[value] for value in column]) + "}"


def _pg_text(columns: Sequence[Sequence[Any]]) -> str:
    """As COPY reads rows in a text: a third of what psycopg takes to write them value by value."""
    spelled = [_copied(column) for column in columns]
    return "".join([f"{row}\n" for row in map("\t".join, zip(*spelled, strict=True))])


def _copied(column: Sequence[Any]) -> Sequence[str]:
    if _is_bare(column, "\\\t\n\r"):
        return column
    known = {value: _IN_COPY.get(type(value), _escaped)(value) for value in set(column)}
    return [known[value] for value in column]


def _is_bare(column: Sequence[Any], special: str) -> bool:
    """Whether these are texts alone, none with a special character; looked for in all of them at once."""
    if not {*map(type, column)} <= _TEXTS:
        return False
    whole = "".join(column)
    return not any(each in whole for each in special)


def _escaped(value: Any) -> str:
    """Of whatever kind: a kind of text of somebody's own may hold what separates rows."""
    text = str(value)
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_IN_ARRAY: dict[type[Any], Callable[[Any], str]] = {
    type(None): lambda _: "NULL",
    str: _quoted,
    date: date.isoformat,
    datetime: datetime.isoformat,
}

_SPECIAL, _ESCAPES = (
    re.compile(r"[\\\t\n\r]"),
    str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}),
)
_IN_COPY: dict[type[Any], Callable[[Any], str]] = {
    type(None): lambda _: r"\N",
    date: date.isoformat,
    datetime: datetime.isoformat,
    bytes: lambda value: rf"\\x{value.hex()}",
    memoryview: lambda value: rf"\\x{value.hex()}",
}


def _pg_type(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))


@cache
def _converter(kind: type[Any], vendor: str) -> Convert:
    if issubclass(kind, models.JSONField):
        return as_django
    if issubclass(kind, models.DateTimeField):
        return _as_is if vendor == "postgresql" else _sqlite_moment
    if issubclass(kind, models.DateField) and vendor != "postgresql":
        return _sqlite_date
    if issubclass(kind, models.CharField | models.TextField):
        return _text
    return _as_is


_PLAIN = {str, type(None)}
_TEXTS = {str, Spelled}


def _as_is(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    # A member of an enum is stored as its value.
    return value if type(value) is str or value is None else str(value)


def _sqlite_date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _sqlite_moment(value: datetime | None) -> str | None:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))
