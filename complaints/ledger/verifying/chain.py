"""The chains: each event against its hash, its predecessor and its words, and each case against its events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any

from django.db import connection

from accounts.models import Agency
from complaints.ledger.verifying import spelling
from complaints.ledger.verifying.case_rows import (
    COLUMNS,
    Told,
    contradiction,
    facts_from_events,
    words_from_events,
    words_lost,
)
from complaints.ledger.verifying.folded import Folded, Unheard
from complaints.ledger.verifying.found import BadEvent
from complaints.ledger.verifying.further import check_further
from complaints.ledger.verifying.stored_rows import Span, stored_rows
from complaints.models import Category, Complaint
from complaints.models.event import leaf

CASES = 1000  # looked at together
TRIES = 3  # at a case that does not fit: somebody may have written between two looks
Row = tuple[Any, ...]


@dataclass
class ChainResult:
    events: int = 0
    first_bad: BadEvent | None = None


def spans() -> list[Span]:
    """Ranges of keys that together hold every key there could be."""
    keys = list(Complaint.objects.order_by("pk").values_list("pk", flat=True))
    bounds: list[int | None] = [None, *keys[CASES::CASES], None]
    return list(pairwise(bounds))


def check_spans(some: Iterable[Span]) -> ChainResult:
    """Goes through the cases of these ranges, in the order of their keys."""
    reader, result = Reader(), ChainResult()
    for span in some:
        count, bad = reader.check(span)
        result.events += count
        result.first_bad = worse(result.first_bad, bad)
    return result


def worse(first: BadEvent | None, then: BadEvent | None) -> BadEvent | None:
    """The first of two, but a fault of the chain before rows that differ from it."""
    if first is None or (first.of_rows and then is not None and not then.of_rows):
        return then
    return first


def known_codes() -> frozenset[str]:
    """The codes that agencies and categories bear now."""
    return frozenset(Agency.objects.values_list("code", flat=True)) | frozenset(
        Category.objects.values_list("code", flat=True)
    )


def _select(span: Span) -> tuple[str, list[int]]:
    bounds = [("e.complaint_id >= %s", span[0]), ("e.complaint_id < %s", span[1])]
    where = [(clause, bound) for clause, bound in bounds if bound is not None]
    text = " AND ".join(clause for clause, _ in where) or "1 = 1"
    return (
        "SELECT e.complaint_id, e.seq, e.kind, "  # noqa: S608 - columns and clauses are ours
        f"{spelling.moment_column('e.at')}, e.actor_id, e.role, {spelling.json_column('e.data')}, "
        f"e.content_digest, e.prev_hash, e.hash, c.event_id, c.salt, {spelling.json_column('c.words')} "
        "FROM complaints_event e LEFT JOIN complaints_eventcontent c ON c.event_id = e.id "
        f"WHERE {text} ORDER BY e.complaint_id, e.seq",
        [bound for _, bound in where],
    )


@dataclass
class Reader:
    """Reads and checks ranges of cases; remembers spellings from one to the next."""

    codes: frozenset[str] = field(default_factory=known_codes)

    def __post_init__(self) -> None:
        self._moment = spelling.moment_reader()
        self._words = spelling.json_reader()
        self._data = spelling.remembered(self._words)

    def check(self, span: Span) -> tuple[int, BadEvent | None]:
        return spelling.whatever_the_bytes(lambda: self._check(span))

    def _check(self, span: Span) -> tuple[int, BadEvent | None]:
        cases = self._cases(span)
        count, bad = 0, None
        for pk, events in self._histories(span, cases):
            count += len(events)
            if bad is None or bad.of_rows:
                bad = worse(bad, self._look(pk, cases.get(pk), events))
        if bad is None:
            bad = next(check_further(span), None)
        return count, bad

    def _look(self, pk: int, case: dict[str, Any] | None, events: list[Row]) -> BadEvent | None:
        """The same again after a fault: case and events were read one after the other."""
        bad = None
        for _ in range(TRIES):
            bad = self._fault(case, events)
            if bad is None:
                return None
            only: Span = (pk, pk + 1)
            case = self._cases(only).get(pk)
            events = next((found for _, found in self._histories(only, {})), [])
        return bad

    def _cases(self, span: Span) -> dict[int, dict[str, Any]]:
        rows = Complaint.objects.order_by("pk")
        rows = rows.filter(pk__gte=span[0]) if span[0] is not None else rows
        rows = rows.filter(pk__lt=span[1]) if span[1] is not None else rows
        cases = {row["pk"]: row for row in rows.values(*COLUMNS)}
        stored = stored_rows(span)
        for pk, case in cases.items():
            case["rows"] = stored.get(pk, {})
        return cases

    def _histories(self, span: Span, cases: dict[int, Any]) -> Iterator[tuple[int, list[Row]]]:
        """The events of each case; also of one that has none, and of events whose case is gone."""
        by_case: dict[int, list[Row]] = {pk: [] for pk in cases}
        with connection.cursor() as cursor:
            cursor.execute(*_select(span))
            for row in cursor.fetchall():
                by_case.setdefault(row[0], []).append(row)
        yield from sorted(by_case.items())

    def _fault(self, case: dict[str, Any] | None, events: list[Row]) -> BadEvent | None:
        if case is None:
            return BadEvent("", events[0][1], "case_missing") if events else None
        number = case["number"]
        if not events:
            return BadEvent(number, 1, "missing")
        last_seq, last_hash, history, folded = 0, "", list[Told](), Folded()
        wordless = [row[1] for row in events if row[7] and row[10] is None]
        for row in events:
            try:
                told, why = self._read(number, row, last_seq, last_hash)
            except (TypeError, ValueError):  # not what this column holds, or no text at all
                told, why = None, "changed"
            if told is None:
                return BadEvent(number, row[1], why)
            if history and told.at < history[-1].at:
                return BadEvent(number, row[1], "before_the_last")
            last_seq, last_hash = row[1], row[9]
            history.append(told)
            try:
                folded.take(told.seq, told.data)
            except (AttributeError, KeyError, TypeError, Unheard):
                return BadEvent(number, told.seq, "rows_unheard_of")
        if (last_seq, last_hash) != (case["version"], case["last_event_hash"]):
            return BadEvent(number, last_seq + 1, "cut_off_or_added")
        if wordless and (lost := words_lost(wordless, history)):
            return BadEvent(number, lost, "words_missing", of_rows=True)
        facts = words_from_events(history) if folded.since else facts_from_events(history)
        wrong = contradiction(facts, case, self.codes) or folded.difference(case["rows"])
        return BadEvent(number, wrong[1], wrong[0], of_rows=True) if wrong else None

    def _read(self, number: str, row: Row, last_seq: int, last_hash: str) -> tuple[Told | None, str]:
        """The event as the fold needs it, or why it does not fit."""
        _, seq, kind, at, actor, role, data, digest, prev, stored, content, salt, words = row
        if seq != last_seq + 1:
            return None, "missing_before" if seq > last_seq + 1 else "out_of_order"
        if prev != last_hash:
            return None, "does_not_follow"
        read, moment = self._data(data), self._moment(at)
        if read is None:
            return None, "changed"
        body = leaf(number, seq, kind, moment, actor, role, read[1], digest, prev)
        if sha256(b"\0" + body).hexdigest() != stored:
            return None, "changed"
        said = None
        if content is not None:
            said = self._said(digest, salt, words)
            if said is None:
                return None, "words_changed"
        return Told(seq, kind, role, moment, read[0], said), ""

    def _said(self, digest: str, salt: str, words: str) -> dict[str, Any] | None:
        """The words, if they are those that the event's digest was made of."""
        read = self._words(words)
        if read is None:
            return None
        data: dict[str, Any] = read[0]
        found = sha256(b"content\0" + salt.encode() + b"\0" + read[1].encode()).hexdigest()
        return data if found == digest else None
