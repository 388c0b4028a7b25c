"""The demo city: alive, in agreement with itself, nobody in it left alone, swept and guarded like any other, and no
column of it changed unnoticed. One module, since each that plays the city takes a quarter of a minute for it."""

from datetime import date, datetime
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from complaints.integrity import check_integrity
from complaints.models import Category, Complaint, EventKind, Message
from complaints.states import OPEN, State
from config.worker import JOBS
from escalation.holding import may_go_on
from escalation.ladder.models import LadderState
from escalation.whatif.collect import Reader, cases_in, policy_in_force
from escalation.whatif.figures import Window
from escalation.whatif.replay import replay
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.ledger.every_column import try_every_column
from tests.module_rows import ModuleRows
from tests.silence import holes

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.long, pytest.mark.usefixtures("city")]
SWEEP = next(job for job in JOBS if job.name == "sweep")


@pytest.fixture(scope="module")
def city(module_rows: ModuleRows) -> None:
    module_rows.make(_city)


def _city() -> None:
    """Played up to a moment that is still to come."""
    with time_machine.travel(FRIDAY - 6 * HOUR, tick=False):
        call_command("seed_demo", cases=60, seed=3, now=FRIDAY.isoformat(), stdout=StringIO())


def test_the_city_is_alive_and_agrees_with_itself_and_with_its_replay() -> None:
    states = set(Complaint.objects.values_list("state", flat=True))
    assert states & OPEN and states - OPEN
    assert not any(check_integrity().values())
    # Nobody gets mail from a play.
    assert not Message.objects.filter(sent_at=None).exists()
    check_that_a_replay_finds_each_due_moment()


def check_that_a_replay_finds_each_due_moment() -> None:
    assert Category.objects.exists()
    now = Complaint.objects.latest("received_at").received_at + factories.DAY
    window = Window.of(date(2020, 1, 1), now.date(), settings.CITY.tz, now)
    in_force, clocks = policy_in_force(), 0
    for _pk, case in Reader().facts(cases_in(window, None), 0, 10_000):
        dues = replay(case, in_force, window.until).dues
        assert list(dues) == [clock.due for clock in case.clocks]
        clocks += len(dues)
    assert clocks > 60


def test_nobody_in_it_is_left_alone_and_it_is_swept_at_once_and_guarded_like_any_other() -> None:
    """One test, since each process that runs one of this module plays the city anew."""
    set_pieces()
    assert holes(FRIDAY) == []
    it_is_swept_at_once()
    it_is_guarded_once_its_moment_has_passed()


def set_pieces() -> None:
    """What a city of any size shows: parts that stand differently, a question asked through one, a third question that
    runs on, a referral past its day."""
    lead = Complaint.objects.filter(children__isnull=False).first()
    assert lead is not None and lead.state == State.IN_PROGRESS
    assert set(lead.children.values_list("state", flat=True)) == {State.RESOLVED, State.ASSIGNED}
    through_part = lead.events.filter(kind=EventKind.QUESTION_ASKED, data__has_key="part")
    assert through_part.exists() and lead.events.filter(kind=EventKind.ANSWERED).exists()
    asked = Complaint.objects.get(pauses__stops_clock=False, state=State.AWAITING_CITIZEN)
    assert asked.pauses.count() == 3 and asked.target_at is not None
    assert Complaint.objects.referred_unanswered().exists()


def sweep_or_hold(now: datetime) -> dict[str, object]:
    """The worker's turn at that moment, and what `/health/` says after it."""
    if may_go_on(now, SWEEP.held_by):
        SWEEP.run(now)
    found: dict[str, object] = Client().get("/health/").json()
    return found


def it_is_swept_at_once() -> None:
    with time_machine.travel(FRIDAY - 6 * HOUR, tick=False):
        for options in ([], ["--now", FRIDAY.isoformat()]):
            call_command("sweep", *options, stdout=StringIO())
    assert sweep_or_hold(FRIDAY - 5 * HOUR) == {"ok": True}


def it_is_guarded_once_its_moment_has_passed() -> None:
    """One that is played up to a past moment expects nothing (tests/test_demo_city.py)."""
    assert LadderState.objects.update(ahead_until=None) == 1
    assert sweep_or_hold(FRIDAY - 60 * DAY) == {"ok": False, "reason": "behind"}


def test_no_column_is_changed_unnoticed(subtests: pytest.Subtests) -> None:
    try_every_column(subtests)
