"""Several statements asked by one message, and parsed once a connection: each message that is waited for costs both
sides more than a row, and to read a statement of fifty columns takes PostgreSQL longer than to store the row."""

from itertools import count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

Row = tuple[Any, ...]


class Question(NamedTuple):
    """A statement with its values, and their types as PostgreSQL names them."""

    statement: str
    values: tuple[Any, ...] = ()
    types: tuple[str, ...] = ()


# Of each connection of psycopg the statements that it was asked, by the names under which it knows them; "": not yet.
_known: "WeakKeyDictionary[Any, dict[str, str]]" = WeakKeyDictionary()
_numbers = count(1)


def ask(*questions: Question) -> list[Row | None]:
    """The first row of each, in this order; None where there is none. On SQLite one after the other."""
    if connection.vendor != "postgresql":
        return [_first_of(each) for each in questions]
    values = [value for each in questions for value in each.values]
    with connection.cursor() as cursor:
        cursor.execute("; ".join([_by_name(each) for each in questions]), values)
        found = [cursor.fetchone() if cursor.description else None]
        while cursor.nextset():
            found.append(cursor.fetchone() if cursor.description else None)
    return found


def _first_of(question: Question) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(question.statement, question.values)
        row: Row | None = cursor.fetchone() if cursor.description else None
        return row


def _by_name(question: Question) -> str:
    """The statement as PostgreSQL knows it from the second time on; one that it is asked once is not kept. Behind a
    pooler each transaction may have another session, which knows none."""
    connection.ensure_connection()
    statement, known = question.statement, _known.setdefault(connection.connection, {})
    if statement not in known or getattr(settings, "DATABASE_POOLER", False):
        known[statement] = ""
        return statement
    known[statement] = known[statement] or _prepared(question)
    marks = ", ".join(["%s"] * len(question.values))
    return f"EXECUTE {known[statement]}({marks})" if marks else f"EXECUTE {known[statement]}"


def _prepared(question: Question) -> str:
    name, (begin, *others) = f"asked_{next(_numbers)}", question.statement.split("%s")
    numbered = begin + "".join([f"${number}{part}" for number, part in enumerate(others, 1)])
    types = f"({', '.join(question.types)})" if question.types else ""
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name}{types} AS {numbered}")
    return name
