"""The ledger's own entries: each against its hash and the one before it."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.db import connection

from complaints.ledger.standing import GAP, open_gap
from complaints.ledger.verifying import spelling
from complaints.ledger.verifying.found import BadEvent
from complaints.models import Leaf
from complaints.models.event import leaf
from complaints.models.ledger import LEDGER

CHUNK = 2000
SELECT = """
SELECT seq, kind, {at}, actor_id, role, {data}, prev_hash, hash FROM complaints_ledgerentry
WHERE seq > %s ORDER BY seq LIMIT %s
"""
Row = tuple[Any, ...]
BEFORE_THE_FIRST: Row = (0, "", "", None, "", "", "", "")


def check_entries() -> BadEvent | None:
    """The first entry that does not fit. Whether each is in the tree, the walk over it says."""
    last, check = BEFORE_THE_FIRST, _Check()
    for row in _rows():
        if why := check.fault(row, last):
            return BadEvent(LEDGER, row[0], why)
        last = row
    signed = Leaf.objects.filter(event=None).order_by("-seq").values_list("seq", flat=True).first()
    return BadEvent(LEDGER, signed, "missing") if signed is not None and last[0] < signed else None


def _rows() -> Iterator[Row]:
    columns = {"at": spelling.moment_column("at"), "data": spelling.json_column("data")}
    until = 0
    while rows := spelling.whatever_the_bytes(lambda: _select(SELECT.format(**columns), until)):  # noqa: B023
        yield from rows
        until = rows[-1][0]


def _select(statement: str, until: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [until, CHUNK])
        rows: list[Row] = cursor.fetchall()
    return rows


class _Check:
    def __init__(self) -> None:
        self._moment, self._data = spelling.moment_reader(), spelling.json_reader()

    def fault(self, row: Row, last: Row) -> str:
        seq, kind, at, actor, role, data, prev, stored = row
        if seq != last[0] + 1:
            return "missing_before"
        if prev != last[-1]:
            return "does_not_follow"
        try:
            read, moment = self._data(data), self._moment(at)
            if read is None:
                return "changed"
            body = leaf(LEDGER, seq, kind, moment, actor, role, read[1], "", prev)
        except (TypeError, ValueError):  # not what this column holds, or no text at all
            return "changed"
        if sha256(b"\0" + body).hexdigest() != stored:
            return "changed"
        if kind == GAP and open_gap(str(read[0].get("note", ""))) is None:
            return "gap_not_signed"
        return "before_the_last" if moment < self._moment(last[2] or at) else ""
