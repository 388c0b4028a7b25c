"""What counts as an answer, whichever way it comes in."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from surveys.questionnaires.answering import AnswersForm, Reading, read_answers
from surveys.questionnaires.asking import Questionnaire, questionnaire
from surveys.questionnaires.models import Question, SurveyVersion
from tests.factories import make_agency
from tests.module_rows import ModuleRows
from tests.surveys.questions import COLOURS, STEPS, make_version, national

ALL_TYPES = (
    {"key": "clean", "type": "scale", "options": STEPS, "is_required": True},
    {"key": "waited", "type": "yes_no"},
    {
        "key": "minutes",
        "type": "number",
        "minimum": 0,
        "maximum": 600,
        "is_required": True,
        "show_if_key": "waited",
        "show_if_values": ["yes"],
    },
    {"key": "colour", "type": "choice", "options": COLOURS},
    {"key": "colours", "type": "choices", "options": COLOURS},
    {"key": "said", "type": "text"},
)


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> SurveyVersion:
    return module_rows.make(make_version, *ALL_TYPES)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made", "in_english")]


@pytest.fixture
def asked(made: SurveyVersion, db: None) -> Questionnaire:
    return questionnaire(made)


def read(asked: Questionnaire, **raw: Any) -> Reading:
    return read_answers(asked, {"clean": "4"} | raw)


def test_each_type_of_answer_is_kept_as_what_it_is(asked: Questionnaire) -> None:
    found = read(
        asked,
        clean="3",
        waited="yes",
        minutes=" 45 ",
        colour="red",
        colours=["blue", "red"],
        said=" Baik\r\nsekali ",
    )
    assert not found.errors
    assert found.answers == {
        "clean": 3,
        "waited": "yes",
        "minutes": 45,
        "colour": "red",
        "colours": ["red", "blue"],
    }
    assert found.words == {"said": "Baik\nsekali"}


@pytest.mark.parametrize("nothing", ["", "  ", None, []])
def test_what_was_left_open_is_not_among_the_answers(asked: Questionnaire, nothing: Any) -> None:
    found = read(asked, waited=nothing, colour=nothing, colours=nothing, said=nothing)
    assert (found.answers, found.words, found.errors) == ({"clean": 4}, {}, {})


@pytest.mark.parametrize("nothing", ["0", "-", 0])
def test_a_zero_on_a_scale_is_no_answer_and_never_a_number(asked: Questionnaire, nothing: Any) -> None:
    found = read_answers(asked, {"clean": nothing, "colour": "red"}, needs_required=False)
    assert (found.answers, found.errors) == ({"colour": "red"}, {})


@pytest.mark.parametrize(
    ("key", "given", "words"),
    [
        ("clean", "5", "none of the answers offered"),
        ("clean", "-1", "none of the answers offered"),
        ("clean", "٣", "none of the answers offered"),
        ("clean", "3.0", "none of the answers offered"),
        ("waited", "perhaps", "none of the answers offered"),
        ("colour", "pink", "none of the answers offered"),
        ("colours", ["red", "pink"], "none of the answers offered"),
        ("minutes", "1e3", "whole number"),
        ("minutes", "-1", "0 or more"),
        ("minutes", "601", "600 or less"),
        ("said", "x" * 2001, "no more than 2000"),
    ],
)
def test_what_is_no_answer_is_said_by_its_key(asked: Questionnaire, key: str, given: Any, words: str) -> None:
    found = read(asked, **({"waited": "yes", "minutes": "5"} | {key: given}))
    assert words in found.errors.pop(key)
    assert key not in found.answers | found.words
    assert set(found.errors) <= {"minutes"}


def test_an_answer_to_a_question_that_is_not_shown_is_dropped(asked: Questionnaire) -> None:
    assert "minutes" not in read(asked, waited="no", minutes="45").answers
    assert "minutes" not in read(asked, minutes="45").answers
    assert "minutes" not in read(asked, waited="no", minutes="no number at all").errors


def test_a_required_question_is_asked_for_only_where_it_is_shown(asked: Questionnaire) -> None:
    assert read(asked, waited="no").errors == {}
    assert read(asked, waited="yes").errors == {"minutes": "Please answer this question."}
    assert set(read_answers(asked, {"colour": "red"}).errors) == {"clean"}


def test_a_slip_of_paper_may_lack_what_had_to_be_answered(asked: Questionnaire) -> None:
    found = read_answers(asked, {"waited": "yes"}, needs_required=False)
    assert (found.answers, found.errors) == ({"waited": "yes"}, {})


def test_nothing_at_all_is_no_answer(asked: Questionnaire) -> None:
    assert set(read_answers(asked, {}, needs_required=False).errors) == {""}


def test_a_file_may_have_the_words_of_either_language(asked: Questionnaire) -> None:
    found = read(asked, clean="sangat BAIK", waited="Ya", minutes="1", colour="Green", colours="Merah; blue")
    assert found.answers == {
        "clean": 4,
        "waited": "yes",
        "minutes": 1,
        "colour": "green",
        "colours": ["red", "blue"],
    }


def test_a_rule_on_a_question_that_is_itself_hidden_hides_too() -> None:
    shown = {"type": "yes_no", "show_if_values": ["yes"]}
    asked = questionnaire(
        make_version(
            {"key": "a", "type": "yes_no"},
            {"key": "b", "show_if_key": "a"} | shown,
            {"key": "c", "show_if_key": "b"} | shown,
        )
    )
    assert read_answers(asked, {"a": "no", "b": "yes", "c": "yes"}).answers == {"a": "no"}
    assert len(read_answers(asked, {"a": "yes", "b": "yes", "c": "yes"}).answers) == 3


def test_the_form_reads_as_everything_else_does(asked: Questionnaire) -> None:
    form = AnswersForm(asked, QueryDict("clean=2&colours=red&colours=blue&said=Baik&minutes=9"))
    assert form.is_valid()
    assert form.reading.answers == {"clean": 2, "colours": ["red", "blue"]}
    assert form.reading.words == {"said": "Baik"}


def test_the_form_says_beside_the_question_what_is_missing(asked: Questionnaire) -> None:
    form = AnswersForm(asked, QueryDict("waited=yes"))
    assert not form.is_valid()
    page = render_to_string("surveys/_questions.html", {"form": form})
    assert page.count("Please answer this question.") == 4  # of two questions, beside each and above
    assert '<legend class="field__label">What clean?' in page
    assert "Only if you answered “Yes” to: What waited?" in page
    assert 'data-show-if="waited" data-show-values="yes"' in page


def test_the_national_survey_asks_nine_elements_and_the_profile() -> None:
    agency = make_agency()
    service = agency.services.create(code="ktp", name_id="KTP", name_en="Identity card")
    asked = questionnaire(national(), services=[service])
    elements = [row for row in asked if row.question.element]
    assert {row.key for row in elements} == {row.question.element for row in elements} and len(elements) == 9
    assert all([option.value for option in row.options] == ["1", "2", "3", "4"] for row in elements)
    assert [row.key for row in asked.pages[1].questions] == [
        "gender",
        "age",
        "education",
        "job",
        "disability",
        "service",
    ]
    assert asked.pages[1].section.is_profile
    assert read_answers(asked, {"service": "ktp"}).answers == {"service": "ktp"}


def test_who_asks_about_one_service_does_not_ask_which() -> None:
    assert "service" not in questionnaire(national()).by_key
    assert Question.objects.filter(key="service").exists()
