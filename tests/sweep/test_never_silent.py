"""A late case never rests: whatever was decided, however often, somebody is told at least once a week."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.clock.calendars import calendar_for
from complaints.models import Complaint, Event, Holiday, Message, OfficeCalendar
from complaints.services.change import NotPossible
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.events import LadderEvent
from escalation.ladder.messages import LadderMessage
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db

WEEK = 7 * DAY
LATE = FRIDAY + 31 * DAY  # a Monday, both targets missed
WORDS = "Tidak berdasar"


def write_rules(*rules: tuple[Trigger, int]) -> None:
    for trigger, level in rules:
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))


def usual_rules() -> None:
    write_rules((Trigger.BREACH, 1), (Trigger.UNACKNOWLEDGED, 2), (Trigger.UNACKNOWLEDGED, 3))


def people() -> dict[int, User]:
    """Who decides on each level."""
    return {
        1: factories.make_user(Role.AGENCY_HEAD),
        2: factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE, name="Ines"),
        3: factories.make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN, name="Omar"),
    }


def live_on(case: Complaint, until: datetime) -> datetime:
    """Sweeps whenever the case asks for it; returns the moment of the last sweep."""
    at = case.next_action_at
    while True:
        case.refresh_from_db()
        assert case.next_action_at is not None
        if case.next_action_at > until:
            assert at is not None
            return at
        at = case.next_action_at
        assert run_sweep(at).failed == 0


def told(case: Complaint) -> list[datetime]:
    """When staff are told of the case, in order."""
    rows = Message.objects.filter(Q(user__isnull=False) | ~Q(reader=""), complaint=case)
    return sorted(rows.values_list("due_at", flat=True))


def longest_silence(case: Complaint, since: datetime, until: datetime) -> timedelta:
    moments = [since, *(at for at in told(case) if since <= at <= until), until]
    return max(later - earlier for earlier, later in pairwise(moments))


def standing(case: Complaint) -> Escalation:
    """The open escalation on the highest level."""
    return Escalation.objects.open().filter(complaint=case).order_by("-level", "-pk")[0]


def test_a_case_nobody_touches_for_400_days_is_told_of_every_week() -> None:
    usual_rules()
    people()
    case = factories.in_progress()
    # Idul Fitri, with joint leave from Thursday to the Tuesday after the week.
    city = OfficeCalendar.objects.get()
    for day in range(18, 31):
        Holiday.objects.create(calendar=city, on=date(2027, 3, day), name_id="Libur", name_en="Day off")
    until = FRIDAY + 400 * DAY
    live_on(case, until)
    missed = FRIDAY + 21 * DAY
    off = 13 * DAY
    assert longest_silence(case, missed, until) <= WEEK + off
    for start in (FRIDAY + 40 * DAY, FRIDAY + 170 * DAY):  # no days off in these
        assert longest_silence(case, start, start + 70 * DAY) <= WEEK
    # And no flood: about one line a week.
    reminders = Message.objects.filter(complaint=case, template=LadderMessage.STILL_LATE)
    assert 45 <= reminders.count() <= 57
    assert set(reminders.values_list("reader", flat=True)) == {"level_2", "level_3"}


def test_the_top_hears_of_all_late_cases_on_one_morning() -> None:
    usual_rules()
    people()
    cases = [factories.in_progress(FRIDAY + days * DAY, subject=f"Jalan {days}") for days in range(0, 12, 3)]
    for day in range(90):
        run_sweep(FRIDAY + day * DAY)
    sent = Message.objects.filter(template=LadderMessage.STILL_LATE, due_at__gt=FRIDAY + 60 * DAY)
    mornings = set(sent.values_list("due_at", flat=True))
    assert len(sent) >= 4 * len(cases)
    assert all(calendar_for(None)[1].local_date(at).weekday() == 0 for at in mornings)
    assert len(mornings) == len({at.date() for at in mornings})


def test_a_worker_away_for_two_months_tells_once_not_nine_times() -> None:
    usual_rules()
    people()
    case = factories.in_progress()
    at = live_on(case, FRIDAY + 60 * DAY)
    before = Message.objects.filter(template=LadderMessage.STILL_LATE).count()
    run_sweep(at + 61 * DAY)
    run_sweep(at + 61 * DAY + HOUR)
    assert Message.objects.filter(template=LadderMessage.STILL_LATE).count() == before + 1


def test_unfounded_on_every_level_does_not_let_a_late_case_rest() -> None:
    usual_rules()
    on_level = people()
    case = factories.in_progress()
    run_sweep(LATE)
    at, levels = LATE, []
    for _ in range(5):
        raised = standing(case)
        levels.append(raised.level)
        ruling = Ruling(Decision.UNFOUNDED, WORDS)
        decide(raised.pk, actor=on_level[raised.level], now=at + HOUR, ruling=ruling)
        at = live_on(case, at + 8 * DAY)
    assert levels == [1, 2, 3, 3, 3]
    assert longest_silence(case, LATE, at) <= WEEK


def test_unfounded_on_a_case_that_is_not_late_lets_it_rest() -> None:
    EscalationRule.objects.create(
        trigger=Trigger.SHARE, level=1, amount=10, stage="resolution", valid_from=date(2018, 1, 1)
    )
    usual_rules()
    on_level = people()
    case = factories.in_progress()
    run_sweep(FRIDAY + 6 * DAY)
    decide(standing(case).pk, actor=on_level[1], now=FRIDAY + 6 * DAY, ruling=Ruling(Decision.UNFOUNDED, "x"))
    assert case.due_at is not None
    run_sweep(case.due_at - HOUR)
    assert not Escalation.objects.open().exists()


def test_whoever_instructed_is_reminded_on_their_own_day_and_the_next_level_is_called() -> None:
    usual_rules()
    on_level = people()
    case = factories.in_progress()
    run_sweep(LATE)
    word = decide(standing(case).pk, actor=on_level[1], now=LATE, ruling=Ruling(Decision.INSTRUCT, "!", 4))
    live_on(case, word.due_at - HOUR)
    assert not Message.objects.filter(template=LadderMessage.STILL_LATE, data__why="date").exists()
    run_sweep(word.due_at)
    reminder = Message.objects.get(template=LadderMessage.STILL_LATE, data__why="date")
    assert reminder.user == on_level[1]
    assert standing(case).level == 2
    assert Event.objects.filter(complaint=case, kind=LadderEvent.REMINDED, data__why="date").count() == 1
    run_sweep(word.due_at + HOUR)
    assert Message.objects.filter(template=LadderMessage.STILL_LATE, data__why="date").count() == 1


def test_an_instruction_of_the_top_that_is_ignored_comes_back_to_the_top() -> None:
    usual_rules()
    on_level = people()
    case = factories.in_progress()
    live_on(case, LATE + 20 * DAY)
    at = LATE + 20 * DAY
    for _ in range(3):
        raised = standing(case)
        assert raised.level == 3
        word = decide(raised.pk, actor=on_level[3], now=at, ruling=Ruling(Decision.INSTRUCT, "Segera", 4))
        live_on(case, word.due_at)
        at = word.due_at + HOUR
    assert standing(case).trigger == Trigger.UNACKNOWLEDGED


def test_a_long_instruction_does_not_keep_the_case_from_being_told_of() -> None:
    usual_rules()
    on_level = people()
    case = factories.in_progress()
    run_sweep(LATE)
    word = decide(standing(case).pk, actor=on_level[1], now=LATE, ruling=Ruling(Decision.INSTRUCT, "!", 60))
    live_on(case, word.due_at)
    assert longest_silence(case, LATE, word.due_at) <= WEEK


def test_an_extension_does_not_hide_that_the_first_response_was_missed() -> None:
    usual_rules()
    on_level = people()
    case = factories.in_progress()
    assert case.due_at is not None  # of the first response
    run_sweep(case.due_at)
    ruling = Ruling(Decision.EXTEND, "Cuaca", 10)
    word = decide(standing(case).pk, actor=on_level[1], now=case.due_at + DAY, ruling=ruling)
    live_on(case, word.due_at - HOUR)
    assert longest_silence(case, case.due_at, word.due_at - HOUR) <= WEEK


@pytest.mark.parametrize("rules", [(), ((Trigger.BREACH, 1),), ((Trigger.UNACKNOWLEDGED, 2),)])
def test_without_rules_a_late_case_still_comes_before_somebody(
    rules: tuple[tuple[Trigger, int], ...],
) -> None:
    write_rules(*rules)
    people()
    case = factories.in_progress()
    live_on(case, LATE + 100 * DAY)
    assert standing(case) is not None
    assert longest_silence(case, LATE, LATE + 100 * DAY) <= WEEK


def test_what_rested_before_this_rule_is_called_again_at_the_next_sweep() -> None:
    """As a database of an earlier version holds it: unfounded, and the date of the escalation kept."""
    usual_rules()
    on_level = people()
    case = factories.in_progress()
    run_sweep(LATE)
    decide(standing(case).pk, actor=on_level[1], now=LATE, ruling=Ruling(Decision.UNFOUNDED, WORDS))
    Escalation.objects.update(due_at=LATE)
    Complaint.objects.filter(pk=case.pk).update(next_action_at=LATE + 200 * DAY)
    live_on(case, LATE + 201 * DAY)
    assert standing(case).level == 2


@pytest.mark.long
@hypothesis_settings(max_examples=15)
@given(data=st.data())
def test_whatever_is_decided_on_the_way_nobody_is_left_untold_for_a_week(data: st.DataObject) -> None:
    with transaction.atomic():
        try:
            _live_with_decisions(data)
        finally:
            connection.set_rollback(True)


def _live_with_decisions(data: st.DataObject) -> None:
    usual_rules()
    on_level = people()
    other, body = factories.make_agency("DLHK"), factories.make_agency("PLN", is_external=True)
    factories.make_user(Role.OFFICER, other), factories.make_user(Role.AGENCY_HEAD, other)
    case = factories.in_progress()
    at = until = LATE
    for _ in range(data.draw(st.integers(1, 8))):
        until += data.draw(st.integers(1, 20)) * DAY
        live_on(case, until)
        at = until
        waiting = list(Escalation.objects.open().filter(complaint=case).order_by("pk"))
        if not waiting:
            continue
        chosen = data.draw(st.sampled_from(waiting))
        decisions = [Decision.INSTRUCT, Decision.EXTEND, Decision.UNFOUNDED, Decision.REASSIGN, None]
        decision = data.draw(st.sampled_from(decisions))
        days = data.draw(st.integers(1, 30))
        case.refresh_from_db()
        agency = other if case.agency_id != other.pk else factories.make_agency()
        try:
            with transaction.atomic():
                if decision is None:
                    acknowledge(chosen.pk, actor=on_level[3], now=at)
                else:
                    ruling = Ruling(decision, "Segera", days, agency=agency, body=body)
                    decide(chosen.pk, actor=on_level[3], now=at, ruling=ruling)
        except NotPossible:
            pass
    late_from = LATE
    live_on(case, until + 60 * DAY)
    if case.target_at is not None and case.target_at > LATE:  # extended: in time meanwhile
        late_from = max(LATE, case.target_at)
    assert longest_silence(case, late_from, max(until + 60 * DAY, late_from)) <= WEEK
