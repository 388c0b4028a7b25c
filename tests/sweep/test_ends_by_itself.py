"""A case that ends by itself ends in the same way whoever ends it: the sweep, or the service that it calls."""

from datetime import datetime

import pytest

from accounts.models import User
from accounts.roles import Role
from complaints import permissions
from complaints.clock.deadlines import Clockwork
from complaints.models import Clock, Complaint, Event, EventKind, Message
from complaints.permissions import RIGHTS
from complaints.services import handling, system, verification
from complaints.services.change import BulkChange
from complaints.states import State, Verb
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db

MUCH_LATER = FRIDAY + 90 * DAY


def shared_and_asked() -> tuple[Complaint, Complaint]:
    """A case of two agencies whose lead has asked the citizen; the other agency is at work on its part."""
    case = factories.file_complaint(email="ani@tuntas.test")
    agencies = [factories.make_agency("PUPR"), factories.make_agency("DLH")]
    verification.assign(
        case.pk,
        actor=factories.make_user(Role.VERIFIER),
        now=FRIDAY,
        routing=verification.Routing(agencies),
    )
    case.refresh_from_db()
    officer = factories.officer_of(case)
    handling.accept(case.pk, actor=officer, now=FRIDAY, handler=officer)
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY, question="Di mana?")
    return Complaint.objects.get(pk=case.pk), Complaint.objects.get(parent=case)


def trace(case: Complaint) -> dict[str, object]:
    """All that ending a case leaves behind, but for keys and digests."""
    case = Complaint.objects.get(pk=case.pk)
    events = Event.objects.filter(complaint=case).order_by("seq")
    return {
        "case": (case.state, case.ended_at, case.due_at, case.next_action_at, case.watch_at, case.returns_to),
        "events": [(event.seq, event.kind, event.role, event.at) for event in events],
        "clocks": list(
            Clock.objects.filter(complaint=case).order_by("pk").values_list("stage", "stopped_at")
        ),
        "mails": sorted(Message.objects.filter(complaint=case).values_list("template", "user", "due_at")),
    }


def answer_due(case: Complaint) -> datetime:
    due = Clock.objects.get(complaint=case, stage="citizen_answer").due_at
    assert due is not None
    return due


def test_the_part_of_a_shared_case_ends_with_the_question_that_ran_out() -> None:
    whole, part = shared_and_asked()
    assert run_sweep(answer_due(whole)).lapsed == 1
    whole.refresh_from_db()
    part.refresh_from_db()
    assert (whole.state, part.state) == (State.LAPSED, State.WITHDRAWN)
    assert part.events.get(kind=EventKind.WITHDRAWN).said == {"with": whole.number}
    assert not Clock.objects.filter(complaint=part, stopped_at=None).exists()
    assert not what_is_broken()


def test_a_part_that_falls_due_in_the_same_batch_ends_with_the_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _whole, part = shared_and_asked()
    result = run_sweep(MUCH_LATER)  # the part has missed its targets meanwhile
    assert not caplog.records  # a batch that does not store would say so
    assert (result.lapsed, result.failed) == (1, 0)
    part.refresh_from_db()
    assert part.state == State.WITHDRAWN
    assert not what_is_broken()
    assert run_sweep(MUCH_LATER + DAY).due == 0


def test_a_part_that_was_answered_stays_answered() -> None:
    whole, part = shared_and_asked()
    officer = factories.officer_of(part)
    handling.accept(part.pk, actor=officer, now=FRIDAY, handler=officer)
    handling.resolve(part.pk, actor=officer, now=FRIDAY, answer="Sudah.")
    run_sweep(answer_due(whole))
    part.refresh_from_db()
    assert part.state in (State.RESOLVED, State.CLOSED)


def test_the_sweep_and_the_service_leave_the_same_behind() -> None:
    swept, by_hand = factories.awaiting(email="a@tuntas.test"), factories.awaiting(email="b@tuntas.test")
    at = answer_due(swept)
    system.lapse(by_hand.pk, actor=None, now=at)
    run_sweep(at)
    assert trace(swept) == trace(by_hand)
    factories.make_user(Role.OFFICER)  # who is told of both
    swept, by_hand = factories.resolved(email="a@tuntas.test"), factories.resolved(email="b@tuntas.test")
    closing = Clock.objects.get(complaint=swept, stage="confirmation").due_at
    assert closing is not None
    system.auto_close(by_hand.pk, actor=None, now=closing)
    run_sweep(closing)
    assert trace(swept) == trace(by_hand)


def test_the_sweep_asks_the_table_of_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    case = factories.awaiting()
    monkeypatch.setattr(permissions, "RIGHTS", RIGHTS | {Verb.LAPSE: frozenset()})
    result = run_sweep(answer_due(case))
    assert (result.lapsed, result.failed) == (0, 1)


def test_nothing_that_a_sweep_drafts_is_left_behind() -> None:
    """`BulkChange` stores rows; whatever a verb drafts must come out as one."""
    main, joined = factories.in_progress(), factories.file_complaint(email="ani@tuntas.test")
    verifier = User.objects.get(role=Role.VERIFIER)
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=main.pk)
    change = BulkChange(main, None, FRIDAY, Clockwork.load(main))
    change.tell_merged(Message.Template.RESOLUTION)
    assert [row.complaint_id for row in change.message_rows] == [joined.pk]
    assert not change.messages
