"""Work is never lost: what was typed and chosen outlives a refusal, a reload and signing out, and is its writer's."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.files import drafts, storage
from complaints.models import Attachment, Complaint, Draft
from complaints.services import citizen, handling
from complaints.services.erasure import erase_person
from tests.desk.test_case_page import picture
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    in_progress,
    make_agency,
    make_category,
    make_user,
    officer_of,
    resolved,
)
from tests.promises import people
from tests.promises.people import promised
from tests.shared import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MENDED = "Lubang ditambal hari Selasa."


@pytest.fixture
def send(client):
    """`send(user, case, path, **fields)` posts to the case; the version seen is the case's unless given."""

    def post(user, case, path, **fields):
        client.force_login(user)
        with time_machine.travel(FRIDAY + HOUR, tick=False):
            return client.post(f"/staff/cases/{case.number}/{path}/", {"version": case.version} | fields)

    return post


@pytest.fixture
def opened(client):
    def get(user, case, slug, path=""):
        client.force_login(user)
        response = client.get(f"/staff/cases/{case.number}/{path}", {"do": slug})
        return next(each for each in response.context["panels"] if each.action.slug == slug)

    return get


def test_what_is_typed_is_there_again_for_its_writer_alone(send, opened):
    case = in_progress()
    writer, colleague = officer_of(case), make_user(Role.OFFICER, agency=case.agency)
    assert (
        send(writer, case, "resolve/draft", answer="Kami sedang", attachments=[picture()]).status_code == 200
    )
    panel = opened(writer, case, "resolve")
    assert panel.form["answer"].value() == "Kami sedang"
    assert [file.name for file in panel.files] == ["bukti.png"]
    theirs = opened(colleague, case, "resolve")
    assert not theirs.draft
    assert not theirs.form["answer"].value()
    case.refresh_from_db()
    assert case.events.count() == case.version
    assert not case.attachments.exists()


@pytest.mark.long
def test_a_refused_form_keeps_files_and_needs_them_no_second_time(send, opened):
    case = in_progress(category=make_category(needs_evidence=True))
    user = officer_of(case)
    refused = send(user, case, "resolve", answer="x", attachments=[picture()])
    assert refused.status_code == 400
    assert "says too little" in refused.content.decode()
    assert "bukti.png" in refused.content.decode()
    assert "required" not in str(
        opened(user, case, "resolve").form["attachments"]
    )  # else no browser sends it
    assert send(user, case, "resolve", answer=MENDED).status_code == 302
    assert [file.event.kind for file in case.attachments.all()] == ["resolved"]
    assert not Draft.objects.exists()


@pytest.mark.long
def test_a_file_that_is_not_taken_says_so_and_the_others_stay(send):
    case = in_progress()
    bad = picture()
    bad.name = "surat.docx"
    refused = send(officer_of(case), case, "resolve", answer=MENDED, attachments=[picture(), bad])
    assert refused.status_code == 400
    assert "surat.docx" in refused.content.decode()
    assert len(drafts.files_of(Draft.objects.get())) == 1
    case.refresh_from_db()
    assert case.state == "in_progress"


def test_a_file_can_be_left_out_and_a_draft_thrown_away(send):
    case = in_progress()
    user = officer_of(case)
    send(user, case, "resolve/draft", answer="Kami", attachments=[picture()])
    file = drafts.files_of(Draft.objects.get())[0]
    send(user, case, "resolve/draft", answer="Kami", drop=[file.key])
    assert not Attachment.objects.exists()
    assert not path_of(file.key).exists()
    assert send(user, case, "resolve", forget="1").status_code == 302
    assert not Draft.objects.exists()


def test_choices_alone_leave_no_draft(send):
    case = in_progress()
    send(officer_of(case), case, "hand-back/draft", why="   ")
    assert not Draft.objects.exists()


def test_who_signs_in_again_after_sending_comes_to_the_form(client):
    case = in_progress()
    client.force_login(officer_of(case))
    there = client.get(f"/staff/cases/{case.number}/resolve/")
    assert there.status_code == 302
    assert there.url == f"/staff/cases/{case.number}/?do=resolve#do-resolve"


def test_who_was_signed_out_comes_back_to_the_page_on_which_they_wrote(client):
    sent, page = {"draft_of": "/staff/escalations/5/decide/"}, "/staff/escalations/5/"
    there = client.post(sent["draft_of"], sent, headers={"referer": f"http://testserver{page}"})
    assert there.url == f"/accounts/login/?next={page}"
    there = client.post(sent["draft_of"], sent, headers={"referer": f"https://elsewhere.example{page}"})
    assert there.url == "/accounts/login/?next=/staff/escalations/5/decide/"


