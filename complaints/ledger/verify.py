"""Checks the history: chains, words, cases, the tree with its signed heads, and files.

A chain alone shows edits, gaps and swaps. That nobody cut off its end or made it all anew is shown by the
heads that were signed (checkpoints.py) and are kept where whoever writes to the database does not reach.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from django.db import connection, connections

from complaints.files.object_store import StoreAway
from complaints.ledger.gap_notes import GapNote
from complaints.ledger.verifying.chain import ChainResult, check_spans, spans, worse
from complaints.ledger.verifying.found import BadEvent
from complaints.ledger.verifying.further import check_entries_further
from complaints.ledger.verifying.own_rows import check_own_rows
from complaints.ledger.verifying.stored_files import check_files
from complaints.ledger.verifying.stored_rows import Span
from complaints.ledger.verifying.tree_heads import TreeResult, check_tree
from complaints.models import EventContent, LedgerEntry

__all__ = ["BadEvent", "LedgerResult", "verify_ledger", "words_are_tied"]

MOST_PROCESSES = 8
WORTH_IT = 20  # ranges of cases from which on several processes are quicker than one


@dataclass(frozen=True)
class LedgerResult:
    events: int
    first_bad: BadEvent | None
    heads: int = 0
    unsigned: int = 0  # events that no checkpoint took in yet
    lost: int = 0  # heads of a history that is gone, as `gaps` say, each signed and in the ledger
    gaps: tuple[GapNote, ...] = ()
    unread: str = ""  # why files were not looked at: the object store does not answer

    @property
    def ok(self) -> bool:
        return self.first_bad is None and not self.unread


def verify_ledger(
    *,
    files: bool = True,
    given: Sequence[Path] = (),
    heads_file: Path | None = None,
    processes: int | None = None,
) -> LedgerResult:
    """Reads all events, some thousands at a time; memory does not grow with them.

    `given`: files with heads that somebody kept; BadNote when one holds none. `heads_file`: instead of the
    one in LEDGER_DIR. `processes`: None for as many as the machine has, where that is worth it.
    """
    ranges = spans()
    several = processes or (min(os.cpu_count() or 1, MOST_PROCESSES) if len(ranges) >= WORTH_IT else 1)
    if several > 1 and not connection.in_atomic_block:
        chains, tree, rows = _in_processes(ranges, several, tuple(given), heads_file)
    else:
        chains, tree, rows = [check_spans(ranges)], check_tree(tuple(given), heads_file), check_own_rows()
    bad = None
    for found in [chain.first_bad for chain in chains]:
        bad = worse(bad, found)
    bad = worse(bad, tree.first_bad) or rows or check_entries_further()
    unread = ""
    if bad is None and files:
        try:
            bad = check_files()
        except StoreAway as error:
            unread = str(error)
    events = sum(chain.events for chain in chains) + LedgerEntry.objects.count()
    unsigned = max(0, events - tree.leaves)
    return LedgerResult(events, bad, tree.heads, unsigned, tree.lost, tuple(tree.gaps), unread)


def _in_processes(
    ranges: list[Span], several: int, given: tuple[Path, ...], heads_file: Path | None
) -> tuple[list[ChainResult], TreeResult, BadEvent | None]:
    """Each process has a connection of its own; ours is closed first, since it cannot be shared."""
    connections.close_all()
    size = -(-len(ranges) // (several * 4))
    parts = [ranges[start : start + size] for start in range(0, len(ranges), size)]
    with ProcessPoolExecutor(several, mp_context=get_context("fork")) as pool:
        tree = pool.submit(check_tree, given, heads_file)
        rows = pool.submit(check_own_rows)
        chains: list[ChainResult] = list(pool.map(check_spans, parts))
        return chains, tree.result(), rows.result()


def words_are_tied() -> int:
    """How many stored words belong to an event that says it has none."""
    return EventContent.objects.filter(event__content_digest="").count()
