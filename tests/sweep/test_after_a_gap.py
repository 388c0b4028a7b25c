"""After a long gap, and with a clock behind what the database holds, the sweep asks a person before it acts."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.roles import Role
from complaints.ledger.checkpoints import make_checkpoint
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Event, Message
from config.worker import JOBS
from escalation.holding import hold, may_go_on
from escalation.ladder.models import Escalation, EscalationRule, Hold, HoldCode, LadderState, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.long]

SWEEP = next(job for job in JOBS if job.name == "sweep")
CASES = 3
OF_A_HOST = {HoldCode.CLOCK_JUMPED, HoldCode.CLOCK_DIFFERS, HoldCode.OLDER_COPY}
AHEAD = FRIDAY + 60 * DAY


@pytest.fixture
def city() -> None:
    """Cases whose targets will be missed, an administrator, and a sweep that has just run."""
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    factories.make_user(Role.AGENCY_HEAD)
    factories.make_user(Role.ADMINISTRATOR, email="admin@tuntas.test", language="en")
    for _ in range(CASES):
        factories.in_progress()
    assert sweep(FRIDAY) == 0


def sweep(now: datetime) -> int:
    """The worker's turn at that moment; how many escalations came of it."""
    before = Escalation.objects.count()
    if may_go_on(now, SWEEP.held_by):
        SWEEP.run(now)
    return Escalation.objects.count() - before


def told() -> list[Message]:
    return list(Message.objects.filter(template="held"))


def by_command(*options: str) -> str:
    out = StringIO()
    call_command("sweep", *options, stdout=out)
    return out.getvalue()


def health() -> dict[str, object]:
    answer = Client().get("/health/")
    assert answer.status_code == 200  # the site itself serves
    found: dict[str, object] = answer.json()
    return found


def test_sixty_days_ahead_nobody_is_called(city: None) -> None:
    events = Event.objects.count()
    assert sweep(AHEAD) == 0
    assert (Escalation.objects.count(), Event.objects.count()) == (0, events)
    state = LadderState.objects.get()
    assert state.swept_at == FRIDAY
    assert health() == {"ok": False, "reason": "catch_up"}


def test_the_administrators_are_told_once_what_it_would_do(
    city: None, caplog: pytest.LogCaptureFixture
) -> None:
    for minute in range(3):
        sweep(AHEAD + timedelta(minutes=minute))
    (message,) = told()
    assert message.data["escalated"] == CASES
    assert message.data["warned"] == 0  # missed already: nobody is warned any more
    assert "catch_up" in caplog.text
    send_due(AHEAD)
    letter = next(sent for sent in mail.outbox if sent.to == ["admin@tuntas.test"])
    assert "manage.py sweep --catch-up" in str(letter.body)
    assert "60 days" in str(letter.body)


def test_a_week_is_caught_up_by_itself(city: None) -> None:
    assert sweep(FRIDAY + 8 * DAY) == CASES
    sweep(FRIDAY + 22 * DAY)  # fourteen days are not more than fourteen
    assert told() == []
    assert health() == {"ok": True}


def test_the_days_are_the_citys_to_set(city: None, settings: Settings) -> None:
    settings.SWEEP_GAP_DAYS = 6
    assert sweep(FRIDAY + 7 * DAY) == 0
    assert Hold.objects.get().code == "catch_up"


def test_a_person_lets_it_catch_up(city: None) -> None:
    sweep(AHEAD)
    with time_machine.travel(AHEAD, tick=False):
        with pytest.raises(CommandError, match=r"escalated: 3.*--catch-up"):
            by_command()
        assert Escalation.objects.count() == 0
        assert f"escalated: {CASES}" in by_command("--catch-up")
    assert health() == {"ok": True}
    assert sweep(AHEAD + HOUR) == 0
    assert Hold.objects.count() == 0


