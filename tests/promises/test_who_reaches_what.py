"""Every path of recommendations and commitments × every role; out of scope looks like missing."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import User
from accounts.roles import Role
from escalation.promises import urls
from escalation.promises.models.commitment import Commitment, CommitmentStep
from escalation.promises.models.recommendation import Recommendation, RecommendationStep
from tests import factories
from tests.module_rows import ModuleRows
from tests.promises.people import promised, recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made"), pytest.mark.long]

O, H, S = Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR  # noqa: E741
EVERYBODY = (Role.CLERK, Role.VERIFIER, O, H, S, Role.ADMINISTRATOR)
# Who gets further than 403.
PAGES: dict[str, set[Role]] = {
    "recommendation-list": {S},
    "recommendation-new": {S},
    "commitment-list": {S},
    "commitment-new": {H},  # a supervisor only with the recommendation that it carries out
    "obligations": {O, H},
    "case-pattern": {H, S},
    "recommendation-detail": {O, H, S},
    "commitment-detail": {O, H, S},
}
POSTS: dict[str, set[Role]] = {
    "recommendation-answer": {H},
    "recommendation-judge": {S},
    "recommendation-withdraw": {S},
    "commitment-report": {H},  # and the owner
    "commitment-judge": {S},
}
# Of proposals tests/promises/test_proposals.py tells who reaches what.
PROPOSALS = {"proposals", "proposal-detail", "proposal-decline"}
ELSEWHERE = {"evidence", "commitment-board", "commitment-public", *PROPOSALS}


@dataclass
class Made:
    people: dict[Role, User]
    rows: dict[str, Any]


def make_rows() -> Made:
    people = {role: factories.make_user(role) for role in EVERYBODY}
    return Made(people, {"recommendation": recommended(), "commitment": promised()})


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Made:
    return module_rows.make(make_rows)


@pytest.fixture
def people(made: Made, db: None) -> dict[Role, User]:
    return deepcopy(made.people)


@pytest.fixture
def rows(made: Made, db: None) -> dict[str, Any]:
    return deepcopy(made.rows)


def address(name: str, rows: dict[str, Any]) -> str:
    about = name.partition("-")[0]
    takes_number = name in POSTS or name.endswith("-detail")
    return reverse(f"escalation:{name}", args=[rows[about].number] if takes_number else [])


def test_every_path_is_in_these_tables() -> None:
    assert {path.name for path in urls.urlpatterns} == {*PAGES, *POSTS, *ELSEWHERE}
    assert get_resolver().namespace_dict["escalation"]


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_whom_it_is_made(
    client: Client, people: dict[Role, User], rows: dict[str, Any], name: str, role: Role
) -> None:
    client.force_login(people[role])
    assert client.get(address(name, rows)).status_code == (200 if role in PAGES[name] else 403)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", POSTS)
def test_doing_something_takes_the_right(
    client: Client, people: dict[Role, User], rows: dict[str, Any], name: str, role: Role
) -> None:
    client.force_login(people[role])
    # An empty form changes nothing: it is refused with its errors, or for lack of the right.
    assert client.post(address(name, rows)).status_code == (422 if role in POSTS[name] else 403)
    assert RecommendationStep.objects.count() + CommitmentStep.objects.count() == 2


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_a_post_does_anything(
    client: Client, people: dict[Role, User], rows: dict[str, Any], name: str, method: str
) -> None:
    client.force_login(people[S])
    assert getattr(client, method)(address(name, rows)).status_code == 405


@pytest.mark.parametrize("name", [*PAGES, *POSTS])
def test_a_stranger_is_sent_to_the_sign_in(client: Client, rows: dict[str, Any], name: str) -> None:
    send = client.post if name in POSTS else client.get
    response = send(address(name, rows))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("model", [Recommendation, Commitment])
def test_what_another_agency_owes_looks_like_what_does_not_exist(
    client: Client, rows: dict[str, Any], model: Any
) -> None:
    client.force_login(factories.make_user(H, factories.make_agency("DINKES")))
    name = model.__name__.lower()
    for number in (model.objects.get().number, "XXX-2026-9999"):
        assert client.get(reverse(f"escalation:{name}-detail", args=[number])).status_code == 404
    action = "recommendation-answer" if model is Recommendation else "commitment-report"
    assert client.post(address(action, rows)).status_code == 404


def test_the_owner_reports_on_the_page_and_other_officers_do_not(
    client: Client, people: dict[Role, User]
) -> None:
    row = promised(owner=people[O])
    url = reverse("escalation:commitment-report", args=[row.number])
    client.force_login(factories.make_user(O))
    assert client.post(url, {"words": "Sudah."}).status_code == 403
    client.force_login(people[O])
    assert client.post(url, {"words": "Sudah."}).status_code == 302
    row.refresh_from_db()
    assert row.state == "reported"


def test_a_supervisor_commits_an_agency_only_by_its_recommendation(
    client: Client, people: dict[Role, User], rows: dict[str, Any]
) -> None:
    client.force_login(people[S])
    url = reverse("escalation:commitment-new")
    assert client.get(url, {"recommendation": rows["recommendation"].number}).status_code == 200
    assert client.get(url, {"recommendation": "REK-2026-9999"}).status_code == 404