def test_a_draft_beside_a_changed_case_says_so(send, client):
    case = in_progress()
    user = officer_of(case)
    send(user, case, "resolve/draft", answer="Kami")
    handling.add_note(case.pk, actor=user, now=FRIDAY + HOUR, text="Aspal datang Senin")
    client.force_login(user)
    body = client.get(f"/staff/cases/{case.number}/", {"do": "resolve"}).content.decode()
    assert "The case has changed since you wrote it." in body


@pytest.mark.long
def test_an_overtaken_form_keeps_its_files(send):
    case = in_progress()
    user = officer_of(case)
    handling.add_note(case.pk, actor=user, now=FRIDAY + HOUR, text="Aspal datang Senin")
    overtaken = send(user, case, "resolve", answer=MENDED, attachments=[picture()])
    assert overtaken.status_code == 409
    assert "bukti.png" in overtaken.content.decode()
    case.refresh_from_db()
    assert send(user, case, "resolve", answer=MENDED).status_code == 302
    assert case.attachments.count() == 1


def test_drafts_outlive_the_sweep_of_files_and_go_after_thirty_days(send):
    case = in_progress()
    send(officer_of(case), case, "resolve/draft", answer="Kami", attachments=[picture()])
    storage.collect_garbage(FRIDAY + 20 * DAY)
    assert Attachment.objects.count() == 1
    assert drafts.sweep_drafts(FRIDAY + 30 * DAY) == 0
    assert drafts.sweep_drafts(FRIDAY + HOUR + timedelta(days=30, seconds=1)) == 1
    assert not Attachment.objects.exists()


def test_drafts_are_erased_with_the_case(send):
    case = resolved()
    send(officer_of(case), case, "note/draft", note="Pak Ani menelepon", attachments=[picture()])
    assert Draft.objects.count() == 1
    citizen.confirm(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY)
    erase_person(case.pk, by=None, now=FRIDAY + 2 * DAY, reason="Diminta pelapor")
    assert not Draft.objects.exists()
    assert Complaint.objects.filter(pk=case.pk).exists()


def test_nobody_keeps_a_draft_beside_a_case_that_is_not_theirs(send):
    case = in_progress()
    clerk = make_user(Role.CLERK)
    assert send(clerk, case, "resolve/draft", answer="Kami").status_code == 404
    assert send(make_user(Role.VERIFIER), case, "resolve/draft", answer="Kami").status_code == 403
    assert not Draft.objects.exists()


def page_form(client, user, url):
    client.force_login(user)
    return client.get(url).context["form"]


def test_a_form_of_another_page_is_a_draft_too(client):
    head = make_user(Role.AGENCY_HEAD, agency=make_agency())
    other = make_user(Role.AGENCY_HEAD, agency=head.agency)
    url = "/staff/commitments/new/"
    shown = page_form(client, head, url)
    typed = {"draft_of": shown.draft_of, "title": "Loket buka pukul 07.00", "owner": str(other.pk)}
    assert client.post("/staff/draft/", typed).status_code == 200
    again = page_form(client, head, url)
    assert (again["title"].value(), again["owner"].value()) == (typed["title"], str(other.pk))
    assert again["idempotency_key"].value() != shown["idempotency_key"].value()
    assert not page_form(client, other, url)["title"].value()
    client.force_login(head)
    assert client.post("/staff/draft/", typed | {"forget": url}).url == url
    assert not Draft.objects.exists()
    assert client.post("/staff/draft/", {"draft_of": "/no/such/page/", "title": "x"}).status_code == 404


@pytest.mark.long
def test_evidence_of_a_promise_outlives_a_refusal_and_goes_with_the_report(client):
    row, head = promised(), people.head()
    url = f"/staff/commitments/{row.number}/"
    client.force_login(head)
    form = client.get(url).context["report_form"]
    sent = {"draft_of": form.draft_of, "words": ""}
    refused = client.post(f"{url}report/", sent | {"attachments": [picture()]})
    assert refused.status_code == 422
    assert "bukti.png" in refused.content.decode()
    assert "bukti.png" in client.get(url).content.decode()
    done = client.post(f"{url}report/", sent | {"words": MENDED})
    assert done.status_code == 302
    assert not Draft.objects.exists()
    assert [file.name for file in Attachment.objects.all()] == ["bukti.png"]


