"""Who goes on with a case, whom a note is for, and what the citizen hears while work goes on."""

import pytest
import time_machine

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.desk.actions import BY_SLUG
from complaints.files.storage import receive
from complaints.history.timeline import timeline_for
from complaints.ledger.verify import verify_ledger
from complaints.models import Attachment, Clock, Complaint, EventKind, Message, ReportedParty
from complaints.models.policy import Stage
from complaints.services import colleagues, handling, verification
from complaints.services.change import NotPossible
from tests.factories import (
    FRIDAY,
    HOUR,
    awaiting,
    file_complaint,
    in_progress,
    make_agency,
    make_user,
    officer_of,
)
from tests.files.samples import upload
from tests.shared import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = FRIDAY + HOUR
PARTS_COME = "Suku cadang datang hari Senin."


def clocks(case):
    return list(Clock.objects.filter(complaint=case).order_by("pk").values("stage", "due_at", "stopped_at"))


def mails(case, template):
    return list(
        Message.objects.filter(complaint=case, template=template).values_list("user__name", flat=True)
    )


def send(client, user, case, slug, **fields):
    with time_machine.travel(LATER, tick=False):
        client.force_login(user)
        return client.post(f"/staff/cases/{case.number}/{slug}/", {"version": case.version} | fields)


# Handing on


def test_a_colleague_goes_on_and_hears_of_it_and_no_clock_moves(client):
    case = in_progress()
    first, second = officer_of(case), make_user(Role.OFFICER, name="Dewi", agency=case.agency)
    before = clocks(case)
    assert send(client, first, case, "hand-on", handler=second.pk, remark="Kunci di loket").status_code == 302
    case.refresh_from_db()
    assert case.handler == second
    assert clocks(case) == before
    assert mails(case, "handed_on") == ["Dewi"]
    told = timeline_for(case, first)[-1]
    assert (told.title, told.words, told.is_internal) == ("Dewi goes on with it", "Kunci di loket", True)
    assert EventKind.HANDED_ON not in [item.kind for item in timeline_for(case, Citizen(case.pk))]
    assert verify_ledger().ok


def test_a_head_hands_on_and_both_hear_of_it(client):
    case = in_progress()
    first, second = case.handler, make_user(Role.OFFICER, name="Dewi", agency=case.agency)
    head = make_user(Role.AGENCY_HEAD, agency=case.agency)
    assert send(client, head, case, "hand-on", handler=second.pk).status_code == 302
    assert sorted(mails(case, "handed_on")) == sorted(["Dewi", first.name])


def test_who_stands_aside_works_elsewhere_or_is_gone_is_not_offered():
    case = in_progress()
    second = make_user(Role.OFFICER, name="Dewi", agency=case.agency)
    make_user(Role.OFFICER, name="Gone", agency=case.agency, is_active=False)
    stranger = make_user(Role.OFFICER, agency=make_agency("DINKES"))
    assert colleagues.takers(case) == [second]
    oka = case.handler
    assert oka is not None
    for nobody in (stranger, oka):
        with pytest.raises(NotPossible):
            colleagues.hand_on(case.pk, actor=case.handler, now=LATER, handler=nobody)
    ReportedParty.objects.create(complaint=case, user=second, named_at=LATER)
    assert colleagues.takers(case) == []
    with pytest.raises(NotPossible):
        colleagues.hand_on(case.pk, actor=case.handler, now=LATER, handler=second)
    assert Complaint.objects.get(pk=case.pk).version == case.version


def test_only_what_was_accepted_is_handed_on_also_while_the_citizen_is_asked():
    asked = awaiting()
    assert not colleagues.is_handled(asked)  # by the verifiers
    case = in_progress()
    verification.ask_citizen(case.pk, actor=officer_of(case), now=LATER, question="Di RT berapa?")
    case.refresh_from_db()
    second = make_user(Role.OFFICER, agency=case.agency)
    colleagues.hand_on(case.pk, actor=officer_of(case), now=LATER, handler=second)
    case.refresh_from_db()
    assert (case.handler, case.state) == (second, "awaiting_citizen")


# Notes


