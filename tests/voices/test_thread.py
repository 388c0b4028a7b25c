"""People discuss a forum's topic online: without an account, without JavaScript, without being counted twice."""

import pytest
from django.test import Client

from surveys.forums.contacts import token_for
from surveys.forums.models import Forum, ForumInput, Support
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
SECRET = "s" * 40


def test_somebody_says_something_and_finds_it_in_the_thread(client: Client) -> None:
    forum = make_forum()
    fields = {"secret": SECRET, "text": "Buka sampai jam 6"}
    page = client.post(f"/forums/{forum.code}/thread/say/", fields, follow=True)
    row = ForumInput.objects.get()
    assert page.redirect_chain[-1][0] == f"/forums/{forum.code}/thread/{row.number}/"
    assert "Buka sampai jam 6" in client.get(f"/forums/{forum.code}/thread/").content.decode()


def test_a_contribution_without_words_says_what_is_missing_and_keeps_the_rest(client: Client) -> None:
    forum = make_forum()
    page = client.post(
        f"/forums/{forum.code}/thread/say/", {"secret": SECRET, "text": "", "pseudonym": "Ani K"}
    )
    assert page.status_code == 422 and 'value="Ani K"' in page.content.decode()
    assert not ForumInput.objects.exists()


def test_who_wants_to_report_in_their_name_leaves_name_and_address(client: Client) -> None:
    forum = make_forum()
    fields = {"secret": SECRET, "text": "x", "in_own_name": "on"}
    assert client.post(f"/forums/{forum.code}/thread/say/", fields).status_code == 422
    client.post(f"/forums/{forum.code}/thread/say/", fields | {"email": "ani@example.org", "name": "Ani"})
    assert ForumInput.objects.get().in_own_name


def test_a_reply_stands_below_what_it_replies_to_and_asks_for_no_answer(client: Client) -> None:
    forum = make_forum()
    first, other = said(forum, "Pertama"), said(forum, "Kedua")
    for number, text in ((first.number, "Setuju"), (other.number, "Sayang sekali")):
        client.post(f"/forums/{forum.code}/thread/{number}/reply/", {"secret": f"{text:x<32}", "text": text})
    reply = first.replies.get()
    client.post(
        f"/forums/{forum.code}/thread/{reply.number}/reply/", {"secret": "z" * 32, "text": "Lebih dalam"}
    )
    deeper = reply.replies.get()
    assert (reply.state, reply.due_at, deeper.root, deeper.depth) == ("shown", None, first, 2)
    page = client.get(f"/forums/{forum.code}/thread/{first.number}/").content.decode()
    assert page.index("Setuju") < page.index("Lebih dalam")
    assert "Sayang" not in page


def test_one_browser_supports_once_and_another_again(client: Client) -> None:
    forum = make_forum()
    row = said(forum)
    for _ in range(2):
        client.post(f"/forums/{forum.code}/thread/{row.number}/support/")
    Client().post(f"/forums/{forum.code}/thread/{row.number}/support/")
    row.refresh_from_db()
    assert row.supports == Support.objects.count() == 2
    assert "Anda mendukung ini" in client.get(f"/forums/{forum.code}/thread/").content.decode()


def test_nobody_can_tell_what_one_browser_supports(client: Client) -> None:
    forum = make_forum()
    for row in (said(forum), said(forum)):
        client.post(f"/forums/{forum.code}/thread/{row.number}/support/")
    assert len(set(Support.objects.values_list("digest", flat=True))) == 2


def test_one_address_supports_once_and_counts_apart_when_it_is_confirmed(client: Client) -> None:
    forum = make_forum()
    row = said(forum)
    for browser in (client, Client()):
        browser.post(f"/forums/{forum.code}/thread/{row.number}/support/", {"email": "ani@example.org"})
    made = Support.objects.get()
    assert made.contact and not made.is_confirmed
    client.get(f"/take-part/confirm/{token_for(made.contact, 'confirm', f's{made.pk}')}/")
    client.post("/take-part/confirm/")
    assert Support.objects.get().is_confirmed
    assert (
        "(1 dengan alamat email terkonfirmasi)"
        in client.get(f"/forums/{forum.code}/thread/").content.decode()
    )


def test_the_most_supported_stands_first_and_pages_follow_each_other(client: Client) -> None:
    forum = make_forum()
    rows = [said(forum, f"Nomor {n:02d}!") for n in range(45)]
    for n, row in enumerate(rows):
        ForumInput.objects.filter(pk=row.pk).update(supports=n // 2)
    for order, expected in (("support", rows[::-1]), ("new", rows[::-1])):
        after, seen = "", []
        for _ in range(3):
            page = client.get(f"/forums/{forum.code}/thread/", {"order": order, "after": after})
            seen += [entry.row for entry in page.context["page"].entries]
            after = page.context["page"].next
        assert (seen, after) == (expected, "")


@pytest.mark.parametrize("after", ["x", "1.2.3.4", "-1", "9" * 40, "٣", "1.", "'"])
def test_a_made_up_cursor_shows_the_beginning(client: Client, after: str) -> None:
    forum = make_forum()
    said(forum, "Halo")
    for order in ("support", "new"):
        page = client.get(f"/forums/{forum.code}/thread/", {"order": order, "after": after})
        assert page.status_code == 200 and "Halo" in page.content.decode()


def test_a_forum_in_preparation_has_no_thread(client: Client) -> None:
    forum = make_forum(state="draft")
    assert client.get(f"/forums/{forum.code}/thread/").status_code == 404
    Forum.objects.update(state="announced", has_thread=False)
    assert client.get(f"/forums/{forum.code}/thread/").status_code == 404


def test_who_writes_too_fast_waits(client: Client) -> None:
    forum = make_forum()
    codes = [
        client.post(f"/forums/{forum.code}/thread/say/", {"secret": f"{n:032d}", "text": "x"}).status_code
        for n in range(8)
    ]
    assert codes[0] == 302 and codes[-1] == 429
