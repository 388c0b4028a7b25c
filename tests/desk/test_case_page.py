"""The case page: everything on one screen, only what may be done, and nothing of what may not be read."""

from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from accounts.roles import Role
from complaints.desk.access import case_or_404
from complaints.desk.case_page import case_context, history_in_short
from complaints.identity import Identity
from complaints.models import Attachment, Complaint, EventKind, StandardReply
from complaints.services import handling, verification
from complaints.services.change import NOT_NOW
from tests.desk.test_queue import ward
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    assigned,
    awaiting,
    file_complaint,
    in_progress,
    make_agency,
    make_category,
    make_reason,
    make_user,
    officer_of,
    resolved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]
ANI = Identity(name="Ani", email="ani@example.org", phone="0812 000 111")


@pytest.fixture
def page(client):
    """`page(user, case)` opens the case as that person."""

    def open_page(user, case, suffix="", now=FRIDAY + HOUR, **query):
        with time_machine.travel(now, tick=False):
            client.force_login(user)
            return client.get(f"/staff/cases/{case.number}/{suffix}", query)

    return open_page


@pytest.fixture
def send(client):
    """`send(user, case, verb, **fields)` posts one of the forms; the version seen is the case's unless given."""

    def post(user, case, verb, now=FRIDAY + HOUR, **fields):
        fields.setdefault("version", case.version)
        with time_machine.travel(now, tick=False):
            client.force_login(user)
            return client.post(f"/staff/cases/{case.number}/{verb}/", fields)

    return post


def offered(response):
    return [panel.action.slug for panel in response.context["panels"]]


def test_the_page_says_what_when_where_and_how_long_there_is(page):
    case = file_complaint(location="Depan pasar", category=make_category(), channel="letter")
    body = page(make_user(Role.VERIFIER), case).content.decode()
    for words in ("Jalan berlubang", "Lubang besar", "Depan pasar", "Damaged road", "3 working days left"):
        assert words in body


def test_the_deadline_is_explained(page):
    case = file_complaint(FRIDAY)
    body = page(make_user(Role.VERIFIER), case, now=FRIDAY + 30 * DAY).content.decode()
    assert "Day of arrival, not counted" in body
    assert "No office day" in body
    assert "working days late" in body


@pytest.mark.parametrize(
    ("make", "role", "expected"),
    [
        (
            file_complaint,
            Role.VERIFIER,
            ["assign", "ask", "note", "correct", "merge", "party", "refer", "reject"],
        ),
        (assigned, Role.VERIFIER, ["refer"]),
        (awaiting, Role.VERIFIER, ["note", "correct", "party", "refer"]),
        (assigned, Role.OFFICER, ["accept", "files", "hand-back"]),
        (in_progress, Role.OFFICER, ["resolve", "progress", "hand-on", "ask", "files", "hand-back"]),
        (resolved, Role.OFFICER, ["files"]),
        (in_progress, Role.AGENCY_HEAD, ["hand-on"]),
        (in_progress, Role.SUPERVISOR, ["audit-note", "party", "refer"]),
    ],
)
def test_only_what_this_person_may_do_now_is_offered(page, make, role, expected):
    case = make()
    if role in (Role.OFFICER, Role.AGENCY_HEAD):
        expected = sorted([*expected, "note"])
    assert sorted(offered(page(make_user(role), case))) == sorted(expected)


def test_a_clerk_is_offered_to_enter_the_citizens_answer(page):
    clerk = make_user(Role.CLERK)
    case = awaiting(actor=clerk)
    assert offered(page(clerk, case)) == ["answer", "files"]


@pytest.mark.parametrize("suffix", ["", "print/"])
def test_a_verifier_sees_headings_only_once_the_case_is_with_an_agency(page, suffix):
    case = in_progress(identity=ANI, location="Gang Mawar")
    handling.add_note(case.pk, actor=officer_of(case), now=FRIDAY, text="Kontraktor lambat")
    body = page(make_user(Role.VERIFIER), case, suffix).content.decode()
    assert case.number in body
    for words in ("Jalan berlubang", "Lubang besar", "Gang Mawar", "Kontraktor", "Ani", "0812 "):
        assert words not in body


