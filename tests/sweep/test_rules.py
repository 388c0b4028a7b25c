"""Each rule of the ladder raises when it should, once, and not while the citizen is asked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.models import Clock, Complaint, Event, Holiday, OfficeCalendar
from complaints.services import citizen, handling, system, verification
from escalation.ladder.events import LadderEvent
from escalation.ladder.models import Escalation, EscalationRule, LadderState, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.readers import staff_messages

pytestmark = pytest.mark.django_db

LONG_AGO = date(2018, 1, 1)


def rule(trigger: Trigger, level: int, amount: int = 0, **fields: object) -> EscalationRule:
    fields = {"valid_from": LONG_AGO} | fields
    return EscalationRule.objects.create(trigger=trigger, level=level, amount=amount, **fields)


def closing(day: int, month: int = 12) -> datetime:
    """16:00 in Kupang."""
    return datetime(2026, month, day, 8, 0, tzinfo=UTC)


def raised(case: Complaint) -> list[tuple[str, int]]:
    rows = Escalation.objects.filter(complaint=case).order_by("pk")
    return list(rows.values_list("trigger", "level"))


def sweep_until(moment: datetime, start: datetime = FRIDAY) -> datetime:
    """Sweeps whenever a case asks for it, up to `moment`; returns the last time something was raised."""
    now, last = start, start
    while now <= moment:
        if run_sweep(now).escalated:
            last = now
        due = Complaint.objects.filter(next_action_at__lte=moment).order_by("next_action_at").first()
        if due is None or due.next_action_at is None:
            break
        now = max(now, due.next_action_at)
    return last


def test_a_share_of_the_target_raises_before_it_is_missed() -> None:
    rule(Trigger.SHARE, 1, 50, stage="resolution")
    case = factories.in_progress()
    # Half of fourteen working days from Friday 20 November: seven of them, until Tuesday 1 December.
    assert run_sweep(closing(1) - timedelta(seconds=1)).escalated == 0
    case.refresh_from_db()
    assert run_sweep(closing(1)).escalated == 1
    assert raised(case) == [("share", 1)]
    assert run_sweep(closing(1) + HOUR).escalated == 0


def test_the_sweep_comes_for_a_share_by_itself() -> None:
    rule(Trigger.SHARE, 1, 50, stage="resolution")
    factories.in_progress()
    assert sweep_until(closing(2)) == closing(1)


def test_a_share_of_a_target_that_is_missed_already_is_not_raised() -> None:
    rule(Trigger.SHARE, 1, 50)
    case = factories.in_progress()
    run_sweep(closing(31))
    assert raised(case) == []


def test_an_overdue_case_is_raised_after_so_many_working_days() -> None:
    rule(Trigger.OVERDUE, 2, 2, stage="resolution")
    factories.in_progress()
    # Due on Thursday 10 December at closing; the second working day after it is Monday.
    assert sweep_until(closing(31)) == closing(14)


def test_a_day_off_makes_overdue_come_later_never_sooner() -> None:
    rule(Trigger.OVERDUE, 2, 2, stage="resolution")
    factories.in_progress()
    calendar = OfficeCalendar.objects.get()
    calendar.holidays.create(on=date(2026, 12, 11), name_id="Libur", name_en="Day off")
    calendar.touch()
    assert sweep_until(closing(31)) == closing(15)


def test_overdue_by_hours_counts_office_hours() -> None:
    rule(Trigger.OVERDUE, 2, 1, stage="resolution", unit="working_hours")
    factories.in_progress()
    opening = datetime(2026, 12, 10, 23, 30, tzinfo=UTC)  # Friday, half past seven in Kupang
    assert sweep_until(closing(31)) == opening + HOUR


@pytest.mark.parametrize(("trigger", "amount"), [(Trigger.SHARE, 50), (Trigger.OVERDUE, 1)])
def test_while_the_citizen_is_asked_nothing_is_raised(trigger: Trigger, amount: int) -> None:
    rule(trigger, 1, amount, stage="resolution")
    case = factories.in_progress()
    asked = closing(1) - DAY if trigger == Trigger.SHARE else closing(11) - HOUR
    officer = factories.officer_of(case)
    run_sweep(asked)
    verification.ask_citizen(case.pk, actor=officer, now=asked, question="Di mana?")
    run_sweep(asked + 7 * DAY)
    assert raised(case) == []
    citizen.answer(case.pk, actor=Citizen(case.pk), now=asked + 8 * DAY, text="Di pasar")
    run_sweep(asked + 16 * DAY)
    assert (trigger, 1) in raised(case)


def test_a_missed_month_raises_each_rung_once_and_in_order() -> None:
    rule(Trigger.SHARE, 1, 90, stage="resolution")
    rule(Trigger.BREACH, 1)
    rule(Trigger.OVERDUE, 2, 5, stage="resolution")
    rule(Trigger.OVERDUE, 3, 10, stage="resolution")
    case = factories.in_progress()
    run_sweep(closing(31))
    assert raised(case) == [("breach", 1), ("overdue", 2), ("overdue", 3)]
    assert run_sweep(closing(31) + HOUR).escalated == 0


def test_a_rule_for_the_kind_counts_before_a_general_one_on_the_same_rung() -> None:
    rule(Trigger.OVERDUE, 2, 1, stage="resolution")
    rule(Trigger.OVERDUE, 2, 3, stage="resolution", kind="complaint")
    factories.in_progress()
    assert sweep_until(closing(31)) == closing(15)


def test_a_new_rule_reaches_the_cases_that_are_there() -> None:
    case = factories.in_progress()
    run_sweep(closing(14))
    rule(Trigger.OVERDUE, 2, 1, stage="resolution", valid_from=date(2026, 12, 14))
    assert run_sweep(closing(14) + HOUR).escalated == 1
    assert raised(case) == [("overdue", 2)]


def test_a_rule_counts_from_its_day_on_however_late_the_sweep_comes() -> None:
    case = factories.in_progress()
    rule(Trigger.OVERDUE, 2, 1, stage="resolution", valid_from=date(2026, 12, 20))
    run_sweep(closing(14))
    assert raised(case) == []
    run_sweep(closing(28))
    assert raised(case) == [("overdue", 2)]


def test_a_rule_that_is_switched_off_raises_no_more() -> None:
    old = rule(Trigger.OVERDUE, 2, 1, stage="resolution")
    case = factories.in_progress()
    run_sweep(closing(10))
    EscalationRule.objects.filter(pk=old.pk).update(is_active=False)
    run_sweep(closing(14))
    assert ("overdue", 2) not in raised(case)


def test_unchanged_rules_cost_no_second_look() -> None:
    rule(Trigger.SHARE, 1, 90, stage="resolution")
    factories.in_progress()
    assert run_sweep(FRIDAY).planned == 1
    assert run_sweep(FRIDAY + HOUR).planned == 0
    assert LadderState.objects.count() == 1


def test_looking_ahead_is_not_counted_as_something_due() -> None:
    rule(Trigger.SHARE, 1, 90, stage="resolution")
    case = factories.in_progress()
    result = run_sweep(FRIDAY)
    assert (result.due, result.planned) == (0, 1)
    handling.add_note(case.pk, actor=factories.officer_of(case), now=FRIDAY + HOUR, text="Sudah ditelepon")
    result = run_sweep(FRIDAY + HOUR)
    assert (result.due, result.planned) == (0, 1)


def test_moved_deadlines_move_what_the_ladder_waits_for() -> None:
    rule(Trigger.OVERDUE, 2, 1, stage="resolution")
    case = factories.in_progress()
    run_sweep(FRIDAY)
    calendar = OfficeCalendar.objects.get()
    Holiday.objects.create(calendar=calendar, on=date(2026, 12, 1), name_id="Libur", name_en="Day off")
    calendar.touch()
    system.move_deadlines(case.pk, by=None, now=FRIDAY + HOUR, reason="Libur mendadak")
    assert sweep_until(closing(31)) == closing(14)


# Repeated complaints about one unit.


@pytest.fixture
def unit() -> Agency:
    return factories.make_agency("DISDUK")


def complain(days: float, unit: Agency, **fields: Any) -> Complaint:
    fields = {"category": factories.make_category()} | fields
    return factories.assigned(FRIDAY + timedelta(days=days), unit, **fields)


def test_the_complaint_that_completes_a_repetition_is_raised(unit: Agency) -> None:
    rule(Trigger.REPEATED, 1, 3, within_days=30)
    cases = [complain(day, unit) for day in (0, 5, 10)]
    assert [run_sweep(FRIDAY + 10 * DAY).escalated for _ in range(2)] == [1, 0]
    assert raised(cases[-1]) == [("repeated", 1)]
    event = Event.objects.get(complaint=cases[-1], kind=LadderEvent.ESCALATED)
    assert event.data["trigger"] == "repeated"


def test_the_unit_rests_for_the_rule_s_days_after_a_raise(unit: Agency) -> None:
    rule(Trigger.REPEATED, 1, 3, within_days=30)
    for day in range(0, 50, 5):
        complain(day, unit)
        before = repeated()
        run_sweep(FRIDAY + day * DAY)
        assert repeated() - before == (1 if day in (10, 40) else 0), day
    assert repeated() == 2


@pytest.mark.parametrize("batch", [1, 1000])
def test_what_lapses_in_the_same_sweep_keeps_no_repetition_back(unit: Agency, batch: int) -> None:
    """The newest of the unit lapses in the batch of the one before it, or in one before that."""
    rule(Trigger.REPEATED, 1, 2, within_days=30)
    officer = factories.make_user(Role.OFFICER, unit)
    complain(0, unit)
    asked, second = complain(2, unit), complain(1, unit)
    handling.accept(asked.pk, actor=officer, handler=officer, now=FRIDAY + 2 * DAY)
    verification.ask_citizen(asked.pk, actor=officer, now=FRIDAY + 2 * DAY, question="Di mana?")
    handling.accept(second.pk, actor=officer, handler=officer, now=FRIDAY + 3 * DAY)
    assert run_sweep(FRIDAY + 60 * DAY, batch=batch).lapsed == 1
    assert raised(second) == [("repeated", 1)]


def repeated() -> int:
    return Escalation.objects.filter(trigger=Trigger.REPEATED).count()


@pytest.mark.parametrize(
    "change", [{"category": "lain"}, {"agency": "BAPENDA"}, {"kind": "information"}, {"days": 31}]
)
def test_another_matter_agency_kind_or_time_does_not_count(unit: Agency, change: dict[str, Any]) -> None:
    rule(Trigger.REPEATED, 1, 3, within_days=30, kind="complaint")
    fields: dict[str, Any] = {}
    if "category" in change:
        fields["category"] = factories.make_category("lain")
    if "kind" in change:
        fields["kind"] = "information"
    complain(0, factories.make_agency("BAPENDA") if "agency" in change else unit, **fields)
    last = change.get("days", 10)
    for day in (5, last):
        complain(day, unit)
    assert run_sweep(FRIDAY + DAY * last).escalated == 0


def test_what_was_taken_over_from_another_system_does_not_count(unit: Agency) -> None:
    rule(Trigger.REPEATED, 1, 3, within_days=30)
    old = complain(0, unit)
    Complaint.objects.filter(pk=old.pk).update(is_live=False, next_action_at=None)
    complain(5, unit), complain(10, unit)
    assert run_sweep(FRIDAY + 10 * DAY).escalated == 0
    complain(11, unit)
    assert run_sweep(FRIDAY + 11 * DAY).escalated == 1


def test_complaints_from_before_the_rule_are_not_held_against_anybody(unit: Agency) -> None:
    for day in (0, 1, 2):
        complain(day, unit)
    run_sweep(FRIDAY + 2 * DAY)
    rule(Trigger.REPEATED, 1, 3, within_days=30, valid_from=date(2026, 11, 24))
    assert run_sweep(FRIDAY + 4 * DAY).escalated == 0


def test_a_sweep_that_comes_weeks_late_finds_the_same_repetition(unit: Agency) -> None:
    rule(Trigger.REPEATED, 1, 3, within_days=30)
    cases = [complain(day, unit) for day in (0, 5, 10)]
    run_sweep(FRIDAY + 100 * DAY)
    assert raised(cases[-1]) == [("repeated", 1)]
    assert Escalation.objects.count() == 1


def test_it_goes_to_the_head_of_that_agency(unit: Agency) -> None:
    rule(Trigger.REPEATED, 1, 2, within_days=30)
    head: User = factories.make_user(Role.AGENCY_HEAD, unit)
    complain(0, unit), complain(1, unit)
    run_sweep(FRIDAY + DAY)
    assert staff_messages(user=head, template="escalation").count() == 1


def test_verification_that_drags_on_is_raised_by_its_share_too() -> None:
    rule(Trigger.SHARE, 2, 99, stage="verification")
    factories.make_user(Role.SUPERVISOR)
    case = factories.file_complaint()
    clock = Clock.objects.get(complaint=case, stage="verification")
    assert clock.due_at is not None
    assert sweep_until(clock.due_at) < clock.due_at
    assert raised(case)[0] == ("share", 2)


def test_a_new_rule_finds_the_repetition_of_its_own_day(unit: Agency) -> None:
    cases = [complain(day, unit) for day in (0, 1, 2)]
    run_sweep(FRIDAY + 2 * DAY)
    rule(Trigger.REPEATED, 1, 3, within_days=30, valid_from=date(2026, 11, 22))
    assert run_sweep(FRIDAY + 2 * DAY + HOUR).escalated == 1
    assert raised(cases[-1]) == [("repeated", 1)]
