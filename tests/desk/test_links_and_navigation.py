"""What the desk offers a person opens for them, and what it does not offer is closed to them."""

import re
from copy import deepcopy

import pytest
from django.urls import get_resolver, reverse

from accounts.roles import Role
from complaints.desk.additions import CASE_LINKS, NAVIGATION
from complaints.desk.navigation import desk_nav
from complaints.permissions import role_may
from tests import factories
from tests.desk.people import EVERYBODY, case_of_pupr, make_everybody, new_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made"), pytest.mark.long]
READERS = [role for role in EVERYBODY if role != Role.ADMINISTRATOR]


def make_rows():
    people = make_everybody()
    clerk = people[Role.CLERK]
    return people, [new_case(actor=clerk), case_of_pupr(actor=clerk), factories.closed(actor=clerk)]


@pytest.fixture(scope="module")
def made(module_rows):
    return module_rows.make(make_rows)


@pytest.fixture
def people(made, db):
    return deepcopy(made[0])


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("role", READERS)
def test_a_case_links_to_what_opens_for_its_reader_and_to_nothing_else(client, people, made, role, place):
    case = made[1][place]
    client.force_login(people[role])
    page = client.get(reverse("complaints:case-detail", args=[case.number]))
    shown = {link["url"] for link in page.context["links"]} if page.status_code == 200 else set()
    for link in CASE_LINKS:
        url = link.url(case)
        answer = client.post(url) if link.is_post else client.get(url)
        assert (answer.status_code in (200, 302)) == (url in shown), (url, answer.status_code)


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_navigation_leads_where_its_reader_may_go(client, people, rf, role):
    request = rf.get("/staff/")
    request.user = people[role]
    items = {item["url"] for item in desk_nav(request)["desk_nav"]}
    client.force_login(people[role])
    for url in items:
        assert client.get(url, follow=True).status_code == 200, url
    for entry in NAVIGATION:
        opens = client.get(reverse(entry.url_name), follow=True).status_code == 200
        is_elsewhere = entry.unless is not None and role_may(role, entry.unless)
        assert opens == (entry.is_for(role) or is_elsewhere), entry.url_name


def staff_paths(patterns, prefix=""):
    """Every path behind the sign-in, with something in the place of what it names."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from staff_paths(pattern.url_patterns, path)
        elif path.startswith(("staff/", "oversight/")):
            yield re.sub(r"<\w+:\w+>", "1", path)


@pytest.mark.parametrize("path", sorted(set(staff_paths(get_resolver().url_patterns))))
def test_no_page_behind_the_sign_in_opens_for_a_stranger(client, path):
    sign_in = reverse("account_login")
    for answer in (client.get(f"/{path}"), client.post(f"/{path}")):
        assert answer.status_code == 405 or answer.url.split("?")[0] == sign_in
