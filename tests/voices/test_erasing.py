"""Somebody asks to be erased: who they are goes everywhere, their words if they wish, and the chain stays whole."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.roles import Role
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Message
from complaints.services.change import NotPossible
from surveys.forums.contacts import token_for
from surveys.forums.inputs.services import answering, supporting
from surveys.forums.inputs.services.answering import about_input
from surveys.forums.inputs.services.erasing import erase_contact
from surveys.forums.models import Contact, ForumInput, InputWords, Support
from surveys.management.commands import erase_contact as erase_command
from tests import factories
from tests.factories import FRIDAY
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db


def test_only_who_they_are_goes_and_what_they_said_stays(client: Client) -> None:
    forum = make_forum()
    row = said(forum, "Loket kotor", email="ani@example.org", pseudonym="Ani K", confirmed=True)
    other = said(forum)
    supporting.support(other, browser="b", now=FRIDAY)
    Support.objects.update(contact=row.contact)
    assert row.contact
    link = f"/take-part/mails/{token_for(row.contact, 'stop')}/"
    erase_contact(row.contact, actor=None, now=FRIDAY, reason="Diminta", with_words=False)
    kept = ForumInput.objects.get(pk=row.pk)
    assert (kept.contact_id, kept.pseudonym, kept.words.text) == (None, "", "Loket kotor")
    assert not Contact.objects.exists() and Support.objects.get().contact is None
    assert client.get(link, follow=True).status_code == 404
    officer = factories.make_user(Role.OFFICER)
    answering.answer(about_input(row.pk, actor=officer), actor=officer, now=FRIDAY, words="Ya")
    Message.objects.update(due_at=FRIDAY)
    send_due(FRIDAY)
    assert mail.outbox == []


def test_with_the_words_goes_the_salt_and_the_page_says_so(client: Client) -> None:
    forum = make_forum()
    row = said(forum, "Nama saya Ani", email="ani@example.org")
    said(forum, "Jawaban Ani", parent=row, email="ani@example.org")
    assert row.contact
    gone = erase_contact(row.contact, actor=None, now=FRIDAY, reason="Diminta", with_words=True)
    assert (gone.inputs, gone.words) == (2, 2)
    assert not InputWords.objects.exists() and ForumInput.objects.count() == 2
    page = client.get(f"/forums/{forum.code}/thread/{row.number}/").content.decode()
    assert "Isinya telah dihapus" in page and "saya Ani" not in page and "Jawaban Ani" not in page
    assert verify_ledger(files=False).ok


def test_a_reason_is_needed() -> None:
    row = said(make_forum(), email="ani@example.org")
    assert row.contact
    with pytest.raises(NotPossible):
        erase_contact(row.contact, actor=None, now=FRIDAY, reason=" ", with_words=False)
    assert Contact.objects.exists()


def test_the_command_names_reports_that_hold_an_identity_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(erase_command, "sweep_up", lambda *tables: None)  # not inside a transaction
    row = said(make_forum(), email="ani@example.org", name="Ani", in_own_name=True, confirmed=True)
    officer = factories.make_user(Role.OFFICER)
    answering.become_case(
        about_input(row.pk, actor=officer), answering.NewCase("Jam"), actor=officer, now=FRIDAY
    )
    row.refresh_from_db()
    out = StringIO()
    call_command("erase_contact", row.number, "--reason", "Diminta", "--words", stdout=out)
    assert row.complaint and row.complaint.number in out.getvalue()
    with pytest.raises(CommandError):
        call_command("erase_contact", row.number, "--reason", "Diminta")


def test_a_head_erases_on_the_desk_and_an_officer_does_not(client: Client) -> None:
    row = said(make_forum(), email="ani@example.org")
    client.force_login(factories.make_user(Role.OFFICER))
    assert client.post(f"/staff/inputs/{row.number}/erase/", {"reason": "Diminta"}).status_code == 403
    assert Contact.objects.exists()
    client.force_login(factories.make_user(Role.AGENCY_HEAD))
    client.post(f"/staff/inputs/{row.number}/erase/", {"reason": "Diminta"})
    assert not Contact.objects.exists()
