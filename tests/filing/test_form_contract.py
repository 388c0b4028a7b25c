"""What scripts and people may rely on when they send the form."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.models import Complainant, Complaint, Event, Message
from complaints.services.system import contact
from complaints.states import State
from tests.filing.form import NUMBER, PATH, code_in, filled, hidden, minimal, open_city, opened, walked

pytestmark = pytest.mark.django_db

CONTRACT = {
    "subject",
    "description",
    "category",
    "service",
    "area",
    "location",
    "happened_on",
    "anonymous",
    "confidential",
    "name",
    "email",
    "phone",
    "attachments",
}


@pytest.fixture(autouse=True)
def city() -> None:
    open_city()


def test_the_page_has_every_field_of_the_contract(client: Client) -> None:
    page = client.get(PATH).content.decode()
    assert [name for name in sorted(CONTRACT) if f'name="{name}"' not in page] == []


def test_a_post_without_a_step_makes_the_case_and_shows_number_and_code(client: Client) -> None:
    answer = client.post(PATH, opened(client) | filled())
    case = Complaint.objects.get()
    assert answer.status_code == 201
    assert case.number in answer.content.decode()
    assert code_in(answer.content.decode())
    assert case.state == State.SUBMITTED
    assert (case.subject, case.location, case.language) == ("Lampu jalan mati", "Depan pasar", "id")
    assert case.category is not None
    assert case.service is not None
    assert case.area is not None
    assert (case.category.code, case.service.code, case.area.code) == ("jalan-rusak", "ktp", "53.71.04.1001")
    assert case.happened_on == date(2026, 11, 2)
    assert contact(case).email == "ani@example.com"
    assert Event.objects.filter(complaint=case).count() == 1
    assert Message.objects.filter(complaint=case, template="receipt").count() == 1


@pytest.mark.parametrize("about", [{"category": "jalan-rusak"}, {"service": "ktp"}])
def test_words_and_a_category_or_a_service_are_enough(client: Client, about: dict[str, str]) -> None:
    assert client.post(PATH, {"description": "Jalan berlubang."} | about).status_code == 201


def test_without_a_title_the_first_words_become_it(client: Client) -> None:
    client.post(PATH, minimal(description="Lampu jalan mati.\n" + "Sudah lama sekali " * 20))
    subject = Complaint.objects.get().subject
    assert subject.startswith("Lampu jalan mati. Sudah lama")
    assert subject.endswith("…")
    assert len(subject) <= 80


def test_summary_change_and_send_keep_everything(client: Client) -> None:
    review = walked(client, opened(client) | filled(step="review"))
    assert review.status_code == 200
    assert not Complaint.objects.exists()
    carried = hidden(review.content.decode())
    assert {name: carried[name] for name in filled()} == filled()

    edit = walked(client, carried | {"step": "edit"}).content.decode()
    for typed in ("Lampu di depan pasar mati", "Depan pasar", "2026-11-02", "ani@example.com"):
        assert typed in edit
    assert '<option value="ktp" selected>' in edit

    code_in(walked(client, carried | {"step": "send"}).content.decode())
    assert Complaint.objects.get().description == filled()["description"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("description", "", "Please say what happened."),
        ("description", "a" * 10_001, "10001"),
        ("subject", "a" * 151, "151"),
        ("category", "tidak-ada", "no longer on the list"),
        ("area", "99", "no longer on the list"),
        ("happened_on", "2999-01-01", "has not come yet"),
        ("happened_on", "kemarin", "Please enter a date"),
        ("email", "ani@example.com, other@example.com", "one e-mail address"),
        ("email", '"Ani" <ani@example.com>', "one e-mail address"),
        ("phone", "call me", "digits only"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    client: Client, field: str, value: str, words: str
) -> None:
    client.cookies["django_language"] = "en"
    answer = client.post(PATH, opened(client) | filled(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'id="id_{field}_error"' in page
    assert page.index("data-error-summary") < page.index(f'id="id_{field}_error"')
    kept = filled()["description"] if field != "description" else filled()["location"]
    assert kept in page
    assert not Complaint.objects.exists()


def test_neither_category_nor_service_is_said_at_the_category(client: Client) -> None:
    page = client.post(PATH, {"description": "Jalan berlubang."}).content.decode()
    assert 'id="id_category_error"' in page


def test_fields_of_the_desk_are_ignored(client: Client) -> None:
    extra = {"state": "closed", "status": "closed", "agency": "1", "number": "KPG-2026-000001-1", "id": "7"}
    extra |= {"receipt": "A" * 20, "kind": "oversight", "channel": "lapor", "received_at": "2001-01-01"}
    client.post(PATH, minimal(**extra))
    case = Complaint.objects.get()
    assert (case.state, case.agency_id, case.kind, case.channel) == ("submitted", None, "complaint", "web")
    assert case.received_at.year > 2001


def test_an_anonymous_report_keeps_nothing_and_leaves_no_cookie(client: Client) -> None:
    client.cookies["django_language"] = "en"
    answer = client.post(PATH, opened(client) | filled(anonymous="on"))
    assert answer.status_code == 201
    assert not Complainant.objects.exists()
    assert not Message.objects.exists()
    left = {name: cookie.value for name, cookie in client.cookies.items() if cookie.value}
    assert left == {}


def test_confidential_keeps_the_identity_apart(client: Client) -> None:
    client.post(PATH, filled(confidential="on"))
    assert Complaint.objects.get().is_confidential
    assert Complainant.objects.count() == 1


def test_the_language_of_the_page_becomes_the_language_of_the_case(client: Client) -> None:
    client.cookies["django_language"] = "en"
    client.post(PATH, minimal(), headers={"accept-language": "de"})
    assert Complaint.objects.get().language == "en"


def test_what_a_program_fills_in_is_shown_once_more_instead_of_made_a_case(client: Client) -> None:
    answer = client.post(PATH, opened(client) | filled(website="http://example.com"))
    assert not Complaint.objects.exists()
    code_in(walked(client, hidden(answer.content.decode()) | {"step": "send"}).content.decode())


def test_a_link_from_the_front_page_chooses_the_category(client: Client) -> None:
    page = client.get(PATH, {"category": "jalan-rusak"}).content.decode()
    assert '<option value="jalan-rusak" selected>' in page


def test_six_files_are_one_too_many(client: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.txt", b"not a picture") for n in range(6)]
    answer = client.post(PATH, minimal(attachments=files))
    assert answer.status_code == 422
    assert not Complaint.objects.exists()


def test_a_body_larger_than_all_files_together_is_refused_unread(client: Client) -> None:
    answer = client.post(PATH, minimal(), CONTENT_LENGTH="60000000")
    assert answer.status_code == 413


def test_other_methods_are_refused(client: Client) -> None:
    assert client.delete(PATH).status_code == 405
    assert client.head(PATH).status_code == 200


def test_the_number_on_the_receipt_is_the_cases(client: Client) -> None:
    page = client.post(PATH, minimal()).content.decode()
    assert NUMBER.findall(page) == [Complaint.objects.get().number]
