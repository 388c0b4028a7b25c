"""Who may ask for a sealed file, what is recorded of it, and who gets it."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.models import Complaint, Event
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.parties import name_party
from reports.documents import services
from reports.documents.models import Document, Purpose
from reports.documents.services import Made, ask_sealed_file, build_documents
from reports.events import ReportEvent
from tests import factories
from tests.browser import check_page
from tests.factories import FRIDAY, HOUR, make_user
from tests.tracking.mine import citizen_of

pytestmark = pytest.mark.django_db
FORM = {"purpose": "ombudsman", "words": "Letter 12", "is_for_citizen": ""}


@pytest.fixture
def case() -> Complaint:
    return factories.in_progress()


@pytest.fixture
def quick_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "make_document", lambda document, now: Made("x-sealed.zip", b"PK-words"))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CLERK, 403),
        (Role.VERIFIER, 403),
        (Role.OFFICER, 403),
        (Role.AGENCY_HEAD, 403),
        (Role.SUPERVISOR, 200),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_only_a_supervisor_seals(client: Client, case: Complaint, role: Role, status: int) -> None:
    client.force_login(make_user(role))
    path = f"/staff/cases/{case.number}/seal/"
    assert client.get(path).status_code == status
    assert not Event.objects.filter(kind=ReportEvent.FILE_SEALED).exists()
    assert client.post(path, FORM).status_code == (302 if status == 200 else 403)
    assert Document.objects.count() == (status == 200)


def test_a_stranger_is_sent_to_sign_in(client: Client, case: Complaint) -> None:
    for answer in (
        client.get(f"/staff/cases/{case.number}/seal/"),
        client.post(f"/staff/cases/{case.number}/seal/", FORM),
    ):
        assert "/accounts/login/" in answer.headers["Location"]


def test_a_case_that_is_not_there_is_not_found(client: Client) -> None:
    client.force_login(make_user(Role.SUPERVISOR))
    assert client.post("/staff/cases/KPG-2026-999999-9/seal/", FORM).status_code == 404


def test_the_link_stands_where_it_can_be_followed(client: Client, case: Complaint) -> None:
    page = f"/staff/cases/{case.number}/"
    client.force_login(make_user(Role.SUPERVISOR))
    assert f"{page}seal/" in client.get(page).content.decode()
    client.force_login(factories.officer_of(case))
    assert f"{page}seal/" not in client.get(page).content.decode()


def test_asking_is_part_of_the_history_and_asking_twice_is_once(client: Client, case: Complaint) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    client.force_login(supervisor)
    for _ in range(2):
        assert client.post(f"/staff/cases/{case.number}/seal/", FORM).status_code == 302
    event = Event.objects.get(kind=ReportEvent.FILE_SEALED)
    assert (event.complaint, event.actor) == (case, supervisor)
    assert event.data == {"purpose": "ombudsman", "for_citizen": False}
    assert event.content.words == {"text": "Letter 12"}
    assert Document.objects.count() == 1
    client.post(f"/staff/cases/{case.number}/seal/", FORM | {"is_for_citizen": "on"})
    assert Document.objects.count() == Event.objects.filter(kind=ReportEvent.FILE_SEALED).count() == 2


@pytest.mark.parametrize(
    "wrong", [{"purpose": ""}, {"purpose": "fun"}, {"words": " "}, {"words": "x" * 1001}]
)
def test_without_a_purpose_nothing_is_sealed(client: Client, case: Complaint, wrong: dict[str, str]) -> None:
    client.force_login(make_user(Role.SUPERVISOR))
    assert client.post(f"/staff/cases/{case.number}/seal/", FORM | wrong).status_code == 422
    assert not Document.objects.exists() and not Event.objects.filter(kind=ReportEvent.FILE_SEALED).exists()


def ask(case: Complaint, actor: User, words: str = "Letter 12") -> Document:
    return ask_sealed_file(
        case, Purpose.COURT, words=words, is_for_citizen=False, actor=actor, now=FRIDAY, language="id"
    )


def test_the_service_asks_for_right_and_purpose_itself(case: Complaint) -> None:
    with pytest.raises(NotAllowed):
        ask(case, factories.officer_of(case))
    with pytest.raises(NotPossible):
        ask(case, make_user(Role.SUPERVISOR), words="  ")
    assert not Document.objects.exists()


def test_for_an_appeal_internal_notes_are_left_out_whatever_was_ticked(
    client: Client, case: Complaint
) -> None:
    client.force_login(make_user(Role.SUPERVISOR))
    client.post(f"/staff/cases/{case.number}/seal/", FORM | {"purpose": "appeal"})
    assert Document.objects.get().is_for_citizen
    assert Event.objects.get(kind=ReportEvent.FILE_SEALED).data["for_citizen"] is True


def test_the_citizen_does_not_learn_of_it_and_staff_do(client: Client, case: Complaint) -> None:
    ask(case, make_user(Role.SUPERVISOR))
    case.refresh_from_db()
    assert timeline_for(case, factories.officer_of(case))[-1].kind == ReportEvent.FILE_SEALED
    assert "Letter 12" not in citizen_of(case).get("/complaints/mine/").content.decode()


def test_it_comes_as_a_file_to_every_supervisor_and_to_nobody_else(
    client: Client, case: Complaint, quick_document: None
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    document = ask(case, supervisor)
    client.force_login(supervisor)
    assert client.get(f"/staff/documents/{document.pk}/").headers["Refresh"]
    assert build_documents(FRIDAY) == 1
    answer = client.get(f"/staff/documents/{document.pk}/")
    assert b"".join(answer) == b"PK-words"
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    client.force_login(make_user(Role.SUPERVISOR))
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 200
    client.force_login(factories.officer_of(case))
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404


def test_it_is_kept_from_a_supervisor_whom_the_case_is_about(
    client: Client, case: Complaint, quick_document: None
) -> None:
    document, named = ask(case, make_user(Role.SUPERVISOR)), make_user(Role.SUPERVISOR)
    build_documents(FRIDAY)
    name_party(case.pk, actor=make_user(Role.SUPERVISOR), now=FRIDAY, why="Namanya disebut.", user=named)
    client.force_login(named)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404


def test_whoever_is_no_supervisor_any_more_gets_it_no_more(
    client: Client, case: Complaint, quick_document: None
) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    ready = ask(case, supervisor)
    build_documents(FRIDAY)
    supervisor.role, supervisor.agency = Role.AGENCY_HEAD, case.agency
    supervisor.save()
    client.force_login(supervisor)
    assert client.get(f"/staff/documents/{ready.pk}/").status_code == 404


def test_a_right_lost_while_it_waits_makes_no_file(case: Complaint) -> None:
    supervisor = make_user(Role.SUPERVISOR)
    document = ask(case, supervisor)
    supervisor.role = Role.VERIFIER
    supervisor.save()
    assert build_documents(FRIDAY + HOUR) == 0
    document.refresh_from_db()
    assert (document.state, document.last_error) == ("failed", "out of reach")


@pytest.mark.django_db(transaction=True)
@pytest.mark.viewport(1280, 900)
def test_the_page_is_accessible(browser_page, live_server) -> None:
    case = factories.in_progress()
    supervisor = make_user(Role.SUPERVISOR)
    page = browser_page
    page.goto("/accounts/login/")
    page.fill("[name=login]", supervisor.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff/**")
    page.goto(f"/staff/cases/{case.number}/seal/")
    check_page(page)
    page.fill("[name=words]", "Surat 12")
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/documents/**")
    check_page(page)
