"""Brings made rows into PostgreSQL by COPY. Knows no Django, so that it starts at once in a process of its own."""

from collections.abc import Iterator
from random import Random
from typing import Any

import psycopg

from bench.made import COLUMNS, Catalogue, Maker, Plan, Row

BATCH = 5000
# Whatever limits the role has.
ENDLESS = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"


def copy_part(target: dict[str, Any], catalogue: Catalogue, plan: Plan, first: int, last: int) -> None:
    """What one process brings: the cases of these places."""
    maker = Maker(catalogue, plan, Random(f"{plan.seed}:{first}"), utc="+00")
    with psycopg.connect(**target) as own, own.cursor() as cursor:
        cursor.execute(ENDLESS)
        cursor.execute("SET session_replication_role = replica")
        for tables in batches(maker, first, last):
            for table, rows in tables.items():
                columns = ", ".join(COLUMNS[table])
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write("".join(map(_line, rows)))
            own.commit()


def run_all(target: dict[str, Any], statements: list[str]) -> None:
    """One after the other, each by itself, with room to sort."""
    with psycopg.connect(**target, autocommit=True) as own:
        own.execute(ENDLESS)
        own.execute(
            "SELECT set_config('maintenance_work_mem', '512MB', false) "
            "WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('512MB')"
        )
        for statement in statements:
            own.execute(statement.encode())


def _line(row: Row) -> str:
    return "\t".join([r"\N" if value is None else _text(value) for value in row]) + "\n"


def _text(value: Any) -> str:
    return r"\\x" + value.hex() if isinstance(value, bytes) else str(value)


def batches(maker: Maker, first: int, last: int) -> Iterator[dict[str, list[Row]]]:
    for begin in range(first, last, BATCH):
        tables: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        for place in range(begin, min(begin + BATCH, last)):
            maker.add(place, tables)
        yield tables
