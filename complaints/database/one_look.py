"""What is read by several statements, and has to be of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_look() -> Iterator[None]:
    """All that is read stands as at the first statement, whatever others write meanwhile, and nobody waits for it.
    Nothing may be written. Inside a transaction of the caller's it is that one's look."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # `atomic` would keep all writers out
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
