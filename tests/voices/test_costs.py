"""A page of what people said costs the same with one row and with many."""

from collections.abc import Callable
from copy import copy
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from complaints.database.keys import reserve_ids
from complaints.models import Service
from surveys.forums.inputs.choices import HideReason
from surveys.forums.inputs.services import answering, gathering, moderating
from surveys.forums.models import Forum, ForumInput, InputWords
from surveys.standards.models import Part
from tests import factories
from tests.factories import FRIDAY
from tests.standards.people import changed
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
MOST = 10
MANY = 24
SESSION = 2  # who it is, and their session


def costs(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def one_and_many(client: Client, path: str, more: Callable[[], object], most: int = MOST) -> None:
    costs(client, path)  # what is kept for a while
    one = costs(client, path)
    more()
    assert costs(client, path) <= min(one, most)


def copies(row: ForumInput) -> None:
    """As many more as `row`, with all that hangs on it."""
    made = []
    for pk in reserve_ids(MANY, ForumInput):
        each: Any = copy(row)
        each.pk, each.number, each.idempotency_key = pk, f"MSK-2026-{pk}", f"{pk}"
        each.path = f"{pk:08x}" if row.parent_id is None else f"{row.path[:8]}{pk:08x}"
        made.append(each)
    ForumInput.objects.bulk_create(made)
    InputWords.objects.bulk_create(InputWords(input=each, salt="s", text="x") for each in made)


@pytest.fixture
def head() -> User:
    factories.make_city()
    return factories.make_user(Role.AGENCY_HEAD)


@pytest.fixture
def forum(head: User) -> Forum:
    return make_forum()


def case_of(row: ForumInput, head: User) -> ForumInput:
    """Gathered, and become a report: what brings most rows with it."""
    finding = gathering.gather([row.pk], "Jam", actor=head, now=FRIDAY)
    about = answering.about_finding(finding.pk, actor=head)
    answering.become_case(about, answering.NewCase("Jam"), actor=head, now=FRIDAY)
    return ForumInput.objects.get(pk=row.pk)


def test_the_pages_of_a_thread_and_of_questions(client: Client, forum: Forum, head: User) -> None:
    row, asked = case_of(said(forum), head), said(forum, source="before")
    reply = said(forum, parent=row)
    one_and_many(client, f"/forums/{forum.code}/thread/", lambda: copies(row))
    one_and_many(client, f"/forums/{forum.code}/questions/", lambda: copies(asked))
    one_and_many(client, f"/forums/{forum.code}/thread/{row.number}/", lambda: copies(reply))


def test_the_pages_of_the_desk(client: Client, forum: Forum, head: User) -> None:
    client.force_login(head)
    row = case_of(said(forum), head)
    for path in ("/staff/inputs/?state=all", "/staff/inputs/export/?state=all", "/staff/findings/{}/"):
        path = path.format(row.finding.number if row.finding else "")
        one_and_many(client, path, lambda: copies(row), MOST + SESSION)
    waiting = gathering.gather([said(forum).pk], "Loket", actor=head, now=FRIDAY)
    gathered = waiting.inputs.get()
    one_and_many(client, f"/staff/findings/{waiting.number}/", lambda: copies(gathered), MOST + SESSION)
    one_and_many(
        client, "/staff/forums/", lambda: [make_forum(code=f"f-{n}") for n in range(5)], MOST + SESSION
    )
    for n in range(3):
        moderating.hide(said(forum, f"{n}").pk, actor=head, now=FRIDAY, reason=HideReason.INSULT)
    assert costs(client, f"/forums/{forum.code}/moderation/") <= 4


def test_the_desk_of_standards(client: Client, head: User) -> None:
    client.force_login(head)

    def make(n: int) -> None:
        thing = Service.objects.create(code=f"izin-{n}", name_id="Izin", agency=factories.make_agency())
        changed(Part.TIME, {"days": 3}, service=thing, now=FRIDAY, starts_on=date(2026, 11, 20))

    make(0)
    one_and_many(client, "/staff/standards/", lambda: list(map(make, range(1, 6))), MOST + SESSION)


def test_no_field_takes_the_rows_of_a_page_for_its_own(client: Client, forum: Forum, head: User) -> None:
    client.force_login(head)
    found = gathering.gather([said(forum).pk], "Jam", actor=head, now=FRIDAY)
    assert "QuerySet" not in client.get(f"/staff/findings/{found.number}/").content.decode()
