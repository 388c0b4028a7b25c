"""Questionnaires are written in versions; what is published does not change any more."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.roles import Role
from complaints.ledger.recording import record_own_rows
from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry
from complaints.services.change import NotAllowed
from config.fixtures import load_surveys
from surveys.questionnaires import editing
from surveys.questionnaires.checks import problems
from surveys.questionnaires.content import content_of, digest_of
from surveys.questionnaires.editing import DOWN, UP, Wording
from surveys.questionnaires.entries import SurveyEntry, record_published
from surveys.questionnaires.models import Element, Question, Section, Survey, SurveyVersion
from tests.factories import FRIDAY, HOUR, make_user
from tests.refusals import refused
from tests.surveys.questions import COLOURS, STEPS, after_case, make_version, national

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
GOOD = {"key": "clean", "type": "scale", "options": STEPS}


def by(**more: Any) -> dict[str, Any]:
    return {"actor": make_user(Role.ADMINISTRATOR), "now": FRIDAY} | more


def published(**fields: Any) -> SurveyVersion:
    return editing.publish(make_version(GOOD, **fields), **by())


def why(version: SurveyVersion) -> list[str]:
    return [problem.words for problem in problems(version) if problem.stops]


def test_from_an_empty_page_to_a_published_survey() -> None:
    version = editing.make_survey(name_id="Suara Pasar", name_en="Voice of the market", **by())
    assert why(version) == ["It asks nothing yet."]
    section = version.sections.get()
    clean = editing.add_question(
        section, kind="scale", wording=Wording("Bersihkah?", "Is it clean?", options=STEPS), **by()
    )
    assert clean.key == "is-it-clean"
    version = editing.publish(version, **by())
    assert version.published_at == FRIDAY
    assert version.digest == digest_of(version) and len(version.digest) == 64
    entry = LedgerEntry.objects.get(kind=SurveyEntry.PUBLISHED)
    assert entry.data["sha256"] == version.digest
    assert verify_ledger().ok


@pytest.mark.parametrize(
    "role",
    [role for role in Role if role not in (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.CITIZEN, Role.SYSTEM)],
)
def test_only_administrators_and_supervisors_write_questionnaires(role: Role) -> None:
    version, user = make_version(GOOD), make_user(role)
    with pytest.raises(NotAllowed):
        editing.publish(version, actor=user, now=FRIDAY)
    with pytest.raises(NotAllowed):
        editing.make_survey(name_id="A", name_en="A", actor=user, now=FRIDAY)
    assert SurveyVersion.objects.filter(published_at=None).count() == 1


def test_a_published_version_is_refused_in_every_service() -> None:
    version = published()
    section, question = version.sections.get(), Question.objects.get(section__version=version)
    seen = editing.fingerprint(question)
    with refused(editing.PUBLISHED):
        editing.change_question(question, wording=Wording("Lain", "Other", options=STEPS), seen=seen, **by())
    for again in (
        lambda: editing.remove_question(question, **by()),
        lambda: editing.remove_section(section, **by()),
        lambda: editing.discard(version, **by()),
        lambda: editing.publish(version, **by()),
    ):
        with refused(editing.PUBLISHED):
            again()
    with refused(editing.PUBLISHED):
        editing.add_section(version, name_id="A", name_en="A", is_profile=False, **by())
    with refused(editing.PUBLISHED):
        editing.set_rule(question, key="", values=[], **by())
    assert digest_of(version) == version.digest


def test_the_database_refuses_to_change_a_published_version() -> None:
    version = published()
    draft = make_version(GOOD)
    section = version.sections.get()
    other = Question.objects.get(section__version=draft)
    attempts = [
        lambda: SurveyVersion.objects.filter(pk=version.pk).update(intro_id="Lain"),
        lambda: SurveyVersion.objects.filter(pk=version.pk).update(published_at=None),
        lambda: Section.objects.filter(pk=section.pk).update(is_profile=True),
        lambda: Section.objects.create(version=version, position=9, name_id="A"),
        lambda: Question.objects.filter(section=section).update(text_id="Lain"),
        lambda: Question.objects.filter(section=section).delete(),
        lambda: Question.objects.filter(pk=other.pk).update(section=section),
        lambda: Question.objects.create(section=section, position=9, key="b", type="text", text_id="A"),
        lambda: version.delete(),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            attempt()
    assert digest_of(version) == version.digest
    Question.objects.filter(pk=other.pk).update(text_id="Draf tetap dapat diubah")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="needs a hand without triggers")
def test_whoever_gets_past_the_triggers_is_found_by_the_history() -> None:
    version = published()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER surveys_question_frozen_update_old")
        cursor.execute("DROP TRIGGER surveys_question_frozen_update_new")
    assert verify_ledger().ok
    Question.objects.filter(section__version=version).update(text_id="Diam-diam diganti")
    assert verify_ledger().first_bad.why == "survey_question_text_differs"


def test_a_copy_asks_the_same_and_leaves_the_first_as_it_is() -> None:
    first = published()
    copy = editing.copy_version(first, **by())
    before, after = content_of(first), content_of(copy)
    assert (after.pop("version"), before.pop("version")) == (2, 1)
    assert before == after
    question = Question.objects.get(section__version=copy)
    editing.change_question(
        question,
        wording=Wording("Rapikah?", "Tidy?", options=STEPS),
        seen=editing.fingerprint(question),
        **by(),
    )
    assert digest_of(first) == first.digest
    assert digest_of(copy) != first.digest


def test_there_is_one_draft_at_a_time() -> None:
    first = published()
    editing.copy_version(first, **by())
    with refused(editing.DRAFT_THERE):
        editing.copy_version(first, **by())
    assert first.survey.versions.count() == 2


def test_a_discarded_draft_leaves_what_was_published() -> None:
    first = published()
    editing.discard(editing.copy_version(first, **by()), **by())
    assert list(first.survey.versions.all()) == [first]
    alone = editing.make_survey(name_id="Sendiri", name_en="Alone", **by())
    editing.discard(alone, **by())
    assert not Survey.objects.filter(pk=alone.survey_id).exists()
    assert verify_ledger().ok


def test_two_who_change_the_same_question_do_not_overwrite_each_other() -> None:
    question = Question.objects.get(section__version=make_version(GOOD))
    seen = editing.fingerprint(question)
    editing.change_question(question, wording=Wording("Satu", "One", options=STEPS), seen=seen, **by())
    with refused(editing.SEEN_OTHERWISE):
        editing.change_question(question, wording=Wording("Dua", "Two", options=STEPS), seen=seen, **by())
    question.refresh_from_db()
    assert question.text_id == "Satu"


def test_questions_move_by_one_place_and_into_the_neighbouring_section() -> None:
    version = make_version(GOOD | {"key": "a"}, GOOD | {"key": "b"})
    after = editing.add_section(version, name_id="Lain", name_en="Other", is_profile=False, **by())

    def order() -> list[list[str]]:
        return [[q["key"] for q in section["questions"]] for section in content_of(version)["sections"]]

    b = Question.objects.get(key="b")
    editing.move_question(b, where=UP, **by())
    assert order() == [["b", "a"], []]
    editing.move_question(b, where=UP, **by())
    assert order() == [["b", "a"], []]
    editing.move_question(Question.objects.get(key="a"), where=DOWN, **by())
    assert order() == [["b"], ["a"]]
    editing.move_section(after, where=UP, **by())
    assert order() == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"text_en": ""}, "It lacks one of the two languages."),
        ({"help_id": "Jelas"}, "It lacks one of the two languages."),
        ({"options": STEPS[:3]}, "A scale has four steps."),
        (
            {"options": [*STEPS[:3], {"value": "4", "id": "Baik"}]},
            "An answer to choose from lacks one of the two languages.",
        ),
        ({"type": "choice", "options": COLOURS[:1]}, "There have to be at least two answers to choose from."),
        ({"type": "choice", "options": [COLOURS[0], COLOURS[0]]}, "Two answers to choose from are the same."),
        ({"type": "number", "options": [], "minimum": 3, "maximum": 2}, "The least is more than the most."),
        ({"show_if_key": "gone", "show_if_values": ["1"]}, "It is shown after a question that is not there."),
        ({"show_if_key": "later", "show_if_values": ["1"]}, "It is shown after a question that comes later."),
        (
            {"show_if_key": "first", "show_if_values": ["pink"]},
            "It is shown after an answer that is not offered.",
        ),
        (
            {"show_if_key": "first", "show_if_values": ["1", "5"]},
            "One of the answers it is shown after is not offered any more.",
        ),
    ],
)
def test_what_keeps_a_question_from_being_published(question: dict[str, Any], words: str) -> None:
    version = make_version(GOOD | {"key": "first"}, GOOD | question, GOOD | {"key": "later"})
    assert why(version) == [words]
    with refused(editing.NOT_READY):
        editing.publish(version, **by())
    version.refresh_from_db()
    assert version.published_at is None


def test_the_national_survey_lacks_no_element_and_asks_none_twice() -> None:
    elements = [GOOD | {"key": element.value, "element": element.value} for element in Element]
    national_one = {"purpose": Survey.Purpose.NATIONAL}
    assert why(make_version(*elements, **national_one)) == []
    assert why(make_version(*elements[:8], **national_one)) == [
        "The national survey has to ask all nine elements. Missing: Facilities."
    ]
    twice = [*elements, elements[0] | {"key": "again"}]
    assert why(make_version(*twice, **national_one)) == ["The element “Requirements” is asked twice."]


def test_after_a_report_no_more_than_three_questions_are_asked() -> None:
    assert why(after_case()) == []
    copy = editing.copy_version(after_case(), **by())
    section = copy.sections.get()
    editing.add_question(section, kind="yes_no", wording=Wording("Lagi?", "Again?"), **by())
    assert why(copy) == ["After a report no more than three questions are asked."]
    editing.remove_question(Question.objects.get(section=section, key="solved"), **by())
    assert why(copy) == ["After a report the question “solved” has to be asked, of the type: yes or no."]


def test_what_came_with_the_city_is_entered_once() -> None:
    record_own_rows(FRIDAY, only_empty=True)
    load_surveys()
    assert why(national()) == []
    assert record_published(actor=None, now=FRIDAY) == 2
    assert record_published(actor=None, now=FRIDAY + HOUR) == 0
    assert verify_ledger().ok
    assert load_surveys() == 0
