"""Somebody says something: it is kept once, has a number and a day, and the ledger proves the words."""

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import LedgerEntry, Message
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.contacts import token_for
from surveys.forums.inputs.models import InputTerm
from surveys.forums.inputs.services.saying import Said, say, words_digest
from surveys.forums.models import Contact, Forum, ForumInput, ForumState
from tests import factories
from tests.factories import FRIDAY
from tests.voices.people import Source, make_forum, said

pytestmark = pytest.mark.django_db


def test_the_same_form_twice_is_one_input() -> None:
    forum = make_forum()
    first, second = (said(forum, key="k" * 32) for _ in range(2))
    assert first.pk == second.pk
    assert ForumInput.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="input_said").count() == 1


def test_an_input_has_a_number_and_fourteen_working_days() -> None:
    row = said(make_forum())
    assert row.number == f"MSK-2026-{row.pk:05d}"
    assert row.due_at is not None and timezone.localtime(row.due_at).date() == date(2026, 12, 10)
    assert row.next_action_at is not None and row.next_action_at < row.due_at


def test_another_term_holds_from_its_day_on() -> None:
    forum = make_forum()
    InputTerm.objects.create(valid_from=date(2026, 11, 20), answer_days=5, remind_days=1)
    row = said(forum)
    assert row.due_at is not None and timezone.localtime(row.due_at).date() == date(2026, 11, 27)
    InputTerm.objects.create(valid_from=date(2026, 11, 21), answer_days=30, remind_days=5)
    row.refresh_from_db()
    assert timezone.localtime(row.due_at).date() == date(2026, 11, 27)


def test_the_ledger_holds_a_salted_digest_and_no_word() -> None:
    row = said(make_forum(), "Bu Sari di loket tiga")
    entry = LedgerEntry.objects.get(kind="input_said")
    assert entry.data["words"] == words_digest(row.words)
    assert "Sari" not in str(entry.data)
    assert verify_ledger(files=False).ok


def test_a_citizen_writes_only_where_it_is_open() -> None:
    forum = make_forum(thread_until=date(2026, 11, 19))
    with pytest.raises(NotPossible):
        said(forum)
    Forum.objects.update(thread_until=None, state=ForumState.DRAFT)
    with pytest.raises(NotPossible):
        said(Forum.objects.get())
    with pytest.raises(NotAllowed):
        say(Said("x", Source.BOX), actor=None, now=FRIDAY)
    assert not ForumInput.objects.exists()


def test_a_clerk_types_in_a_slip_and_no_meeting() -> None:
    factories.make_city()
    clerk = factories.make_user(Role.CLERK)
    row = say(Said("Kursi kurang", Source.BOX), actor=clerk, now=FRIDAY)
    assert row.agency is None and row.entered_by == clerk
    with pytest.raises(NotAllowed):
        say(Said("x", Source.MEETING, forum=make_forum()), actor=clerk, now=FRIDAY)


def test_what_is_for_a_closed_agency_waits_with_the_verifiers() -> None:
    closed = factories.make_agency("TUTUP", is_active=False)
    row = said(make_forum(closed))
    assert row.agency is None
    assert ForumInput.objects.visible_to(factories.make_user(Role.VERIFIER)).get() == row


def test_an_address_is_sealed_and_hears_nothing_until_it_is_confirmed(client: Client) -> None:
    row = said(make_forum(), email="Ani@example.org", name="Ani")
    assert row.contact and b"ani@" not in bytes(row.contact.sealed).lower()
    send_due(FRIDAY)
    (letter,) = mail.outbox
    assert letter.to == ["Ani@example.org"] and "/take-part/confirm/" in letter.body
    assert "ani@" not in str(list(Message.objects.values())).lower()
    path = f"/take-part/confirm/{token_for(row.contact, 'confirm', f'i{row.pk}')}/"
    page = client.get(path, follow=True)
    assert page.redirect_chain[-1][0] == "/take-part/confirm/"
    assert Contact.objects.get().confirmed_at is None  # a mail program that looks at links confirms nothing
    client.post("/take-part/confirm/")
    assert Contact.objects.get().confirmed_at is not None


def test_one_person_has_one_row_whatever_they_say() -> None:
    forum = make_forum()
    said(forum, email="ani@example.org")
    said(forum, email=" ANI@example.org")
    assert Contact.objects.count() == 1


def test_one_link_stops_all_mails(client: Client) -> None:
    row = said(make_forum(), email="ani@example.org", confirmed=True)
    assert row.contact
    path = f"/take-part/mails/{token_for(row.contact, 'stop')}/"
    client.get(path)
    assert Contact.objects.get().stopped_at is None
    client.post("/take-part/mails/", {"what": "stop"})
    assert Contact.objects.get().stopped_at is not None
    said(email="ani@example.org")
    Message.objects.update(due_at=FRIDAY)
    send_due(FRIDAY)
    assert mail.outbox == []  # what waited when it was stopped is dropped, and nothing is written any more
    client.post("/take-part/mails/", {"what": "again"})
    assert Contact.objects.get().stopped_at is None


def test_a_mail_program_stops_them_by_its_own_button(client: Client) -> None:
    said(make_forum(), email="ani@example.org")
    send_due(FRIDAY)
    header = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    client.post(header.removeprefix("http://localhost:8000"), {"List-Unsubscribe": "One-Click"})
    assert Contact.objects.get().stopped_at is not None


@pytest.mark.parametrize("token", ["x", "1.abc.:zzz", "1.0123456789abcdef.:made-up"])
def test_a_made_up_link_leads_nowhere(client: Client, token: str) -> None:
    said(make_forum(), email="ani@example.org")
    assert client.get(f"/take-part/mails/{token}/", follow=True).status_code == 404
    client.post(f"/take-part/mails/{token}/")
    assert Contact.objects.get().stopped_at is None
