"""What a replay says of a case, and what no proposal can do."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.clock.arithmetic import Pause, Target, Unit
from escalation.ladder.models import COUNTED, EscalationRule, Trigger
from escalation.whatif import policy as names
from escalation.whatif.figures import Sums, report
from escalation.whatif.policy import Policy, Rule, Rules
from escalation.whatif.replay import (
    RESOLUTION,
    STAGES,
    VERIFICATION,
    CaseFact,
    ClockFact,
    Outcome,
    Raised,
    repeated,
    replay,
)
from tests.whatif.cases import (
    CITY,
    MONDAY,
    NOW,
    TZ,
    case,
    cases,
    days,
    office,
    policy,
    resolution,
    sums_of,
    window,
)

DAY = timedelta(days=1)
BREACH = Rule(names.BREACH, 1)
CLIMB = Rule(names.UNACKNOWLEDGED, 2), Rule(names.UNACKNOWLEDGED, 3)
many = st.lists(cases(), min_size=1, max_size=6)


def closing(day: int) -> datetime:
    """The moment the office closes, so many days after MONDAY."""
    return office().closing((MONDAY + day * DAY).astimezone(TZ).date())


def raised(outcome: Outcome) -> list[tuple[object, int, str]]:
    return [(each.at, each.level, each.trigger) for each in outcome.raised]


def test_triggers_stages_and_fields_are_those_of_the_ladder() -> None:
    assert set(names.TRIGGERS) == set(Trigger.values) - {Trigger.BROUGHT_BACK}
    assert set(map(str, COUNTED)) == names.COUNTED
    fields = {field.name for field in EscalationRule._meta.get_fields()}
    assert {"kind", "trigger", "stage", "level", "amount", "unit", "within_days", "valid_from"} <= fields


def test_a_shorter_target_makes_a_case_late_that_was_in_time() -> None:
    done = MONDAY + 15 * DAY  # a Tuesday, eleven working days later
    one = case(resolution(14, done))
    shorter = policy(targets={("complaint", "", RESOLUTION): days(10)})
    assert replay(one, policy(), NOW).dues == (closing(18),)
    assert replay(one, shorter, NOW).dues == (closing(14),)
    sums = sums_of([one], policy(), shorter)
    assert (sums.in_force.late[RESOLUTION], sums.proposed.late[RESOLUTION]) == (0, 1)
    assert (sums.newly_late[RESOLUTION], sums.no_longer_late[RESOLUTION]) == (1, 0)


def test_what_a_decision_added_to_a_promise_stays_added() -> None:
    extended = case(resolution(19, extension=5))
    shorter = policy(targets={("complaint", "", RESOLUTION): days(10)})
    assert replay(extended, shorter, NOW).dues == (closing(21),)


def test_a_general_target_leaves_a_category_with_its_own_promise_alone() -> None:
    general = policy(targets={("complaint", "", RESOLUTION): days(5)})
    own = policy(targets={("complaint", "road", RESOLUTION): days(5)})
    promised = case(resolution(14), category="road", own_target=True)
    assert replay(promised, general, NOW).dues == (closing(18),)
    assert replay(promised, own, NOW).dues == (closing(7),)


def test_a_question_asked_after_the_answer_changes_nothing() -> None:
    done = MONDAY + 8 * DAY
    later = (Pause(done + DAY, done + 30 * DAY),)
    assert replay(case(resolution(5, done), pauses=later), policy(), NOW).dues == (closing(7),)


def test_a_missed_target_climbs_while_nobody_acknowledges_and_nobody_answers() -> None:
    ladder = policy(BREACH, *CLIMB)
    open_case, answered = case(resolution(5)), case(resolution(5, MONDAY + 11 * DAY))
    # Raised as the office closes, so the next working day is day zero: three working days count after it.
    assert raised(replay(open_case, ladder, NOW)) == [
        (closing(7), 1, "breach"),
        (closing(11), 2, "unacknowledged"),
        (closing(17), 3, "unacknowledged"),
    ]
    assert raised(replay(answered, ladder, NOW)) == [(closing(7), 1, "breach")]
    assert [each.climbed for each in replay(open_case, ladder, NOW).raised] == [False, True, True]


def test_a_share_used_comes_before_and_a_time_overdue_after_the_due_moment() -> None:
    ladder = policy(Rule(names.SHARE, 1, amount=50), Rule(names.OVERDUE, 2, amount=2))
    found = replay(case(resolution(4)), ladder, NOW).raised
    assert [(each.at, each.trigger) for each in found] == [(closing(2), "share"), (closing(8), "overdue")]


def test_nothing_is_raised_by_time_while_the_citizen_is_asked() -> None:
    ladder = policy(BREACH, Rule(names.SHARE, 1, amount=50), Rule(names.OVERDUE, 2, amount=2))
    asked = Pause(MONDAY + DAY, None)
    assert not replay(case(resolution(4), pauses=(asked,)), ladder, NOW).raised


def test_an_overdue_case_that_waits_for_its_citizen_is_raised_after_the_answer() -> None:
    ladder = policy(Rule(names.OVERDUE, 2, amount=2))
    asked = Pause(MONDAY + 5 * DAY, MONDAY + 20 * DAY)
    assert raised(replay(case(resolution(4), pauses=(asked,)), ladder, NOW)) == [(asked.end, 2, "overdue")]


def test_the_third_hand_back_is_one_too_many() -> None:
    checks = [
        ClockFact(VERIFICATION, 1, CITY, days(3), MONDAY + n * DAY, MONDAY + n * DAY + timedelta(hours=1))
        for n in range(4)
    ]
    ladder = policy(Rule(names.HANDED_BACK, 1, amount=3))
    assert raised(replay(case(*checks, resolution()), ladder, NOW)) == [(MONDAY + 3 * DAY, 1, "handed_back")]


def test_each_dispute_and_each_oversight_complaint_is_raised() -> None:
    ladder = policy(Rule(names.DISPUTED, 1), Rule(names.OVERSIGHT_KIND, 2, kind="oversight"))
    first, again = resolution(14, MONDAY + DAY), resolution(14, cycle=2, started=MONDAY + 3 * DAY)
    assert raised(replay(case(first, again), ladder, NOW)) == [(MONDAY + 3 * DAY, 1, "disputed")]
    oversight = case(first, again, kind="oversight")
    assert raised(replay(oversight, ladder, NOW))[0] == (MONDAY, 2, "oversight_kind")


def test_a_rule_counts_from_its_day_on_and_the_newer_one_takes_the_place_of_the_older() -> None:
    older = Rule(names.OVERDUE, 1, amount=2, valid_from=date(2020, 1, 1))
    newer = Rule(names.OVERDUE, 1, amount=5, valid_from=date(2026, 8, 10))
    rules = Rules([older, newer], TZ)
    before, after = MONDAY, MONDAY + 7 * DAY
    assert [rule.amount for rule in rules.fitting(before, names.OVERDUE, "complaint", RESOLUTION)] == [2]
    assert [rule.amount for rule in rules.fitting(after, names.OVERDUE, "complaint", RESOLUTION)] == [5]


def test_the_rule_for_a_kind_and_a_stage_counts_before_the_general_one() -> None:
    general, special = Rule(names.OVERDUE, 1, amount=2), Rule(names.OVERDUE, 1, kind="complaint", amount=7)
    staged = Rule(names.OVERDUE, 1, kind="complaint", stage=RESOLUTION, amount=9)
    rules = Rules([staged, special, general], TZ)
    found = {
        (kind, stage): rules.fitting(MONDAY, names.OVERDUE, kind, stage)[0].amount
        for kind in ("complaint", "aspiration")
        for stage in (RESOLUTION, VERIFICATION)
    }
    assert found == {
        ("complaint", RESOLUTION): 9,
        ("complaint", VERIFICATION): 7,
        ("aspiration", RESOLUTION): 2,
        ("aspiration", VERIFICATION): 2,
    }


def test_repeated_complaints_raise_the_newest_and_then_the_unit_rests() -> None:
    ladder = policy(Rule(names.REPEATED, 2, amount=3, within_days=10))
    came = [0, 4, 8, 9, 13, 17, 19]
    arrivals = [(MONDAY + n * DAY, "complaint", "road", "PUPR") for n in came]
    assert [(each.at - MONDAY).days for each in repeated(arrivals, ladder, NOW)] == [8, 19]
    scattered = [(MONDAY + n * DAY, "complaint", f"category-{n}", "PUPR") for n in came]
    assert not list(repeated(scattered, ladder, NOW))


def test_who_had_the_case_when_it_was_raised() -> None:
    held = ((MONDAY + DAY, "PUPR"), (MONDAY + 6 * DAY, "DLHK"))
    found = replay(case(resolution(3), holders=held), policy(BREACH, *CLIMB), NOW).raised
    assert [each.agency for each in found] == ["PUPR", "DLHK", "DLHK"]


@given(many, st.integers(1, 20), st.sampled_from(STAGES))
def test_longer_targets_never_make_more_late(found: list[CaseFact], more: int, stage: str) -> None:
    targets = {}
    for kind in ("complaint", "oversight"):
        clocks = [c for one in found if one.kind == kind for c in one.clocks if c.stage == stage]
        if clocks:
            longest = max(clock.target.amount for clock in clocks)
            unit = Unit.CALENDAR_DAYS if all(c.target.unit == Unit.CALENDAR_DAYS for c in clocks) else None
            if unit or all(c.target.unit == clocks[0].target.unit for c in clocks):
                targets[kind, "", stage] = Target(longest + more, clocks[0].target.unit)
    assert_no_later(sums_of(found, policy(), policy(targets=targets)))


@given(many, st.lists(st.integers(0, 100), max_size=8))
def test_another_day_off_never_makes_more_late(found: list[CaseFact], off: list[int]) -> None:
    shut = office(*((MONDAY + n * DAY).astimezone(TZ).date() for n in off))
    assert_no_later(sums_of(found, policy(), policy(calendar=shut)))


def assert_no_later(sums: Sums) -> None:
    assert not any(sums.newly_late.values())
    assert sums.proposed.late_cases <= sums.in_force.late_cases
    pairs = zip(sums.proposed.overdue, sums.in_force.overdue, strict=True)
    assert all(then <= now for then, now in pairs)
    # Not by agency: what becomes late later may lie with another by then.
    shares = (report(sums, window())["columns"][name]["on_time_share"] for name in ("in_force", "proposed"))
    now, then = shares
    for stage in STAGES:
        assert then[stage] is None or now[stage] is None or then[stage] >= now[stage]


@given(many, st.integers(1, 10), st.integers(0, 20))
def test_more_time_to_acknowledge_never_lets_more_climb(
    found: list[CaseFact], amount: int, more: int
) -> None:
    def ladder(time: int) -> Policy:
        return policy(Rule(names.BREACH, 1, acknowledge=days(time)), *CLIMB)

    sums = sums_of(found, ladder(amount), ladder(amount + more))
    for level in ("1", "2"):
        assert sum(sums.proposed.climbed[level]) <= sum(sums.in_force.climbed[level])
    assert sums.proposed.raised == sums.in_force.raised


@given(many, st.integers(1, 90), st.integers(1, 9))
def test_the_same_policy_twice_differs_in_nothing(found: list[CaseFact], share: int, overdue: int) -> None:
    rules = (BREACH, *CLIMB, Rule(names.SHARE, 1, amount=share), Rule(names.OVERDUE, 2, amount=overdue))
    sums = sums_of(found, policy(*rules), policy(*rules))
    assert sums.in_force == sums.proposed


@given(many)
def test_what_was_added_up_can_be_put_away_and_taken_up_again(found: list[CaseFact]) -> None:
    ladder = policy(BREACH, *CLIMB)
    whole, parts = sums_of(found, ladder, ladder), Sums.empty(window())
    for one in found:
        outcome = replay(one, ladder, window().until)
        parts = Sums.from_json(parts.to_json())
        parts.add(one, replay(one, ladder, window().until), outcome, outcome, window())
    assert (parts.in_force, parts.common) == (whole.in_force, whole.common)


@given(many)
def test_a_case_is_open_or_late_no_longer_than_somebody_had_to_act(found: list[CaseFact]) -> None:
    sums = sums_of(found, policy(BREACH), policy(BREACH))
    for late, waiting in zip(sums.in_force.overdue, sums.common.open, strict=True):
        assert late <= len(found) and waiting <= len(found)
    assert sum(sums.in_force.late.values()) <= sum(sums.common.ran.values())
    assert sum(map(sum, sums.in_force.heads.values())) == sum(sums.in_force.raised["1"])


@pytest.mark.parametrize("moment", [MONDAY - timedelta(microseconds=1), window().until])
def test_what_is_raised_outside_the_period_is_not_counted(moment: datetime) -> None:
    sums = Sums.empty(window())
    sums.actual.add_raised([Raised(moment, 1, "breach")], window(1))
    assert sum(sums.actual.raised["1"]) == 0
