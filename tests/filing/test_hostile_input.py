"""Whatever is typed, the form answers with a clear page and stores text as text."""

import pytest
from django.test import Client

from complaints.models import Complaint
from complaints.services.system import contact
from tests.filing.form import PATH, minimal, open_city, opened

pytestmark = pytest.mark.django_db

SCRIPTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "javascript:alert(1)",
    "'; DROP TABLE complaints_complaint; --",
    "=cmd|' /C calc'!A0",
    "%0d%0aSet-Cookie: a=b",
]
ODD = [
    "a\0b",
    "\u202egnp.exe",
    "Z\u0337\u0341" * 300,
    "😀" * 100,
    "\ud7ff\ufffd",
    "a\u2028b",
    "\t\v\f x",
    "İıſß",
]


@pytest.fixture(autouse=True)
def city() -> None:
    open_city()


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize("step", ["", "review"])
def test_markup_is_shown_as_text(client: Client, text: str, step: str) -> None:
    data = opened(client) | minimal(description=text, subject=text[:150], location=text, name=text, step=step)
    answer = client.post(PATH, data, follow=True)
    assert answer.status_code in (200, 201)
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\n\nSet-Cookie" not in str(answer.headers)
    if not step:
        assert Complaint.objects.get().description == text


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(
    "field", ["subject", "description", "location", "name", "phone", "email", "happened_on"]
)
def test_odd_characters_never_break_the_form(client: Client, field: str, text: str) -> None:
    answer = client.post(PATH, opened(client) | minimal(**{field: text}))
    assert answer.status_code in (201, 422)


@pytest.mark.parametrize("field", ["subject", "location"])
def test_one_line_stays_one_line(client: Client, field: str) -> None:
    client.post(PATH, minimal(**{field: "satu\r\nBcc: x@example.com\u2028dua\0tiga"}))
    assert getattr(Complaint.objects.get(), field) == "satu Bcc: x@example.com duatiga"


def test_a_name_cannot_smuggle_a_header(client: Client) -> None:
    client.post(PATH, minimal(name="Ani\r\nBcc: x@example.com", email="ani@example.com"))
    assert contact(Complaint.objects.get()).name == "Ani Bcc: x@example.com"


@pytest.mark.parametrize("email", ["ani@example.com\r\nBcc: x@example.com", "a@example.com;b@example.com"])
def test_an_address_is_one_address(client: Client, email: str) -> None:
    assert client.post(PATH, minimal(email=email)).status_code == 422


def test_several_lines_keep_their_lines(client: Client) -> None:
    client.post(PATH, minimal(description="satu\r\ndua\u2028tiga\rempat"))
    assert Complaint.objects.get().description == "satu\ndua\ntiga\nempat"


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe=\x80&description=%ff%fe", b"--x\r\nbroken", b"&" * 5000, b"description=" + b"a" * 900_000],
)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_a_garbled_body_gets_an_answer(client: Client, body: bytes, kind: str) -> None:
    answer = client.post(PATH, body, content_type=kind)
    assert answer.status_code in (400, 413, 422)
    assert not Complaint.objects.exists()


def test_hostile_query_strings_are_not_echoed(client: Client) -> None:
    page = client.get(PATH, {"category": '"><script>alert(1)</script>', "lang": "<b>"}).content.decode()
    assert "<script>alert" not in page
