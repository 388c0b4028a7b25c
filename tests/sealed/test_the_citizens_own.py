"""Who may go to the ombudsman makes the sealed file of their own case: for them alone, of what they may see."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.files.storage import receive_all
from complaints.models import Complaint, Event, Message
from complaints.services import citizen, handling, parties, verification
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.erasure import erase_person
from escalation.ladder.models import EscalationRule, Trigger
from escalation.sweep import run_sweep
from reports.documents import services
from reports.documents.models import Document, Purpose
from reports.documents.own import MOST_A_DAY, ask_own_sealed_file, own_file
from reports.documents.services import KEPT, Made, build_documents, clear_documents, is_readable_by
from reports.events import ReportEvent
from tests import factories
from tests.browser import check_page
from tests.factories import DAY, FRIDAY, HOUR
from tests.files.samples import upload
from tests.ledger.strangers import FITS, verify
from tests.promises.people import recommended
from tests.reports.printed import words_of
from tests.sealed.test_the_sealed_file import everything, unpack
from tests.shared import on_disk
from tests.soundness import what_is_broken
from tests.tracking.mine import MINE, citizen_of, with_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english"), pytest.mark.long]
TOLD = FRIDAY + 61 * DAY
SEAL, FILE = f"{MINE}sealed/", f"{MINE}sealed/file/"
BUTTON = "Make my sealed file for the ombudsman"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the seconds that a real one takes."""
    monkeypatch.setattr(services, "make_document", lambda document, now: Made("x-sealed.zip", b"PK-words"))


