"""People speak, offices answer or do not, the sweep comes or dies: no input is forgotten, none is decided twice."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.ledger.verify import verify_ledger
from complaints.models import Message, ReportedParty
from complaints.services import parties, verification
from complaints.services.change import NotPossible
from complaints.states import State
from config.worker import hand_over
from escalation.promises.models.commitment import CommitmentKind
from escalation.promises.services.commitments import NewCommitment, make
from escalation.sweep import run_sweep
from escalation.voices import sweep as sweep_module
from escalation.voices.watching import (
    SHOWN,
    nobody_watches,
    supports_that_do_not_add_up,
    unwatched_inputs,
)
from surveys.forums.inputs.choices import DeclineReason, HideReason
from surveys.forums.inputs.models import InputMark, InputStep, StepKind
from surveys.forums.inputs.services import answering, gathering, moderating, naming, supporting
from surveys.forums.inputs.services.erasing import erase_contact
from surveys.forums.models import Contact, Finding, ForumInput
from tests import factories
from tests.factories import FRIDAY
from tests.lifecycle.staffing import Staffing
from tests.voices import watching_oracle
from tests.voices.people import make_forum, said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WEEK = timedelta(days=7)
MOST = 5


class Killed(BaseException):
    """What a kill looks like from inside."""


class Voices(Staffing):
    """At most five inputs of one forum, so that each goes far. People move, are away, cannot sign in; agencies close,
    hand over and open again; the forum is about a report that complains about somebody."""

    def __init__(self) -> None:
        super().__init__()
        self.now = FRIDAY
        self.levels: dict[int, int] = {}
        self.decided: dict[int, str] = {}
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        try:
            self.everything_fits_at_last()
            found = verify_ledger(files=False)
            assert found.ok, found
        finally:
            connection.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize()
    def people(self) -> None:
        self.agencies = [factories.make_agency("PUPR"), factories.make_agency("DLHK")]
        self.forum = make_forum(self.agencies[0])
        # One each, so that it matters where they are.
        factories.make_user(Role.AGENCY_HEAD, self.agencies[0])
        factories.make_user(Role.OFFICER, self.agencies[1])
        self.verifier = factories.make_user(Role.VERIFIER)
        self.supervisors = [
            factories.make_user(Role.SUPERVISOR, seat=seat)
            for seat in (Seat.INSPECTORATE, Seat.OMBUDSMAN, "")
        ]
        self.reason = factories.make_reason()
        self.case = factories.file_complaint()
        verification.reject(self.case.pk, actor=self.verifier, now=FRIDAY, reason=self.reason, words="Maaf")
        self.forum.cases.add(self.case)
        for who in ("ani", ""):  # so that much can happen to something from the beginning
            self.somebody_speaks(who, own=bool(who))

    def pick(self, data: st.DataObject, **filters: object) -> ForumInput | None:
        rows = list(ForumInput.objects.filter(**filters).order_by("pk"))
        return data.draw(st.sampled_from(rows)) if rows else None

    def someone(self, row: ForumInput, *roles: Role) -> User | None:
        """Who may act on it, as the door says."""
        people = User.objects.filter(role__in=roles, is_active=True).order_by("pk")
        return next((u for u in people if ForumInput.objects.visible_to(u).filter(pk=row.pk).exists()), None)

    def answerer(self, row: ForumInput) -> User | None:
        people = User.objects.filter(role__in=[Role.OFFICER, Role.AGENCY_HEAD], is_active=True).order_by("pk")
        scope = [u for u in people if row.agency_id in u.agency_scope]
        return next((u for u in scope if ForumInput.objects.visible_to(u).filter(pk=row.pk).exists()), None)

    @rule(hours=st.sampled_from([1, 30, 100, 400]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_sweep_comes(self) -> None:
        run_sweep(self.now)
        assert not ForumInput.objects.filter(next_action_at__lte=self.now).exists()
        assert run_sweep(self.now).inputs == 0
        for row in ForumInput.objects.overdue(self.now):
            told = InputStep.objects.filter(input=row, kind=StepKind.RAISED, at__gt=self.now - WEEK)
            assert row.level and told.count() == 1  # while it is late, each week somebody hears of it, once

    @rule(weeks=st.integers(1, 5))
    def weeks_go_by(self, weeks: int) -> None:
        for _ in range(weeks):
            self.now += WEEK
            self.the_sweep_comes()

    @precondition(lambda self: ForumInput.objects.filter(next_action_at__lte=self.now).exists())
    @rule()
    def the_sweep_dies(self) -> None:
        """After one has been raised and before the next is told of."""
        seen: list[object] = []
        good = sweep_module._tell

        def tell(users: list[User], row: ForumInput, *args: object) -> None:
            good(users, row, *args)  # type: ignore[arg-type]
            seen.append(row)
            if len(seen) == 3:
                raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweep_module, "_tell", tell)
            try:
                run_sweep(self.now)
            except Killed:
                assert len(seen) == 3

    @precondition(lambda self: ForumInput.objects.filter(parent=None).count() < MOST)
    @rule(who=st.sampled_from(["", "ani", "budi"]), own=st.booleans())
    def somebody_speaks(self, who: str, own: bool) -> None:
        email = f"{who}@example.org" if who else ""
        said(self.forum, now=self.now, email=email, name=who, in_own_name=own, confirmed=True)

    @rule(data=st.data(), browser=st.sampled_from(["a", "b"]))
    def somebody_supports(self, data: st.DataObject, browser: str) -> None:
        row = self.pick(data, visibility="shown", parent=None)
        if row:
            supporting.support(row, browser=browser, now=self.now)

    @rule(data=st.data())
    def it_is_answered_or_declined(self, data: st.DataObject) -> None:
        row = self.pick(data, state="waiting")
        who = self.answerer(row) if row else None
        if row is None or who is None:
            return
        try:
            about = answering.about_input(row.pk, actor=who)
        except NotPossible:
            assert row.finding_id is not None
            return
        if data.draw(st.booleans()):
            answering.answer(about, actor=who, now=self.now, words="Ya")
        else:
            answering.decline(about, actor=who, now=self.now, reason=DeclineReason.LAW, words="Maaf")

    @rule(data=st.data(), how=st.sampled_from(["case", "answer", "promise"]))
    def a_finding_is_decided(self, data: st.DataObject, how: str) -> None:
        findings = list(Finding.objects.undecided().order_by("pk"))
        finding = data.draw(st.sampled_from(findings)) if findings else None
        row = finding.inputs.first() if finding else None
        who = self.answerer(row) if row else None
        head = User.objects.filter(
            role=Role.AGENCY_HEAD, is_active=True, agency=finding.agency_id if finding else 0
        )
        boss = next(
            (u for u in head if finding and Finding.objects.visible_to(u).filter(pk=finding.pk).exists()),
            None,
        )
        if (
            finding is None
            or who is None
            or not Finding.objects.visible_to(who).filter(pk=finding.pk).exists()
        ):
            return
        if how == "promise" and boss and boss.agency:
            hours = CommitmentKind.HOURS
            new = NewCommitment(boss.agency, hours, "Janji", "", boss, date(2028, 1, 1), findings=(finding,))
            make(new, actor=boss, now=self.now)
            return
        about = answering.about_finding(finding.pk, actor=who)
        if how == "case":
            answering.become_case(about, answering.NewCase("Jam"), actor=who, now=self.now)
        else:
            answering.answer(about, actor=who, now=self.now, words="Ya")

    @rule(data=st.data())
    def they_are_gathered_or_split(self, data: st.DataObject) -> None:
        row = self.pick(data, state="waiting")
        who = self.answerer(row) if row else None
        if row is None or who is None:
            return
        if row.finding_id is not None:
            gathering.split(row.pk, actor=who, now=self.now)
            return
        free = ForumInput.objects.visible_to(who).filter(state="waiting", finding=None, agency=row.agency)
        gathering.gather([each.pk for each in free], "Sama", actor=who, now=self.now)

    @rule(data=st.data())
    def it_goes_to_the_other_agency(self, data: st.DataObject) -> None:
        row = self.pick(data, state="waiting", finding=None)
        who = self.answerer(row) if row else None
        others = [agency for agency in self.agencies if row and agency.pk != row.agency_id]
        if row and who and others:
            answering.pass_on(row.pk, actor=who, now=self.now, agency=data.draw(st.sampled_from(others)))

    @rule(data=st.data())
    def it_is_hidden_or_shown_again(self, data: st.DataObject) -> None:
        row = self.pick(data)
        who = self.someone(row, Role.SUPERVISOR) if row else None
        if row is None or who is None:
            return
        if row.visibility == "hidden":
            moderating.unhide(row.pk, actor=who, now=self.now)
        else:
            moderating.hide(row.pk, actor=who, now=self.now, reason=HideReason.INSULT)

    @rule(data=st.data())
    def it_speaks_of_somebody(self, data: st.DataObject) -> None:
        row = self.pick(data, state="waiting")
        people = list(User.objects.filter(role__in=[Role.OFFICER, Role.AGENCY_HEAD]).order_by("pk"))
        user = data.draw(st.sampled_from(people))
        who = self.someone(row, Role.SUPERVISOR, Role.OFFICER) if row else None
        if row and who and who != user and not InputMark.objects.filter(input=row, user=user).exists():
            naming.name_person(row.pk, actor=who, now=self.now, user=user)

    @rule(data=st.data())
    def the_report_of_the_forum_complains_about_somebody_or_no_longer(self, data: st.DataObject) -> None:
        boss, named = self.supervisors[2], ReportedParty.objects.filter(complaint=self.case, cleared_at=None)
        if row := named.first():
            parties.clear_party(self.case.pk, actor=boss, now=self.now, party=row.pk, why="Keliru")
        else:
            people = User.objects.filter(role__in=[Role.OFFICER, Role.AGENCY_HEAD]).order_by("pk")
            user, unit = data.draw(
                st.one_of(
                    st.tuples(st.sampled_from(list(people)), st.none()),
                    st.tuples(st.none(), st.sampled_from(self.agencies)),
                )
            )
            parties.name_party(self.case.pk, actor=boss, now=self.now, why="Disebut", user=user, agency=unit)

    @rule(data=st.data())
    def an_agency_closes_or_opens(self, data: st.DataObject) -> None:
        super().an_agency_closes_or_opens(data)
        if data.draw(st.booleans()):
            self.what_closed_agencies_had_is_handed_over()

    @rule()
    def what_closed_agencies_had_is_handed_over(self) -> None:
        hand_over(self.now)
        for row in ForumInput.objects.waiting().select_related("agency__successor"):
            assert row.agency is None or row.agency.is_active or row.agency.who_took_over() is None

    @rule(data=st.data())
    def somebody_is_erased(self, data: st.DataObject) -> None:
        contacts = list(Contact.objects.order_by("pk"))
        if contacts and not data.draw(st.integers(0, 3)):
            contact = data.draw(st.sampled_from(contacts))
            erase_contact(contact, actor=None, now=self.now, reason="Diminta", with_words=True)

    @rule(data=st.data())
    def the_report_that_came_of_it_ends(self, data: st.DataObject) -> None:
        row = self.pick(data, state="case", complaint__state=State.SUBMITTED)
        if row and row.complaint_id:
            verification.reject(
                row.complaint_id, actor=self.verifier, now=self.now, reason=self.reason, words="Maaf"
            )

    def what_nobody_watches_is_counted_right(self) -> None:
        for row in ForumInput.objects.waiting():
            assert row.next_action_at is not None and row.due_at is not None
        broken = set(unwatched_inputs(self.now).values_list("number", flat=True))
        assert broken == watching_oracle.unwatched(self.now)
        assert sorted(broken)[:SHOWN] == sorted(nobody_watches(self.now))[:SHOWN]

    @invariant()
    def what_was_decided_stays(self) -> None:
        for row in ForumInput.objects.exclude(state="waiting"):
            assert self.decided.setdefault(row.pk, row.state) == row.state
        for finding in Finding.objects.all():
            states = set(finding.inputs.values_list("state", flat=True))
            assert not states or (states == {"waiting"}) == (finding.decided_at is None)
            assert len(states) <= 1

    @invariant()
    def levels_rise_one_by_one(self) -> None:
        for row in ForumInput.objects.all():
            assert row.level - self.levels.get(row.pk, 0) >= 0
            self.levels[row.pk] = row.level
            steps = InputStep.objects.filter(input=row, kind=StepKind.RAISED).order_by("pk")
            told = [step.data["level"] for step in steps]
            assert told == [min(n + 1, 3) for n in range(len(told))]
            assert (told[-1] if told else 0) == row.level

    @invariant()
    def supports_add_up_and_mails_are_written_once(self) -> None:
        assert list(supports_that_do_not_add_up(self.now)) == []
        for message in Message.objects.filter(template__startswith="voice_"):
            assert message.user_id is None and message.data["contact"]


VoicesTest = Voices.TestCase
FEWER = 1 if connection.vendor == "sqlite" else 3  # the machine is the same on both
VoicesTest.settings = hypothesis_settings(
    max_examples=max(hypothesis_settings().max_examples // 10 // FEWER, 1),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
