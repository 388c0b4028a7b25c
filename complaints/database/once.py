"""Subqueries that stand in a statement again and again: asked once, in front of it.

PostgreSQL plans a subquery anew at each place where it stands: who stands aside from which cases, in each count and
each strand of a list, took longer to plan than all of it to answer.
"""

from collections.abc import Iterable
from typing import Any

_subqueries: list[str] = []


def once(sql: str) -> str:
    """The subquery, marked as one that `in_front` moves. A constant of a module, which depends on no row around it."""
    _subqueries.append(sql)
    return sql


def in_front(statement: str, params: Iterable[Any]) -> tuple[str, list[Any]]:
    """The same statement, with each marked subquery that it names more than once, with the same values, in front."""
    front, front_values, values = list[str](), list[Any](), list(params)
    for sql in _subqueries:
        parts, size = statement.split(f"({sql})"), sql.count("%s")
        if len(parts) < 3:
            continue
        own, rest = _without(parts, values, size)
        if any(each != own[0] for each in own):
            continue
        name = f"once_{len(front)}"
        front.append(f"{name}(pk) AS ({sql})")
        front_values += own[0]
        statement, values = f"(SELECT pk FROM {name})".join(parts), rest  # noqa: S608
    if not front:
        return statement, values
    return f"WITH {', '.join(front)} {statement}", front_values + values


def _without(parts: list[str], values: list[Any], size: int) -> tuple[list[list[Any]], list[Any]]:
    """Of a statement split at a subquery of so many values: those of each place, and the others."""
    own, rest, place = [], list[Any](), 0
    for part in parts[:-1]:
        between = part.count("%s")
        rest += values[place : place + between]
        place += between
        own.append(values[place : place + size])
        place += size
    return own, rest + values[place:]
