"""Stores checked rows as cases with their history, a batch in a transaction.

A batch that was stored is whole: case, event and words together. Killed in between, the same import run
again passes over what is there and goes on.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.clock.city_time import year_of
from complaints.clock.deadlines import Clockwork
from complaints.database.bulk import insert
from complaints.history.events import draft_event, store_events
from complaints.history.rows import of_new_case, words_of_case
from complaints.importing.live import Policies, becomes_live, for_the_verifiers, make_live, may_have
from complaints.importing.mapping import Mapping
from complaints.importing.names import Names
from complaints.importing.rows import Row
from complaints.importing.updating import Outcome, update
from complaints.ledger.numbering import new_keys
from complaints.models import Complaint, EventKind
from complaints.numbers import make_number
from complaints.states import ACTIVE, State

UNIQUE_CHUNK = 500  # ids asked for at once; SQLite's older builds take no more than 999 parameters


@dataclass
class Result:
    """What came of the file. `rejected` and `remarks` are (line, reason); a remark says what of a row that was taken
    over is not as it stands there. `updated` are of the `duplicates`. `told`: what the file is, in words."""

    read: int = 0
    created: int = 0
    duplicates: int = 0
    updated: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    told: str = ""

    @property
    def all_rejected(self) -> bool:
        return bool(self.rejected) and not self.created and not self.duplicates

    def in_words(self) -> str:
        """One sentence with all counts."""
        words = _(
            "%(read)d rows read: %(created)d cases created, %(duplicates)d there already, of which %(updated)d were "
            "brought up to date, %(rejected)d rejected."
        )
        return words % {
            "read": self.read,
            "created": self.created,
            "duplicates": self.duplicates,
            "updated": self.updated,
            "rejected": len(self.rejected),
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "read": self.read,
            "created": self.created,
            "duplicates": self.duplicates,
            "updated": self.updated,
            "rejected": _lines(self.rejected),
            "remarks": _lines(self.remarks),
            "file": self.told,
        }


def _lines(told: list[tuple[int, str]]) -> list[dict[str, Any]]:
    return [{"line": line, "reason": reason} for line, reason in sorted(told)]


class Store:
    """Takes batches of rows; counts into `result`. Without `dry_run` it writes."""

    def __init__(
        self,
        mapping: Mapping,
        result: Result,
        *,
        now: datetime,
        dry_run: bool = False,
        escalate: bool = False,
    ) -> None:
        self.mapping, self.result, self.now, self.dry_run = mapping, result, now, dry_run
        self._policies = Policies(now) if escalate else None
        self._names = Names(mapping)
        self._seen: set[str] = set()

    def take(self, rows: list[Row]) -> None:
        new = self._only_new([self._placed(row) for row in rows])
        if self.dry_run:
            self.result.created += len(new)
        elif new:
            # Before any transaction of cases: what is remembered must not vanish when one is rolled back.
            self._names.learn(new)
            self._store(new)

    def _placed(self, row: Row) -> Row:
        """Where it will lie, if it becomes live."""
        is_open = self._policies is not None and row.state in ACTIVE
        if is_open and row.agency and not may_have(self._names.known(row.agency), row.kind):
            return for_the_verifiers(row)
        return row

    def pass_over(self, row: Row) -> None:
        """A row that was taken before: counted then."""
        self._seen.add(row.source_id)

    def _only_new(self, rows: list[Row]) -> list[Row]:
        """Those that are neither stored already nor a repetition within the file."""
        there = self._there([row.source_id for row in rows])
        new = []
        known = []
        for row in rows:
            if row.source_id in self._seen:
                self.result.duplicates += 1
            elif row.source_id in there:
                self.result.duplicates += 1
                known.append(row)
            else:
                new.append(row)
                self._remark(row)
            self._seen.add(row.source_id)
        self._bring_up_to_date(known)
        return new

    def _remark(self, row: Row) -> None:
        self.result.remarks += [(row.line, remark) for remark in row.remarks]

    def _bring_up_to_date(self, rows: list[Row]) -> None:
        outcomes = update(rows, self.mapping, now=self.now, names=self._names, dry_run=self.dry_run)
        for row, outcome in outcomes:
            if outcome == Outcome.UPDATED:
                self.result.updated += 1
                self._remark(row)
            elif outcome == Outcome.WORKED_ON:
                reason = _("is another there by now, but was worked on here since: left as it is here")
                self.result.remarks.append((row.line, reason))
            elif outcome == Outcome.PROMISE_MOVED:
                reason = _(
                    "the day that was promised is another there by now: the case is judged by the first"
                )
                self.result.remarks.append((row.line, reason))

    def _there(self, ids: list[str]) -> set[str]:
        there: set[str] = set()
        for start in range(0, len(ids), UNIQUE_CHUNK):
            chunk = ids[start : start + UNIQUE_CHUNK]
            cases = Complaint.objects.visible_to(None).filter(source=self.mapping.source, source_id__in=chunk)
            there.update(cases.values_list("source_id", flat=True))
        return there

    def _store(self, rows: list[Row]) -> None:
        """All or none; a batch the database refuses is halved until the row that it refuses is found."""
        try:
            with transaction.atomic():
                self._write(rows)
        except (DataError, IntegrityError):
            if len(rows) == 1:
                self._refused(rows[0])
                return
            half = len(rows) // 2
            self._store(rows[:half])
            self._store(rows[half:])
        else:
            self.result.created += len(rows)

    def _refused(self, row: Row) -> None:
        if self._there([row.source_id]):  # another import was quicker
            self.result.duplicates += 1
        else:
            self.result.rejected.append((row.line, _("the database does not take it")))

    def _write(self, rows: list[Row]) -> None:
        cases, drafted, clockworks = [], [], []
        for pk, row in zip(new_keys(len(rows), self.now), rows, strict=True):
            case = self._case(pk, row)
            clockwork = Clockwork(case, [], [])
            if self._policies is not None and becomes_live(case):
                clockwork = make_live(case, self._policies)
                clockworks.append(clockwork)
            recorded = of_new_case(case, clockwork.clocks, clockwork.pauses)
            drafted.append(
                draft_event(
                    case,
                    EventKind.IMPORTED,
                    actor=None,
                    at=row.received_at,
                    data=self._data(row) | {"rows": recorded},
                    words=words_of_case(case) | ({"text": row.remark} if row.remark else {}),
                )
            )
            cases.append(case)
        insert(Complaint, cases)
        store_events(drafted)
        store_clockworks(clockworks)

    def _case(self, pk: int, row: Row) -> Complaint:
        area, location = self._names.place(row)
        agency = self._names.agency(row.agency)
        waits = row.state == State.AWAITING_CITIZEN
        return Complaint(
            pk=pk,
            number=make_number(settings.CITY.prefix, year_of(row.received_at), pk),
            state=row.state,
            returns_to=(State.IN_PROGRESS if agency else State.SUBMITTED).value if waits else "",
            kind=row.kind,
            channel=row.channel,
            subject=row.subject,
            description=row.description,
            category=self._names.category(row.category),
            area=area,
            location=location,
            latitude=row.latitude,
            longitude=row.longitude,
            is_anonymous=row.is_anonymous,
            is_confidential=row.is_confidential,
            language=row.language if row.language in dict(settings.LANGUAGES) else "id",
            agency=agency,
            external_reference=row.external_reference,
            received_at=row.received_at,
            assigned_at=row.received_at if agency else None,
            ended_at=row.ended_at,
            target_at=row.target_at,
            is_live=False,
            source=self.mapping.source,
            source_id=row.source_id,
        )

    def _data(self, row: Row) -> dict[str, Any]:
        data = {
            "source": self.mapping.source,
            "id": row.source_id,
            "state": row.state,
            "state_there": row.state_there[:80],
            "taken_at": self.now.isoformat(),  # by which the ledger judges it: the event is dated elsewhere
        }
        if row.agency_there:
            data["agency_there"] = row.agency_there
        if row.ended_at:
            data["ended_at"] = row.ended_at.isoformat()
        if row.target_at:
            data["target_at"] = row.target_at.isoformat()
        return data


def store_clockworks(clockworks: list[Clockwork]) -> None:
    for clockwork in clockworks:
        clockwork.store()
