"""The replay of the policy in force says what is on record: for cases driven at random.

For the demo city too: see tests/test_demo_city.py.
"""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db.models import Min

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.clock.arithmetic import Target, Unit
from complaints.models import Clock, Complaint, Holiday, ServiceLevel
from complaints.services import citizen, handling, verification
from complaints.services.change import NotPossible
from complaints.states import State
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from escalation.whatif.collect import Reader, cases_in, policy_in_force
from escalation.whatif.figures import Window
from escalation.whatif.proposal import Proposal
from escalation.whatif.replay import is_late, replay
from escalation.whatif.running import Question, answer
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.whatif.cases import TZ

pytestmark = [pytest.mark.django_db, pytest.mark.long]

UNTIL = FRIDAY + 100 * DAY
SINCE = date(2018, 1, 1)
# Midnight in the city, when a newer rule begins.
CHANGE = datetime(2026, 12, 20, tzinfo=TZ)


def make_ladder() -> None:
    make = EscalationRule.objects.create
    for trigger, level, amount in (
        (Trigger.SHARE, 1, 90),
        (Trigger.BREACH, 1, 0),
        (Trigger.OVERDUE, 2, 5),
        (Trigger.OVERDUE, 3, 12),
        (Trigger.DISPUTED, 1, 0),
        (Trigger.HANDED_BACK, 1, 2),
        (Trigger.UNACKNOWLEDGED, 2, 0),
        (Trigger.UNACKNOWLEDGED, 3, 0),
    ):
        make(trigger=trigger, level=level, amount=amount, valid_from=SINCE)
    # From a day in the middle on, another one takes its place.
    make(trigger=Trigger.OVERDUE, level=2, amount=9, valid_from=CHANGE.date())


def sweep_until(moment: datetime) -> None:
    """As the worker does, only that each sweep comes at the very moment at which something falls due."""
    while True:
        due = Complaint.objects.aggregate(due=Min("next_action_at"))["due"]
        if due is None or due > moment:
            return
        run_sweep(due)


