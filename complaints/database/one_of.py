"""A condition on a key for thousands of keys."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func


class OneOf(Func):
    """Whether the key is one of these, which stand in the statement: psycopg takes longer over thousands of parameters
    than the database over what it is asked. To PostgreSQL they are one text: read one by one they take it longer to
    plan than to find, and the plan is the same."""

    output_field = BooleanField()

    def __init__(self, key: F, *, keys: Sequence[int]) -> None:
        super().__init__(key, keys=keys)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        if not self.extra["keys"]:
            raise EmptyResultSet
        key, params = compiler.compile(self.source_expressions[0])
        keys = ",".join([str(int(each)) for each in self.extra["keys"]])
        is_postgresql = connection.vendor == "postgresql"
        return f"{key} = ANY('{{{keys}}}'::bigint[])" if is_postgresql else f"{key} IN ({keys})", [*params]


class OneOfPairs(Func):
    """The same of two keys together, which are whole numbers."""

    output_field = BooleanField()

    def __init__(self, first: F, second: F, *, pairs: Sequence[tuple[int, int]]) -> None:
        super().__init__(first, second, pairs=pairs)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        pairs: Sequence[tuple[int, int]] = self.extra["pairs"]
        if not pairs:
            raise EmptyResultSet
        (first, some), (second, others) = (compiler.compile(each) for each in self.source_expressions)
        if connection.vendor == "postgresql":
            columns = [",".join([str(int(each)) for each in column]) for column in zip(*pairs, strict=True)]
            found = f"SELECT * FROM unnest('{{{columns[0]}}}'::bigint[], '{{{columns[1]}}}'::bigint[])"  # noqa: S608 - whole numbers
        else:
            found = "VALUES " + ",".join([f"({int(one)},{int(other)})" for one, other in pairs])
        return f"({first}, {second}) IN ({found})", [*some, *others]