@pytest.mark.parametrize("protection", [{"is_confidential": True}, {"is_anonymous": True}])
@pytest.mark.parametrize("suffix", ["", "print/"])
@pytest.mark.parametrize("role", [Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR])
def test_a_protected_identity_is_on_nobodys_page(page, protection, suffix, role):
    make = file_complaint if role == Role.VERIFIER else in_progress
    case = make(identity=ANI, **protection)
    body = page(make_user(role), case, suffix).content.decode()
    assert "Ani" not in body
    assert "0812 " not in body


def test_an_officer_sees_who_complained_where_nothing_protects_them(page):
    assert "0812 000 111" in page(make_user(Role.OFFICER), in_progress(identity=ANI)).content.decode()


def test_a_supervisor_opens_a_protected_identity_with_a_motive_and_that_is_recorded(send, page):
    case = in_progress(identity=ANI, is_confidential=True)
    sari = make_user(Role.SUPERVISOR)
    assert send(sari, case, "open-identity", motive=" ").status_code == 400
    assert "0812 000 111" in send(sari, case, "open-identity", motive="Laporan polisi").content.decode()
    event = case.events.get(kind=EventKind.IDENTITY_OPENED)
    assert (event.actor, event.content.words) == (sari, {"text": "Laporan polisi"})


def test_nobody_is_asked_to_open_an_identity_that_is_not_kept(page):
    case = in_progress(is_anonymous=True)
    assert page(make_user(Role.SUPERVISOR), case).context["identity_form"] is None


def test_a_clerk_reads_no_internal_note(page):
    clerk = make_user(Role.CLERK)
    case = in_progress(actor=clerk)
    handling.add_note(case.pk, actor=officer_of(case), now=FRIDAY, text="Kontraktor lambat")
    assert "Kontraktor" not in page(clerk, case).content.decode()


def test_shares_outside_the_scope_are_named_but_not_linked(page):
    case = file_complaint()
    here, there = make_agency("PUPR"), make_agency("DINKES")
    verification.assign(
        case.pk,
        actor=make_user(Role.VERIFIER),
        now=FRIDAY,
        routing=verification.Routing([here, there]),
    )
    child = Complaint.objects.get(parent=case)

    def links(user, shown, to):
        return reverse("complaints:case-detail", args=[to.number]) in page(user, shown).content.decode()

    assert not links(make_user(Role.OFFICER, here), case, child)
    assert links(make_user(Role.SUPERVISOR), case, child)
    assert not links(make_user(Role.OFFICER, there), child, case)


# Doing


def test_a_case_goes_from_the_verifier_to_the_answer(send):
    case = file_complaint(category=make_category(agency=make_agency()))
    vera, oka = make_user(Role.VERIFIER), make_user(Role.OFFICER)
    assert send(vera, case, "assign", agency="PUPR", remark="Segera").status_code == 302
    case = Complaint.objects.get(pk=case.pk)
    assert send(oka, case, "accept", handler=oka.pk).status_code == 302
    case = Complaint.objects.get(pk=case.pk)
    assert send(oka, case, "resolve", answer="Sudah ditambal.").status_code == 302
    case = Complaint.objects.get(pk=case.pk)
    assert (case.state, case.handler) == ("resolved", oka)


def test_several_agencies_get_a_case_each_and_none_twice(send):
    case = file_complaint()
    make_agency("PUPR"), make_agency("DINKES")
    send(make_user(Role.VERIFIER), case, "assign", agency="PUPR", others=["DINKES", "PUPR"])
    assert [child.agency.code for child in case.children.all()] == ["DINKES"]


