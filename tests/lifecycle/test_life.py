"""A city lives: people do what they may in any order, time passes, the sweep comes or does not.

Whatever happens, every open case has an owner, a next due moment and a next level, the history fits,
and what is stored agrees with itself.
"""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django_fsm import can_proceed
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.integrity import check_integrity
from complaints.models import (
    Clock,
    Complaint,
    Event,
    EventKind,
    Holiday,
    OfficeCalendar,
    Service,
    ServiceLevel,
)
from complaints.services import citizen, handling, referral, system, verification
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.erasure import erase_person
from complaints.states import ACTIVE, OPEN, TERMINAL, State
from escalation.ladder import sweep as sweep_module
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.extending import allowance
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger, levels_of
from escalation.ladder.visit import Visit
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import FRIDAY
from tests.lifecycle import counts, kinship, model
from tests.lifecycle.staffing import Staffing
from tests.standards.people import service

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Killed(BaseException):
    """What a kill looks like from inside: nothing below catches it."""


class City(Staffing):
    """At most four cases, so that each goes far."""

    def __init__(self) -> None:
        super().__init__()
        self.now = FRIDAY
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        try:
            self.everything_fits_at_last()
        finally:
            connection.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize()
    def people(self) -> None:
        factories.make_city()
        for trigger, level, amount in (
            (Trigger.SHARE, 1, 60),
            (Trigger.BREACH, 1, 0),
            (Trigger.OVERDUE, 2, 3),
            (Trigger.DISPUTED, 1, 0),
            (Trigger.HANDED_BACK, 1, 2),
            (Trigger.UNACKNOWLEDGED, 2, 0),
            (Trigger.UNACKNOWLEDGED, 3, 0),
        ):
            self.write_rule(trigger, level, amount, date(2018, 1, 1))
        self.agencies = [factories.make_agency("PUPR"), factories.make_agency("DLHK")]
        self.verifier = factories.make_user(Role.VERIFIER)
        self.supervisor = factories.make_user(Role.SUPERVISOR)
        self.inspector = factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)
        for agency in self.agencies:
            factories.make_user(Role.OFFICER, agency)
            factories.make_user(Role.AGENCY_HEAD, agency)
        self.body = factories.make_agency("PLN", is_external=True)
        self.reasons = [factories.make_reason("in-court"), factories.make_reason("spam")]
        self.reasons[1].is_senders_own = True
        self.reasons[1].save()
        self.urgent = factories.make_category("pohon-tumbang")
        own = ServiceLevel.objects.get(kind="complaint")
        own.pk, own.category, own.resolution_amount = None, self.urgent, 2
        own.save()
        self.service = service()

    def write_rule(self, trigger: Trigger, level: int, amount: int, valid_from: date) -> None:
        stage = "resolution" if trigger in (Trigger.SHARE, Trigger.OVERDUE) else ""
        EscalationRule.objects.update_or_create(
            trigger=trigger,
            level=level,
            stage=stage,
            amount=amount,
            valid_from=valid_from,
            defaults={"is_active": True},
        )

    def pick(self, data: st.DataObject, **filters: object) -> Complaint | None:
        cases = list(Complaint.objects.filter(**filters).order_by("pk"))
        return data.draw(st.sampled_from(cases)) if cases else None

    @rule(hours=st.sampled_from([1, 7, 30, 100, 400]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_sweep_comes(self) -> None:
        result = run_sweep(self.now)
        assert result.failed == 0
        assert not Complaint.objects.filter(next_action_at__lte=self.now).exists()
        assert not list(model.missing(self.now))
        again = run_sweep(self.now)
        assert (again.due, again.planned) == (0, 0)

    @precondition(lambda self: Complaint.objects.exists())
    @rule()
    def everybody_looks_at_their_counts(self) -> None:
        counts.check_all(self.now)

    @precondition(lambda self: Complaint.objects.exists())
    @rule(sweeps=st.integers(1, 6), apart=st.sampled_from([1, 2, 5, 11]))
    def weeks_go_by(self, sweeps: int, apart: int) -> None:
        """Nobody does anything; the sweep comes each day, or misses some."""
        for _ in range(sweeps):
            self.now += timedelta(days=apart)
            self.the_sweep_comes()

    @precondition(lambda self: Complaint.objects.filter(next_action_at__lte=self.now).exists())
    @rule(stored=st.booleans())
    def the_sweep_dies(self, stored: bool) -> None:
        """In its second batch: before it is stored, or stored and not committed. The next one makes up for it."""
        good_store, batches = sweep_module._store, []

        def store(visits: list[Visit]) -> None:
            batches.append(visits)
            if len(batches) > 1 and not stored:
                raise Killed
            good_store(visits)
            if len(batches) > 1:
                raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweep_module, "_store", store)
            try:
                run_sweep(self.now, batch=1)
            except Killed:
                assert len(batches) == 2

    @rule(data=st.data())
    def the_rules_change(self, data: st.DataObject) -> None:
        """From today on, another amount; or one of them is switched off."""
        trigger, level, amounts = data.draw(
            st.sampled_from([(Trigger.SHARE, 1, [30, 60, 95]), (Trigger.OVERDUE, 2, [1, 3, 8])])
        )
        if data.draw(st.booleans()):
            today = model.local_day(self.now)
            EscalationRule.objects.filter(trigger=trigger, valid_from=today).update(is_active=False)
            self.write_rule(trigger, level, data.draw(st.sampled_from(amounts)), today)
        elif rules := list(EscalationRule.objects.filter(trigger=trigger, is_active=True).order_by("pk")):
            EscalationRule.objects.filter(pk=data.draw(st.sampled_from(rules)).pk).update(is_active=False)

    @rule(days=st.sampled_from([2, 7, 20]))
    def the_policy_changes(self, days: int) -> None:
        """For cases that come from tomorrow on; what was promised stays. The catalogue promises other days."""
        promised = dict(Complaint.objects.values_list("pk", "target_at"))
        level = ServiceLevel.objects.filter(kind="complaint", category=None).latest("valid_from")
        tomorrow = model.local_day(self.now) + timedelta(days=1)
        if level.valid_from < tomorrow:
            level.pk, level.valid_from = None, tomorrow
        level.resolution_amount, level.first_response_amount = days, max(1, days // 2)
        level.save()
        Service.objects.filter(pk=self.service.pk).update(promised_days=days)
        assert dict(Complaint.objects.values_list("pk", "target_at")) == promised

    @precondition(lambda self: Complaint.objects.count() < 4)
    @rule(anonymous=st.booleans())
    def somebody_files(self, anonymous: bool) -> None:
        about = None if anonymous else self.service
        factories.file_complaint(self.now, is_anonymous=anonymous, subject=f"Kasus {self.now}", service=about)

    @rule(data=st.data(), steps=st.integers(1, 4))
    def it_takes_its_usual_course(self, data: st.DataObject, steps: int) -> None:
        """Assigned, accepted, answered, disputed: so that the later states are reached often."""
        case = self.pick(data, state__in=sorted(OPEN), parent=None)
        for _ in range(steps if case else 0):
            case = Complaint.objects.get(pk=case.pk)
            if case.children.filter(state__in=sorted(ACTIVE)).exists():
                break
            if case.state == State.SUBMITTED:
                routing = verification.Routing(self.agencies[:1])
                verification.assign(case.pk, actor=self.verifier, now=self.now, routing=routing)
            elif case.state == State.ASSIGNED:
                officer = factories.officer_of(case)
                handling.accept(case.pk, actor=officer, now=self.now, handler=officer)
            elif case.state == State.IN_PROGRESS:
                handling.resolve(case.pk, actor=factories.officer_of(case), now=self.now, answer="Sudah")
            elif case.state == State.RESOLVED:
                citizen.dispute(case.pk, actor=Citizen(case.pk), now=self.now, why="Belum")
            self.now += timedelta(hours=5)

    @rule(data=st.data())
    def a_question_is_asked(self, data: st.DataObject) -> None:
        """Of a shared case also through a part, by whoever works on that."""
        case = self.pick(data, state__in=[State.SUBMITTED, State.IN_PROGRESS])
        if case:
            asker = self.verifier if case.state == State.SUBMITTED else factories.officer_of(case)
            whole = case.parent or case
            try:
                verification.ask_citizen(case.pk, actor=asker, now=self.now, question="Di mana?")
            except NotPossible:
                # A referral that came back; or it has been asked already, through another part.
                assert whole.receipt_digest is None or whole.state == State.AWAITING_CITIZEN
            else:
                assert Complaint.objects.get(pk=whole.pk).state == State.AWAITING_CITIZEN

    @rule(data=st.data())
    def the_citizen_answers(self, data: st.DataObject) -> None:
        case = self.pick(data, state=State.AWAITING_CITIZEN)
        if case:
            citizen.answer(case.pk, actor=Citizen(case.pk), now=self.now, text="Di pasar")

    @rule(data=st.data(), several=st.booleans())
    def it_is_assigned(self, data: st.DataObject, several: bool) -> None:
        case = self.pick(data, state=State.SUBMITTED)
        if case:
            agencies: list[Agency] = data.draw(st.permutations(self.agencies))
            put_right = self.urgent if data.draw(st.booleans()) else None
            routing = verification.Routing(agencies[: 2 if several else 1], category=put_right)
            try:
                verification.assign(case.pk, actor=self.verifier, now=self.now, routing=routing)
            except NotPossible:
                assert (
                    case.parent_id
                )  # a part goes to one agency, which has no other share, and is what its whole is

    @rule(data=st.data())
    def it_ends_with_the_verifier(self, data: st.DataObject) -> None:
        case = self.pick(data, state=State.SUBMITTED)
        if case and data.draw(st.booleans()):
            reason = data.draw(st.sampled_from(self.reasons))
            verification.reject(case.pk, actor=self.verifier, now=self.now, reason=reason, words="Maaf")

    @rule(data=st.data())
    def it_is_accepted_or_handed_back(self, data: st.DataObject) -> None:
        case = self.pick(data, state=State.ASSIGNED)
        if case is None:
            return
        officer = factories.officer_of(case)
        if data.draw(st.booleans()):
            handling.accept(case.pk, actor=officer, now=self.now, handler=officer)
        else:
            try:
                handling.hand_back(case.pk, actor=officer, now=self.now, why="Bukan kami")
            except NotPossible:
                assert case.children.filter(state__in=sorted(ACTIVE)).exists()

    @rule(data=st.data())
    def it_is_answered(self, data: st.DataObject) -> None:
        case = self.pick(data, state=State.IN_PROGRESS)
        if case:
            try:
                handling.resolve(case.pk, actor=factories.officer_of(case), now=self.now, answer="Sudah")
            except NotPossible:
                assert case.children.filter(state__in=sorted(ACTIVE)).exists()

    @rule(data=st.data(), content=st.booleans())
    def the_citizen_judges(self, data: st.DataObject, content: bool) -> None:
        case = self.pick(data, state=State.RESOLVED, parent=None)
        if case and content:
            citizen.confirm(case.pk, actor=Citizen(case.pk), now=self.now, rating=3)
        elif case:
            citizen.dispute(case.pk, actor=Citizen(case.pk), now=self.now, why="Belum")

    @rule(data=st.data(), referred=st.booleans())
    def it_leaves(self, data: st.DataObject, referred: bool) -> None:
        case = self.pick(data, state__in=sorted(OPEN))
        if case is None or data.draw(st.integers(0, 3)):
            return
        if referred:
            verification.refer(case.pk, actor=self.supervisor, now=self.now, body=self.body, reference="X-1")
        elif case.parent_id is None:
            citizen.withdraw(case.pk, actor=Citizen(case.pk), now=self.now)

    @rule(data=st.data(), answered=st.booleans())
    def what_was_referred_comes_back_or_not(self, data: st.DataObject, answered: bool) -> None:
        case = self.pick(data, state=State.REFERRED, outside_answer="")
        if case is None:
            return
        common: dict[str, Any] = {"actor": self.supervisor, "now": self.now, "words": "Ditanyakan"}
        try:
            (referral.settle_referral if answered else referral.bring_back)(case.pk, **common)
        except NotPossible:
            assert case.parent is not None and case.parent.state not in ACTIVE

    @rule(data=st.data())
    def a_citizen_is_erased(self, data: st.DataObject) -> None:
        case = self.pick(data, state__in=sorted(TERMINAL), parent=None, receipt_digest__isnull=False)
        if case and not data.draw(st.integers(0, 3)):
            erase_person(case.pk, by=None, now=self.now, reason="Diminta")

    @rule(data=st.data())
    def two_are_one(self, data: st.DataObject) -> None:
        case = self.pick(data, state=State.SUBMITTED, merged=None, parent=None)
        main = self.pick(data, state__in=sorted(OPEN), parent=None) if case else None
        if case and main and main != case:
            verification.merge(case.pk, actor=self.verifier, now=self.now, into=main.pk)

    @rule(data=st.data())
    def whose_case_was_merged_takes_it_back(self, data: st.DataObject) -> None:
        open_main = {"merged_into__state__in": sorted(OPEN)}
        case = self.pick(data, state=State.MERGED, receipt_digest__isnull=False, **open_main)
        if case and not data.draw(st.integers(0, 2)):
            citizen.withdraw(case.pk, actor=Citizen(case.pk), now=self.now, why="Sudah")

    @rule(data=st.data(), agrees=st.booleans())
    def whose_case_was_merged_judges_the_answer(self, data: st.DataObject, agrees: bool) -> None:
        """Also after the main case's citizen did."""
        judged = [State.RESOLVED, State.CLOSED, State.WITHDRAWN]
        case = self.pick(
            data, state=State.MERGED, merged_into__state__in=judged, receipt_digest__isnull=False
        )
        if case and case.merged_into:
            try:
                citizen.react_as_merged(
                    case.pk, actor=Citizen(case.pk), now=self.now, agrees=agrees, words="Belum"
                )
            except NotPossible:
                has_spoken = Event.objects.filter(complaint=case, kind=EventKind.RATED).exists()
                assert has_spoken or case.merged_into.state != State.RESOLVED

    @rule(data=st.data())
    def somebody_decides(self, data: st.DataObject) -> None:
        waiting = list(Escalation.objects.open().order_by("pk"))
        if not waiting:
            return
        escalation = data.draw(st.sampled_from(waiting))
        judges = [self.supervisor, self.inspector, self.supervisor]
        head = User.objects.filter(role=Role.AGENCY_HEAD, agency=escalation.complaint.agency_id).first()
        judges += [head] if head else []
        judge: User = data.draw(st.sampled_from([j for j in judges if escalation.level in levels_of(j)]))
        try:
            if data.draw(st.booleans()):
                acknowledge(escalation.pk, actor=judge, now=self.now)
            else:
                days = data.draw(st.sampled_from([1, 5, 10, 11, 20, 40, 41]))
                decision = data.draw(st.sampled_from(list(Decision)))
                agency = data.draw(st.sampled_from(self.agencies))
                ruling = Ruling(decision, "Segera", days, agency=agency, body=self.body, reference="X-2")
                with transaction.atomic():  # as a request's is; a refusal takes back what came before it
                    decide(escalation.pk, actor=judge, now=self.now, ruling=ruling)
        except (NotAllowed, NotPossible):
            pass

    @rule(data=st.data())
    def more_time_is_given(self, data: st.DataObject) -> None:
        """As much as the level of whoever decides may give, as long as it may."""
        waiting = list(Escalation.objects.open().order_by("pk"))
        escalation = data.draw(st.sampled_from(waiting)) if waiting else None
        heads = User.objects.filter(role=Role.AGENCY_HEAD, is_active=True).order_by("pk")
        judges = [self.supervisor, self.inspector, *heads]
        for judge in judges if escalation else ():
            case = Complaint.objects.visible_to(judge).filter(pk=escalation.complaint_id).first()
            if case is None or escalation.level not in levels_of(judge):
                continue
            if days := allowance(case, judge).days:
                ruling = Ruling(Decision.EXTEND, "Hujan", data.draw(st.integers(1, days)))
                with suppress(NotPossible), transaction.atomic():  # so few may lie in the past of a late one
                    decide(escalation.pk, actor=judge, now=self.now, ruling=ruling)
                return

    @rule(data=st.data(), ahead=st.integers(-12, 20))
    def a_day_off_is_declared(self, data: st.DataObject, ahead: int) -> None:
        """Ahead, or when it is over."""
        day = (self.now + timedelta(days=ahead)).date()
        calendar = OfficeCalendar.objects.get()
        if not Holiday.objects.filter(on=day).exists():
            Holiday.objects.create(calendar=calendar, on=day, name_id="Libur", name_en="Day off")
            for case in Complaint.objects.open():
                before = case.due_at
                system.move_deadlines(case.pk, by=None, now=self.now, reason="Libur mendadak")
                case.refresh_from_db()
                # A new day off never makes anything fall due sooner.
                assert before is None or (case.due_at is not None and case.due_at >= before)

    @invariant()
    def every_open_case_is_watched(self) -> None:
        for case in Complaint.objects.open():
            assert case.next_action_at is not None and case.next_level in (1, 2, 3)
            assert case.agency_id or case.state == State.SUBMITTED or case.returns_to == State.SUBMITTED
            assert case.due_at is not None
            assert any(can_proceed(getattr(case, verb)) for verb in ("refer", "withdraw"))

    @invariant()
    def each_has_the_promise_of_what_it_is(self) -> None:
        """With what was granted since, whatever it was filed as."""
        for clock in Clock.objects.filter(stopped_at=None, stage="resolution").select_related("complaint"):
            amount, unit = clock.complaint.policy["resolution"]
            assert (clock.amount - clock.extended_by, clock.unit) == (amount, unit)
            if clock.complaint.category_id == self.urgent.pk:
                assert amount == 2

    @invariant()
    def no_promise_moves_without_end(self) -> None:
        assert not list(model.moved_too_far())

    @invariant()
    def nobody_is_forgotten_with_another_s_case(self) -> None:
        assert not list(kinship.forgotten())
        assert not list(kinship.going_on())

    @invariant()
    def parts_go_with_their_lead(self) -> None:
        assert not list(kinship.astray())
        assert not list(kinship.asked_in_vain())

    @invariant()
    def nothing_is_raised_twice(self) -> None:
        assert not model.doubled()

    def everything_fits(self) -> None:
        super().everything_fits()
        self.what_is_stored_agrees_with_itself()

    def what_is_stored_agrees_with_itself(self) -> None:
        with mock.patch("django.utils.timezone.now", return_value=self.now):  # the city is played ahead
            broken = check_integrity()
        broken.pop("open_case_nobody_watches")
        broken.pop("file_without_row")  # other tests' files
        assert not any(broken.values()), broken
        for case in Complaint.objects.all():
            assert Event.objects.filter(complaint=case).count() == case.version


class Kin(City):
    """The same city, in which a shared case that two others were merged into is under way already."""

    @initialize()
    def people(self) -> None:
        City.people(self)
        lead, *others = (
            factories.file_complaint(self.now, is_anonymous=anonymous) for anonymous in (False, True, False)
        )
        routing = verification.Routing(self.agencies)
        verification.assign(lead.pk, actor=self.verifier, now=self.now, routing=routing)
        lead.refresh_from_db()
        for case in (lead, *lead.children.all()):
            officer = factories.officer_of(case)
            handling.accept(case.pk, actor=officer, now=self.now, handler=officer)
        for case in others:
            verification.merge(case.pk, actor=self.verifier, now=self.now, into=lead.pk)


class Late(City):
    """The same, in which one case is late and before every level, one lies with another body that did not answer, and
    the citizen of a shared one is asked through its part."""

    @initialize()
    def people(self) -> None:
        City.people(self)
        late, elsewhere = (factories.file_complaint(self.now) for _ in range(2))
        common: dict[str, Any] = {"actor": self.verifier, "now": self.now}
        verification.assign(late.pk, routing=verification.Routing(self.agencies[:1]), **common)
        verification.refer(elsewhere.pk, body=self.body, reference="X-1", **common)
        self.now += timedelta(days=33)
        run_sweep(self.now)
        shared = factories.file_complaint(self.now)
        common["now"] = self.now
        verification.assign(shared.pk, routing=verification.Routing(self.agencies), **common)
        part = shared.children.get()
        officer = factories.officer_of(part)
        handling.accept(part.pk, actor=officer, now=self.now, handler=officer)
        verification.ask_citizen(part.pk, actor=officer, now=self.now, question="Yang mana?")


class Chosen(st.DataObject):
    """Draws what it was told to, so that rules which draw can be played by hand."""

    def __init__(self, *values: object) -> None:
        self.values = iter(values)

    def draw(self, strategy: object, label: object = None) -> Any:
        return next(self.values)


def test_a_case_is_answered_and_disputed_between_two_sweeps() -> None:
    """What the free search found first: the escalation from before the answer neither was lifted nor climbed."""
    city = City()
    try:
        city.people()
        city.somebody_files(anonymous=False)
        case = Complaint.objects.get()
        city.it_takes_its_usual_course(Chosen(case), steps=2)
        city.weeks_go_by(sweeps=4, apart=11)
        assert Escalation.objects.open().exists()
        city.it_takes_its_usual_course(Chosen(case), steps=2)
        city.weeks_go_by(sweeps=6, apart=5)
        assert set(Escalation.objects.open().values_list("trigger", flat=True)) >= {Trigger.DISPUTED}
        city.everybody_looks_at_their_counts()
        city.every_open_case_is_watched()
        city.what_is_stored_agrees_with_itself()
    finally:
        city.teardown()


CityTest = City.TestCase
# The machine is the same on both databases, and on PostgreSQL a life of these takes a quarter of a minute and more.
KinTest = pytest.mark.long(Kin.TestCase)
LateTest = pytest.mark.long(Late.TestCase)
# The whole run has a quarter of an hour for both.
FEWER = 1 if connection.vendor == "sqlite" else 3
# Shrinking a failure of these machines takes minutes; add Phase.shrink to look for the shortest one.
for _machine, _share in ((CityTest, 20), (KinTest, 25), (LateTest, 20)):
    _machine.settings = hypothesis_settings(
        max_examples=max(hypothesis_settings().max_examples // _share // FEWER, 1),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
del _machine  # pytest would take it for one test more
