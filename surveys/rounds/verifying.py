"""Rounds and their answers, against what the ledger says of them (sealing.py, services.py)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from django.db.models.fields.json import KT

from complaints.ledger.verifying.found import BadEvent
from complaints.models import LedgerEntry
from complaints.models.ledger import LEDGER
from surveys.rounds.entries import RoundEntry
from surveys.rounds.models import Response, Round, RoundState
from surveys.rounds.sealing import Count, Days, count_days, together
from surveys.rounds.services import reason_digest

Counts = dict[date, dict[str, Count]]
STATE_OF = {
    RoundEntry.OPENED: RoundState.OPEN,
    RoundEntry.PROLONGED: RoundState.OPEN,
    RoundEntry.CLOSED: RoundState.CLOSED,
    RoundEntry.ANNULLED: RoundState.ANNULLED,
}


@dataclass
class Told:
    """What the entries say of a round, the last word of each."""

    seq: int = 0
    state: str = RoundState.DRAFT
    data: dict[str, Any] = field(default_factory=dict)


def check_rounds() -> BadEvent | None:
    """The first that does not fit. Reads all answers once."""
    there = count_days()
    return next(chain(_days(there), _rounds(there), _corrected()), None)


def _corrected() -> Iterator[BadEvent]:
    """Slips that were typed anew, against the entries that say so."""
    entries = LedgerEntry.objects.filter(kind=RoundEntry.CORRECTED).order_by("seq")
    told = Counter(entries.values_list(KT("data__round"), flat=True))  # a code of digits alone stays a text
    there = Counter(Response.objects.exclude(replaces=None).values_list("round__code", flat=True))
    for code in sorted({*told, *there}):
        if told[code] != there[code]:
            last = entries.filter(data__round=code).values_list("seq", flat=True).last()
            yield BadEvent(LEDGER, last or 0, "survey_correction_differs", of_rows=True)


def _days(there: Counts) -> Iterator[BadEvent]:
    """Answers of past days that were changed, added or taken away."""
    told: dict[date, tuple[int, dict[str, list[Any]]]] = {}
    for entry in LedgerEntry.objects.filter(kind=RoundEntry.DAY).order_by("seq"):
        told[date.fromisoformat(entry.data["day"])] = (entry.seq, entry.data["rounds"])
    if not told:
        return
    for day in sorted({*told, *(day for day in there if day <= max(told))}):
        seq, rounds = told.get(day, (_next(told, day), {}))
        found = {code: count.told for code, count in there.get(day, {}).items()}
        for code in sorted({*rounds, *found}):
            if rounds.get(code) != found.get(code):
                yield BadEvent(LEDGER, seq, _why(rounds.get(code), found.get(code)), of_rows=True)


def _next(told: dict[date, tuple[int, Any]], day: date) -> int:
    """The entry that would have been about a day of which none is."""
    return min((seq for other, (seq, _rounds) in told.items() if other > day), default=0)


def _why(told: list[Any] | None, there: list[Any] | None) -> str:
    before, now = (told or [0])[0], (there or [0])[0]
    if before == now:
        return "survey_answer_changed"
    return "survey_answer_added" if now > before else "survey_answer_missing"


def _rounds(there: Counts) -> Iterator[BadEvent]:
    told, days = _told(), _by_round(there)
    rows = {row.code: row for row in Round.objects.all()}
    for code, said in told.items():
        if code not in rows:
            yield BadEvent(LEDGER, said.seq, "survey_round_missing", of_rows=True)
    for code, row in rows.items():
        if why := _fault(row, told.get(code, Told()), days.get(code, {})):
            yield BadEvent(LEDGER, told.get(code, Told()).seq, why, of_rows=True)


def _by_round(there: Counts) -> dict[str, Days]:
    found: dict[str, Days] = {}
    for day, rounds in there.items():
        for code, count in rounds.items():
            found.setdefault(code, {})[day.isoformat()] = count.told
    return found


def _told() -> dict[str, Told]:
    told: dict[str, Told] = {}
    for entry in LedgerEntry.objects.filter(kind__in=STATE_OF).order_by("seq"):
        said = told.setdefault(entry.data["round"], Told())
        said.seq, said.state = entry.seq, STATE_OF[RoundEntry(entry.kind)]
        said.data |= entry.data
    return told


def _fault(row: Round, told: Told, days: Days) -> str:
    if row.state != told.state:
        return "survey_round_state_differs"
    if told.state == RoundState.DRAFT:
        return ""
    is_over = told.state in (RoundState.CLOSED, RoundState.ANNULLED)
    there = {
        "agency_id": row.agency_id,
        "service_id": row.service_id,
        "version": row.version_id,
        "from": row.opens_on.isoformat(),
        "to": row.closes_on.isoformat(),
        "until": row.enter_until.isoformat() if row.enter_until else None,
        "population": row.population,
        "target": row.target,
        "digest": row.digest or None,
        "reason": reason_digest(row.annulled_because) if row.annulled_because else None,
    }
    if any(told.data.get(name) != value for name, value in there.items()):
        return "survey_round_differs"
    if is_over and together(days) != (told.data["answers"], told.data["digest"]):
        return "survey_answers_differ"
    return ""
