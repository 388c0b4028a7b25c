"""After a change of calendar an administrator has the deadlines of open cases worked out anew."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Role
from complaints.clock.recomputation import order_move, preview, work_moves
from complaints.models import Complaint, DeadlineMove, EventKind, Holiday
from complaints.models.complaint import Conflict
from complaints.services import system
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db


def add_holiday(day=date(2026, 11, 25), agency=None):
    calendar = factories.make_city()
    return Holiday.objects.create(calendar=calendar, on=day, name_id="Libur daerah")


def moved_events():
    return [
        event
        for case in Complaint.objects.all()
        for event in case.events.filter(kind=EventKind.DEADLINES_MOVED)
    ]


def test_the_preview_counts_the_cases_that_would_move_and_writes_nothing():
    open_case = factories.file_complaint()
    factories.closed()
    assert preview(None, FRIDAY) == (0, 1, 1)
    add_holiday()
    assert preview(None, FRIDAY) == (1, 1, 1)
    due_at = open_case.due_at
    open_case.refresh_from_db()
    assert open_case.due_at == due_at


def test_the_worker_moves_them_and_each_case_says_why_and_who():
    administrator = factories.make_user(Role.ADMINISTRATOR)
    case = factories.file_complaint()
    before = case.due_at
    assert before is not None
    add_holiday()
    order_move(reason="Libur daerah ditetapkan", agency=None, by=administrator, now=FRIDAY)
    assert work_moves(FRIDAY) == 1
    case.refresh_from_db()
    assert case.due_at == before + DAY
    (event,) = moved_events()
    assert event.data["by"] == administrator.pk
    assert event.content.words["text"] == "Libur daerah ditetapkan"
    order = DeadlineMove.objects.get()
    assert (order.seen, order.moved, order.failed, order.finished_at) == (1, 1, 0, FRIDAY)
    assert work_moves(FRIDAY) == 0


def test_it_goes_on_where_it_was_interrupted(monkeypatch):
    cases = [factories.file_complaint() for _ in range(5)]
    add_holiday()
    order_move(reason="Libur", agency=None, by=None, now=FRIDAY)
    move = system.move_deadlines

    def dying(pk, **arguments):
        if pk == cases[3].pk:
            raise KeyboardInterrupt
        return move(pk, **arguments)

    with monkeypatch.context() as patch:
        patch.setattr(system, "move_deadlines", dying)
        with pytest.raises(KeyboardInterrupt):
            work_moves(FRIDAY)
    assert work_moves(FRIDAY) == 0  # the lease of the one that died
    assert work_moves(FRIDAY + HOUR) == 2
    assert len(moved_events()) == 5


def test_a_case_that_raises_does_not_stop_the_rest(monkeypatch):
    bad, good = factories.file_complaint(), factories.file_complaint()
    add_holiday()
    order_move(reason="Libur", agency=None, by=None, now=FRIDAY)
    move = system.move_deadlines

    def poisonous(pk, **arguments):
        if pk == bad.pk:
            raise RecursionError
        return move(pk, **arguments)

    monkeypatch.setattr(system, "move_deadlines", poisonous)
    work_moves(FRIDAY)
    assert [event.complaint_id for event in moved_events()] == [good.pk]
    order = DeadlineMove.objects.get()
    assert (order.failed, order.finished_at) == (1, FRIDAY)


def in_conflict(times, monkeypatch):
    """Somebody else changes the case just as it is moved, so often; returns the list of tries."""
    move, tries = system.move_deadlines, []

    def disturbed(pk, **arguments):
        tries.append(pk)
        if len(tries) <= times:
            raise Conflict(str(pk))
        return move(pk, **arguments)

    monkeypatch.setattr(system, "move_deadlines", disturbed)
    return tries


def ordered():
    add_holiday()
    order_move(reason="Libur", agency=None, by=None, now=FRIDAY)
    work_moves(FRIDAY)
    order = DeadlineMove.objects.get()
    return order.seen, order.moved, order.failed


def test_a_case_that_somebody_changes_at_that_moment_is_read_again(monkeypatch):
    factories.file_complaint()
    tries = in_conflict(2, monkeypatch)
    assert ordered() == (1, 1, 0)
    assert len(tries) == 3


def test_a_case_that_never_holds_still_is_left_as_it_is_and_counted(monkeypatch):
    factories.file_complaint()
    tries = in_conflict(3, monkeypatch)
    assert ordered() == (1, 0, 1)
    assert len(tries) == 3


def test_the_command_does_it_at_once_for_one_agency():
    here = factories.assigned(agency=factories.make_agency("PUPR"))
    factories.assigned(agency=factories.make_agency("DLH"))
    add_holiday()
    said = StringIO()
    call_command("move_deadlines", reason="Libur", agency="PUPR", stdout=said)
    assert "1 seen, 1 moved, 0 failed, done" in said.getvalue()
    assert [event.complaint_id for event in moved_events()] == [here.pk]


def test_an_unknown_agency_is_refused():
    with pytest.raises(CommandError, match="no agency"):
        call_command("move_deadlines", reason="Libur", agency="NIX")
    assert not DeadlineMove.objects.exists()
