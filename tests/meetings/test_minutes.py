"""Minutes from the draft to publication: who writes, who objects, who signs, and what nobody can do unnoticed."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from complaints.mail.outbox import send_due
from complaints.models import LedgerEntry, Message
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.meetings import codes
from surveys.forums.meetings.messages import ForumMessage
from surveys.forums.meetings.models.minutes import (
    Agreement,
    Minutes,
    MinutesState,
    Objection,
    Signature,
)
from surveys.forums.meetings.services import announcing, attending, minutes, signing, telling
from surveys.forums.meetings.text import changed_since_signing
from surveys.forums.models import Finding, Forum
from tests import factories
from tests.meetings.people import DAY, HOUR, STARTS, announced, behind_everybodys_back, guest, head, officer
from tests.meetings.people import held as held_forum

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

AFTER = STARTS + DAY  # Friday


def held() -> Forum:
    """With two people: Ani left an address, somebody else did not."""
    forum = announced()
    for number, who in enumerate((guest("Ani", "ani@contoh.test"), guest())):
        attending.be_there(forum, forum.attendance_code, who, now=STARTS + HOUR, secret=f"{number}" * 32)
    return announcing.close(forum.pk, actor=officer(), now=STARTS + 2 * HOUR)


def draft(
    seen: int = 0, summary: str = "Warga meminta loket buka sampai sore.", **fields: Any
) -> minutes.Draft:
    agreed = [minutes.Agreed("Loket buka sampai pukul 16", factories.make_agency())]
    return minutes.Draft(summary, agreed, seen=seen, **fields)


def circulated() -> Minutes:
    forum = held()
    minutes.write(forum.pk, draft(), actor=officer(), now=AFTER)
    return minutes.circulate(forum.pk, actor=officer(), now=AFTER)


def objection(row: Minutes, secret: str = "o" * 32) -> Objection:
    who = row.forum.attendances.order_by("-pk")[0]
    return minutes.object_to(who, "Yang disepakati pukul 17.", now=AFTER + DAY, secret=secret)


def over(row: Minutes) -> datetime:
    assert row.objections_until is not None
    return row.objections_until + HOUR


def signed() -> Minutes:
    row = circulated()
    signing.name_representative(
        row.forum.pk, actor=officer(), now=AFTER, name="Beni", capacity="pengguna loket"
    )
    signing.sign_for_provider(row.forum.pk, actor=head(), now=over(row))
    row.refresh_from_db()
    signing.sign_by_link(row, now=over(row))
    row.refresh_from_db()
    return row


def test_minutes_are_written_only_of_a_meeting_that_was_held() -> None:
    with pytest.raises(NotPossible):
        minutes.write(announced().pk, draft(), actor=officer(), now=AFTER)


def test_of_two_who_write_on_the_same_text_the_second_reads_the_firsts_before() -> None:
    forum = held_forum()
    minutes.write(forum.pk, draft(), actor=officer(), now=AFTER)
    with pytest.raises(NotPossible):
        minutes.write(forum.pk, draft(seen=0, summary="Lain."), actor=officer(), now=AFTER)
    assert minutes.write(forum.pk, draft(seen=1, summary="Lain."), actor=officer(), now=AFTER).number == 2


def test_those_who_were_there_have_seven_working_days_and_are_told() -> None:
    row = circulated()
    # From Friday, the working days are Monday to the Tuesday after next.
    assert row.objections_until is not None
    assert (row.objections_until.date() - AFTER.date()).days == 11
    send_due(AFTER)
    (letter,) = mail.outbox
    assert letter.to == ["ani@contoh.test"]
    assert codes.shown(row.forum.attendances.order_by("pk").first().nonce) in str(letter.body)
    entry = LedgerEntry.objects.get(kind="minutes_circulated")
    assert len(entry.data["digest"]) == 64


def test_an_objection_stands_in_the_minutes_with_its_answer(client: Client) -> None:
    row = circulated()
    found = objection(row)
    url = reverse("surveys:forum-minutes", args=[row.forum.code])
    assert "Yang disepakati pukul 17." in client.get(url).content.decode()
    minutes.answer_objection(
        row.forum.pk, found.pk, actor=officer(), now=AFTER + DAY, answer="Tercatat pukul 16."
    )
    assert "Tercatat pukul 16." in client.get(url).content.decode()
    with pytest.raises(NotPossible):
        minutes.answer_objection(row.forum.pk, found.pk, actor=officer(), now=AFTER + DAY, answer="Lain.")


def test_an_objection_is_taken_in_time_and_once() -> None:
    row = circulated()
    assert objection(row).pk == objection(row).pk
    who = row.forum.attendances.order_by("pk")[0]
    with pytest.raises(NotPossible):
        minutes.object_to(who, "Terlambat.", now=over(row), secret="p" * 32)


def test_whoever_was_there_objects_with_the_code_of_their_attendance(client: Client) -> None:
    row = circulated()
    who = row.forum.attendances.order_by("pk").last()
    client.post(reverse("surveys:forum-yours"), {"code": codes.shown(who.nonce)})
    page = client.get(reverse("surveys:forum-yours")).content.decode()
    assert "Object to the minutes" in page
    sent = {"secret": "q" * 32, "text": "Yang disepakati pukul 17.", "pseudonym": "Warga"}
    assert client.post(reverse("surveys:forum-yours-object"), sent).status_code == 302
    assert Objection.objects.get().attendance_id == who.pk


def test_nobody_signs_before_the_time_for_objections_is_over_and_all_are_answered() -> None:
    row = circulated()
    found = objection(row)
    for now, reason in ((AFTER + DAY, signing.OPEN_OBJECTIONS), (over(row), signing.OPEN_OBJECTIONS)):
        assert signing.why_not(row, now) is reason
    with pytest.raises(NotPossible):
        signing.sign_for_provider(row.forum.pk, actor=head(), now=over(row))
    minutes.answer_objection(row.forum.pk, found.pk, actor=officer(), now=over(row), answer="Benar.")
    assert signing.sign_for_provider(row.forum.pk, actor=head(), now=over(row)).how == "account"


def test_an_officer_does_not_sign_for_the_provider() -> None:
    row = circulated()
    with pytest.raises(NotAllowed):
        signing.sign_for_provider(row.forum.pk, actor=officer(), now=over(row))


def test_a_representative_with_an_address_signs_by_a_link_that_works_once(client: Client) -> None:
    row = circulated()
    signing.name_representative(
        row.forum.pk,
        actor=officer(),
        now=AFTER,
        name="Beni",
        capacity="pengguna loket",
        email="beni@contoh.test",
    )
    assert not Message.objects.filter(template=ForumMessage.SIGN).exists()  # not before it can be signed
    row.refresh_from_db()
    telling.ask_to_sign(row, now=over(row))
    telling.ask_to_sign(row, now=over(row))
    assert Message.objects.filter(template=ForumMessage.SIGN).count() == 1
    Minutes.objects.update(objections_until=STARTS - 5 * DAY)  # the pages go by the clock on the wall
    client.post(reverse("surveys:forum-yours"), {"code": codes.shown(row.nonce)})
    url = reverse("surveys:forum-yours-sign")
    assert client.post(url, {"secret": "r" * 32}).status_code == 422
    assert client.post(url, {"secret": "r" * 32, "agree": "on"}).status_code == 302
    assert client.post(url, {"secret": "s" * 32, "agree": "on"}).status_code == 409
    one = Signature.objects.get()
    assert (one.side, one.how, one.name) == ("public", "link", "Beni")


def test_a_text_that_a_side_has_signed_is_not_changed_any_more() -> None:
    row = circulated()
    signing.sign_for_provider(row.forum.pk, actor=head(), now=over(row))
    with pytest.raises(NotPossible):
        minutes.write(row.forum.pk, draft(seen=1, changes="x"), actor=officer(), now=over(row))


def test_both_signatures_make_them_signed_and_publication_makes_findings(client: Client) -> None:
    row = signed()
    assert row.state == MinutesState.SIGNED
    minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    finding = Finding.objects.get()
    assert (finding.title, finding.forum_id) == ("Loket buka sampai pukul 16", row.forum_id)
    page = client.get(reverse("surveys:forum-minutes", args=[row.forum.code])).content.decode()
    assert "Beni" in page and finding.number in page
    with pytest.raises(NotPossible):
        minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    assert Finding.objects.count() == 1


def test_everybody_hashes_the_text_and_finds_it_in_the_ledger(client: Client) -> None:
    row = signed()
    minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    text = client.get(reverse("surveys:forum-minutes-text", args=[row.forum.code])).content
    assert json.loads(text)["present"] == {"users": 2}
    told = LedgerEntry.objects.filter(kind__in=["minutes_signed", "minutes_published"])
    assert {entry.data["digest"] for entry in told} == {sha256(text).hexdigest()}
    assert told.count() == 3


@pytest.mark.parametrize("what", ["summary", "agreement", "answer", "objection"])
def test_a_text_changed_behind_everybodys_back_shows(what: str, client: Client) -> None:
    row = circulated()
    found = objection(row)
    minutes.answer_objection(row.forum.pk, found.pk, actor=officer(), now=over(row), answer="Benar.")
    signing.sign_for_provider(row.forum.pk, actor=head(), now=over(row))
    assert not changed_since_signing(row)
    if what == "summary":
        behind_everybodys_back("minutesversion", summary="Lain.")
    elif what == "agreement":
        Agreement.objects.update(title="Lain.")
    elif what == "answer":
        Objection.objects.update(answer="Lain.")
    else:
        Objection.objects.update(text="Lain.")
    assert changed_since_signing(row)
    page = client.get(reverse("surveys:forum-minutes", args=[row.forum.code])).content.decode()
    assert "This is not what was signed" in page


def test_what_is_not_what_was_signed_is_not_published() -> None:
    row = signed()
    behind_everybodys_back("minutesversion", summary="Lain.")
    with pytest.raises(NotPossible, check=lambda error: error.reason is minutes.CHANGED):
        minutes.publish(row.forum.pk, actor=officer(), now=over(row))


def test_erasing_the_words_of_an_objection_leaves_what_was_signed_whole(client: Client) -> None:
    row = circulated()
    found = objection(row)
    minutes.answer_objection(row.forum.pk, found.pk, actor=officer(), now=over(row), answer="Benar.")
    signing.sign_for_provider(row.forum.pk, actor=head(), now=over(row))
    client.force_login(officer())
    client.post(reverse("surveys:desk-minutes-erase", args=[row.forum.code, found.pk]))
    assert Objection.objects.get().text == ""
    assert not changed_since_signing(row)


def test_the_attendance_list_is_closed_once_people_can_object() -> None:
    row = circulated()
    with pytest.raises(NotPossible):
        attending.type_list(row.forum.pk, [guest("Cici")], actor=officer(), now=AFTER, secret="t" * 32)


def test_a_text_changed_after_people_have_read_it_says_what_is_different() -> None:
    row = circulated()
    with pytest.raises(NotPossible):
        minutes.write(row.forum.pk, draft(seen=1), actor=officer(), now=AFTER + DAY)
    again = draft(seen=1, changes="Jam diperbaiki.")
    assert minutes.write(row.forum.pk, again, actor=officer(), now=AFTER + DAY).number == 2


def test_the_pages_lead_an_office_from_the_text_to_publication(client: Client) -> None:
    forum = held()
    client.force_login(head())
    url = reverse("surveys:desk-minutes-write", args=[forum.code])
    assert client.get(url).status_code == 200
    sent = {"seen": "0", "summary": "Loket.", "title-1": "Buka sampai sore", "agency-1": "PUPR"}
    assert client.post(url, sent).status_code == 302
    page = client.get(reverse("surveys:desk-forum-minutes", args=[forum.code])).content.decode()
    assert "Buka sampai sore" in page and "Open to objections" in page
    act = reverse("surveys:desk-minutes-act", args=[forum.code, "circulate"])
    assert client.post(act).status_code == 302
    assert client.post(act).status_code == 409
    assert client.post(act.replace("circulate", "sign")).status_code == 409
    Minutes.objects.update(objections_until=STARTS - 5 * DAY)
    assert client.post(act.replace("circulate", "sign")).status_code == 302
    assert Signature.objects.get().name == "Hana"