@pytest.fixture
def no_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real file, but for its PDF."""
    monkeypatch.setattr("reports.sealed.bundle.case_file_pdf", lambda case, **rest: b"%PDF-1.7 words")


def told(case: Complaint, now: datetime = TOLD) -> Complaint:
    """Two months later: nobody answered, and its citizen was told of the ombudsman."""
    run_sweep(now)
    case.refresh_from_db()
    return case


def ask(case: Complaint, now: datetime = TOLD) -> Document:
    return ask_own_sealed_file(case.pk, actor=Citizen(case.pk), now=now, language="en")


def made(case: Complaint, now: datetime = TOLD) -> dict[str, bytes]:
    document = ask(case, now)
    assert build_documents(now) == 1
    return unpack(on_disk(document.stored).read_bytes())


def page(client: Client) -> str:
    client.cookies["django_language"] = "en"
    answer = client.get(MINE)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_from_the_button_to_the_download(quick: None) -> None:
    case = factories.in_progress()
    with time_machine.travel(FRIDAY + 59 * DAY, tick=False):
        assert BUTTON not in page(citizen_of(case))
    told(case)
    with time_machine.travel(TOLD, tick=False):
        client = citizen_of(case)
        text, letters = page(client), Message.objects.count()
        assert BUTTON in text and "Nothing is sent by itself" in text
        assert client.get(FILE).status_code == 404
        answer = client.post(SEAL)
        assert (answer.status_code, answer["Location"]) == (302, f"{MINE}#own-file")
        text = page(client)
        assert "Your sealed file is being made" in text and BUTTON not in text and FILE not in text
        assert build_documents(TOLD) == 1
        assert f'href="{FILE}"' in page(client)
        answer = client.get(FILE)
    assert answer.content == b"PK-words"
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="x-sealed.zip"'
    assert "no-store" in answer["Cache-Control"]
    assert Message.objects.count() == letters  # nothing is sent by itself


def test_the_history_says_that_the_citizen_made_it_in_codes_alone(quick: None) -> None:
    case = told(factories.in_progress())
    ask(case)
    event = Event.objects.get(kind=ReportEvent.OWN_FILE_SEALED)
    assert (event.complaint, event.actor, event.role) == (case, None, Role.CITIZEN)
    assert {key: event.data[key] for key in ("purpose", "for_citizen")} == {
        "purpose": "ombudsman",
        "for_citizen": True,
    }
    assert not event.content_digest
    with time_machine.travel(TOLD, tick=False):
        assert "Sealed file made for the ombudsman" in page(citizen_of(case))
    assert what_is_broken() == {}


def test_one_at_a_time_and_a_few_a_day(quick: None) -> None:
    case = told(factories.in_progress())
    assert ask(case) == ask(case)
    for _more in range(MOST_A_DAY - 1):
        build_documents(TOLD)
        ask(case)
    build_documents(TOLD)
    with pytest.raises(NotPossible):
        ask(case, TOLD + 23 * HOUR)
    assert Document.objects.count() == Event.objects.filter(kind=ReportEvent.OWN_FILE_SEALED).count() == 3
    with time_machine.travel(TOLD, tick=False):
        client = citizen_of(case)
        assert f'action="{SEAL}"' not in page(client)
        assert "several times today" in client.post(SEAL, follow=True).content.decode()
    ask(case, TOLD + 25 * HOUR)


def test_the_database_keeps_a_second_from_waiting_and_one_of_nobody_from_being() -> None:
    case = told(factories.in_progress())
    row = ask(case)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    for wrong in ({"is_for_citizen": False}, {"purpose": Purpose.COURT}, {"kind": "case_file"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.update(**wrong)


def test_it_is_theirs_alone(quick: None) -> None:
    case, other = told(factories.in_progress()), told(factories.in_progress(subject="Lain"))
    with pytest.raises(Complaint.DoesNotExist):
        ask_own_sealed_file(case.pk, actor=Citizen(other.pk), now=TOLD, language="id")
    document = ask(case)
    with pytest.raises(Complaint.DoesNotExist):
        ask_own_sealed_file(case.pk, actor=Citizen(other.pk), now=TOLD, language="id")
    build_documents(TOLD)
    document.refresh_from_db()
    supervisor = factories.make_user(Role.SUPERVISOR)
    assert not is_readable_by(document, supervisor)
    with time_machine.travel(TOLD, tick=False):
        assert citizen_of(other).get(FILE).status_code == 404
        for client in (Client(), staff(supervisor)):
            for answer in (client.get(FILE), client.post(SEAL)):
                assert (answer.status_code, answer["Location"]) == (
                    302,
                    reverse("complaints:complaint-track"),
                )
        assert staff(supervisor).get(f"/staff/documents/{document.pk}/").status_code == 404


def staff(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_only_who_may_go_to_the_ombudsman_asks() -> None:
    case = factories.in_progress()
    with pytest.raises(NotPossible):
        ask(case)
    told(case)
    handling.resolve(case.pk, actor=factories.officer_of(case), now=TOLD, answer="Sudah")
    with pytest.raises(NotPossible):
        ask(case)
    with pytest.raises((NotAllowed, AttributeError)):
        ask_own_sealed_file(case.pk, actor=factories.make_user(Role.SUPERVISOR), now=TOLD, language="id")  # type: ignore[arg-type]
    assert not Document.objects.exists()
    assert not Event.objects.filter(kind=ReportEvent.OWN_FILE_SEALED).exists()


def test_what_was_made_can_still_be_fetched_after_the_answer_until_it_expires(quick: None) -> None:
    case = told(factories.in_progress())
    document = ask(case)
    build_documents(TOLD)
    handling.resolve(case.pk, actor=factories.officer_of(case), now=TOLD + DAY, answer="Sudah")
    with time_machine.travel(TOLD + DAY, tick=False):
        client = citizen_of(case)
        text = page(client)
        assert FILE in text and f'action="{SEAL}"' not in text
        assert client.get(FILE).status_code == 200
        on_disk(document.stored).write_bytes(b"lain")
        assert client.get(FILE).status_code == 302
        assert "lost on the server" in page(client)
    with time_machine.travel(TOLD + KEPT + HOUR, tick=False):
        assert citizen_of(case).get(FILE).status_code == 404
    clear_documents(TOLD + KEPT + HOUR)
    assert not on_disk(document.stored).exists() and not Document.objects.exists()


def test_who_was_erased_has_none_any_more(quick: None) -> None:
    case = told(factories.in_progress(email="ani@warga.test"))
    waiting = told(factories.in_progress(subject="Lain"))
    ask(case)
    build_documents(TOLD)
    ask(waiting)
    for each in (case, waiting):
        citizen.withdraw(each.pk, actor=Citizen(each.pk), now=TOLD + HOUR)
        erase_person(each.pk, by=None, now=TOLD + 2 * HOUR, reason="Asked for it")
    with time_machine.travel(TOLD + 2 * HOUR, tick=False):  # before the worker has cleared it away
        assert citizen_of(case).get(FILE).status_code == 404
        assert "own-file" not in page(citizen_of(case))
    with pytest.raises(NotPossible):
        ask(case)


def test_one_that_waits_when_its_citizen_is_erased_is_not_made(no_print: None) -> None:
    case = told(factories.in_progress())
    document = ask(case)
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=TOLD + HOUR)
    erase_person(case.pk, by=None, now=TOLD + 2 * HOUR, reason="Asked for it")
    assert build_documents(TOLD + 2 * HOUR) == 0
    document.refresh_from_db()
    assert (document.state, document.last_error) == ("failed", "out of reach")


def busy_case(**fields: Any) -> Complaint:
    """With all that staff keep among themselves, and whom it is about."""
    case = factories.in_progress(**fields)
    officer = factories.officer_of(case)
    supervisor = factories.make_user(Role.SUPERVISOR, name="CNRY Sari")
    handling.add_note(case.pk, actor=officer, now=FRIDAY + DAY, text="CNRY-note")
    hidden = receive_all([upload("png", "CNRY-photo.png")], digest="CNRY", now=FRIDAY, added_by=officer).kept
    handling.add_files(case.pk, actor=officer, now=FRIDAY + DAY, files=hidden, is_public=False)
    shown = receive_all([upload("jpg", "lubang.jpg")], digest="own", now=FRIDAY).kept
    handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, files=shown)
    about = factories.make_user(Role.OFFICER, factories.make_agency("DLHK"), name="CNRY Olga")
    parties.name_party(case.pk, actor=supervisor, now=FRIDAY + DAY, user=about, why="CNRY took money")
    recommended(cases=(case,), findings="CNRY-findings", recommended="CNRY-advice")
    return case


def test_what_is_in_it_is_what_they_may_see_and_the_ombudsman_can_check_it(tmp_path: Path) -> None:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    case = told(busy_case(email="cnry.ani@example.org"))
    document = ask(case)
    assert build_documents(TOLD) == 1
    code, said = verify("bundle", on_disk(document.stored))
    assert code == FITS, said
    members = unpack(on_disk(document.stored).read_bytes())
    assert {"README.txt", "tuntas_verify.py", "key.txt", "proof.json", "case.pdf"} <= set(members)
    assert "files/01-lubang.jpg" in members
    text = everything(members)
    assert "CNRY" not in text and "cnry" not in text
    content = json.loads(members["case.json"])
    assert (content["edition"], content["purpose"]) == ("citizen", "for the ombudsman")
    assert content["description"] == "Lubang besar di depan pasar."
    assert content["timeline"][-1]["kind"] == "own_file_sealed"
    assert content["escalations"] and content["recommendations"]
    assert not any("acknowledged_by" in each or "state" in each for each in content["escalations"])
    assert not any("state" in each for each in content["recommendations"])
    events = json.loads(members["proof.json"])["events"]
    assert len(events) == Event.objects.filter(complaint=case).count()
    assert all(each["index"] is not None for each in events)
    assert "forthecitizen" in words_of(members["case.pdf"])


def test_anonymous_citizens_make_theirs_too(no_print: None) -> None:
    case = told(factories.in_progress(is_anonymous=True))
    content = json.loads(made(case)["case.json"])
    assert content["complainant"] == "[not kept: the report is anonymous]"


def test_merged_citizens_have_their_own_case_with_what_was_publicly_done_in_the_main_one(
    no_print: None,
) -> None:
    main = busy_case(subject="CNRY-subject", description="CNRY-description")
    joined = factories.file_complaint(subject="Juga", email="bejo@warga.test", description="Di sini juga.")
    verifier = factories.make_user(Role.VERIFIER)
    verification.merge(joined.pk, actor=verifier, now=FRIDAY + 2 * DAY, into=main.pk)
    officer = factories.officer_of(main)
    handling.resolve(main.pk, actor=officer, now=FRIDAY + 3 * DAY, answer="Sudah ditambal.")
    citizen.dispute(main.pk, actor=Citizen(main.pk), now=FRIDAY + 4 * DAY, why="CNRY-dispute")
    told(joined)
    members = made(joined)
    text = "\n".join(content.decode(errors="replace") for content in members.values())
    assert "CNRY" not in text and "lubang.jpg" not in text
    content = json.loads(members["case.json"])
    assert (content["number"], content["follows"]) == (joined.number, main.number)
    assert "Sudah ditambal." in [event["words"] for event in content["elsewhere"]]
    assert content["description"] == "Di sini juga."
    assert {each["kind"] for each in content["timeline"]} >= {"submitted", "merged", "own_file_sealed"}
    assert json.loads(members["proof.json"])["number"] == joined.number


def test_the_answers_of_other_agencies_that_work_on_a_part_are_in_it(no_print: None) -> None:
    case = factories.file_complaint()
    verifier = factories.make_user(Role.VERIFIER)
    routing = verification.Routing([factories.make_agency(), factories.make_agency("DLHK")])
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=routing)
    part = Complaint.objects.get(parent=case)
    officer = factories.officer_of(part)
    handling.accept(part.pk, actor=officer, now=FRIDAY, handler=officer)
    handling.add_note(part.pk, actor=officer, now=FRIDAY, text="CNRY-note")
    handling.resolve(part.pk, actor=officer, now=FRIDAY + DAY, answer="Pohon sudah dipangkas.")
    members = made(told(case))
    content = json.loads(members["case.json"])
    assert [event["words"] for event in content["elsewhere"]] == ["Pohon sudah dipangkas."]
    assert "CNRY" not in "\n".join(each.decode(errors="replace") for each in members.values())


def test_one_that_could_not_be_made_says_so_and_may_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = told(factories.in_progress())
    Document.objects.filter(pk=ask(case).pk).update(state="failed")
    assert own_file(case, TOLD).has_failed and own_file(case, TOLD).may_ask
    with time_machine.travel(TOLD, tick=False):
        text = page(citizen_of(case))
    assert "could not be made" in text and BUTTON in text


@pytest.mark.django_db(transaction=True)
def test_on_a_phone(browser_page: Any, live_server: Any, tmp_path: Path) -> None:
    """As it really happens: two months ago filed, today told; the code is typed in and stands in no address."""
    from django.utils import timezone

    now = timezone.now()
    _case, code = with_code(now=now - 61 * DAY)
    run_sweep(now)
    page = browser_page
    page.goto("/complaints/track/")
    page.fill("[name=receipt]", code)
    page.press("[name=receipt]", "Enter")
    page.wait_for_url(f"**{MINE}")
    check_page(page)
    section = page.locator("#own-file")
    section.locator("button").click()
    page.wait_for_url(f"**{MINE}#own-file")
    assert section.locator(".notice").count() == 1
    check_page(page)
    assert build_documents(timezone.now()) == 1
    section.locator(".notice a").click()
    page.wait_for_url("**?#own-file")
    check_page(page)
    with page.expect_download() as download:
        section.locator(f"a[href='{FILE}']").click()
    path = tmp_path / "own.zip"
    download.value.save_as(path)
    with ZipFile(path) as bundle:
        assert "case.pdf" in bundle.namelist()
    assert code.replace(" ", "") not in page.url
