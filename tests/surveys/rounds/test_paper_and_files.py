"""Slips are typed once each, and files taken in once, with their errors told by line."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from surveys.rounds import services
from surveys.rounds.models import Channel, Response, ResponseWords, Round
from surveys.rounds.paper import after
from tests.factories import FRIDAY
from tests.shared import shared_data
from tests.surveys.questions import COLOURS, STEPS, make_version
from tests.surveys.rounds.people import answer, head, opened, steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def row() -> Round:
    version = make_version(
        {"key": "time", "type": "scale", "options": STEPS, "element": "time", "is_required": True},
        {"key": "facilities", "type": "scale", "options": STEPS, "element": "facilities"},
        {"key": "complaints", "type": "scale", "options": STEPS, "element": "complaints"},
        {"key": "colours", "type": "choices", "options": COLOURS},
        {"key": "age", "type": "number", "minimum": 1, "maximum": 120},
        {"key": "why", "type": "text"},
        published_at=FRIDAY,
    )
    return opened(version=version)


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(head())
    return client


def type_slip(desk: Client, row: Round, slip: str, **fields: Any) -> Any:
    return desk.post(f"/staff/surveys/rounds/{row.code}/paper/", {"slip_number": slip} | fields)


def test_a_slip_is_saved_and_the_next_number_waits_beside_what_was_typed_last(
    desk: Client, row: Round
) -> None:
    done = type_slip(desk, row, "A-009", time="3", why="Cepat")
    assert done.status_code == 302
    saved = Response.objects.get()
    assert (saved.slip, saved.channel, saved.answers) == ("A-9", Channel.PAPER, {"time": 3})
    page = desk.get(done["Location"])
    text = page.content.decode()
    assert page.context["form"]["slip_number"].value() == "A-010"
    assert "Slip A-009, as it was saved" in text and "3 · Good" in text and "Cepat" in text


def test_a_slip_with_gaps_is_taken_and_one_with_errors_keeps_what_was_typed(desk: Client, row: Round) -> None:
    page = type_slip(desk, row, "1", time="2", age="300")
    assert page.status_code == 422 and "120 or less" in page.content.decode()
    assert page.context["form"]["time"].value() == "2"
    assert type_slip(desk, row, "", time="2").status_code == 422
    assert type_slip(desk, row, "1").status_code == 422  # an empty slip
    assert type_slip(desk, row, "1", age="30").status_code == 302
    assert Response.objects.get().answers == {"age": 30}


def test_the_same_slip_twice_is_told_and_the_same_form_twice_is_saved_once(desk: Client, row: Round) -> None:
    assert type_slip(desk, row, "7", time="2").status_code == 302
    assert type_slip(desk, row, "7", time="2").status_code == 302  # pressed twice
    other = type_slip(desk, row, "7", time="4")
    assert other.status_code == 409 and "typed already" in other.content.decode()
    assert other.context["form"]["time"].value() == "4"
    assert Response.objects.count() == 1


def test_a_closed_round_takes_no_slip(desk: Client, row: Round) -> None:
    services.close_round(row.pk, actor=head(), now=FRIDAY)
    assert type_slip(desk, row, "7", time="2").status_code == 409
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("slip", "following"), [("7", "8"), ("099", "100"), ("B9", "B10"), ("", ""), ("x", ""), ("1-09", "1-10")]
)
def test_the_number_that_comes_next(slip: str, following: str) -> None:
    assert after(slip) == following


# Files


def look(desk: Client, row: Round, text: str | bytes, **fields: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("answers.csv", content, "text/csv")
    data = {"file": file, "order": "regulation", "go": "look"} | fields
    return desk.post(f"/staff/surveys/rounds/{row.code}/import/", data)


def take(desk: Client, row: Round, text: str | bytes, **fields: Any) -> int:
    """Looks first, as the page does, and takes in what it showed; how many came in."""
    before = Response.objects.count()
    page = look(desk, row, text, **fields)
    assert page.status_code == 200, page.context["form"].errors
    assert Response.objects.count() == before  # looking stores nothing
    if page.context["taken"].lines:
        data = {"text": page.context["form"].cleaned_data["text"], "order": "regulation", "go": "store"}
        done = desk.post(f"/staff/surveys/rounds/{row.code}/import/", data | fields)
        assert done.status_code == 302
    return Response.objects.count() - before


def test_a_file_is_looked_at_taken_in_and_brings_nothing_a_second_time(desk: Client, row: Round) -> None:
    text = "slip,time,colours,age,why\n1,3,red;Blue,30,Ramah\n2,Very good,,,\n,2,,,\n,2,,,\n"
    assert take(desk, row, text) == 4
    answers = [
        each.answers for each in Response.objects.filter(channel=Channel.IMPORT).order_by("slip", "pk")
    ]
    assert answers[:2] == [{"time": 2}, {"time": 2}]
    assert answers[2:] == [{"time": 3, "colours": ["red", "blue"], "age": 30}, {"time": 4}]
    assert ResponseWords.objects.get().words == {"why": "Ramah"}
    page = look(desk, row, text)
    assert page.context["taken"].known == 4 and not page.context["taken"].lines
    assert take(desk, row, text) == 0


def test_empty_and_nought_are_no_answers_and_what_is_out_of_range_is_told_by_line(
    desk: Client, row: Round
) -> None:
    text = "time,facilities,age\n3,0,\n,2,40\n5,3,\n0,0,\n4,x,\n1,2,3,4\n3.0,,\n"
    page = look(desk, row, text)
    taken = page.context["taken"]
    assert [line for line, _words in taken.problems] == [4, 5, 6, 7]
    assert "“5” is none of the answers offered" in page.content.decode()
    assert take(desk, row, text) == 3
    answers = Response.objects.values_list(
        "answers", flat=True
    )  # PostgreSQL keeps keys in an order of its own
    assert sorted(answers, key=len) == [{"time": 3}, {"time": 3}, {"facilities": 2, "age": 40}]
    # The lines are mended, and the whole file comes once more.
    assert take(desk, row, text.replace("5,3", "4,3").replace("4,x", "4,1")) == 2


def test_columns_go_by_key_and_eight_and_nine_both_ways_round(desk: Client, row: Round) -> None:
    take(desk, row, "U3;U8;U9\r\n1;2;4\r\n")
    assert Response.objects.get().answers == {"time": 1, "complaints": 2, "facilities": 4}
    other = opened(version=row.version)
    take(desk, other, b"\xef\xbb\xbfu3\tu8\tu9\n1\t2\t4\n", order="questionnaire")
    assert Response.objects.get(round=other).answers == {"time": 1, "complaints": 4, "facilities": 2}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "choose a file"),
        ("a,b\n1,2\n", "No column has the key"),
        ("time,U3\n1,2\n", "Two columns are the same"),
        ('time\n"1\n', "quotation mark"),
        (b"PK\x03\x04\0\0", "no CSV file"),
        (b"x" * 600_001, "larger than"),
        ("time\n" + "1\n" * 20_001, "20,000 lines"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    desk: Client, row: Round, text: str | bytes, words: str
) -> None:
    page = look(desk, row, text)
    assert page.status_code == 422 and words in str(page.context["form"].errors)
    assert not Response.objects.exists()


def test_a_slip_in_the_file_that_was_typed_otherwise_is_told(desk: Client, row: Round) -> None:
    type_slip(desk, row, "1", time="3")
    type_slip(desk, row, "2", time="3")
    page = look(desk, row, "no,time\n1,3\n2,4\n3,4\n3,1\n")
    taken = page.context["taken"]
    assert taken.known == 1 and [line for line, _words in taken.problems] == [3, 5]
    assert len(taken.lines) == 1


def test_the_template_has_the_columns_that_are_read(desk: Client, row: Round) -> None:
    text = desk.get(f"/staff/surveys/rounds/{row.code}/import/template.csv").content.decode()
    assert text == "slip,time,facilities,complaints,colours,age,why\r\n"
    assert take(desk, row, text + "1,4,4,4,green,20,\r\n") == 1


def test_what_staff_typed_in_is_said(desk: Client, row: Round) -> None:
    type_slip(desk, row, "1", time="3")
    take(desk, row, "time\n4\n")
    answer(row, answers={"time": 2})
    text = desk.get(f"/staff/surveys/rounds/{row.code}/").content.decode()
    assert "2 of 3" in text


def test_the_real_answers_of_an_office_are_taken_in_as_they_lie(desk: Client) -> None:
    content = shared_data("skm", "sekadau_2019_sem1_first49.csv").read_bytes()
    national_round = opened()
    assert take(desk, national_round, content) == 49
    assert take(desk, national_round, content) == 0
    assert Response.objects.filter(slip="1").get().answers == steps(
        requirements=2,
        procedure=2,
        time=3,
        cost=4,
        product=3,
        competence=4,
        behaviour=4,
        complaints=4,
        facilities=3,
    )