def test_rejecting_needs_a_reason_and_words(send):
    case, reason = file_complaint(), make_reason()
    vera = make_user(Role.VERIFIER)
    response = send(vera, case, "reject", words="Tidak ada isi.")
    assert response.status_code == 400
    assert "Tidak ada isi." in response.content.decode()  # what was typed is still there
    assert send(vera, case, "reject", words="Tidak ada isi.", reason=reason.code).status_code == 302
    assert Complaint.objects.get(pk=case.pk).state == "rejected"


def test_merging_offers_what_is_alike_and_takes_its_number(send, page):
    alike = {"category": make_category(), "area": ward("W1", "D1")}
    main = file_complaint(FRIDAY - DAY, **alike)
    elsewhere = file_complaint(category=alike["category"], area=ward("W2", "D1"))
    old = file_complaint(FRIDAY - 61 * DAY, **alike)
    case = file_complaint(**alike)
    vera = make_user(Role.VERIFIER)
    suggested = [other.number for other in page(vera, case, do="merge").context["similar"]]
    assert main.number in suggested
    assert elsewhere.number not in suggested
    assert old.number not in suggested
    wrong = send(vera, case, "merge", into="KPG-2026-000001-0")
    assert wrong.status_code == 400
    assert send(vera, case, "merge", into=main.number.lower()).status_code == 302
    assert Complaint.objects.get(pk=case.pk).merged_into == main


def test_a_case_is_not_merged_with_itself(send):
    case = file_complaint()
    response = send(make_user(Role.VERIFIER), case, "merge", into=case.number)
    assert response.status_code == 409
    assert "cannot take this one up" in response.content.decode()


def test_missing_evidence_is_told_in_plain_words(send):
    case = in_progress(category=make_category(needs_evidence=True))
    response = send(officer_of(case), case, "resolve", answer="Sudah.")
    assert response.status_code == 400
    assert "Sudah." in response.content.decode()
    assert Complaint.objects.get(pk=case.pk).state == "in_progress"


def test_a_case_that_leaves_the_scope_leads_back_to_the_queue(send):
    case = assigned()
    response = send(officer_of(case), case, "hand-back", why="Bukan tugas kami")
    assert response.url == "/staff/cases/"


# Two at once


def test_a_stale_form_shows_what_the_other_did_and_keeps_the_words(send):
    case = in_progress()
    oka = officer_of(case)
    handling.add_note(
        case.pk, actor=make_user(Role.OFFICER, name="Domi"), now=FRIDAY, text="Baru saja ditelepon"
    )
    response = send(oka, case, "resolve", answer="Sudah ditambal.")
    body = response.content.decode()
    assert response.status_code == 409
    assert "Baru saja ditelepon" in body
    assert "Domi" in body
    assert "Sudah ditambal." in body
    fresh = Complaint.objects.get(pk=case.pk)
    assert fresh.state == "in_progress"
    assert f'name="version" value="{fresh.version}"' in body  # sending it again is against the case as it is


def test_a_form_overtaken_by_an_assignment_loses_no_word(send):
    case = file_complaint()
    vera, other = make_user(Role.VERIFIER), make_user(Role.VERIFIER, name="Other")
    verification.assign(case.pk, actor=other, now=FRIDAY, routing=verification.Routing([make_agency()]))
    response = send(vera, case, "ask", question="Di RT berapa?")
    body = response.content.decode()
    assert response.status_code == 409
    assert "Di RT berapa?" in body
    assert "Dinas PUPR" in body
    assert "Jalan berlubang" not in body  # by now she may see its heading only


def test_what_the_state_forbids_is_said_and_nothing_is_done(send):
    case = resolved()
    response = send(officer_of(case), case, "resolve", answer="Lagi")
    assert response.status_code == 409
    assert "cannot be done" in response.content.decode()
    assert case.events.count() == case.version


# Standard replies


