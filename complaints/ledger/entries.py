"""The ledger's own entries: what is in the history and of no case. The one writer, and the kinds there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import TextChoices

from accounts.actors import Actor, Citizen, role_of
from complaints.ledger.tree import latest_head
from complaints.models import LedgerEntry
from complaints.registry import Registry

TRIES = 20  # at the next number, where several write at once


@dataclass(frozen=True)
class EntryType:
    """A kind of entry and what it says to everybody, in the reader's language. `is_daily`: the page says it once for
    all of a day, since there are many or their number is nobody's business."""

    kind: TextChoices
    sentence: Callable[[LedgerEntry], str]
    is_daily: bool = False

    @property
    def code(self) -> str:
        return str(self.kind.value)


ENTRY_TYPES: Registry[EntryType] = Registry()


def write_entry(kind: str, *, actor: Actor, now: datetime, data: dict[str, Any]) -> LedgerEntry:
    """Adds an entry of a registered kind, in the caller's transaction; dated no earlier than the last one and the last
    head, which another host's clock may have dated.

    It is public from the next head on: `data` has codes, figures and keys of rows, nothing of a person.
    """
    code = ENTRY_TYPES[kind].code
    for _ in range(TRIES):
        last = LedgerEntry.objects.order_by("-seq").first()
        head = latest_head()
        entry = LedgerEntry(
            seq=last.seq + 1 if last else 1,
            kind=code,
            at=max([now, *(found.at for found in (last, head) if found is not None)]),
            actor=None if actor is None or isinstance(actor, Citizen) else actor,
            role=role_of(actor),
            data=data,
            prev_hash=last.hash if last else "",
        )
        entry.hash = entry.compute_hash()
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:  # another was quicker
            continue
        return entry
    raise RuntimeError("no place in the ledger was free")


def is_daily(entry: LedgerEntry) -> bool:
    return entry.kind in ENTRY_TYPES and ENTRY_TYPES[entry.kind].is_daily


def sentence_of(entry: LedgerEntry) -> str:
    """What an entry says; the code alone of an app that is no longer installed."""
    return ENTRY_TYPES[entry.kind].sentence(entry) if entry.kind in ENTRY_TYPES else entry.kind
