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