def reply(text, use="ask", **fields):
    defaults = {"name_id": "Balasan", "text_id": text, "use": use}
    return StandardReply.objects.create(code=f"r{StandardReply.objects.count()}", **(defaults | fields))


def filled(client, page, case, chosen, slug="resolve", **typed):
    """The form after "Fill in" was pressed, without JavaScript."""
    user = officer_of(case)
    client.force_login(user)
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        sent = {"version": case.version, "fill": "1", "reply": chosen.code} | typed
        assert client.post(f"/staff/cases/{case.number}/{slug}/", sent).status_code == 302
    panel = next(p for p in page(user, case, do=slug).context["panels"] if p.action.slug == slug)
    assert panel.is_open
    return panel.form


def test_a_standard_reply_fills_the_form_without_javascript(page, client):
    case = in_progress(identity=ANI, subject="Lampu {agency} mati")
    chosen = reply("{citizen}, laporan {number} “{subject}” di {agency}, sampai {due_date}.", "resolve")
    form = filled(client, page, case, chosen, answer="Yth.")
    # The citizen then has ten working days: Friday 20 November plus two weeks.
    assert form["answer"].value() == (
        f"Yth.\n\nAni, laporan {case.number} “Lampu {{agency}} mati” di Dinas PUPR, sampai 4 Desember 2026."
    )


def test_a_reply_does_not_name_a_protected_citizen(page, client):
    case = in_progress(identity=ANI, is_confidential=True)
    chosen = reply("{citizen}!", "resolve")
    text = filled(client, page, case, chosen)["answer"].value()
    assert "Ani" not in text
    assert "!" in text


def test_another_agencys_replies_are_not_offered(page):
    case = in_progress()
    reply("Milik kami", "resolve", agency=case.agency)
    reply("Bukan milik kami", "resolve", agency=make_agency("DINKES"))
    panels = page(officer_of(case), case, do="resolve").context["panels"]
    texts = [r.text for p in panels for r in p.replies]
    assert texts == ["Milik kami"]


# Forms that come when their fold is opened


def form_of(page, user, case, slug, **query):
    return page(user, case, f"form/{slug}/", **({"seen": case.version} | query))


def test_a_form_is_made_when_its_fold_is_opened(page):
    case = in_progress(identity=ANI)
    reply("{citizen}!", "resolve")
    whole = page(officer_of(case), case)
    assert "<textarea" not in whole.content.decode()
    panel = next(p for p in whole.context["panels"] if p.action.slug == "resolve")
    alone = form_of(page, officer_of(case), case, "resolve")
    for address in (panel.form_url, panel.page_url.partition("#")[0]):
        assert address in whole.content.decode()
    body = alone.content.decode()
    assert all(part in body for part in ('id="resolve-answer"', f'action="{panel.url}"', "Ani!"))
    assert "<html" not in body
    unfolded = page(officer_of(case), case, do="resolve").content.decode()
    assert 'id="resolve-answer"' in unfolded
    assert unfolded.count("<textarea") == 1


def test_a_form_for_a_page_that_is_out_of_date_is_refused(page):
    case = in_progress()
    for seen in ("", "x", case.version - 1):
        assert form_of(page, officer_of(case), case, "note", seen=seen).status_code == 409


def test_who_may_not_do_it_gets_no_form(page):
    case = in_progress()
    stranger = make_user(Role.OFFICER, agency=make_agency("DLHK"))
    assert form_of(page, officer_of(case), case, "assign").status_code == 403
    assert form_of(page, officer_of(case), case, "accept").status_code == 409  # it is accepted
    assert form_of(page, officer_of(case), case, "open-identity").status_code == 404
    assert form_of(page, stranger, case, "note").status_code == 404


