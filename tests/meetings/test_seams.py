"""Where somebody else changes what a meeting rests on: a closed agency, a text written anew, a person who is erased."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Agency
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Message, Service
from complaints.services.change import NotPossible
from config.worker import hand_over
from surveys.forums.handing_over import missing
from surveys.forums.inputs.models import InputStep
from surveys.forums.inputs.services import gathering
from surveys.forums.inputs.services.erasing import erase_contact
from surveys.forums.meetings import codes
from surveys.forums.meetings.messages import ForumMessage
from surveys.forums.meetings.models.minutes import Minutes, Objection
from surveys.forums.meetings.models.people import Registration
from surveys.forums.meetings.services import attending, minutes, signing
from surveys.forums.meetings.text import changed_since_signing
from surveys.forums.models import Contact, Finding, Forum
from surveys.standards.models import Counter
from tests import factories
from tests.meetings.people import BEFORE, DAY, STARTS, announced, guest, head, officer
from tests.meetings.test_minutes import AFTER, circulated, draft, over, signed
from tests.standards.people import counter, service
from tests.voices.people import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def close(successor: str = "DLHK") -> Agency:
    heir = factories.make_agency(successor)
    Agency.objects.filter(code="PUPR").update(is_active=False, successor=heir)
    return heir


def test_what_a_closed_agency_held_and_was_told_goes_to_whoever_took_over() -> None:
    forum, boss = announced(), head()
    alone, gathered = said(forum, email="ani@contoh.test", confirmed=True), said(forum, "Sama.")
    finding = gathering.gather([gathered.pk], "Jam", actor=boss, now=BEFORE)
    due = alone.due_at
    thing, place = service(), counter()
    assert missing(AFTER) == {}
    Agency.objects.filter(code="PUPR").update(is_active=False)
    assert "3 forums" in str(missing(AFTER))
    heir = close()
    hand_over(AFTER)
    assert hand_over(AFTER) == 0
    rows = [Forum.objects.get(), Finding.objects.get(pk=finding.pk), Service.objects.get(pk=thing.pk)]
    for row in (*rows, Counter.objects.get(pk=place.pk), *forum.inputs.all()):
        assert row.agency == heir
    alone.refresh_from_db()
    assert alone.due_at == due  # whoever waits does not wait longer for that
    assert InputStep.objects.filter(kind="passed_on", input=alone, actor=None).count() == 1
    assert Message.objects.filter(template="voice_step", data__kind="passed_on").count() == 1
    assert verify_ledger(files=False).ok


def test_the_text_that_a_side_has_signed_stays_what_it_was_when_its_agency_closes(client: Client) -> None:
    row = signed()
    heir = close()
    hand_over(over(row))
    row = Minutes.objects.select_related("forum__agency").get()
    assert row.forum.agency == heir and row.forum.host.code == "PUPR"
    assert not changed_since_signing(row)
    minutes.publish(row.forum.pk, actor=officer("DLHK"), now=over(row))
    page = client.get(reverse("surveys:forum-minutes", args=[row.forum.code])).content.decode()
    assert "Dinas PUPR" in page
    assert verify_ledger(files=False).ok


def test_a_text_written_anew_has_the_whole_time_for_objections_again() -> None:
    row = circulated()
    late = over(row)
    minutes.write(row.forum.pk, draft(seen=1, changes="Jam diperbaiki."), actor=officer(), now=late)
    row.refresh_from_db()
    assert row.objections_until is not None and row.objections_until > late + 6 * DAY
    with pytest.raises(NotPossible, check=lambda error: error.reason is signing.STILL_OPEN):
        signing.sign_for_provider(row.forum.pk, actor=head(), now=late)
    assert Message.objects.filter(template=ForumMessage.MINUTES).count() == 2  # who was there hears of it
    assert verify_ledger(files=False).ok


def test_whom_a_forum_named_and_who_objected_are_erased_with_their_contact() -> None:
    row = circulated()
    signing.name_representative(
        row.forum.pk, actor=officer(), now=AFTER, name="Ani", capacity="warga", email="ani@contoh.test"
    )
    who = row.forum.attendances.order_by("pk")[0]
    minutes.object_to(who, "Pukul 17.", pseudonym="Ani", now=AFTER, secret="o" * 32)
    erase_contact(Contact.objects.get(), actor=None, now=AFTER, reason="Diminta", with_words=True)
    row.refresh_from_db()
    objection = Objection.objects.get()
    assert (signing.representative_of(row), row.code_digest) == ("", None)
    assert (objection.text, objection.pseudonym, bool(objection.digest)) == ("", "", True)
    assert verify_ledger(files=False).ok


def test_an_address_is_reminded_only_after_its_owner_opened_the_link(client: Client) -> None:
    forum = announced()
    for name in ("ani", "beni"):
        attending.register(forum, guest(name, f"{name}@contoh.test"), now=BEFORE, secret=name * 8)
    send_due(BEFORE)
    assert "open your page once" in str(mail.outbox[0].body)
    client.post(reverse("surveys:forum-yours"), {"code": codes.shown(Registration.objects.first().nonce)})
    mail.outbox.clear()
    send_due(STARTS - DAY)
    assert [letter.to for letter in mail.outbox] == [["ani@contoh.test"]]
