"""Two people review without knowing each other's answers; what is final stays, and stands on the case."""

from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.models import Complaint, Event, EventContent
from complaints.services.change import NotAllowed, NotPossible
from escalation.audits.events import AuditEvent
from escalation.audits.models import AuditItem, AuditReview, AuditSample
from escalation.audits.reading import complete_cases, findings, rows_of, waiting_for
from escalation.audits.services import (
    EVERY_QUESTION,
    FINAL_ALREADY,
    SAY_WHY,
    agree,
    finish_review,
    save_draft,
)
from tests import factories
from tests.audit.people import NOW, drawn, file_cases, numbers, review, review_all, says, supervisor
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample() -> AuditSample:
    file_cases(7)
    return drawn(7)


@pytest.fixture
def twice(sample: AuditSample) -> str:
    return numbers(sample, twice=True)[0]


@pytest.fixture
def once(sample: AuditSample) -> str:
    return numbers(sample, twice=False)[0]


def events(number: str) -> list[Event]:
    found = Event.objects.filter(complaint__number=number, kind=AuditEvent.AUDITED).order_by("seq")
    return list(found.select_related("content"))


def own(sample: AuditSample, number: str, place: int) -> AuditReview:
    return AuditReview.objects.get(item__sample=sample, item__complaint__number=number, place=place)


def test_a_review_by_one_stands_on_the_history_with_its_words(sample: AuditSample, once: str) -> None:
    review(sample, once, "Sari", says(polite="no", severity="serious", words="Nadanya kasar"))
    (event,) = events(once)
    assert event.actor == supervisor("Sari")
    assert event.data == {
        "sample": sample.pk,
        "place": 1,
        "reviewer": supervisor("Sari").pk,
        "answers": {"complete": "yes", "polite": "no"},
        "severity": "serious",
    }
    assert event.content.words == {"text": "Nadanya kasar"}


@pytest.mark.parametrize("order", [("Sari", "Lena"), ("Lena", "Sari")])
def test_nothing_of_the_first_to_finish_is_anywhere_before_the_other_has(
    sample: AuditSample, twice: str, order: tuple[str, str]
) -> None:
    first, second = order
    review(sample, twice, first, says(polite="no", severity="grave", words="Kenari satu"))
    (held,) = events(twice)
    assert held.data.keys() == {"sample", "place", "held"} and not held.content_digest
    assert not EventContent.objects.filter(words__icontains="Kenari").exists()
    assert complete_cases(sample, supervisor("Tiga")) == []
    review(sample, twice, second, says())
    told = events(twice)[1:]
    assert [event.data["place"] for event in told] == [1, 2]
    assert {event.data["reviewer"] for event in told} == {supervisor(first).pk, supervisor(second).pk}
    assert len(complete_cases(sample, supervisor("Tiga"))) == 1


def test_the_words_stand_where_erasing_reaches_them_and_nowhere_else(sample: AuditSample, twice: str) -> None:
    review(sample, twice, "Sari", says(severity="minor", words="Kenari dua"))
    assert own(sample, twice, 1).finding == "Kenari dua"
    review(sample, twice, "Lena", says())
    kept = own(sample, twice, 1)
    assert (kept.finding, kept.words) == ("", "Kenari dua")
    EventContent.objects.filter(event=kept.event).delete()
    assert "Kenari" not in own(sample, twice, 1).words


def test_a_final_review_is_never_changed(sample: AuditSample, once: str) -> None:
    review(sample, once, "Sari", says())
    for change in (save_draft, finish_review):
        with refused(FINAL_ALREADY):
            change(sample.pk, once, actor=supervisor("Sari"), now=NOW, opinion=says(polite="no"))
    assert own(sample, once, 1).answers["polite"] == "yes"
    assert len(events(once)) == 1


def test_a_draft_leaves_nothing_on_the_case_and_may_have_gaps(sample: AuditSample, once: str) -> None:
    before = Complaint.objects.get(number=once).version
    partly = says()
    del partly.answers["polite"]
    save_draft(sample.pk, once, actor=supervisor("Sari"), now=NOW, opinion=partly)
    assert Complaint.objects.get(number=once).version == before and not events(once)
    with refused(EVERY_QUESTION):
        finish_review(sample.pk, once, actor=supervisor("Sari"), now=NOW, opinion=partly)
    assert not own(sample, once, 1).is_final


@pytest.mark.parametrize(
    "wrong", [says(polite="perhaps"), says(severity="grave"), says(severity="minor", words="  ")]
)
def test_an_answer_is_one_of_three_and_a_finding_has_words(sample, once, wrong) -> None:
    with pytest.raises(NotPossible):
        finish_review(sample.pk, once, actor=supervisor("Sari"), now=NOW, opinion=wrong)
    assert not AuditReview.objects.exists() and not events(once)


def test_only_the_two_named_review_and_the_second_only_their_part(sample, once, twice) -> None:
    tell: dict[str, Any] = {"now": NOW, "opinion": says()}
    for number, who in ((once, supervisor("Lena")), (once, supervisor("Tiga")), (twice, supervisor("Tiga"))):
        with pytest.raises(NotAllowed):
            finish_review(sample.pk, number, actor=who, **tell)
        with pytest.raises(NotAllowed):
            save_draft(sample.pk, number, actor=who, **tell)
    with pytest.raises(AuditItem.DoesNotExist):
        finish_review(sample.pk, once, actor=factories.make_user(Role.OFFICER), **tell)
    with pytest.raises(NotAllowed):
        finish_review(sample.pk, once, actor=None, **tell)
    assert not AuditReview.objects.exists()