def test_a_fold_of_the_complete_file_leads_back_to_it(client):
    case = in_progress()
    client.force_login(make_user(Role.SUPERVISOR))
    file, here = f"/oversight/cases/{case.number}/", f"/staff/cases/{case.number}/"
    folded = client.get(file).content.decode()
    assert f'href="{file}?do=audit-note#do-audit-note"' in folded
    assert f'data-fetch="{here}form/audit-note/?seen={case.version}&amp;back=file"' in folded
    back = '<input type="hidden" name="back" value="file">'
    assert back in client.get(f"{file}?do=audit-note").content.decode()
    assert back in client.get(f"{here}form/audit-note/?seen={case.version}&back=file").content.decode()
    refused = client.post(f"{here}audit-note/", {"version": case.version, "back": "file"}).content.decode()
    assert back in refused and f'href="{file}?do=party#do-party"' in refused


@pytest.mark.parametrize("lines", [0, 40, 41, 300])
def test_a_long_history_shows_its_beginning_and_its_end(lines):
    told: Any = list(range(lines))
    short = history_in_short(told)
    assert len(short.first) + short.between + len(short.last) == lines
    assert history_in_short(told, whole=True).first == told
    if lines <= 40:
        assert short.first == told
    else:
        assert (short.first, short.last) == (told[:5], tuple(told[-25:]))


# Files


def test_what_is_read_of_a_long_history_is_what_the_whole_begins_and_ends_with():
    case, officer = in_progress(), make_user(Role.SUPERVISOR)
    worker = officer_of(case)
    for number in range(38):
        handling.add_note(case.pk, actor=worker, now=FRIDAY, text=f"Catatan {number}")
        if number == 9:
            verification.ask_citizen(case.pk, actor=worker, now=FRIDAY, question="Di mana?")
    for newest_first in (False, True):
        officer.newest_first = newest_first
        case = case_or_404(officer, case.number)
        assert case.version > 40
        whole, short = (case_context(case, officer, FRIDAY, whole=whole) for whole in (True, False))
        lines = whole["history"].first
        head = 25 if newest_first else 5
        assert short["history"].first == lines[:head]
        assert list(short["history"].last) == lines[head - 30 :]
        assert short["history"].between == len(lines) - 30
        assert (short["stages"], short["files"]) == (whole["stages"], whole["files"])
        assert any(line.kind == "paused" for stage in short["stages"] for line in stage.lines)


def picture(name="bukti.png"):
    data = BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def test_evidence_comes_with_the_answer(send):
    case = in_progress(category=make_category(needs_evidence=True))
    send(officer_of(case), case, "resolve", answer="Sudah ditambal.", attachments=[picture()])
    file = case.attachments.get()
    assert (file.name, file.is_public, file.added_by) == ("bukti.png", True, officer_of(case))
    assert file.event.kind == EventKind.RESOLVED


def test_a_file_for_staff_only_is_kept_from_the_citizen(send):
    case = in_progress()
    send(officer_of(case), case, "files", attachments=[picture()])
    assert not case.attachments.get().is_public


def test_a_refused_file_saves_nothing_and_keeps_the_answer(send):
    case = in_progress()
    bad = SimpleUploadedFile("bukti.png", b"<html>", "image/png")
    response = send(
        officer_of(case), case, "resolve", answer="Sudah ditambal.", attachments=[picture("a.png"), bad]
    )
    assert response.status_code == 400
    assert "Sudah ditambal." in response.content.decode()
    assert Complaint.objects.get(pk=case.pk).state == "in_progress"
    assert [(file.name, file.complaint) for file in Attachment.objects.all()] == [("a.png", None)]  # waits


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en"])
def test_why_it_cannot_be_done_is_said_once_and_in_the_reader_s_language(client, settings, language):
    case = in_progress()
    officer = officer_of(case)
    client.force_login(officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    fields = {"handler": officer.pk, "version": case.version}
    answer = client.post(f"/staff/cases/{case.number}/accept/", fields)
    with translation.override(language):
        assert (answer.status_code, list(answer.context["errors"])) == (409, [str(NOT_NOW)])
