"""Who reaches which page of what people said: scope is 404, right is 403."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from surveys.forums.inputs.services import gathering
from surveys.forums.models import Forum, ForumInput
from tests import factories
from tests.factories import FRIDAY
from tests.module_rows import ModuleRows
from tests.voices.people import make_forum, said

PEOPLE = ("clerk", "verifier", "officer", "head", "stranger", "supervisor", "administrator")
READ, NOT_THEIRS, NO_RIGHT = 200, 404, 403


def make() -> dict[str, Any]:
    forum = make_forum()
    row, other = (
        said(forum, "=1+1 loket"),
        said(forum, "Sama saja", pseudonym="Ani K", email="ani@example.org"),
    )
    other_agency = factories.make_agency("DLHK")
    made: dict[str, Any] = {
        "clerk": factories.make_user(Role.CLERK),
        "verifier": factories.make_user(Role.VERIFIER),
        "officer": factories.make_user(Role.OFFICER),
        "head": factories.make_user(Role.AGENCY_HEAD),
        "stranger": factories.make_user(Role.OFFICER, other_agency),
        "supervisor": factories.make_user(Role.SUPERVISOR),
        "administrator": factories.make_user(Role.ADMINISTRATOR),
    }
    finding = gathering.gather([other.pk], "Jam", actor=made["officer"], now=FRIDAY)
    return made | {"row": row, "finding": finding, "forum": forum}


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> dict[str, Any]:
    return module_rows.make(make)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made"), pytest.mark.long]
# Path, then what each of PEOPLE gets.
PAGES = {
    "/staff/inputs/": (403, 200, 200, 200, 200, 200, 403),
    "/staff/inputs/export/": (403, 200, 200, 200, 200, 200, 403),
    "/staff/inputs/batch/": (200, 403, 200, 200, 200, 403, 403),
    "/staff/inputs/{row}/": (403, 404, 200, 200, 404, 200, 403),
    "/staff/findings/{finding}/": (403, 404, 200, 200, 404, 200, 403),
    "/staff/voices/{row}/promise/": (403, 403, 403, 200, 403, 403, 403),
    "/staff/voices/{finding}/promise/": (403, 403, 403, 302, 403, 403, 403),
    "/oversight/inputs/": (403, 403, 403, 403, 403, 200, 403),
}
ACTS = {
    "/staff/inputs/{row}/answer/": (403, 404, 422, 422, 404, 403, 403),
    "/staff/inputs/{row}/hide/": (403, 404, 403, 422, 404, 422, 403),
    "/staff/inputs/{row}/pass-on/": (403, 404, 422, 422, 404, 403, 403),
    "/staff/inputs/{row}/name/": (403, 404, 422, 422, 404, 422, 403),
    "/staff/inputs/{row}/erase/": (403, 404, 403, 422, 404, 422, 403),
    "/staff/inputs/{row}/fly/": (403, 404, 404, 404, 404, 404, 403),
    "/staff/findings/{finding}/answer/": (403, 403, 422, 422, 404, 403, 403),
}


def path_of(path: str, made: dict[str, Any]) -> str:
    return path.format(row=made["row"].number, finding=made["finding"].number)


@pytest.mark.parametrize("path", PAGES)
def test_each_reaches_what_is_theirs(client: Client, made: dict[str, Any], path: str) -> None:
    got = []
    for name in PEOPLE:
        client.force_login(made[name])
        got.append(client.get(path_of(path, made)).status_code)
    assert tuple(got) == PAGES[path]


@pytest.mark.parametrize("path", ACTS)
def test_each_does_what_is_theirs(client: Client, made: dict[str, Any], path: str) -> None:
    """With an empty form: 422 is whoever might."""
    got = []
    for name in PEOPLE:
        client.force_login(made[name])
        got.append(client.post(path_of(path, made)).status_code)
    assert tuple(got) == ACTS[path]


@pytest.mark.parametrize("path", [*PAGES, *ACTS])
def test_who_is_not_signed_in_is_sent_to_the_door(client: Client, made: dict[str, Any], path: str) -> None:
    assert client.get(path_of(path, made)).status_code in (302, 404, 405)


def test_the_table_has_no_person_and_no_formula(client: Client, made: dict[str, Any]) -> None:
    client.force_login(made["head"])
    text = client.get("/staff/inputs/export/").content.decode()
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == 2 and "Ani" not in text and "ani@" not in text
    assert {row["text"] for row in rows} == {"'=1+1 loket", "Sama saja"}


def test_an_officer_gathers_ticked_rows_in_the_queue(client: Client, made: dict[str, Any]) -> None:
    client.force_login(made["officer"])
    fields = {"idempotency_key": "k" * 32, "number": [made["row"].number], "title": "", "into": ""}
    assert client.post("/staff/inputs/gather/", fields).status_code == 422
    client.post("/staff/inputs/gather/", fields | {"into": made["finding"].number})
    assert ForumInput.objects.get(pk=made["row"].pk).finding == made["finding"]


def test_the_queue_is_in_order_of_due_and_narrowed(client: Client, made: dict[str, Any]) -> None:
    client.force_login(made["officer"])
    page = client.get("/staff/inputs/", {"q": "loket"})
    assert [row.number for row in page.context["page"].rows] == [made["row"].number]
    assert client.get("/staff/inputs/", {"forum": "none-such"}).status_code == 400
    assert client.get("/staff/inputs/", {"from": "made-up"}).status_code == 400


def test_the_switch_stands_on_the_desk_of_the_forum(client: Client, made: dict[str, Any]) -> None:
    path = f"/staff/forums/{made['forum'].code}/moderation/"
    for name, status in (("officer", 403), ("head", 302)):
        client.force_login(made[name])
        assert client.post(path, {"to": "before"}).status_code == status
    assert Forum.objects.get().moderation == "before"
    assert client.post(path, {"to": "never"}).status_code == 404
    assert isinstance(made["head"], User)
