"""Checks the history: every event against its hash, its predecessor, its words and its case.

A chain alone shows edits, gaps and swaps. That nobody cut off its end or made it all anew is shown by
signed heads kept outside, which are another module's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.models import Complaint, Event, EventContent
from complaints.models.event import content_digest

CHUNK = 5000


@dataclass(frozen=True)
class BadEvent:
    """The first event that does not fit, and why (a code)."""

    number: str
    seq: int
    why: str

    def as_dict(self) -> dict[str, Any]:
        return {"case": self.number, "seq": self.seq, "why": self.why}


@dataclass(frozen=True)
class LedgerResult:
    events: int
    first_bad: BadEvent | None

    @property
    def ok(self) -> bool:
        return self.first_bad is None


def verify_ledger() -> LedgerResult:
    """Reads all events case by case, in a few thousand at a time; memory does not grow with them."""
    count, case, bad = 0, _Case(0), None
    for event in _events():
        if event.complaint_id != case.pk:
            bad = bad or case.check_end()
            case = _Case(event.complaint_id, *event.case)
        count += 1
        bad = bad or case.check(event)
    bad = bad or case.check_end() or _cases_without_events()
    return LedgerResult(count, bad)


class _Case:
    """One case's chain while it is read."""

    def __init__(self, pk: int, number: str = "", version: int = 0, head_hash: str = "") -> None:
        self.pk, self.number, self.version, self.head_hash = pk, number, version, head_hash
        self.seq, self.last = 0, ""

    def check(self, event: "_Row") -> BadEvent | None:
        why = self._fault(event)
        self.seq, self.last = event.seq, event.stored_hash
        return BadEvent(self.number, event.seq, why) if why else None

    def _fault(self, event: "_Row") -> str:
        if event.seq != self.seq + 1:
            return "missing_before" if event.seq > self.seq + 1 else "out_of_order"
        if event.event.prev_hash != self.last:
            return "does_not_follow"
        if event.event.compute_hash(self.number) != event.stored_hash:
            return "changed"
        if event.words is not None and content_digest(event.salt, event.words) != event.event.content_digest:
            return "words_changed"
        return ""

    def check_end(self) -> BadEvent | None:
        """Whether the case's row still knows this as its last event."""
        if self.pk and (self.seq != self.version or self.last != self.head_hash):
            return BadEvent(self.number, self.seq + 1, "cut_off_or_added")
        return None


@dataclass(frozen=True)
class _Row:
    complaint_id: int
    case: tuple[Any, ...]  # its number, version and last hash
    seq: int
    stored_hash: str
    event: Event
    salt: str
    words: dict[str, Any] | None  # None: none written, or erased


def _events() -> Iterator[_Row]:
    rows = Event.objects.order_by("complaint_id", "seq").values_list(
        "complaint_id", "seq", "kind", "at", "actor_id", "role", "data", "content_digest", "prev_hash", "hash",
        "content__salt", "content__words", "complaint__number", "complaint__version", "complaint__head_hash",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=CHUNK):
        complaint_id, seq, kind, at, actor_id, role, data, digest, prev, stored, salt, words = row[:12]
        assert isinstance(at, datetime)
        event = Event(
            seq=seq, kind=kind, at=at, actor_id=actor_id, role=role, data=data, content_digest=digest, prev_hash=prev
        )  # fmt: skip
        # Erased words leave no salt.
        yield _Row(complaint_id, row[12:], seq, stored, event, salt or "", words if salt else None)


def _cases_without_events() -> BadEvent | None:
    lone = Complaint.objects.filter(events=None).values_list("number", flat=True).order_by("pk").first()
    return BadEvent(lone, 1, "missing") if lone else None


def words_are_tied() -> int:
    """How many stored words belong to an event that says it has none."""
    return EventContent.objects.filter(event__content_digest="").count()
