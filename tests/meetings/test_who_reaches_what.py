"""Every path of meetings × every role; out of scope looks like missing."""

from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from surveys.forums.meetings import urls
from surveys.forums.meetings.models.record import ForumStep
from surveys.forums.models import Forum
from tests import factories
from tests.meetings.people import announced, head
from tests.module_rows import ModuleRows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made"), pytest.mark.long]

O, H, S = Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR  # noqa: E741
EVERYBODY = (Role.CLERK, Role.VERIFIER, O, H, S, Role.ADMINISTRATOR)
# Who gets further than 403.
PAGES: dict[str, set[Role]] = {
    "desk-forums": {O, H, S},
    "desk-forum": {O, H, S},
    "desk-forum-new": {O, H},
    "desk-forum-change": {O, H},
    "desk-forum-people": {O, H},
    "desk-forum-wall": {O, H},
    "desk-forum-minutes": {O, H, S},
    "desk-minutes-write": {O, H},
    "desk-forum-notes": {O, H},
    "desk-forum-notes-worker": {O, H},
}
# With what an empty form of somebody who may is refused.
POSTS: dict[str, set[Role]] = {
    "desk-forum-cancel": {O, H},
    "desk-forum-invite": {O, H},
    "desk-forum-attendance": {O, H},
    "desk-forum-photos": {O, H},
    "desk-minutes-representative": {O, H},
    "desk-minutes-paper": {O, H},
    "desk-forum-notes-say": {O, H},
}
# Take further words in their path: tried where they belong.
ELSEWHERE = {"desk-forum-act", "desk-forum-forget", "desk-forum-photo"}
ELSEWHERE |= {
    "desk-minutes-act",
    "desk-minutes-answer",
    "desk-minutes-scan",
    "desk-minutes-erase",
    "forum-minutes",
    "forum-minutes-text",
}
PUBLIC = {
    "forums",
    "forum",
    "forum-calendar",
    "forum-register",
    "forum-here",
    "forum-yours",
    "forum-questions",
}
PUBLIC_POSTS = {
    "forum-yours-cancel": 404,
    "forum-yours-object": 404,
    "forum-yours-sign": 404,
    "forum-yours-leave": 302,
}
FILES = {"forum-photo"}


@dataclass
class Made:
    people: dict[Role, User]
    forum: Forum


def make_rows() -> Made:
    return Made({role: factories.make_user(role) for role in EVERYBODY}, announced())


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Made:
    return module_rows.make(make_rows)


@pytest.fixture
def people(made: Made, db: None) -> dict[Role, User]:
    return deepcopy(made.people)


@pytest.fixture
def forum(made: Made, db: None) -> Forum:
    return deepcopy(made.forum)


def address(name: str, forum: Forum) -> str:
    alone = {"desk-forums", "desk-forum-new", "forums", "forum-yours", *PUBLIC_POSTS}
    return reverse(f"surveys:{name}", args=[] if name in alone else [forum.code])


def test_every_path_is_in_these_tables() -> None:
    listed = {*PAGES, *POSTS, *ELSEWHERE, *PUBLIC, *PUBLIC_POSTS, *FILES}
    assert {path.name for path in urls.urlpatterns} == listed


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_whom_it_is_made(
    client: Client, people: dict[Role, User], forum: Forum, name: str, role: Role
) -> None:
    client.force_login(people[role])
    assert client.get(address(name, forum)).status_code == (200 if role in PAGES[name] else 403)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", POSTS)
def test_doing_something_takes_the_right(
    client: Client, people: dict[Role, User], forum: Forum, name: str, role: Role
) -> None:
    client.force_login(people[role])
    steps = ForumStep.objects.count()
    assert client.post(address(name, forum)).status_code == (422 if role in POSTS[name] else 403)
    assert ForumStep.objects.count() == steps


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_button_takes_the_right(client: Client, people: dict[Role, User], forum: Forum, role: Role) -> None:
    client.force_login(people[role])
    url = reverse("surveys:desk-forum-act", args=[forum.code, "begin"])
    assert client.post(url).status_code == (302 if role in {O, H} else 403)
    assert client.post(url.replace("begin", "burn")).status_code == (404 if role in {O, H} else 403)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("verb", ["circulate", "sign", "publish"])
def test_minutes_take_the_right(
    client: Client, people: dict[Role, User], forum: Forum, verb: str, role: Role
) -> None:
    client.force_login(people[role])
    may = {"sign": {H}}.get(verb, {O, H})
    answer = client.post(reverse("surveys:desk-minutes-act", args=[forum.code, verb]))
    assert answer.status_code == (409 if role in may else 403)  # nothing is written yet


def test_minutes_of_a_meeting_to_come_are_nobodys_to_read(client: Client, forum: Forum) -> None:
    for name in ("forum-minutes", "forum-minutes-text"):
        assert client.get(reverse(f"surveys:{name}", args=[forum.code])).status_code == 404


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_a_post_does_anything(
    client: Client, people: dict[Role, User], forum: Forum, name: str, method: str
) -> None:
    client.force_login(people[H])
    assert getattr(client, method)(address(name, forum)).status_code == 405


@pytest.mark.parametrize("name", [*PAGES, *POSTS])
def test_a_stranger_is_sent_to_the_sign_in(client: Client, forum: Forum, name: str) -> None:
    send = client.post if name in POSTS else client.get
    response = send(address(name, forum))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name", [*(name for name in PAGES if name not in ("desk-forums", "desk-forum-new")), *POSTS]
)
def test_another_agencys_forum_looks_like_none(client: Client, forum: Forum, name: str) -> None:
    client.force_login(head("DINKES"))
    send = client.post if name in POSTS else client.get
    for code in (forum.code, "tidak-ada-2026"):
        assert send(reverse(f"surveys:{name}", args=[code])).status_code == 404


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_everybody_reads_what_is_announced(client: Client, forum: Forum, name: str) -> None:
    assert client.get(address(name, forum)).status_code == 200


@pytest.mark.parametrize("name", PUBLIC_POSTS)
def test_without_a_code_nothing_is_called_off(client: Client, forum: Forum, name: str) -> None:
    assert client.post(address(name, forum)).status_code == PUBLIC_POSTS[name]
    assert client.get(address(name, forum)).status_code == 405