def test_a_moment_that_a_person_names_is_their_word(city: None) -> None:
    told_ = json.loads(by_command("--now", AHEAD.isoformat(), "--json"))
    assert told_["escalated"] == CASES
    assert json.loads(by_command("--now", (AHEAD + 40 * DAY).isoformat(), "--json"))["failed"] == 0
    assert json.loads(by_command("--now", (FRIDAY + 30 * DAY).isoformat(), "--json"))["due"] == 0
    with time_machine.travel(FRIDAY + DAY, tick=False):
        sweep(FRIDAY + DAY)
    assert health() == {"ok": True}


def test_a_new_installation_has_no_gap() -> None:
    assert sweep(FRIDAY) == 0
    LadderState.objects.all().delete()
    assert sweep(AHEAD) == 0
    assert Hold.objects.count() == 0


def test_a_city_that_an_older_version_swept_has_no_gap_yet(city: None) -> None:
    LadderState.objects.update(swept_at=None)
    assert sweep(AHEAD) == CASES


def test_nothing_is_dated_before_the_last_sweep(city: None) -> None:
    assert sweep(FRIDAY + 8 * DAY) == CASES
    events = Event.objects.count()
    Complaint.objects.update(next_action_at=FRIDAY)
    assert sweep(FRIDAY + 7 * DAY) == 0
    assert Event.objects.count() == events
    assert health() == {"ok": False, "reason": "behind"}
    assert len(told()) == 1
    sweep(FRIDAY + 8 * DAY + HOUR)
    assert health() == {"ok": True}


def test_nothing_is_dated_before_the_newest_event() -> None:
    factories.in_progress(now=FRIDAY)
    before = Event.objects.count()
    with pytest.raises(CommandError, match="behind"):
        by_command("--now", (FRIDAY - DAY).isoformat())
    assert sweep(FRIDAY - DAY) == 0
    assert Event.objects.count() == before
    assert sweep(FRIDAY - timedelta(minutes=9)) == 0
    assert health() == {"ok": True}  # nine minutes are no other time


def test_a_person_may_say_that_the_clock_is_right_all_the_same(city: None) -> None:
    """Events that a wrong clock has dated ahead stay for ever; the sweep must not stand still until then."""
    run_sweep(AHEAD)
    assert sweep(FRIDAY + DAY) == 0
    assert health() == {"ok": False, "reason": "behind"}
    with time_machine.travel(FRIDAY + DAY, tick=False):
        by_command("--catch-up")
        assert health() == {"ok": True}
        sweep(FRIDAY + DAY + HOUR)
    assert health() == {"ok": True}


def test_a_sealed_moment_of_long_ago_is_no_newest_one() -> None:
    assert sweep(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert Hold.objects.count() == 0


def test_no_head_is_dated_before_the_last_one() -> None:
    factories.in_progress(now=FRIDAY)
    make_checkpoint(FRIDAY + DAY)
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        with pytest.raises(CommandError, match="behind"):
            call_command("checkpoint_ledger", stdout=StringIO())
        by_command("--catch-up")
        call_command("checkpoint_ledger", stdout=StringIO())


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", list(HoldCode))
def test_each_hold_is_told_in_words(code: HoldCode, language: str) -> None:
    factories.make_user(Role.ADMINISTRATOR, language=language)
    hold(code, FRIDAY, place="server-1" if code in OF_A_HOST else "")
    assert send_due(FRIDAY) == 1
    (letter,) = mail.outbox
    assert isinstance(letter, mail.EmailMultiAlternatives)
    assert letter.subject
    needs_a_word = code in (HoldCode.CATCH_UP, HoldCode.BEHIND)
    for part in (letter.body, letter.alternatives[0][0]):
        assert ("sweep --catch-up" in str(part)) == needs_a_word
        assert ("server-1" in str(part)) != needs_a_word
        assert ("acknowledge_restore" in str(part)) == (code == HoldCode.OLDER_COPY)
