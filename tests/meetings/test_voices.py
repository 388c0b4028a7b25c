"""What is said at a meeting, written down once whatever the network does; questions sent in beforehand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from surveys.forums.meetings.services import announcing
from surveys.forums.models import Forum, ForumInput, InputWords
from tests import factories
from tests.meetings.people import announced, officer
from tests.shared import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ONCE = "n" * 32


@pytest.fixture
def forum() -> Forum:
    return announced(starts_at=NOON - timedelta(minutes=20), agencies=(factories.make_agency("DINKES"),))


@pytest.fixture
def at_the_desk(client: Client) -> Client:
    client.force_login(officer())
    return client


def test_a_line_is_stored_once_however_often_it_is_sent(at_the_desk: Client, forum: Forum) -> None:
    url = reverse("surveys:desk-forum-notes-say", args=[forum.code])
    sent = {
        "once": ONCE,
        "text": "Loket tutup terlalu awal.",
        "pseudonym": "pengguna layanan",
        "agency_code": "DINKES",
    }
    numbers = [at_the_desk.post(url, sent).json()["number"] for _time in range(2)]
    row = ForumInput.objects.get()
    assert numbers == [row.number, row.number]
    assert (row.source, row.pseudonym, row.agency.code) == ("meeting", "pengguna layanan", "DINKES")
    assert InputWords.objects.get().text == "Loket tutup terlalu awal."


def test_a_line_that_waited_for_the_network_has_the_moment_when_it_was_typed(
    at_the_desk: Client, forum: Forum
) -> None:
    url = reverse("surveys:desk-forum-notes-say", args=[forum.code])
    typed = NOON - timedelta(minutes=10)
    for number, at in enumerate((typed, NOON + timedelta(days=1), NOON - timedelta(days=400))):
        sent = {"once": f"{number}" * 32, "text": "Ya.", "at": str(int(at.timestamp() * 1000))}
        assert at_the_desk.post(url, sent).status_code == 200
    assert list(ForumInput.objects.order_by("pk").values_list("at", flat=True)) == [typed, NOON, NOON]


def test_without_javascript_it_is_an_ordinary_form(at_the_desk: Client, forum: Forum) -> None:
    url = reverse("surveys:desk-forum-notes", args=[forum.code])
    assert at_the_desk.post(url, {"once": ONCE, "text": "Ya."}).status_code == 302
    page = at_the_desk.get(url).content.decode()
    assert ForumInput.objects.get().number in page
    assert at_the_desk.post(url, {"once": "o" * 32, "text": " "}).status_code == 422
    assert ForumInput.objects.count() == 1


def test_an_empty_line_and_one_of_a_cancelled_meeting_are_refused_for_themselves(
    at_the_desk: Client, forum: Forum
) -> None:
    url = reverse("surveys:desk-forum-notes-say", args=[forum.code])
    assert at_the_desk.post(url, {"once": ONCE, "text": ""}).status_code == 422
    announcing.cancel(forum.pk, actor=officer(), now=NOON, why="Gedung rusak.")
    assert at_the_desk.post(url, {"once": ONCE, "text": "Ya."}).status_code == 422
    assert ForumInput.objects.count() == 0


def test_the_page_that_a_browser_keeps_names_nobody(at_the_desk: Client, forum: Forum) -> None:
    page = at_the_desk.get(reverse("surveys:desk-forum-notes", args=[forum.code]))
    assert officer().name not in page.content.decode() and officer().email not in page.content.decode()
    script = at_the_desk.get(reverse("surveys:desk-forum-notes-worker", args=[forum.code]))
    assert script["Content-Type"].startswith("text/javascript")
    assert f"/staff/forums/{forum.code}/notes/" in script.content.decode()


def test_somebody_asks_beforehand_and_others_read_it(client: Client) -> None:
    forum = announced()
    url = reverse("surveys:forum-questions", args=[forum.code])
    sent = {"secret": "q" * 32, "text": "Apakah loket buka hari Sabtu?", "pseudonym": "Warga"}
    assert [client.post(url, sent).status_code for _time in range(2)] == [302, 302]
    row = ForumInput.objects.get()
    assert row.source == "before"
    assert "Apakah loket buka hari Sabtu?" in client.get(url).content.decode()


def test_questions_end_when_the_meeting_begins(client: Client, forum: Forum) -> None:
    url = reverse("surveys:forum-questions", args=[forum.code])
    sent = {"secret": "q" * 32, "text": "Apakah loket buka hari Sabtu?"}
    assert client.post(url, sent).status_code == 404
    assert ForumInput.objects.count() == 0
