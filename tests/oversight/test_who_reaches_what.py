"""The pages of the supervisors' desk × every role. A path of oversight_urls that is missing here fails."""

from copy import deepcopy

import pytest
from django.urls import reverse

from accounts.roles import Role
from escalation.oversight import urls
from tests.desk.people import EVERYBODY, case_of_pupr, make_everybody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made"), pytest.mark.long]

PAGES = {
    "oversight/": {Role.SUPERVISOR},
    "oversight/escalations/": {Role.SUPERVISOR},
    "oversight/ignored/": {Role.SUPERVISOR},
    "oversight/referred/": {Role.SUPERVISOR},
    "oversight/referred/cases.csv": {Role.SUPERVISOR},
    "oversight/soon/": {Role.SUPERVISOR},
    "oversight/soon/cases.csv": {Role.SUPERVISOR},
    "oversight/oldest/": {Role.SUPERVISOR},
    "oversight/oldest/cases.csv": {Role.SUPERVISOR},
    "oversight/agencies/": {Role.SUPERVISOR},
    "oversight/search/": {Role.SUPERVISOR},
    "oversight/search/cases.csv": {Role.SUPERVISOR},
    "oversight/identity/": {Role.SUPERVISOR},
    "oversight/cases/<str:number>/": {Role.SUPERVISOR},
}


def address(path, case):
    return "/" + path.replace("<str:number>", case.number)


@pytest.fixture(scope="module")
def made(module_rows):
    return module_rows.make(lambda: (make_everybody(), case_of_pupr()))


@pytest.fixture
def people(made, db):
    return deepcopy(made[0])


@pytest.fixture
def case(made, db):
    return deepcopy(made[1])


def test_every_path_of_the_desk_is_in_this_table():
    assert {str(pattern.pattern) for pattern in urls.urlpatterns} == set(PAGES)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_supervisors_only(client, people, case, path, role):
    client.force_login(people[role])
    expected = 200 if role in PAGES[path] else 403
    assert client.get(address(path, case)).status_code == expected


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_desk_is_read_only(client, people, case, path, method):
    client.force_login(people[Role.SUPERVISOR])
    assert getattr(client, method)(address(path, case)).status_code == 405
    assert case.events.count() == case.version


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_sign_in(client, case, path):
    response = client.get(address(path, case))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def test_a_case_that_does_not_exist_is_not_found(client, people):
    client.force_login(people[Role.SUPERVISOR])
    assert client.get("/oversight/cases/KPG-2026-999999-9/").status_code == 404


def test_the_navigation_leads_supervisors_there_and_nobody_else(client, people):
    for role, person in people.items():
        client.force_login(person)
        page = client.get("/staff/", follow=True)
        offered = [item["url"] for item in page.context["desk_nav"]] if "desk_nav" in page.context else []
        assert ("/oversight/" in offered) == (role == Role.SUPERVISOR), role
