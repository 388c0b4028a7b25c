"""How long it takes to sign and verify a long history, and to make a proof of one event.

python -m bench.ledger EVENTS [ENTRIES]     (DATABASE_URL names an empty database, LEDGER_DIR an empty folder)

ENTRIES: so many entries of the ledger's own beside them, each with rows of a promise.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from statistics import median
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Agency, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from bench.made import COMMON as WORDS  # noqa: E402
from complaints.clock.city_time import day_of, year_of  # noqa: E402
from complaints.database import bulk  # noqa: E402
from complaints.history.rows import CASE, CLOCK, OWN_ROWS, Rows, spell  # noqa: E402
from complaints.ledger.checkpoints import make_checkpoint  # noqa: E402
from complaints.ledger.recording import RowsEntry  # noqa: E402
from complaints.ledger.tree import inclusion  # noqa: E402
from complaints.ledger.verify import verify_ledger  # noqa: E402
from complaints.models import (  # noqa: E402
    Clock,
    Complaint,
    Event,
    EventContent,
    EventKind,
    LedgerEntry,
    OfficeCalendar,
    Stopped,
)
from complaints.models.event import content_digest, event_hash  # noqa: E402
from complaints.models.policy import Stage  # noqa: E402
from complaints.numbers import make_number  # noqa: E402
from complaints.states import State  # noqa: E402
from config.fixtures import load_city  # noqa: E402
from escalation.ladder.events import LadderEvent  # noqa: E402
from escalation.ladder.models import Escalation  # noqa: E402
from escalation.ladder.recorded import ESCALATION  # noqa: E402
from escalation.promises.models.commitment import Commitment, CommitmentStep  # noqa: E402

BATCH, EACH = 2000, 10  # cases in a transaction, events a case
HOUR = timedelta(hours=1)
LIFE = (
    EventKind.SUBMITTED, EventKind.ASSIGNED, EventKind.ACCEPTED, EventKind.WARNED, EventKind.NOTE_ADDED,
    EventKind.BREACHED, LadderEvent.ESCALATED, EventKind.NOTE_ADDED, EventKind.RESOLVED, EventKind.CONFIRMED,
)  # fmt: skip
WORDED = frozenset({EventKind.SUBMITTED, EventKind.NOTE_ADDED, EventKind.RESOLVED})


def fill(events: int, now: datetime) -> None:
    """Closed cases of ten events each, four of them with words."""
    load_city(settings.CITY.slug)
    agency = Agency.objects.filter(is_external=False, is_oversight=False).order_by("code")[0]
    calendar = OfficeCalendar.objects.get(agency=None)
    rng, keys = Random(1), count(1)
    for first in range(1, events // EACH + 1, BATCH):
        cases: list[Any] = []
        rows: list[Any] = []
        contents: list[Any] = []
        clocks: list[Clock] = []
        raised: list[Escalation] = []
        for pk in range(first, min(first + BATCH, events // EACH + 1)):
            case, history, said, own, escalation = _case(pk, agency, calendar, rng, now, keys)
            cases.append(case)
            rows += history
            contents += said
            clocks += own
            raised.append(escalation)
        with transaction.atomic():
            bulk.insert(Complaint, cases)
            bulk.insert(Event, rows)
            bulk.insert(EventContent, contents)
            bulk.insert(Clock, clocks)
            bulk.insert(Escalation, raised)


def _case(
    pk: int, agency: Agency, calendar: OfficeCalendar, rng: Random, now: datetime, keys: Any
) -> tuple[Complaint, list[Any], list[Any], list[Clock], Escalation]:
    received = now - timedelta(minutes=rng.randrange(60 * 24 * 30, 60 * 24 * 1000))
    subject, description = " ".join(rng.choices(WORDS, k=5)), " ".join(rng.choices(WORDS, k=30))
    number = make_number(settings.CITY.prefix, year_of(received), pk)
    case = Complaint(
        pk=pk, number=number, state=State.CLOSED, subject=subject, description=description, agency=agency,
        received_at=received, ended_at=received + 8 * HOUR, rating=3, is_live=False,
        assigned_at=received + HOUR, target_at=received + 5 * HOUR, due_at=None,
    )  # fmt: skip
    clocks, escalation, recorded = _rows(case, calendar)
    datas: dict[str, dict[str, Any]] = {
        EventKind.SUBMITTED: {"channel": "web", "kind": "complaint", "files": []},
        EventKind.ASSIGNED: {"agency": agency.code, "children": []},
        EventKind.WARNED: {"stage": "resolution", "due": (received + 3 * HOUR).isoformat()},
        EventKind.RESOLVED: {"files": []},
        EventKind.CONFIRMED: {"rating": 3},
    }
    rows, contents = [], []
    for place, kind in enumerate(LIFE):
        said: dict[str, Any] = {"text": description}
        if kind == EventKind.SUBMITTED:
            said = {"subject": subject, "description": description}
        key, salt = next(keys), f"{rng.getrandbits(128):032x}"
        row = SimpleNamespace(
            pk=key, id=key, complaint_id=pk, seq=place + 1, kind=str(kind), at=received + place * HOUR, actor_id=None,
            role=Role.CITIZEN if place == 0 else Role.SYSTEM,
            data=datas.get(kind, {}) | ({"rows": recorded[kind]} if kind in recorded else {}),
            content_digest=content_digest(salt, said) if kind in WORDED else "", prev_hash=case.last_event_hash,
        )  # fmt: skip
        row.hash = case.last_event_hash = event_hash(row, number)
        rows.append(row)
        if kind in WORDED:
            contents.append(SimpleNamespace(pk=key, event_id=key, salt=salt, words=said))
    case.version = EACH
    return case, rows, contents, clocks, escalation


def _rows(
    case: Complaint, calendar: OfficeCalendar
) -> tuple[list[Clock], Escalation, dict[str, dict[str, Any]]]:
    """Clocks and an escalation of the case, and what its events record of all of it, by kind."""
    received = case.received_at
    clocks = [
        Clock(
            complaint_id=case.pk, stage=stage, calendar=calendar, amount=3, unit="working_days", started_at=received,
            due_at=received + 5 * HOUR, warn_at=received + 4 * HOUR, stopped_at=received + 8 * HOUR,
            stopped_by=Stopped.DONE,
        )
        for stage in (Stage.VERIFICATION, Stage.RESOLUTION, Stage.FIRST_RESPONSE, Stage.CONFIRMATION)
    ]  # fmt: skip
    escalation = Escalation(
        complaint_id=case.pk, level=1, trigger="breach", cause=f"resolution:1:{case.pk}",
        raised_at=received + 6 * HOUR, due_at=received + 30 * HOUR,
    )  # fmt: skip
    first, second, third, last = [CLOCK.whole(clock) for clock in clocks]
    stopped = {"stopped_at": spell(clocks[0].stopped_at), "stopped_by": spell(Stopped.DONE)}
    named = [CLOCK.named(clock, []) for clock in clocks]
    told = {"state": "assigned", "due_at": spell(received)}
    recorded: dict[str, dict[str, Any]] = {
        EventKind.SUBMITTED: {"+case": [CASE.whole(case)], "+clock": [first, second]},
        EventKind.ASSIGNED: {"case": [told], "clock": [named[0] | stopped], "+clock": [third]},
        EventKind.ACCEPTED: {"case": [{"state": "in_progress"}]},
        EventKind.WARNED: {"clock": [named[1] | {"warned_at": None}]},
        EventKind.BREACHED: {"clock": [named[1] | {"breached_at": None}]},
        LadderEvent.ESCALATED: {"+escalation": [ESCALATION.whole(escalation)]},
        EventKind.RESOLVED: {
            "case": [told],
            "clock": [named[1] | stopped, named[2] | stopped],
            "+clock": [last],
        },
        EventKind.CONFIRMED: {"case": [{"state": "closed", "due_at": None}], "clock": [named[3] | stopped]},
    }
    return clocks, escalation, recorded


def fill_entries(count: int, now: datetime) -> None:
    """Promises, of each an entry that makes it, eight with a step and a change, and one that ends it."""
    agency = Agency.objects.filter(is_external=False).order_by("code")[0]
    person = User.objects.create(email="bench@example.org", role=Role.SUPERVISOR)
    last = LedgerEntry.objects.order_by("-seq").first()
    seq, prev = (last.seq, last.hash) if last else (0, "")
    for first in range(0, count, BATCH):
        rows: list[Any] = []
        made: list[Commitment] = []
        steps: list[CommitmentStep] = []
        for place in range(first, min(first + BATCH, count)):
            seq += 1
            data = {"rows": _promise(place, agency, person, now, made, steps)}
            entry = LedgerEntry(
                seq=seq, kind=RowsEntry.RECORDED, at=now, role=Role.SYSTEM, data=data, prev_hash=prev
            )
            entry.hash = prev = entry.compute_hash()
            rows.append(entry)
        with transaction.atomic():
            bulk.insert(Commitment, made)
            bulk.insert(CommitmentStep, steps)
            bulk.insert(LedgerEntry, rows)


def _promise(
    place: int,
    agency: Agency,
    person: User,
    now: datetime,
    made: list[Commitment],
    steps: list[CommitmentStep],
) -> Rows:
    key, secret = place // EACH + 1, f"{place // EACH:032x}"
    step = CommitmentStep(
        pk=place + 1, commitment_id=key, kind="raised", at=now, role="", data={"level": 1}, words="Belum."
    )
    steps.append(step)
    said: Rows = {"+commitment_step": [_columns("commitment_step", step, secret)]}
    if place % EACH == 0:
        row = Commitment(
            pk=key, number=f"KOM-2026-{key}", agency=agency, due_on=day_of(now), idempotency_key=secret, kind="hours",
            title="Loket buka sampai pukul 16", owner=person, made_by=person, made_at=now,
        )  # fmt: skip
        made.append(row)
        return said | {"+commitment": [_columns("commitment", row, secret)]}
    return said | {"commitment": [{"id": key, "level": 0, "next_action_at": None}]}


def _columns(code: str, row: Any, salt: str) -> dict[str, Any]:
    table = OWN_ROWS[code]
    spelled = {name: table.spell(name, getattr(row, name), salt) for name in table.fields}
    return {name: value for name, value in spelled.items() if value != table.empty[name]}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    found = work()
    return perf_counter() - start, found


def cpu() -> float:
    """Seconds of work so far, those of ended children with it: steadier than the clock on a shared machine."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def measure(events: int, entries: int = 0) -> dict[str, Any]:
    now = timezone.now()
    filling, _ = timed(lambda: fill(events, now))
    fill_entries(entries, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    signing, head = timed(lambda: make_checkpoint(now))
    nothing_new, _ = timed(lambda: make_checkpoint(now))
    before = cpu()
    verifying, result = timed(verify_ledger)
    working = cpu() - before
    rng = Random(2)
    proofs = [timed(lambda: inclusion(rng.randrange(head.size), head.size))[0] * 1000 for _ in range(50)]
    return {
        "database": connection.vendor,
        "events": result.events,
        "ok": result.ok,
        "first_bad": str(result.first_bad or ""),
        "fill_seconds": filling,
        "checkpoint_seconds": signing,
        "checkpoint_without_news_seconds": nothing_new,
        "verify_seconds": verifying,
        "verify_cpu_seconds": working,
        "proof_ms": median(proofs),
        "proof_ms_most": max(proofs),
    }


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    print(json.dumps(measure(*map(int, sys.argv[1:3])), indent=1))