def test_who_is_named_in_a_note_hears_of_it_without_its_words(client):
    case = in_progress()
    second = make_user(Role.OFFICER, name="Dewi", agency=case.agency)
    sent = send(client, case.handler, case, "note", note="Ibu Ani menelepon lagi", told=[second.pk])
    assert sent.status_code == 302
    assert mails(case, "mentioned") == ["Dewi"]
    assert timeline_for(case, second)[-1].title == "Internal note for Dewi"
    assert "Ani" not in str(Message.objects.get(template="mentioned").data)


def test_nobody_is_named_who_may_not_see_the_case(client):
    case = in_progress()
    stranger = make_user(Role.OFFICER, agency=make_agency("DINKES"))
    make_user(Role.AGENCY_HEAD, agency=case.agency)
    assert send(client, officer_of(case), case, "note", note="Catatan", told=[stranger.pk]).status_code == 400
    with pytest.raises(NotPossible):
        handling.add_note(case.pk, actor=officer_of(case), now=LATER, text="Catatan", told=[stranger])
    assert not mails(case, "mentioned")
    new, vera = file_complaint(), make_user(Role.VERIFIER)
    other = make_user(Role.VERIFIER, name="Vina")
    told = colleagues.readers_of_notes(new, vera)
    assert other in told
    assert vera not in told
    assert {each.role for each in told} == {Role.VERIFIER}


# Word on how far it is


def test_the_citizen_reads_how_far_it_is_and_gets_a_mail(client):
    case = in_progress(email="ani@warga.test")
    before = clocks(case)
    assert send(client, officer_of(case), case, "progress", words=PARTS_COME).status_code == 302
    case.refresh_from_db()
    assert (case.state, clocks(case)) == ("in_progress", before)
    told = timeline_for(case, Citizen(case.pk))[-1]
    assert (told.title, told.words) == ("The city tells how far it is", PARTS_COME)
    assert mails(case, "progress") == [None]
    assert verify_ledger().ok


def test_it_is_a_first_answer_only_where_the_policy_says_so():
    case = in_progress()
    colleagues.tell_progress(case.pk, actor=officer_of(case), now=LATER, words=PARTS_COME)
    first = Clock.objects.get(complaint=case, stage=Stage.FIRST_RESPONSE)
    assert first.stopped_at is None
    other = in_progress()
    Complaint.objects.filter(pk=other.pk).update(policy=other.policy | {"update_is_response": True})
    colleagues.tell_progress(other.pk, actor=officer_of(other), now=LATER, words=PARTS_COME)
    first = Clock.objects.get(complaint=other, stage=Stage.FIRST_RESPONSE)
    assert (first.stopped_at, first.stopped_by) == (LATER, "done")


def test_who_followed_the_case_is_told_too_and_a_part_leaves_it_to_its_lead():
    case, joined = file_complaint(email="a@warga.test"), file_complaint(email="b@warga.test")
    vera = make_user(Role.VERIFIER)
    verification.merge(joined.pk, actor=vera, now=FRIDAY, into=case.pk)
    agencies = [make_agency("PUPR"), make_agency("DLHK")]
    verification.assign(case.pk, actor=vera, now=FRIDAY, routing=verification.Routing(agencies))
    case.refresh_from_db()
    part = case.children.get()
    for each in (case, part):
        handling.accept(each.pk, actor=officer_of(each), now=FRIDAY, handler=officer_of(each))
    part.refresh_from_db()
    assert not BY_SLUG["progress"].is_open_to(officer_of(part), part)
    with pytest.raises(NotPossible):
        colleagues.tell_progress(part.pk, actor=officer_of(part), now=LATER, words=PARTS_COME)
    colleagues.tell_progress(case.pk, actor=officer_of(case), now=LATER, words=PARTS_COME)
    assert mails(case, "progress") == mails(joined, "progress") == [None]


def test_the_files_of_a_word_to_the_citizen_are_held_by_the_history():
    case = in_progress()
    file = receive(upload("jpg"), digest="d" * 64, now=LATER)
    colleagues.tell_progress(case.pk, actor=officer_of(case), now=LATER, words=PARTS_COME, files=[file])
    assert verify_ledger().ok
    path_of(file.key).write_bytes(b"another")
    assert verify_ledger().first_bad.why == "file_changed"
    Attachment.objects.all().delete()
    assert verify_ledger().first_bad.why == "file_missing"
