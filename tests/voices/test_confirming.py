"""An address that somebody typed gets one mail that asks; more only once its owner has said that it is theirs."""

import re

import pytest
from django.core import mail
from django.test import Client

from complaints.identity import Identity
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Message
from surveys.forums.contacts import token_for
from surveys.forums.inputs.services import answering, supporting
from surveys.forums.models import Contact, ForumInput, Support
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
ANI = "ani@example.org"
IDENTITY = Identity(email=ANI)


def subjects() -> list[str]:
    return [str(letter.subject) for letter in mail.outbox if letter.to == [ANI]]


def test_a_stranger_who_types_an_address_again_and_again_makes_us_ask_once_a_week() -> None:
    forum = make_forum()
    for day in range(9):
        for n in range(3):
            said(forum, f"{day} {n}", now=FRIDAY + day * DAY, email=ANI)
        row = said(forum, f"{day}", now=FRIDAY + day * DAY)
        supporting.support(row, browser=f"b{day}", now=FRIDAY + day * DAY, identity=IDENTITY)
    officer = factories.make_user("officer")
    row = ForumInput.objects.order_by("pk")[0]
    answering.answer(answering.about_input(row.pk, actor=officer), actor=officer, now=FRIDAY, words="Ya")
    send_due(FRIDAY + 9 * DAY)
    assert len(subjects()) == 2 and all("konfirmasi" in each for each in subjects())


def test_the_owner_sees_all_that_was_left_with_the_address_and_takes_only_what_is_theirs(
    client: Client,
) -> None:
    forum = make_forum()
    mine, forged = (
        said(forum, "Milik saya", email=ANI),
        said(forum, "Bukan saya", email=ANI, in_own_name=True),
    )
    supporting.support(said(forum), browser="b", now=FRIDAY, identity=IDENTITY)
    send_due(FRIDAY)
    (letter,) = mail.outbox
    link = re.search(r"/take-part/confirm/[^\s]+", str(letter.body))
    assert link is not None
    page = client.get(link.group(), follow=True).content.decode()
    assert "Milik saya" in page and "Bukan saya" in page
    support = Support.objects.get()
    asked = [f"i{mine.pk}", f"i{forged.pk}", f"s{support.pk}"]
    client.post("/take-part/confirm/", {"asked": asked, "mine": [asked[0], asked[2]]})
    contact = Contact.objects.get()
    assert contact.confirmed_at and contact.asked_at is None
    assert list(contact.inputs.all()) == [mine]
    support.refresh_from_db()
    assert support.is_confirmed
    forged.refresh_from_db()
    assert (forged.state, forged.in_own_name) == ("waiting", False)  # said it was; by whom nobody knows
    assert verify_ledger(files=False).ok


def test_nobody_confirms_with_their_link_what_was_left_with_another_address(client: Client) -> None:
    forum = make_forum()
    mine = said(forum, email=ANI)
    supporting.support(said(forum), browser="b", now=FRIDAY, identity=IDENTITY)
    other = said(forum, email="beni@example.org")
    assert mine.contact and other.contact
    client.get(f"/take-part/confirm/{token_for(other.contact, 'confirm', f'i{other.pk}')}/")
    made = Support.objects.get()
    client.post("/take-part/confirm/", {"asked": [f"s{made.pk}"], "mine": [f"s{made.pk}"]})
    assert not Support.objects.get().is_confirmed
    assert Contact.objects.get(pk=mine.contact.pk).confirmed_at is None


def test_what_is_left_with_a_confirmed_address_is_told_once_a_day() -> None:
    forum = make_forum()
    said(forum, email=ANI, confirmed=True)
    for n in range(3):
        said(forum, f"{n}", email=ANI)
    assert Message.objects.filter(template="voice_step").count() == 1