def test_a_case_that_was_not_drawn_is_not_reviewed(sample: AuditSample) -> None:
    (other,) = file_cases(1)
    with pytest.raises(AuditItem.DoesNotExist):
        review(sample, other.number, "Sari", says())


def test_an_audited_case_can_be_worked_on_and_its_owed_dates_stay(sample: AuditSample, once: str) -> None:
    before = Complaint.objects.get(number=once)
    review(sample, once, "Sari", says())
    after = Complaint.objects.get(number=once)
    kept = ("state", "due_at", "target_at", "next_level")
    assert [getattr(before, name) for name in kept] == [getattr(after, name) for name in kept]
    assert after.next_action_at is not None and after.next_action_at <= after.due_at


def test_what_both_agreed_on_counts_and_stands_on_the_history(sample: AuditSample, twice: str) -> None:
    review(sample, twice, "Sari", says(complete="no", polite="no"))
    review(sample, twice, "Lena", says(complete="yes", polite="no"))
    settle: dict[str, Any] = {"now": NOW, "answers": {"complete": "na"}, "words": "Tidak ada butir kedua"}
    agree(sample.pk, twice, actor=supervisor("Lena"), **settle)
    event = events(twice)[-1]
    assert event.data == {"sample": sample.pk, "agreed": {"complete": "na"}}
    assert event.content.words == {"text": "Tidak ada butir kedua"}
    (case,) = complete_cases(sample, supervisor("Tiga"))
    assert (case.figures.counted("complete"), case.figures.counted("polite")) == ("na", "no")
    assert not case.figures.is_unsettled("complete")
    with pytest.raises(NotPossible):
        agree(sample.pk, twice, actor=supervisor("Sari"), **settle)
    assert len(events(twice)) == 4


def test_agreeing_needs_two_final_reviews_that_differ_and_exactly_those_questions(
    sample, twice, once
) -> None:
    settle: dict[str, Any] = {"now": NOW, "answers": {"complete": "yes"}, "words": "Dibahas"}
    review(sample, twice, "Sari", says(complete="no"))
    with pytest.raises(NotPossible):
        agree(sample.pk, twice, actor=supervisor("Sari"), **settle)
    review(sample, twice, "Lena", says())
    for answers in ({}, {"polite": "yes"}, {"complete": "yes", "polite": "yes"}, {"complete": "maybe"}):
        with pytest.raises(NotPossible):
            agree(sample.pk, twice, actor=supervisor("Sari"), **(settle | {"answers": answers}))
    with refused(SAY_WHY):
        agree(sample.pk, twice, actor=supervisor("Sari"), **(settle | {"words": " "}))
    with pytest.raises(NotAllowed):
        agree(sample.pk, twice, actor=supervisor("Tiga"), **settle)
    review(sample, once, "Sari", says())
    with pytest.raises(NotPossible):
        agree(sample.pk, once, actor=supervisor("Sari"), **settle)


def test_what_waits_is_what_one_has_not_finished(sample: AuditSample, twice: str, once: str) -> None:
    assert waiting_for(supervisor("Sari")).count() == 7
    assert waiting_for(supervisor("Lena")).count() == 5
    assert waiting_for(supervisor("Tiga")).count() == 0
    review(sample, twice, "Sari", says())
    save_draft(sample.pk, once, actor=supervisor("Sari"), now=NOW, opinion=says())
    assert waiting_for(supervisor("Sari")).count() == 6
    assert waiting_for(supervisor("Lena")).count() == 5
    mine = {row.item.complaint.number: row.mine for row in rows_of(sample, supervisor("Sari"))}
    assert (mine[twice], mine[once]) == ("final", "draft")


def test_findings_come_with_the_gravest_first(sample: AuditSample) -> None:
    order = numbers(sample)
    for number, severity in zip(
        order, ("minor", "none", "grave", "none", "serious", "none", "none"), strict=True
    ):
        review(sample, number, "Sari", says(severity=severity, words="Lihat berkas"))
    for number in numbers(sample, twice=True):
        review(sample, number, "Lena", says())
    found = [case.item.complaint.number for case in findings(complete_cases(sample, supervisor("Tiga")))]
    assert found == [order[2], order[4], order[0]]


def test_the_citizen_sees_nothing_of_it_and_staff_a_sentence(sample, once, twice, in_english) -> None:
    review_all(sample)
    case = Complaint.objects.get(number=twice)
    assert all(item.kind != AuditEvent.AUDITED for item in timeline_for(case, Citizen(case.pk)))
    titles = [
        item.title for item in timeline_for(case, supervisor("Tiga")) if item.kind == AuditEvent.AUDITED
    ]
    assert titles == [
        f"Reviewed in audit {sample.pk}; the result follows after the second review",
        f"Reviewed in audit {sample.pk} (reviewer 1): yes 2, no 0",
        f"Reviewed in audit {sample.pk} (reviewer 2): yes 2, no 0",
    ]


def test_what_was_found_in_a_case_is_for_whom_the_case_exists(sample, twice) -> None:
    review_all(sample, says(severity="minor", words="Lihat berkas"))
    officer = factories.make_user(Role.OFFICER)
    assert len(complete_cases(sample, supervisor("Tiga"))) == 7
    assert complete_cases(sample, officer) == []
