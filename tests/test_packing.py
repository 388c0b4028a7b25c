"""Which pages are packed on the wire, and that style sheets and scripts are whole."""

import gzip

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.roles import Role
from complaints import sheets
from config.packing import may_be_packed
from tests.factories import file_complaint, make_user

PACKS = {"accept-encoding": "gzip, br"}


def answer(content_type: str = "text/html; charset=utf-8", **more: object) -> HttpResponse:
    return HttpResponse("x" * 500, content_type=content_type, **more)


@pytest.mark.parametrize(
    ("request_", "response", "packed"),
    [
        (RequestFactory().get("/standards/"), answer(), True),
        (RequestFactory().get("/standards/?q=a"), answer(), False),
        (RequestFactory().post("/complaints/new/", {"subject": "a"}), answer(), False),
        (RequestFactory().get("/nothing/a"), answer(status=404), False),
        (RequestFactory().get("/files/a"), answer("image/jpeg"), False),
        (
            RequestFactory().get("/receipt/"),
            answer(headers={"Cache-Control": "no-store, no-transform"}),
            False,
        ),
    ],
)
def test_what_a_visitor_can_put_into_a_page_is_never_packed(
    request_: HttpRequest, response: HttpResponse, packed: bool
) -> None:
    assert may_be_packed(request_, response) is packed


@pytest.mark.django_db
def test_a_case_page_is_packed_and_a_query_is_not(client: Client) -> None:
    case = file_complaint()
    client.force_login(make_user(Role.VERIFIER))
    page = client.get(f"/staff/cases/{case.number}/", headers=PACKS)
    assert page["Content-Encoding"] == "gzip"
    assert case.number in gzip.decompress(page.content).decode()
    for path in (f"/staff/cases/{case.number}/?do=note", "/staff/cases/?queue=all&q=lubang"):
        assert "Content-Encoding" not in client.get(path, headers=PACKS)


@pytest.mark.parametrize("name", sheets.SHEETS)
def test_a_side_s_sheet_is_whole_and_kept_for_good(client: Client, name: str) -> None:
    address = sheets.address(name)
    plain, packed = client.get(address), client.get(address, headers=PACKS)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "immutable" in plain["Cache-Control"]
    assert "immutable" not in client.get(address.replace(address.split("/")[2], "0" * 12))["Cache-Control"]
    kind, text = name.rpartition(".")[2], plain.content.decode()
    assert "../" not in text  # what a part points at by its place is inside
    for part in sheets.SHEETS[name]:
        last = (settings.BASE_DIR / "static" / kind / f"{part}.{kind}").read_text().strip().splitlines()[-1]
        assert last in text


def test_there_is_no_other_sheet(client: Client) -> None:
    assert client.get("/sheets/0/secret.css").status_code == 404
