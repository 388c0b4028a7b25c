"""Time never runs backwards: not within a case, and not before the head that an event came after."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.history.events import draft_event, store_events
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.export import export_lines
from complaints.ledger.proofs import as_file, proof_for
from complaints.ledger.verify import verify_ledger
from complaints.ledger.verifying.moments import TOLERANCE
from complaints.models import Complaint, Event
from complaints.services import citizen, handling, verification
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.ledger.strangers import DOES_NOT_FIT, FITS, script, verify

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def put(case: Complaint, at: datetime, kind: str = "note_added", data: dict[str, str] | None = None) -> Event:
    """An event that fits its chain, written past the services, which would not date it so."""
    case = Complaint.objects.get(pk=case.pk)
    drafted = draft_event(case, kind, actor=None, at=at, data=data)
    case.save()
    return store_events([drafted])[0]


def found() -> tuple[str, int, str] | None:
    bad = verify_ledger().first_bad
    return (bad.number, bad.seq, bad.why) if bad else None


def test_an_event_dated_before_the_one_it_follows_is_named() -> None:
    case = factories.in_progress()
    make_checkpoint(FRIDAY)
    event = put(case, FRIDAY - SECOND)
    make_checkpoint(FRIDAY + HOUR)
    assert found() == (case.number, event.seq, "before_the_last")


@pytest.mark.parametrize(("late", "why"), [(TOLERANCE, None), (TOLERANCE + SECOND, "before_its_head")])
def test_an_event_dated_before_the_head_it_came_after_is_named(late: timedelta, why: str | None) -> None:
    case = factories.in_progress()
    make_checkpoint(FRIDAY + DAY)
    event = put(case, FRIDAY + DAY - late)
    make_checkpoint(FRIDAY + 2 * DAY)
    assert found() == (why and (case.number, event.seq, why))


def test_so_it_is_with_a_case_of_its_own() -> None:
    factories.in_progress()
    make_checkpoint(FRIDAY + DAY)
    case = factories.file_complaint(FRIDAY)
    make_checkpoint(FRIDAY + 2 * DAY)
    assert found() == (case.number, 1, "before_its_head")


def imported(taken_at: datetime | None, *, at: datetime = FRIDAY - 300 * DAY) -> Complaint:
    """A case of another system, as the import writes its first event."""
    case = Complaint(
        number="KPG-2026-000900-1", state="submitted", subject="", description="", received_at=at, is_live=False
    )  # fmt: skip
    case.source, case.source_id = "lama", "7"
    data = {"state": case.state, "source": "lama", "id": "7"}
    data |= {"taken_at": taken_at.isoformat()} if taken_at else {}
    case.save()
    drafted = draft_event(case, "imported", actor=None, at=at, data=data)
    case.save()
    store_events([drafted])
    return case


def test_a_case_taken_over_is_judged_by_when_it_was_taken_over() -> None:
    factories.in_progress()
    make_checkpoint(FRIDAY + DAY)
    imported(FRIDAY + DAY)
    make_checkpoint(FRIDAY + 2 * DAY)
    assert found() is None


@pytest.mark.parametrize("taken_at", [None, FRIDAY - DAY])
def test_taken_over_is_no_excuse_for_a_case_that_does_not_say_when(taken_at: datetime | None) -> None:
    factories.in_progress()
    make_checkpoint(FRIDAY + DAY)
    case = imported(taken_at)
    make_checkpoint(FRIDAY + 2 * DAY)
    assert found() == (case.number, 1, "before_its_head")


def test_a_host_whose_clock_is_behind_dates_nothing_back() -> None:
    case = factories.in_progress(FRIDAY + HOUR)
    officer = factories.officer_of(case)
    handling.add_note(case.pk, actor=officer, now=FRIDAY + HOUR - SECOND, text="Sebentar")
    handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah.")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY, why="Belum.")
    other = factories.file_complaint(FRIDAY)
    verification.merge(other.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, into=case.pk)
    factories.awaiting(FRIDAY)
    run_sweep(FRIDAY + 60 * DAY)
    run_sweep(FRIDAY + 59 * DAY)
    make_checkpoint(FRIDAY + 60 * DAY)
    assert found() is None
    for each in Complaint.objects.all():
        moments = list(each.events.order_by("seq").values_list("at", flat=True))
        assert moments == sorted(moments)


def test_a_stranger_sees_a_case_whose_time_runs_backwards(tmp_path: Path) -> None:
    case = factories.in_progress()
    put(case, FRIDAY - SECOND, "accepted")
    head = make_checkpoint(FRIDAY + HOUR)
    proof, export = tmp_path / "proof.json", tmp_path / "all.jsonl"
    proof.write_bytes(as_file(proof_for(case, Citizen(case.pk))))
    export.write_bytes(b"".join(export_lines(head)))
    for command, path in (("proof", proof), ("export", export)):
        code, said = verify(command, path)
        assert code == DOES_NOT_FIT and "dated before" in said


def test_a_stranger_who_kept_a_head_sees_what_is_dated_before_it(tmp_path: Path) -> None:
    case = factories.in_progress()
    kept = [make_checkpoint(FRIDAY + DAY).note]
    put(case, FRIDAY + HOUR, "accepted")
    head = make_checkpoint(FRIDAY + 2 * DAY)
    proof, export, heads = tmp_path / "proof.json", tmp_path / "all.jsonl", tmp_path / "heads.txt"
    proof.write_bytes(as_file(proof_for(case, Citizen(case.pk))))
    export.write_bytes(b"".join(export_lines(head)))
    heads.write_text("\n".join([*kept, head.note]))
    for command, path in (("proof", proof), ("export", export)):
        assert verify(command, path)[0] == FITS
        code, said = verify(command, path, head=heads)
        assert code == DOES_NOT_FIT and "dated before" in said


def test_script_and_product_know_one_tolerance() -> None:
    assert script.TOLERANCE == TOLERANCE