class Life:
    """One case: at random moments somebody does what its state allows."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.verifier = factories.make_user(Role.VERIFIER)
        self.agencies = [factories.make_agency(code) for code in ("PUPR", "DLHK")]
        self.officers = [factories.make_user(Role.OFFICER, agency) for agency in self.agencies]

    def act(self, pk: int, now: datetime) -> None:
        case, rng = Complaint.objects.get(pk=pk), self.rng
        officer = next((o for o in self.officers if o.agency_id == case.agency_id), self.officers[0])
        if case.state == State.SUBMITTED:
            if rng.random() < 0.2:
                verification.ask_citizen(pk, actor=self.verifier, now=now, question="Di mana?")
            else:
                routing = verification.Routing([rng.choice(self.agencies)])
                verification.assign(pk, actor=self.verifier, now=now, routing=routing)
        elif case.state == State.ASSIGNED:
            if rng.random() < 0.4:
                handling.hand_back(pk, actor=officer, now=now, why="Bukan kami")
            else:
                handling.accept(pk, actor=officer, now=now, handler=officer)
        elif case.state == State.IN_PROGRESS:
            if rng.random() < 0.4:
                verification.ask_citizen(pk, actor=officer, now=now, question="Kapan?")
            else:
                handling.resolve(pk, actor=officer, now=now, answer="Sudah")
        elif case.state == State.AWAITING_CITIZEN:
            citizen.answer(pk, actor=Citizen(pk), now=now, text="Di sini")
        elif case.state == State.RESOLVED and rng.random() < 0.5:
            citizen.dispute(pk, actor=Citizen(pk), now=now, why="Belum")


def play(seed: int, cases: int = 5) -> None:
    rng = Random(seed)
    factories.make_city()
    make_ladder()
    life = Life(rng)
    plan: list[tuple[datetime, datetime | None]] = [(CHANGE, CHANGE)]
    for _ in range(cases):
        start = FRIDAY + timedelta(minutes=rng.randrange(20 * 24 * 60))
        steps = sorted(start + timedelta(minutes=rng.randrange(70 * 24 * 60)) for _ in range(7))
        plan.append((start, None))
        plan += [(step, start) for step in steps]
    filed: dict[datetime, int] = {}
    for moment, came in sorted(plan, key=lambda step: step[0]):
        sweep_until(moment)
        if came is CHANGE:
            run_sweep(moment)  # the first one under the new rules looks at every case anew
        elif came is None:
            filed[moment] = factories.file_complaint(moment).pk
        else:
            try:
                life.act(filed[came], moment)
            except NotPossible:
                continue
    sweep_until(UNTIL)


def facts(until: datetime = UNTIL) -> tuple[list, Window]:
    window = Window.of(date(2026, 11, 1), date(2027, 3, 31), TZ, until)
    found = Reader().facts(cases_in(window, None), 0, 10_000)
    assert len(found) == Complaint.objects.filter(is_live=True).count()
    return found, window


@pytest.mark.parametrize("seed", range(4))
def test_the_replay_tells_a_random_life_as_it_was(seed: int) -> None:
    """One life for all three, since it takes longer to live than to tell."""
    play(seed)
    check_each_due_moment_and_each_escalation()
    check_that_the_policy_in_force_makes_no_difference()
    check_rows_entered_for_a_later_day_on_the_past()


def check_each_due_moment_and_each_escalation() -> None:
    found, _window = facts()
    in_force = policy_in_force()
    assert Escalation.objects.filter(trigger=Trigger.UNACKNOWLEDGED).exists()
    for pk, case in found:
        outcome = replay(case, in_force, UNTIL + timedelta(microseconds=1))
        assert list(outcome.dues) == [clock.due for clock in case.clocks]
        # Nobody acknowledged anything, so what climbs in the replay did climb.
        rows = Escalation.objects.filter(complaint=pk).values_list("raised_at", "level", "trigger")
        assert sorted((r.at, r.level, r.trigger) for r in outcome.raised) == sorted(rows)
        breached = Clock.objects.filter(complaint=pk, breached_at__isnull=False).count()
        assert sum(
            is_late(due, clock, UNTIL) for due, clock in zip(outcome.dues, case.clocks, strict=True)
        ) == (breached)


def check_that_the_policy_in_force_makes_no_difference() -> None:
    question = Question(date(2026, 11, 1), date(2027, 1, 31), None, Proposal(), UNTIL)
    columns = answer(question)["columns"]
    assert columns["actual"]["late_cases"] > 0
    assert columns["actual"] == columns["in_force"] == columns["proposed"]


def check_rows_entered_for_a_later_day_on_the_past() -> None:
    day = date(2027, 6, 1)
    level = ServiceLevel.objects.get(kind="complaint")
    level.pk, level.valid_from, level.resolution_amount = None, day, 2
    level._state.adding = True
    level.save()
    first, last = date(2026, 11, 1), date(2027, 1, 31)
    tried = answer(Question(first, last, None, Proposal(as_on=day), UNTIL))
    by_hand = Proposal(targets={("complaint", "", "resolution"): Target(2, Unit.WORKING_DAYS)})
    assert tried["newly_late"]["resolution"] > 0
    assert tried["newly_late"] == answer(Question(first, last, None, by_hand, UNTIL))["newly_late"]


def test_days_off_entered_after_the_fact_show_as_an_error_of_the_replay() -> None:
    case = factories.file_complaint(FRIDAY)
    routing = verification.Routing([factories.make_agency()])
    # Ten days later, when three working days were due.
    verifier = factories.make_user(Role.VERIFIER)
    verification.assign(case.pk, actor=verifier, now=FRIDAY + 10 * DAY, routing=routing)
    calendar = factories.make_city()
    for day in range(1, 8):
        Holiday.objects.create(calendar=calendar, on=(FRIDAY + day * DAY).date(), name_id="Libur", name_en="")
    question = Question(date(2026, 11, 1), date(2026, 12, 1), None, Proposal(), UNTIL)
    columns = answer(question)["columns"]
    assert columns["actual"]["late"]["verification"] == 1
    assert columns["in_force"]["late"]["verification"] == columns["proposed"]["late"]["verification"] == 0


def test_only_cases_of_the_agency_and_the_period_are_counted() -> None:
    factories.resolved(FRIDAY)
    factories.resolved(FRIDAY, factories.make_agency("DLHK"))
    factories.resolved(FRIDAY + 30 * DAY)
    pupr = factories.make_agency("PUPR")
    only = Question(date(2026, 11, 1), date(2026, 11, 30), pupr, Proposal(), UNTIL)
    assert answer(only)["cases"] == 1
    assert answer(Question(only.first, only.last, None, Proposal(), UNTIL))["cases"] == 2


def test_history_of_another_system_is_left_out() -> None:
    case = factories.resolved(FRIDAY)
    Complaint.objects.filter(pk=case.pk).update(is_live=False)
    assert answer(Question(date(2026, 11, 1), date(2026, 11, 30), None, Proposal(), UNTIL))["cases"] == 0
