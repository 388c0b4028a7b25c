"""The faults that were found in the clocks and ladders of neighbours, each with a test that would catch it here.

First as far as arithmetic alone can have them, then in the life of cases.
"""

from datetime import date, timedelta

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.clock.arithmetic import Target, Unit, due_at, used
from complaints.models import Clock, Complaint
from complaints.services import citizen, verification
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.clock.calendars import MAKASSAR, kupang, weekdays, wita
from tests.factories import DAY, FRIDAY, HOUR


def days(amount: int) -> Target:
    """So many working days."""
    return Target(amount, Unit.WORKING_DAYS)


def hours(amount: int) -> Target:
    """So many working hours."""
    return Target(amount, Unit.WORKING_HOURS)


def test_a_holiday_makes_nothing_due_sooner() -> None:
    """django-helpdesk counts working days in a window and subtracts: three days became two."""
    start = wita("2026-07-06 09:00")
    plain = due_at(start, days(3), weekdays())
    holiday = due_at(start, days(3), weekdays(MAKASSAR, date(2026, 7, 8)))
    assert (plain, holiday) == (wita("2026-07-09 16:00"), wita("2026-07-10 16:00"))


def test_monday_to_monday_is_five_working_days() -> None:
    """lite-api's "not holiday or not weekend" counts seven."""
    assert due_at(wita("2026-07-06 09:00"), days(5), weekdays()) == wita("2026-07-13 16:00")
    assert used(wita("2026-07-06 09:00"), days(5), weekdays(), wita("2026-07-13 16:00")) == 1


def test_hours_across_the_end_of_a_month_are_not_negative() -> None:
    """lite-api subtracts the day of the month: 31 January to 3 February gives minus 28."""
    start, at = wita("2025-01-31 15:00"), wita("2025-02-03 10:00")
    assert used(start, hours(3), weekdays(), at) == 1
    assert due_at(start, hours(3), weekdays()) == at


def test_the_due_moment_needs_no_nightly_tick() -> None:
    """lite-api adds one a night, so that a missed night is lost: asked once, late, the answer is the same."""
    start = wita("2026-07-06 09:00")
    nightly = [used(start, days(3), kupang(), start + timedelta(days=day)) for day in range(60)]
    assert nightly[-1] == used(start, days(3), kupang(), start + timedelta(days=59))
    assert nightly == sorted(nightly)


def test_page_and_report_count_the_same_days() -> None:
    """cla_backend's page skips holidays and its report does not: here `used` is 1 exactly at `due_at`."""
    for unit in Unit:
        start, target = wita("2026-08-13 09:00"), Target(7, unit)
        due = due_at(start, target, kupang())
        assert due
        assert used(start, target, kupang(), due) == 1
        assert used(start, target, kupang(), due - timedelta(seconds=1)) < 1


def test_holidays_are_data() -> None:
    """Signalen counts Monday to Friday only: adding a row to the calendar must move the due moment."""
    flood = weekdays(MAKASSAR, date(2026, 7, 7), date(2026, 7, 8))
    assert due_at(wita("2026-07-06 09:00"), days(1), flood) == wita("2026-07-09 16:00")


# In the life of cases.


@pytest.fixture
def ladder(db: None) -> None:
    for trigger, level in ((Trigger.BREACH, 1), (Trigger.UNACKNOWLEDGED, 2), (Trigger.UNACKNOWLEDGED, 3)):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))


@pytest.mark.usefixtures("ladder")
def test_a_missed_run_loses_nothing_and_a_doubled_one_doubles_nothing() -> None:
    """froide finds only what fell due in the last 24 hours: skipped once, it never happens; run twice, twice."""
    case = factories.in_progress()
    assert case.target_at is not None
    run_sweep(case.target_at + 3 * DAY)
    run_sweep(case.target_at + 3 * DAY)
    assert Escalation.objects.filter(complaint=case, trigger=Trigger.BREACH).count() == 1


@pytest.mark.usefixtures("ladder")
def test_a_holiday_in_between_makes_an_escalation_later_not_sooner() -> None:
    """django-helpdesk's ladder comes sooner when there is a holiday."""
    factories.make_city().holidays.create(on=date(2026, 11, 25), name_id="Libur", name_en="Day off")
    case = factories.in_progress()
    first = Clock.objects.get(complaint=case, stage="first_response")
    assert first.due_at == wita("2026-11-30 16:00")
    assert run_sweep(wita("2026-11-27 16:00")).escalated == 0
    assert run_sweep(wita("2026-11-30 16:00")).escalated == 1


@pytest.mark.usefixtures("ladder")
def test_what_the_page_the_sweep_and_the_report_call_late_is_one_stored_moment() -> None:
    """cla_backend's page and report disagree about the same complaint."""
    case = factories.in_progress()
    assert case.target_at is not None
    for late, now in ((False, case.target_at - HOUR), (True, case.target_at)):
        run_sweep(now)
        missed = Clock.objects.filter(complaint=case, stage="resolution", breached_at__isnull=False)
        assert missed.exists() == late
        case.refresh_from_db()
        assert (case.target_at <= now) == late


@pytest.mark.usefixtures("ladder")
def test_asking_the_citizen_does_not_start_the_clock_anew() -> None:
    """A question is a way to get a fresh deadline, where the clock restarts with the answer."""
    case = factories.in_progress()
    assert case.target_at is not None
    officer, before = factories.officer_of(case), case.target_at
    verification.ask_citizen(case.pk, actor=officer, now=before - HOUR, question="Di mana?")
    case = citizen.answer(case.pk, actor=Citizen(case.pk), now=before + 14 * DAY, text="Di pasar")
    assert case.target_at is not None
    assert case.target_at - (before + 14 * DAY) < 2 * DAY


@pytest.mark.usefixtures("ladder")
def test_a_case_that_nobody_took_is_raised_like_any_other() -> None:
    """Where only assigned cases are looked at, the surest way out is to assign nothing."""
    case = factories.file_complaint()
    assert case.agency is None and case.due_at is not None
    assert run_sweep(case.due_at).escalated == 1


@pytest.mark.usefixtures("ladder")
def test_the_oldest_is_not_lost_behind_the_newest_hundred() -> None:
    """A sweep that looks at a hundred rows, the newest first, never reaches the oldest."""
    oldest = factories.in_progress()
    for number in range(1, 12):
        factories.in_progress(FRIDAY + number * HOUR)
    run_sweep(FRIDAY + 90 * DAY, batch=5)
    assert Escalation.objects.filter(complaint=oldest).exists()
    assert Escalation.objects.values("complaint").distinct().count() == Complaint.objects.count()


@pytest.mark.usefixtures("ladder")
def test_nobody_s_silence_is_the_last_word_below_the_top() -> None:
    """With one level only, a head who looks away ends it."""
    factories.make_user(Role.AGENCY_HEAD)
    case = factories.in_progress()
    for week in range(6, 12):
        run_sweep(FRIDAY + 7 * week * DAY)
    assert set(Escalation.objects.filter(complaint=case).values_list("level", flat=True)) == {1, 2, 3}
