"""Sending the same form twice makes one case; sending another form makes another."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.ledger.verify import verify_ledger
from complaints.models import Attachment, Category, Complaint, Event, EventKind, Message
from complaints.services import intake, verification
from complaints.services.citizen import withdraw
from complaints.services.erasure import erase_person
from complaints.services.system import contact
from tests.factories import FRIDAY, file_complaint, make_user
from tests.files.samples import upload
from tests.filing.form import NUMBER, PATH, code_in, filled, hidden, minimal, open_city, opened, walked
from tests.shared import PATIENCE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    open_city()


def test_the_same_form_again_shows_the_same_receipt(client: Client) -> None:
    data = opened(client) | filled()
    first, second = client.post(PATH, data), client.post(PATH, data)
    assert (first.status_code, second.status_code) == (201, 200)
    assert code_in(first.content.decode()) == code_in(second.content.decode())
    assert Complaint.objects.count() == 1
    assert Message.objects.count() == 1


def test_a_double_click_of_a_script_without_token_makes_one_case(client: Client) -> None:
    client.get(PATH)  # brings the cookie
    pages = [client.post(PATH, minimal()).content.decode() for _ in range(2)]
    assert code_in(pages[0]) == code_in(pages[1])
    assert Complaint.objects.count() == 1


def test_two_strangers_who_say_the_same_do_not_share_a_receipt() -> None:
    pages = [Client().post(PATH, minimal()).content.decode() for _ in range(2)]
    assert code_in(pages[0]) != code_in(pages[1])
    assert Complaint.objects.count() == 2


def test_a_token_that_can_be_guessed_counts_as_none() -> None:
    pages = [Client().post(PATH, minimal(form_token="abc")).content.decode() for _ in range(2)]
    assert code_in(pages[0]) != code_in(pages[1])


def test_other_words_in_a_form_that_was_sent_are_neither_lost_nor_mixed_up(client: Client) -> None:
    data = opened(client) | filled()
    code = code_in(client.post(PATH, data).content.decode())
    changed = client.post(PATH, data | {"description": "Sesuatu yang lain.", "attachments": upload("jpg")})
    page = changed.content.decode()
    assert changed.status_code == 409
    assert NUMBER.findall(page) == [Complaint.objects.get().number]
    assert code not in page

    code_in(walked(client, hidden(page) | {"step": "send"}).content.decode())
    other = Complaint.objects.exclude(description=filled()["description"]).get()
    assert other.description == "Sesuatu yang lain."
    assert other.attachments.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ani.kupang@example.com"),
        ("phone", "0812 0000 111"),
        ("name", "Ani Bunga"),
        ("area", "53.71.04"),
        ("category", ""),
        ("happened_on", "2026-11-03"),
        ("attachments", "a photo"),
    ],
)
def test_a_change_of_any_field_is_told_and_can_be_added(client: Client, field: str, value: str) -> None:
    data = opened(client) | filled()
    client.post(PATH, data)
    first = Complaint.objects.get()
    changed = data | {field: upload("jpg") if field == "attachments" else value, "step": "send"}
    page = walked(client, changed).content.decode()
    assert first.number in page
    assert {"attachments": "foto.jpg", "category": "dihapus", "area": "Kelapa Lima"}.get(
        field, value[:4]
    ) in page

    mine = client.post(PATH, hidden(page) | {"step": "add"}, follow=True)
    assert mine.redirect_chain == [("/complaints/mine/", 302)]
    assert Complaint.objects.count() == 1
    added = first.events.get(kind=EventKind.FILES_ADDED)
    assert first.attachments.count() == (field == "attachments")
    identity = contact(Complaint.objects.get())
    if field in ("email", "phone", "name"):
        assert getattr(identity, field) == value
        assert added.content_digest == ""  # what tells who they are is in no words of the history
    elif field != "attachments":
        assert added.content.words["text"]
    assert Message.objects.filter(template="receipt").count() == (2 if field == "email" else 1)

    again = walked(client, hidden(page) | {"step": "send"})
    assert NUMBER.findall(again.content.decode()) == [Complaint.objects.exclude(pk=first.pk).get().number]


def test_who_is_known_is_not_changed_by_an_addition(client: Client) -> None:
    data = opened(client) | filled()
    client.post(PATH, data)
    page = client.post(PATH, data | {"anonymous": "on"}).content.decode()
    assert 'value="add"' not in page and "tidak dapat ditambahkan" in page
    assert 'value="send"' in page


@pytest.mark.parametrize("end", ["withdrawn", "merged"])
def test_nothing_is_added_to_a_report_that_is_over_and_what_is_new_stays(client: Client, end: str) -> None:
    """Whether it ended before the page was asked for or after."""
    data = opened(client) | filled()
    client.post(PATH, data)
    case = Complaint.objects.get()
    again = data | {"phone": "0812 0000 111", "step": "send", "attachments": upload("jpg")}
    page = walked(client, again).content.decode()
    assert 'value="add"' in page
    if end == "merged":
        main = file_complaint(case.received_at)
        verification.merge(case.pk, actor=make_user(Role.VERIFIER), now=case.received_at, into=main.pk)
    else:
        withdraw(case.pk, actor=Citizen(case.pk), now=case.received_at)
    said = client.post(PATH, hidden(page) | {"step": "add"}, follow=True).content.decode()
    assert not case.events.filter(kind=EventKind.FILES_ADDED).exists()
    assert 'value="add"' not in said and "tidak dapat ditambahkan" in said and "foto.jpg" in said
    code_in(walked(client, hidden(said) | {"step": "send"}).content.decode())
    other = Complaint.objects.latest("pk")
    assert (other.attachments.count(), contact(other).phone) == (1, "0812 0000 111")


def test_the_form_of_a_report_that_was_erased_makes_another_and_opens_nothing(client: Client) -> None:
    data = opened(client) | filled()
    receipt = walked(client, data | {"step": "send"})
    code = code_in(receipt.content.decode())
    first = Complaint.objects.get()
    page = walked(client, data | {"phone": "0812 0000 111", "step": "send"}).content.decode()
    withdraw(first.pk, actor=Citizen(first.pk), now=first.received_at)
    erase_person(first.pk, by=None, now=first.received_at, reason="Diminta pelapor")
    said = client.post(PATH, hidden(page) | {"step": "add"}, follow=True).content.decode()
    assert first.number not in said
    for path in ("/complaints/mine/", receipt.wsgi_request.path):
        assert client.get(path).status_code == 302
    again = client.post(PATH, data)
    assert again.status_code == 201 and NUMBER.findall(again.content.decode())[0] != first.number
    assert client.post("/complaints/track/", {"receipt": code}).status_code == 302  # that of the new one
    assert first.number not in client.get("/complaints/mine/").content.decode()
    assert verify_ledger().ok


def test_another_browser_with_the_same_token_sees_neither_number_nor_code(client: Client) -> None:
    data = opened(client) | filled()
    code = code_in(client.post(PATH, data).content.decode())
    number = Complaint.objects.get().number
    stranger = Client()
    stranger.get(PATH)
    pages = [
        stranger.post(PATH, data | changes, follow=True).content.decode()
        for changes in (
            {},
            {"description": "Lain."},
            {"step": "send"},
            {"step": "add", "first_token": data["form_token"]},
        )
    ]
    assert not [page for page in pages if number in page or code in page]


def test_while_the_database_is_away_nothing_typed_is_lost(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise OperationalError("the database system is shutting down")

    data = opened(client) | filled()
    with monkeypatch.context() as patch:
        patch.setattr(intake, "submit", away)
        answer = client.post(PATH, data)
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "shutting down" not in page
    assert filled()["description"] in page
    again = walked(client, hidden(page) | filled(step="review"))
    code_in(walked(client, hidden(again.content.decode()) | {"step": "send"}).content.decode())


def test_a_file_sent_twice_is_kept_once(client: Client) -> None:
    data = opened(client) | minimal()
    client.post(PATH, data | {"step": "review", "attachments": upload("png")})
    client.post(PATH, data | {"attachments": upload("png")})
    assert Complaint.objects.get().attachments.count() == 1
    assert Attachment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_case() -> None:
    browser = Client()
    data = opened(browser) | filled()
    answers: list[Any] = []

    def send() -> None:
        try:
            client = Client()
            client.cookies = browser.cookies
            answers.append(client.post(PATH, data))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({code_in(answer.content.decode()) for answer in answers}) == 1
    assert (Complaint.objects.count(), Event.objects.count(), Message.objects.count()) == (1, 1, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_another_citizen_waits_for_nothing_while_one_is_being_stored() -> None:
    said = intake.Filing("Lubang", "Lubang besar", category=Category.objects.first(), is_anonymous=True)
    found: list[Any] = []

    def file_meanwhile() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '500ms'")
            found.append(intake.submit(said, actor=None, now=FRIDAY))
        finally:
            connection.close()

    with transaction.atomic():
        first = intake.submit(said, actor=None, now=FRIDAY)
        meanwhile = threading.Thread(target=file_meanwhile)
        meanwhile.start()
        meanwhile.join(PATIENCE)
        assert [receipt.is_new for receipt in found] == [True]
    assert {first.case.number, found[0].case.number} == set(
        Complaint.objects.values_list("number", flat=True)
    )
