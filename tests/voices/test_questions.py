"""Questions sent in beforehand are supported in any case, and a support can be taken back."""

import pytest
import time_machine
from django.test import Client

from complaints.services.change import NotPossible
from escalation.voices.watching import supports_that_do_not_add_up
from surveys.forums.models import ForumInput, Support
from tests.factories import DAY, FRIDAY, HOUR
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
Source = ForumInput.Source


def test_a_question_is_supported_without_a_thread_until_the_meeting_begins(client: Client) -> None:
    forum = make_forum(has_thread=False)
    asked, other = said(forum, "Jam berapa?", source=Source.BEFORE), said(forum, source=Source.BEFORE)
    page, post = f"/forums/{forum.code}/questions/", f"/forums/{forum.code}/thread/{asked.number}/support/"
    with time_machine.travel(FRIDAY, tick=False):
        assert post in client.get(page).content.decode()
        assert client.post(post, follow=True).status_code == 200
        first = client.get(page).context["page"].entries[0]
        assert (first.row, first.row.supports, first.is_supported) == (asked, 1, True)
    with time_machine.travel(forum.starts_at + HOUR, tick=False):
        assert post not in client.get(page).content.decode()
        client.post(f"/forums/{forum.code}/thread/{other.number}/support/")
    assert Support.objects.count() == 1
    assert client.get(f"/forums/{forum.code}/thread/").status_code == 404


def test_nobody_asks_beforehand_once_it_has_begun_whoever_sends_the_form() -> None:
    forum = make_forum()
    with pytest.raises(NotPossible):
        said(forum, source=Source.BEFORE, now=forum.starts_at)


def test_a_support_is_taken_back_by_the_browser_that_gave_it(client: Client) -> None:
    forum = make_forum()
    row = said(forum)
    post = f"/forums/{forum.code}/thread/{row.number}/support/"
    client.post(post)
    Client().post(post, {"what": "take-back"})
    assert Support.objects.count() == 1
    for _ in range(2):
        client.post(post, {"what": "take-back"})
    assert (Support.objects.count(), ForumInput.objects.get().supports) == (0, 0)
    assert list(supports_that_do_not_add_up(FRIDAY + DAY)) == []


def test_what_is_hidden_has_no_nickname_either(client: Client) -> None:
    row = said(make_forum(), "x", pseudonym="Pak Lurah Maling")
    ForumInput.objects.update(visibility="hidden", hidden_because="insult")
    assert row.forum
    page = client.get(f"/forums/{row.forum.code}/thread/").content.decode()
    assert "Maling" not in page and "Disembunyikan" in page
