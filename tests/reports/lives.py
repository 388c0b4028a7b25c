"""A city lives for most of a year, by chance and by its real services: cases, and beside them all that a report counts
of promises, recommendations, forums, surveys and call-backs. What is refused is passed over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.clock.city_time import day_of
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.recording import record_own_rows
from complaints.models import Area, Complaint
from complaints.models.complaint import Channel, Conflict
from complaints.services import citizen, correction, handling, reassignment, referral, verification
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.erasure import erase_person
from complaints.states import ACTIVE, OPEN, TERMINAL, State
from config.worker import hand_over
from escalation.callbacks import services as call_backs
from escalation.callbacks.drawing import work_call_backs
from escalation.callbacks.models import CallBackItem, Said
from escalation.ladder.decisions import Ruling, acknowledge, decide
from escalation.ladder.extending import allowance
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger, levels_of
from escalation.promises.models.commitment import Commitment, CommitmentKind
from escalation.promises.models.recommendation import Maladministration, Recommendation, Verdict
from escalation.promises.services import commitments, recommendations
from escalation.sweep import run_sweep
from surveys.aftercase import services as after_case
from surveys.aftercase.models import AfterCase
from surveys.aftercase.sweep import ask_after_cases
from surveys.forums.inputs.choices import DeclineReason, HideReason
from surveys.forums.inputs.services import answering, gathering, moderating
from surveys.forums.models import Finding, Forum, ForumInput
from surveys.index.services import refresh_results
from surveys.questionnaires.answering import Reading
from surveys.rounds import services as rounds
from surveys.rounds.models import Round
from tests import factories
from tests.standards.people import service
from tests.surveys.questions import national
from tests.surveys.rounds.people import answer, steps
from tests.voices.people import make_forum, said

BEGAN = datetime(2026, 5, 29, 1, 0, tzinfo=UTC)
REFUSED = (
    NotAllowed,
    NotPossible,
    Conflict,
    Complaint.DoesNotExist,
    Escalation.DoesNotExist,
    Commitment.DoesNotExist,
    Recommendation.DoesNotExist,
    ForumInput.DoesNotExist,
    Finding.DoesNotExist,
    Round.DoesNotExist,
    CallBackItem.DoesNotExist,
)
KINDS = ["complaint"] * 6 + ["aspiration", "information", "oversight"]


class Lives:
    """One city. `done`: how often each thing happened."""

    def __init__(self, seed: int) -> None:
        self.chance, self.now = Random(seed), BEGAN
        self.done: dict[str, int] = {}
        self.closings = 0
        self._settle()

    def _settle(self) -> None:
        factories.make_city()
        record_own_rows(BEGAN)
        national()
        for trigger, level, amount in (
            (Trigger.SHARE, 1, 60),
            (Trigger.BREACH, 1, 0),
            (Trigger.DISPUTED, 1, 0),
        ):
            stage = "resolution" if trigger == Trigger.SHARE else ""
            EscalationRule.objects.create(
                trigger=trigger, level=level, stage=stage, amount=amount, valid_from=date(2018, 1, 1)
            )
        city = Area.objects.create(code="53.71", level="city", name="Kota")
        for n in (1, 2, 99):  # of the last one nobody knows how many live there
            district = Area.objects.create(code=f"53.71.{n:02}", level="district", name=f"D{n}", parent=city)
            Area.objects.create(code=f"53.71.{n:02}.1001", level="ward", name=f"W{n}", parent=district)
        self.line = factories.make_agency("PUPR")
        for code, parent in (("PUPR", None), ("BINA", self.line), ("DLHK", None), ("DISH", None)):
            self._staffed(factories.make_agency(code, parent=parent))
        factories.make_agency("INSP", is_oversight=True)
        self.body = factories.make_agency("PLN", is_external=True)
        self.verifier, self.clerk = factories.make_user(Role.VERIFIER), factories.make_user(Role.CLERK)
        self.supervisors = [
            factories.make_user(Role.SUPERVISOR, seat=s) for s in ("", Seat.INSPECTORATE, Seat.OMBUDSMAN)
        ]
        self.reasons = [factories.make_reason("spam"), factories.make_reason("in-court")]
        self.categories = [factories.make_category(code) for code in ("jalan-rusak", "sampah")]
        self.service = service()
        make_forum(self.line)
        make_forum(Agency.objects.get(code="DLHK"), "sampah")

    def _staffed(self, agency: Agency) -> None:
        factories.make_user(Role.OFFICER, agency)
        factories.make_user(Role.AGENCY_HEAD, agency)

    # What goes on by itself

    def live(self, steps: int) -> None:
        acts = self._acts()
        names = [name for name, (often, _act) in acts.items() for _n in range(often)]
        for _n in range(steps):
            self.now += timedelta(hours=self.chance.choice((1, 3, 9, 20)))
            name = self.chance.choice(names)
            try:
                with transaction.atomic():
                    acts[name][1]()
                    self.done[name] = self.done.get(name, 0) + 1
            except (*REFUSED, IndexError):  # or there was nothing to choose from
                pass
            if self.chance.random() < 0.25:
                self.night()

    def night(self) -> None:
        assert run_sweep(self.now).failed == 0
        hand_over(self.now)
        rounds.go_by_day(self.now)
        refresh_results(self.now)
        ask_after_cases(self.now)
        if work_call_backs(self.now):
            make_checkpoint(self.now)
            work_call_backs(self.now)

    def _acts(self) -> dict[str, tuple[int, Callable[[], Any]]]:
        """Each with how often, of all."""
        return {
            "file": (18, self.file),
            "go on": (40, self.go_on),
            "ask": (3, self.ask),
            "answer question": (3, self.answer_question),
            "hand back": (2, self.hand_back),
            "share": (3, self.share),
            "merge": (4, self.merge),
            "merged speaks": (3, self.merged_speaks),
            "withdraw": (2, self.withdraw),
            "reject": (1, self.reject),
            "refer": (2, self.refer),
            "comes back": (2, self.comes_back),
            "judge answer": (7, self.judge_answer),
            "erase": (1, self.erase),
            "correct": (2, self.correct),
            "move": (2, self.move),
            "decide": (6, self.decide),
            "extend": (5, self.extend),
            "promise": (4, self.promise),
            "report promise": (3, self.report_promise),
            "judge promise": (4, self.judge_promise),
            "recommend": (3, self.recommend),
            "answer advice": (3, self.answer_advice),
            "judge advice": (3, self.judge_advice),
            "say": (6, self.say),
            "gather": (2, self.gather),
            "decide input": (4, self.decide_input),
            "decide finding": (3, self.decide_finding),
            "pass on": (1, self.pass_on),
            "hide": (1, self.hide),
            "round": (2, self.round),
            "change round": (2, self.change_round),
            "after case": (9, self.after_case),
            "call back": (6, self.call_back),
            "rename": (1, self.rename),
            "close agency": (1, self.close_agency),
        }

    def pick(self, rows: Any) -> Any:
        return self.chance.choice(list(rows.order_by("pk")))

    def case(self, *states: str, **filters: Any) -> Complaint:
        if states:
            filters["state__in"] = sorted(states)
        found: Complaint = self.pick(Complaint.objects.filter(**filters))
        return found

    def agency(self) -> Agency:
        found: Agency = self.pick(
            Agency.objects.filter(is_active=True, is_external=False, is_oversight=False)
        )
        return found

    def head(self, agency: Agency | None) -> User:
        assert agency is not None
        found: User = self.pick(User.objects.filter(agency=agency, role=Role.AGENCY_HEAD, is_active=True))
        return found

    # Cases

    def file(self) -> None:
        anonymous = self.chance.random() < 0.3
        typed = self.chance.random() < 0.2
        factories.file_complaint(
            self.now,
            actor=self.clerk if typed else None,
            email="" if anonymous else "ani@example.com",
            is_anonymous=anonymous,
            kind=self.chance.choice(KINDS),
            channel=Channel.COUNTER if typed else Channel.WEB,
            area=self.chance.choice([None, *Area.objects.order_by("pk")]),
            category=self.chance.choice([None, *self.categories]),
            service=self.chance.choice([None, self.service]),
        )

    def go_on(self) -> None:
        case = self.case(State.SUBMITTED, State.ASSIGNED, State.IN_PROGRESS)
        if case.state == State.SUBMITTED:
            routing = verification.Routing(
                [self.agency()], category=self.chance.choice([None, *self.categories])
            )
            verification.assign(case.pk, actor=self.verifier, now=self.now, routing=routing)
        elif case.state == State.ASSIGNED:
            officer = factories.officer_of(case)
            handling.accept(case.pk, actor=officer, now=self.now, handler=officer)
        else:
            handling.resolve(
                case.pk, actor=factories.officer_of(case), now=self.now, answer="Sudah diperbaiki."
            )

    def ask(self) -> None:
        case = self.case(State.SUBMITTED, State.IN_PROGRESS)
        asker = self.verifier if case.state == State.SUBMITTED else factories.officer_of(case)
        verification.ask_citizen(case.pk, actor=asker, now=self.now, question="Di mana?")

    def answer_question(self) -> None:
        case = self.case(State.AWAITING_CITIZEN)
        citizen.answer(case.pk, actor=Citizen(case.pk), now=self.now, text="Di pasar")

    def hand_back(self) -> None:
        case = self.case(State.ASSIGNED, State.IN_PROGRESS)
        handling.hand_back(case.pk, actor=factories.officer_of(case), now=self.now, why="Bukan kami")

    def share(self) -> None:
        case = self.case(State.SUBMITTED, parent=None)
        routing = verification.Routing(list({a.pk: a for a in (self.agency(), self.agency())}.values()))
        verification.assign(case.pk, actor=self.verifier, now=self.now, routing=routing)

    def merge(self) -> None:
        case = self.case(State.SUBMITTED, merged=None, parent=None)
        into = self.pick(Complaint.objects.filter(state__in=sorted(OPEN), parent=None).exclude(pk=case.pk))
        verification.merge(case.pk, actor=self.verifier, now=self.now, into=into.pk)

    def merged_speaks(self) -> None:
        case = self.case(State.MERGED)
        agrees = self.chance.random() < 0.4
        citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=self.now, agrees=agrees, words="Belum")

    def withdraw(self) -> None:
        case = self.case(*OPEN, State.MERGED, parent=None)
        citizen.withdraw(case.pk, actor=Citizen(case.pk), now=self.now)

    def reject(self) -> None:
        case = self.case(State.SUBMITTED)
        reason = self.chance.choice(self.reasons)
        verification.reject(case.pk, actor=self.verifier, now=self.now, reason=reason, words="Maaf")

    def refer(self) -> None:
        case = self.case(*OPEN)
        verification.refer(case.pk, actor=self.supervisors[0], now=self.now, body=self.body, reference="X-1")

    def comes_back(self) -> None:
        case = self.case(State.REFERRED, outside_answer="")
        act = self.chance.choice((referral.settle_referral, referral.bring_back))
        act(case.pk, actor=self.supervisors[0], now=self.now, words="Ditanyakan")

    def judge_answer(self) -> None:
        case = self.case(State.RESOLVED, parent=None)
        if self.chance.random() < 0.5:
            rating = self.chance.choice([None, 1, 3, 4])
            citizen.confirm(case.pk, actor=Citizen(case.pk), now=self.now, rating=rating)
        else:
            citizen.dispute(case.pk, actor=Citizen(case.pk), now=self.now, why="Belum")

    def erase(self) -> None:
        case = self.case(*TERMINAL, parent=None, receipt_digest__isnull=False)
        whole = self.chance.random() < 0.5
        erase_person(case.pk, by=None, now=self.now, reason="Diminta", everything=whole)

    def correct(self) -> None:
        case = self.case(*ACTIVE, parent=None)
        put_right = correction.Correction(
            case.subject, case.location, self.pick(Area.objects.all()), self.chance.choice(self.categories)
        )
        correction.correct(case.pk, actor=self.verifier, now=self.now, corrected=put_right, reason="Salah")

    def move(self) -> None:
        case = self.case(State.ASSIGNED, State.IN_PROGRESS)
        reassignment.reassign(
            case.pk, actor=self.supervisors[0], now=self.now, agency=self.agency(), words="Ini"
        )

    def _judges(self, raised: Escalation) -> list[User]:
        heads = User.objects.filter(role=Role.AGENCY_HEAD, agency=raised.complaint.agency_id, is_active=True)
        return [each for each in [*self.supervisors, *heads] if raised.level in levels_of(each)]

    def decide(self) -> None:
        raised = self.pick(Escalation.objects.open())
        judge = self.chance.choice(self._judges(raised))
        if self.chance.random() < 0.3:
            acknowledge(raised.pk, actor=judge, now=self.now)
            return
        decision = self.chance.choice([each for each in Decision if each != Decision.EXTEND])
        ruling = Ruling(decision, "Segera", 5, agency=self.agency(), body=self.body, reference="X-2")
        decide(raised.pk, actor=judge, now=self.now, ruling=ruling)

    def extend(self) -> None:
        raised = self.pick(Escalation.objects.open())
        judge = self.chance.choice(self._judges(raised))
        days = allowance(raised.complaint, judge).days
        decide(raised.pk, actor=judge, now=self.now, ruling=Ruling(Decision.EXTEND, "Hujan", days))

    # What agencies owe

    def _day(self) -> date:
        return day_of(self.now) + timedelta(days=self.chance.choice((1, 5, 20, 45, 80)))

    def promise(self, findings: tuple[Finding, ...] = ()) -> None:
        agency = findings[0].agency if findings else self.agency()
        head = self.head(agency)
        behind = Complaint.objects.filter(agency=agency).order_by("pk").values_list("pk", flat=True)
        cases = tuple(self.chance.sample(list(behind), min(1, len(behind)))) if not findings else ()
        kind = self.chance.choice(list(CommitmentKind))
        new = commitments.NewCommitment(
            agency, kind, "Loket buka", "", head, self._day(), cases=cases, findings=findings
        )
        commitments.make(new, actor=head, now=self.now)

    def report_promise(self) -> None:
        row = self.pick(Commitment.objects.filter(state="open"))
        commitments.report(row.pk, actor=self.head(row.agency), now=self.now, words="Sudah.")

    def judge_promise(self) -> None:
        row = self.pick(Commitment.objects.filter(ended_at=None))
        finding = self.chance.choice(list(commitments.Finding))
        commitments.judge(row.pk, actor=self.supervisors[0], now=self.now, finding=finding, words="Dilihat.")

    def recommend(self) -> None:
        cases = list(Complaint.objects.order_by("pk").values_list("pk", flat=True))
        advice = recommendations.Advice(
            self.agency(),
            "Loket",
            "Tutup",
            "Buka",
            self.chance.choice(list(Maladministration)),
            self._day(),
            (self.chance.choice(cases),),
        )
        recommendations.issue(advice, actor=self.supervisors[0], now=self.now)

    def answer_advice(self) -> None:
        row = self.pick(Recommendation.objects.filter(ended_at=None))
        recommendations.answer(row.pk, actor=self.head(row.agency), now=self.now, accepts=True, words="Ya")

    def judge_advice(self) -> None:
        row = self.pick(Recommendation.objects.filter(ended_at=None))
        actor = self.supervisors[0]
        if self.chance.random() < 0.2:
            recommendations.withdraw(row.pk, actor=actor, now=self.now, words="Ditarik")
            return
        again = self._day() if self.chance.random() < 0.3 else None
        verdict = self.chance.choice(list(Verdict))
        judgement = recommendations.Judgement(verdict, "Dilihat", again)
        recommendations.judge(row.pk, actor=actor, now=self.now, judgement=judgement)

    # What people say

    def say(self) -> None:
        who = self.chance.choice(["", "ani@example.com"])
        fields: dict[str, Any] = {"email": who, "confirmed": True, "in_own_name": bool(who)} if who else {}
        said(self.pick(Forum.objects), now=self.now, **fields)

    def _answerer(self, agency: Agency | None) -> User:
        return self.head(agency)

    def gather(self) -> None:
        first = self.pick(ForumInput.objects.waiting().filter(finding=None))
        rows = ForumInput.objects.waiting().filter(finding=None, agency=first.agency, forum=first.forum)[:3]
        actor = self.head(first.agency or first.forum.agency)
        gathering.gather([row.pk for row in rows], "Jam", actor=actor, now=self.now)

    def decide_input(self) -> None:
        row = self.pick(ForumInput.objects.waiting().filter(finding=None))
        actor = self.head(row.agency or row.forum.agency)
        about = answering.about_input(row.pk, actor=actor)
        how = self.chance.random()
        if how < 0.4:
            answering.answer(about, actor=actor, now=self.now, words="Ya")
        elif how < 0.7:
            why = self.chance.choice(list(DeclineReason))
            answering.decline(about, actor=actor, now=self.now, reason=why, words="Maaf")
        else:
            answering.become_case(about, answering.NewCase("Jam"), actor=actor, now=self.now)

    def decide_finding(self) -> None:
        finding = self.pick(Finding.objects.undecided())
        if self.chance.random() < 0.7:
            self.promise((finding,))
            return
        actor = self.head(finding.agency)
        about = answering.about_finding(finding.pk, actor=actor)
        answering.become_case(about, answering.NewCase("Jam"), actor=actor, now=self.now)

    def pass_on(self) -> None:
        row = self.pick(ForumInput.objects.waiting().filter(finding=None))
        actor = self.head(row.agency or row.forum.agency)
        answering.pass_on(row.pk, actor=actor, now=self.now, agency=self.agency())

    def hide(self) -> None:
        row = self.pick(ForumInput.objects.exclude(visibility="hidden"))
        reason = self.chance.choice(list(HideReason))
        moderating.hide(row.pk, actor=self.supervisors[0], now=self.now, reason=reason)

    def round(self) -> None:
        agency, today = self.agency(), day_of(self.now)
        closes = today + timedelta(days=self.chance.choice((10, 31)))
        enter = closes + timedelta(days=self.chance.randint(0, 5)) if self.chance.random() < 0.5 else None
        new = rounds.NewRound(national(), agency, today, closes, enter_until=enter, population=50)
        row = rounds.make_round(new, actor=self.head(agency), now=self.now)
        row = rounds.open_round(row.pk, actor=self.head(agency), now=self.now)
        for _n in range(self.chance.choice((3, 12))):
            answer(row, self.now, answers=steps(self.chance.randint(1, 4), cost=self.chance.randint(1, 4)))

    def change_round(self) -> None:
        row = self.pick(Round.objects.filter(version__survey__purpose="national"))
        act = self.chance.choice(("prolong", "annul", "close"))
        if act == "prolong":
            later = row.closes_on + timedelta(days=20)
            rounds.prolong_round(row.pk, actor=None, now=self.now, closes_on=later)
        elif act == "annul":
            rounds.annul_round(row.pk, actor=None, now=self.now, reason="Salah")
        else:
            rounds.close_round(row.pk, actor=None, now=self.now)

    def after_case(self) -> None:
        row = self.pick(AfterCase.objects.filter(is_answered=False))
        reading = Reading(
            {"satisfaction": self.chance.randint(1, 4), "solved": self.chance.choice(("yes", "no"))}, {}
        )
        after_case.answer(row.complaint_id, actor=Citizen(row.complaint_id), now=self.now, reading=reading)

    def call_back(self) -> None:
        item = self.pick(CallBackItem.objects.filter(call_back__closed_at=None))
        if self.chance.random() < 0.6:
            word = self.chance.choice(("done", "partly", "not_done"))
            call_backs.say(item.complaint_id, actor=Citizen(item.complaint_id), now=self.now, said=word)
        else:
            call_backs.type_in(
                item.call_back_id,
                item.complaint.number,
                actor=self.supervisors[0],
                now=self.now,
                said=self.chance.choice(Said.values),
            )

    # What becomes of agencies

    def rename(self) -> None:
        agency = self.agency()
        Agency.objects.filter(pk=agency.pk).update(name=f"Dinas {self.now:%d%m%H}")

    def close_agency(self) -> None:
        """Twice at most, and a new one is born each time; or one moves below another."""
        if self.chance.random() < 0.5:
            Agency.objects.filter(code="DISH").update(parent=self.chance.choice([None, self.line]))
            return
        if self.closings == 2:
            return
        self.closings += 1
        new = factories.make_agency(f"BARU{self.closings}")
        self._staffed(new)
        old = self.pick(Agency.objects.filter(is_active=True, code__in=["BINA", "DLHK", "DISH"]))
        Agency.objects.filter(pk=old.pk).update(is_active=False, successor=new)
