"""What changed between the look of a sweep and its writing is never written over."""

from datetime import date, timedelta

import pytest
from django.db import DataError, connection

from accounts.actors import Citizen
from complaints.database import bulk
from complaints.history.events import last_moments
from complaints.models import Complaint, Event, Message
from complaints.models.complaint import Conflict
from complaints.services import citizen
from complaints.states import State
from escalation.ladder import sweep as sweep_module
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.ladder.rules import Ladder
from escalation.ladder.visit import Visit
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db

LATE, SECOND = FRIDAY + 60 * DAY, timedelta(seconds=1)
SEEN = 'a "seen" {one}, \\ and NULL'


def test_a_case_that_changed_since_the_sweep_read_it_is_left_for_the_next_one_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    changing, other = factories.in_progress(), factories.in_progress()
    good_visit = sweep_module.visit_in_memory

    def visit_and_withdraw(
        cases: list[Complaint], ladder: Ladder
    ) -> tuple[list[Visit], list[tuple[Complaint, Exception]]]:
        done = good_visit(cases, ladder)
        if changing.pk in {case.pk for case in cases}:
            citizen.withdraw(changing.pk, actor=Citizen(changing.pk), now=LATE)
        return done

    with monkeypatch.context() as patch:
        patch.setattr(sweep_module, "visit_in_memory", visit_and_withdraw)
        result = run_sweep(LATE)
    assert (result.escalated, result.failed) == (1, 0)
    assert Escalation.objects.get().complaint == other
    left = Complaint.objects.get(pk=changing.pk)
    assert (left.sweep_error, left.version) == ("", changing.version)
    assert run_sweep(LATE + HOUR).escalated == 1
    assert Event.objects.filter(complaint=changing, kind=LadderEvent.ESCALATED).count() == 1


def test_the_sweep_writes_no_case_of_a_later_version() -> None:
    case = factories.in_progress()
    stale = Complaint.objects.get(pk=case.pk)
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY)
    stale.version += 1
    with pytest.raises(Conflict):
        sweep_module._update_cases([stale])
    assert Complaint.objects.get(pk=case.pk).state == State.WITHDRAWN


def test_a_guarded_update_of_many_leaves_those_alone_that_changed_and_counts_the_rest() -> None:
    cases = [factories.file_complaint() for _ in range(3)]
    seen = [case.version for case in cases]
    seen[1] += 1
    for case in cases:
        case.sweep_error = SEEN
    assert bulk.update(Complaint, cases, ["sweep_error"], ("version", seen)) == 2
    written = Complaint.objects.order_by("pk").values_list("sweep_error", flat=True)
    assert list(written) == [SEEN, "", SEEN]


def test_many_texts_are_written_as_they_are_whichever_sign_one_of_them_has() -> None:
    """What COPY and arrays have to escape is looked for in a whole column at once."""
    signs = ("\\", "\t", "\n", "\r", '"', "'", ",", "{}", "NULL", "\\N", "")
    for place, sign in enumerate(signs):
        keys = [f"{place}:{number}" for number in range(bulk.FEW + 1)]
        rows = [Message(dedupe_key=key, template="receipt", due_at=FRIDAY) for key in keys]
        rows[-1].last_error = sign
        bulk.insert(Message, rows)
        stored = list(Message.objects.filter(dedupe_key__startswith=f"{place}:").order_by("pk"))
        assert [row.last_error for row in stored] == [*[""] * bulk.FEW, sign]
        stored[0].last_error = sign
        assert bulk.update(Message, stored, ["last_error"]) == len(rows)
        assert Message.objects.get(pk=stored[0].pk).last_error == sign


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no length")
def test_an_update_of_many_cuts_no_text_that_is_too_long() -> None:
    case = factories.file_complaint()
    case.sweep_error = "x" * 201
    with pytest.raises(DataError):
        bulk.update(Complaint, [case], ["sweep_error"])


def test_the_last_event_of_each_case_counts_where_it_is_later() -> None:
    case, other = factories.in_progress(), factories.in_progress(FRIDAY + DAY)
    last, later = (each.events.latest("seq").at for each in (case, other))
    both = [case, other]
    assert last < later
    assert last_moments(both, last - SECOND) == {case.pk: last, other.pk: later}
    assert last_moments(both, last) == {other.pk: later}
    assert last_moments(both, later) == last_moments([], last) == {}