def test_a_decision_is_a_draft_and_is_erased_with_its_case(client):
    case = resolved()
    author = make_user(Role.SUPERVISOR)
    drafts.keep(
        author, None, f"/staff/escalations/5/decide/ {case.number}", {"words": MENDED}, version=0, now=FRIDAY
    )
    drafts.keep(author, None, "/staff/escalations/6/decide/", {"words": MENDED}, version=0, now=FRIDAY)
    citizen.confirm(case.pk, actor=Citizen(case.pk), now=FRIDAY + 3 * DAY)
    erase_person(case.pk, by=None, now=FRIDAY + 4 * DAY, reason="Permintaan pelapor")
    assert [draft.act for draft in Draft.objects.all()] == ["/staff/escalations/6/decide/"]


def test_what_was_begun_can_be_copied_when_somebody_was_quicker_and_goes_on_after_an_objection(send, client):
    """Before it is sent and after, and also for who reaches the case no more."""
    case = in_progress()
    writer = officer_of(case)
    send(writer, case, "resolve/draft", answer=MENDED, attachments=[picture()])
    colleague = make_user(Role.OFFICER, agency=case.agency)
    handling.resolve(case.pk, actor=colleague, now=FRIDAY + HOUR, answer="Sudah ditambal.")
    client.force_login(writer)
    shown = client.get(f"/staff/cases/{case.number}/").text
    assert "You had begun: Answer and resolve" in shown and MENDED in shown and "bukti.png" in shown
    client.force_login(colleague)
    assert MENDED not in client.get(f"/staff/cases/{case.number}/").text
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, why="Masih berlubang.")
    client.force_login(writer)
    page = client.get(f"/staff/cases/{case.number}/?do=resolve")
    assert not page.context["stranded"]
    form = next(each.form for each in page.context["panels"] if each.is_open)
    assert form["answer"].value() == MENDED
    writer.agency = make_agency("DINKES")
    writer.save()
    gone = send(writer, case, "resolve", answer=MENDED)
    assert gone.status_code == 404 and MENDED in gone.text and case.subject not in gone.text
    assert send(writer, case, "resolve").status_code == 404


def test_a_draft_of_what_cannot_be_done_any_more_is_thrown_away(send, client):
    case = in_progress()
    user = officer_of(case)
    send(user, case, "hand-back/draft", why="Bukan tugas kami.")
    handling.resolve(case.pk, actor=user, now=FRIDAY + HOUR, answer="Sudah ditambal.")
    user.role = Role.AGENCY_HEAD
    user.save()
    client.force_login(user)
    assert "Bukan tugas kami." in client.get(f"/staff/cases/{case.number}/").text
    assert send(user, case, "hand-back", forget="1").status_code == 302
    assert not Draft.objects.exists()
    assert not client.get(f"/staff/cases/{case.number}/").context["stranded"]


def test_the_place_of_a_form_is_a_page_and_names_the_case_however_long_the_address_is(client):
    head = make_user(Role.AGENCY_HEAD, agency=make_agency())
    url = "/staff/commitments/new/"
    shown = page_form(client, head, f"{url}?q={'x' * 600}")
    assert shown.draft_of == url
    assert client.post("/staff/draft/", {"draft_of": shown.draft_of, "title": "Loket"}).status_code == 200


def test_who_was_signed_out_of_a_list_comes_back_to_the_list(client):
    sent = {"cases": ["x@1"], "words": "Laporan ini hanya berisi iklan."}
    page = "/staff/cases/?q=pulsa"
    there = client.post("/staff/cases/bulk/reject/", sent, headers={"referer": f"http://testserver{page}"})
    assert parse_qs(urlsplit(there.url).query)["next"] == [page]


def test_files_of_old_drafts_are_taken_away_outside_any_transaction(monkeypatch):
    """The object store may be asked then."""
    seen = []
    monkeypatch.setattr(drafts, "MOST_OF_PAGES", 1)
    monkeypatch.setattr(drafts, "drop", lambda draft: seen.append((draft.act, connection.savepoint_ids[:])))
    person = make_user(Role.SUPERVISOR)
    for hour, place in enumerate(("/staff/a/", "/staff/b/")):
        drafts.keep(person, None, place, {"words": MENDED}, version=0, now=FRIDAY + hour * HOUR)
    assert seen == [("/staff/a/", [])]
