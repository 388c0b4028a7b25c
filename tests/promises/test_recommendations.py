"""A supervisor recommends, the agency answers, the supervisor judges; each step stays and the cases know."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from complaints.ledger.verify import verify_ledger
from complaints.models import Complaint, Event, Message
from complaints.models.catalogue import Kind
from complaints.models.event import AppendOnly
from complaints.services.change import NotAllowed, NotPossible
from escalation.promises.events import PromiseEvent
from escalation.promises.models.obligation import StepKind
from escalation.promises.models.recommendation import (
    Recommendation,
    RecommendationState,
    RecommendationStep,
    Verdict,
)
from escalation.promises.services.recommendations import Judgement, answer, issue, judge, withdraw
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.promises.people import TODAY, advice, head, recommended, supervisor
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db


def kinds_of(case: Complaint) -> list[str]:
    return list(Event.objects.filter(complaint=case).order_by("seq").values_list("kind", flat=True))


def steps_of(row: Recommendation) -> list[str]:
    return [step.kind for step in row.steps.all()]


def test_a_recommendation_reaches_the_agency_head_and_its_cases() -> None:
    case = factories.assigned()
    row = recommended(cases=(case,))
    assert row.number.startswith("REK-2026-")
    assert kinds_of(case)[-1] == PromiseEvent.RECOMMENDED
    mail = Message.objects.get(template="recommendation")
    assert (mail.user, mail.data) == (head(), {"number": row.number, "what": "made"})


def test_numbers_are_never_given_twice() -> None:
    assert len({recommended().number for _ in range(3)}) == 3


def test_the_same_form_sent_twice_is_one_recommendation() -> None:
    factories.make_city()
    first = issue(advice(), actor=supervisor(), now=FRIDAY, idempotency_key="f" * 32)
    again = issue(advice(), actor=supervisor(), now=FRIDAY, idempotency_key="f" * 32)
    assert first == again
    assert RecommendationStep.objects.count() == 1


def test_answered_judged_and_given_back_until_it_is_complied_with() -> None:
    case = factories.assigned()
    row = recommended(cases=(case,))
    answer(row.pk, actor=head(), now=FRIDAY + DAY, accepts=True, words="Kami laksanakan.")
    more = Judgement(Verdict.PARTLY, "Baru dua hari seminggu.", TODAY + timedelta(days=30))
    row = judge(row.pk, actor=supervisor(), now=FRIDAY + 2 * DAY, judgement=more)
    assert (row.state, row.round, row.due_on) == ("issued", 2, TODAY + timedelta(days=30))
    answer(row.pk, actor=head(), now=FRIDAY + 3 * DAY, accepts=True, words="Kini setiap hari.")
    done = Judgement(Verdict.COMPLIED, "Sudah dilihat di tempat.")
    row = judge(row.pk, actor=supervisor(), now=FRIDAY + 4 * DAY, judgement=done)
    assert (row.state, row.ended_at, row.next_action_at) == ("complied", FRIDAY + 4 * DAY, None)
    assert steps_of(row) == ["made", "answered", "returned", "answered", "judged"]
    assert kinds_of(case)[-5:] == [
        "recommended",
        "recommendation_answered",
        "recommendation_judged",
        "recommendation_answered",
        "recommendation_judged",
    ]
    assert verify_ledger().ok
    assert not what_is_broken()


def test_an_agency_that_stays_silent_can_be_judged() -> None:
    row = recommended()
    row = judge(
        row.pk, actor=supervisor(), now=FRIDAY, judgement=Judgement(Verdict.NOT_COMPLIED, "Tidak dijawab.")
    )
    assert row.state == RecommendationState.NOT_COMPLIED


def test_an_answer_may_refuse_and_be_followed_by_another() -> None:
    row = recommended()
    row = answer(row.pk, actor=head(), now=FRIDAY, accepts=False, words="Tidak ada anggaran.")
    assert row.accepted is False
    row = answer(row.pk, actor=head(), now=FRIDAY + DAY, accepts=True, words="Anggaran ada.")
    assert (row.accepted, row.state) == (True, "answered")
    assert Message.objects.filter(template="recommendation_reply", user=supervisor()).count() == 2


def test_what_has_ended_is_neither_answered_nor_judged_again() -> None:
    row = recommended()
    withdraw(row.pk, actor=supervisor(), now=FRIDAY, words="Salah alamat.")
    with pytest.raises(NotPossible):
        answer(row.pk, actor=head(), now=FRIDAY, accepts=True, words="Ya.")
    with pytest.raises(NotPossible):
        judge(row.pk, actor=supervisor(), now=FRIDAY, judgement=Judgement(Verdict.COMPLIED, "Ya."))


@pytest.mark.parametrize("days", [-1, 0, 1200])
def test_the_day_lies_ahead(days: int) -> None:
    factories.make_city()
    with pytest.raises(NotPossible):
        issue(advice(days), actor=supervisor(), now=FRIDAY)


def test_only_a_supervisor_recommends_and_judges_only_the_head_answers() -> None:
    row = recommended()
    for role in (Role.OFFICER, Role.VERIFIER, Role.CLERK, Role.ADMINISTRATOR, Role.AGENCY_HEAD):
        user = factories.make_user(role)
        with pytest.raises(NotAllowed):
            issue(advice(), actor=user, now=FRIDAY)
        with pytest.raises((NotAllowed, Recommendation.DoesNotExist)):
            judge(row.pk, actor=user, now=FRIDAY, judgement=Judgement(Verdict.COMPLIED, "Ya."))
    for user in (supervisor(), factories.make_user(Role.OFFICER)):
        with pytest.raises(NotAllowed):
            answer(row.pk, actor=user, now=FRIDAY, accepts=True, words="Ya.")
    assert steps_of(row) == ["made"]


def test_another_agency_does_not_reach_it_and_the_head_above_does() -> None:
    row = recommended()
    with pytest.raises(Recommendation.DoesNotExist):
        answer(row.pk, actor=head("DINKES"), now=FRIDAY, accepts=True, words="Ya.")
    above = factories.make_agency("SETDA")
    row.agency.parent = above
    row.agency.save()
    assert answer(row.pk, actor=head("SETDA"), now=FRIDAY, accepts=True, words="Ya.").state == "answered"


def test_an_oversight_case_knows_of_the_answer_but_the_agency_not_of_the_case() -> None:
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    case = factories.assigned(agency=inspectorate, kind=Kind.OVERSIGHT)
    row = recommended(cases=(case,))
    assert not Complaint.objects.visible_to(head()).filter(pk=case.pk).exists()
    answer(row.pk, actor=head(), now=FRIDAY, accepts=True, words="Ya.")
    event = Event.objects.filter(complaint=case).latest("seq")
    assert (event.kind, event.role, event.actor) == ("recommendation_answered", Role.SYSTEM, None)


def test_events_hold_codes_and_the_agency_is_told_nothing_written() -> None:
    case = factories.assigned()
    row = recommended(cases=(case,), findings="RAHASIA-1", recommended="RAHASIA-2")
    answer(row.pk, actor=head(), now=FRIDAY, accepts=True, words="RAHASIA-3")
    stored = [str(event.data) for event in Event.objects.filter(complaint=case)]
    stored += [str(mail.data) for mail in Message.objects.all()]
    assert "RAHASIA" not in " ".join(stored)


def test_steps_are_never_changed_nor_deleted() -> None:
    step = RecommendationStep.objects.get(recommendation=recommended())
    step.words = "Lain"
    with pytest.raises(AppendOnly):
        step.save()
    with pytest.raises(AppendOnly):
        step.delete()
    with pytest.raises(AppendOnly):
        RecommendationStep.objects.update(kind=StepKind.JUDGED)
    with pytest.raises(AppendOnly):
        RecommendationStep.objects.all().delete()
