"""Every path of rounds × every role; another unit's round looks like one that does not exist."""

from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from surveys.rounds import urls
from surveys.rounds.models import Round
from tests import factories
from tests.module_rows import ModuleRows
from tests.surveys.rounds.people import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared"), pytest.mark.long]

O, H, S = Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR  # noqa: E741
EVERYBODY = (Role.CLERK, Role.VERIFIER, O, H, S, Role.ADMINISTRATOR)
# Who gets further than 403, and what an empty form is answered.
PAGES: dict[str, set[Role]] = {
    "desk-rounds": {O, H, S},
    "desk-round-new": {O, H},
    "desk-round": {O, H, S},
    "desk-paper": {O, H},
    "desk-import": {O, H},
    "desk-import-template": {O, H},
    "desk-words": {O, H, S},
}
POSTS: dict[str, tuple[set[Role], int]] = {
    "desk-open": ({O, H}, 409),  # it is open
    "desk-close": ({O, H}, 302),
    "desk-prolong": ({O, H}, 422),
    "desk-annul": ({O, H}, 422),
    "desk-codes": ({O, H}, 422),
    "desk-device": ({O, H}, 422),
    "desk-withdraw": ({O, H}, 404),  # no such tablet
    "desk-erase-text": ({S}, 404),  # no such text
}
PUBLIC = {
    *("round-list", "answer", "answer-qr", "answer-thanks"),
    *("counter", "counter-send", "counter-worker"),
}


@dataclass
class Shared:
    people: dict[Role, User]
    row: Round


def make_rows() -> Shared:
    return Shared({role: factories.make_user(role) for role in EVERYBODY}, opened())


@pytest.fixture(scope="module")
def shared(module_rows: ModuleRows) -> Shared:
    return module_rows.make(make_rows)


@pytest.fixture
def people(shared: Shared, db: None) -> dict[Role, User]:
    return deepcopy(shared.people)


def address(name: str, code: str) -> str:
    arguments = [] if name in ("desk-rounds", "desk-round-new") else [code]
    return reverse(f"surveys:{name}", args=[*arguments, 1] if name == "desk-withdraw" else arguments)


def test_every_path_is_in_these_tables() -> None:
    assert {path.name for path in urls.urlpatterns} == {*PAGES, *POSTS, *PUBLIC}


def test_each_page_opens_for_whom_it_is_made(
    client: Client, people: dict[Role, User], shared: Shared, subtests: pytest.Subtests
) -> None:
    for name, roles in PAGES.items():
        for role in EVERYBODY:
            with subtests.test(name, role=str(role)):
                client.force_login(people[role])
                expected = 200 if role in roles else 403
                assert client.get(address(name, shared.row.code)).status_code == expected


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("role", EVERYBODY)
def test_doing_something_takes_the_right(
    client: Client, people: dict[Role, User], shared: Shared, name: str, role: Role
) -> None:
    client.force_login(people[role])
    roles, answer = POSTS[name]
    url = address(name, shared.row.code)
    assert client.post(url).status_code == (answer if role in roles else 403)
    assert client.get(url).status_code == 405


def test_a_stranger_is_sent_to_the_sign_in_and_anothers_round_is_not_found(
    client: Client, shared: Shared, subtests: pytest.Subtests
) -> None:
    other = factories.make_user(H, factories.make_agency("DINKES"))
    all_seeing = shared.people[S]
    for name in (*PAGES, *POSTS):
        send = client.post if name in POSTS else client.get
        with subtests.test(name):
            client.logout()
            assert send(address(name, shared.row.code)).status_code == 302
            client.force_login(all_seeing if name == "desk-erase-text" else other)
            if name in ("desk-rounds", "desk-round-new"):
                continue
            for code in ("ZZZZZZ",) if name == "desk-erase-text" else (shared.row.code, "ZZZZZZ"):
                assert send(address(name, code)).status_code == 404
    assert Round.objects.get(pk=shared.row.pk).state == "open"


def test_anybody_reads_and_answers(client: Client, shared: Shared) -> None:
    for name in ("answer", "answer-qr", "answer-thanks", "counter", "counter-worker"):
        assert client.get(reverse(f"surveys:{name}", args=[shared.row.code])).status_code == 200
    assert client.get("/surveys/").status_code == 200
