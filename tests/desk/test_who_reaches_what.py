"""Every desk path × every role. A path that is missing here fails."""

from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from complaints.desk import urls
from complaints.desk.actions import BY_SLUG
from complaints.models import Complaint
from tests.desk.people import EVERYBODY, case_of_pupr, foreign_case, make_everybody, new_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_desk"), pytest.mark.long]

C, V, O, H, S, A = EVERYBODY  # noqa: E741
READERS = {C, V, O, H, S}
# Who gets further than 403. Of a path about one case: whose role may at all; 404 is for what is out of scope.
PAGES = {
    "staff/": {C, V, O, H, S, A},
    "staff/search/": READERS,
    "staff/cases/": READERS,
    "staff/cases/cases.csv": READERS,
    "staff/intake/": {C},
    "staff/away/": {C, V, O, H, S, A},
    "staff/workload/": {O, H},
}
OWN = {  # lists and drafts that nobody else has
    "staff/lists/keep/",
    "staff/lists/<int:pk>/drop/",
    "staff/draft/",
}
CHOICE = "staff/choice/"  # how somebody likes their own desk
ELSEWHERE = {"staff/away/<int:pk>/end/"}  # for whom the absence is one of theirs
BULK = "staff/cases/bulk/"
POSTS = {
    **{f"{BULK}{slug}/": {V} for slug in ("assign", "merge", "reject")},
    f"{BULK}hand-back/": {O},
    f"{BULK}note/": {V, O},
}
# Vera's case is assigned: a heading.
CASE_PAGES = {
    "": READERS,
    "print/": READERS,
    "next/": READERS,
    "proof/": READERS - {V},
    "field/": READERS - {V},
}
CASE_POSTS = {
    "assign/": {V},
    "accept/": {O},
    "resolve/": {O},
    "progress/": {O},
    "hand-on/": {O, H},
    "ask/": {V, O},
    "answer/": {C},
    "note/": {V, O, H},
    "audit-note/": {S},
    "files/": {C, O},
    "mark-files/": {C, V, O, H},
    "merge/": {V},
    "party/": {V, S},
    "clear-party/": {S},
    "correct/": {V},
    "hand-back/": {O},
    "refer/": {V, S},
    "bring-back/": {S},
    "settle-referral/": {S},
    "reject/": {V},
    "open-identity/": {S},
}
CASE = "staff/cases/<str:number>/"


def test_every_path_of_the_desk_is_in_these_tables():
    assert {str(pattern.pattern) for pattern in urls.urlpatterns} == {
        *PAGES,
        *OWN,
        CHOICE,
        *POSTS,
        *ELSEWHERE,
        *(CASE + part for part in (*CASE_PAGES, *CASE_POSTS)),
        CASE + "form/<slug:slug>/",
        *(f"{CASE}{slug}/draft/" for slug in BY_SLUG),
    }


@dataclass
class Desk:
    """A person of each role, and a case for each who has one in scope; `foreign` is another agency's."""

    people: dict[Role, User]
    typed_in: Complaint
    pupr: Complaint
    foreign: Complaint


def make_desk():
    people = make_everybody()
    return Desk(people, new_case(actor=people[C]), case_of_pupr(), foreign_case())


@pytest.fixture(scope="module")
def made_desk(module_rows):
    return module_rows.make(make_desk)


@pytest.fixture
def desk(made_desk, db):
    return deepcopy(made_desk)


def sign_in(client, user):
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_whom_it_is_made(client, desk, path, role):
    response = sign_in(client, desk.people[role]).get(f"/{path}")
    assert response.status_code in ({200, 302} if role in PAGES[path] else {403})


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("path", POSTS)
def test_doing_something_to_several_cases_takes_the_right(client, desk, path, role):
    assert sign_in(client, desk.people[role]).post(f"/{path}").status_code == (
        400 if role in POSTS[path] else 403
    )
    assert client.get(f"/{path}").status_code in (403, 405)


def case_before(desk, role):
    """This role's person, and a case in their scope where there is one."""
    return desk.people[role], desk.typed_in if role == C else desk.pupr


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("part", CASE_PAGES)
def test_a_case_opens_for_whom_it_concerns(client, desk, part, role):
    user, case = case_before(desk, role)
    response = sign_in(client, user).get(f"/staff/cases/{case.number}/{part}")
    assert response.status_code in ({200, 302} if role in CASE_PAGES[part] else {403})


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("part", CASE_POSTS)
def test_doing_something_to_a_case_takes_the_right(client, desk, part, role):
    user, case = case_before(desk, role)
    response = sign_in(client, user).post(f"/staff/cases/{case.number}/{part}", {"version": case.version})
    if role == A:
        assert response.status_code in (403, 404)  # an administrator has no case in scope
    elif role in CASE_POSTS[part]:
        assert response.status_code in (400, 403, 409)  # an empty form, or not in this state
    else:
        assert response.status_code == 403
    case.refresh_from_db()
    assert case.version == case.events.count()


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_form_in_a_fold_is_for_whom_may_send_it(client, desk, role):
    user, case = case_before(desk, role)
    sign_in(client, user)
    for slug in BY_SLUG:
        response = client.get(f"/staff/cases/{case.number}/form/{slug}/", {"seen": case.version})
        if role in CASE_POSTS[f"{slug}/"]:
            assert response.status_code in (200, 409), slug  # a form, or not in this state
        else:
            assert response.status_code == 403, slug


@pytest.mark.parametrize("part", [*CASE_PAGES, *CASE_POSTS, "form/note/"])
def test_a_case_out_of_scope_looks_like_one_that_does_not_exist(client, desk, part):
    theirs, missing = desk.foreign.number, "KPG-2026-999999-9"
    sign_in(client, desk.people[O])
    send = client.post if part in CASE_POSTS else client.get
    answers = []
    for number in (theirs, missing):
        response = send(f"/staff/cases/{number}/{part}")
        words = response.content.decode().replace(number, "").replace(response.wsgi_request.incident, "")
        answers.append((response.status_code, [line for line in words.splitlines() if "csrf" not in line]))
    if part not in CASE_POSTS or O in CASE_POSTS[part]:
        assert answers[0][0] == 404
    assert answers[0] == answers[1]


@pytest.mark.parametrize("part", CASE_POSTS)
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_only_a_post_does_anything(client, desk, part, method):
    user, case = case_before(desk, V)
    before = case.version
    response = getattr(sign_in(client, user), method)(f"/staff/cases/{case.number}/{part}")
    slug = part.rstrip("/")
    if method in ("get", "head") and slug in BY_SLUG:  # back from signing in: to the form, if it is theirs
        assert response.status_code == (302 if V in CASE_POSTS[part] else 403)
    else:
        assert response.status_code == 405
    case.refresh_from_db()
    assert case.version == before
    assert case.events.count() == case.version


@pytest.mark.parametrize("path", [*PAGES, *POSTS])
def test_a_stranger_is_sent_to_the_sign_in(client, path):
    response = client.get(f"/{path}") if path in PAGES else client.post(f"/{path}")
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("role", [C, V, O, H, S, A])
def test_home_leads_each_to_their_work(client, desk, role):
    target = sign_in(client, desk.people[role]).get("/staff/").url
    expected = {Role.CLERK: "/staff/intake/", Role.ADMINISTRATOR: "/admin/"}.get(role, "/staff/cases/")
    assert target == expected
