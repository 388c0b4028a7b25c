"""Who may ask for a document, what the worker makes of it, and who may fetch it: every path × every role."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.urls import get_resolver

from accounts.roles import Role
from complaints.permissions import role_may
from complaints.services import handling
from complaints.services.change import NotAllowed, NotPossible
from reports.documents import services
from reports.documents.asking import MOST_WAITING
from reports.documents.models import Document, DocumentState
from reports.documents.services import (
    BACKOFF,
    KEPT,
    LEASE,
    MAX_ATTEMPTS,
    Made,
    ask_case_file,
    ask_report,
    build_documents,
    clear_documents,
)
from reports.figures.periods import last_month, last_quarter
from reports.rights import ReportAct
from tests import factories
from tests.factories import FRIDAY, HOUR, make_agency, make_user
from tests.shared import on_disk

pytestmark = [pytest.mark.django_db, pytest.mark.long]
OCTOBER = last_month(FRIDAY.date())
STAFF = [role for role in Role if role not in (Role.CITIZEN, Role.SYSTEM)]
READERS = {Role.VERIFIER, Role.AGENCY_HEAD, Role.SUPERVISOR}


@pytest.fixture
def quick_document(monkeypatch):
    """A document without the seconds a real one takes."""
    made = []

    def make(document, now):
        made.append(document.pk)
        return Made(name="document.pdf", content=b"%PDF-1.7 words", snapshot=b"{}", digest="d" * 64)

    monkeypatch.setattr(services, "make_document", make)
    return made


def ask(actor, agency=None, now=FRIDAY, period=OCTOBER):
    return ask_report(period, agency, actor=actor, now=now, language="id")


def paths_by_room():
    """The paths of this app by the part of it that answers them."""
    rooms = defaultdict(set)
    for resolver in get_resolver().url_patterns:
        if getattr(resolver, "app_name", "") == "reports":
            for pattern in resolver.url_patterns:
                rooms[pattern.callback.__module__.split(".")[1]].add(str(pattern.pattern))
    return rooms


def test_every_path_of_the_documents_is_tested_here():
    rooms = paths_by_room()
    assert rooms.pop("documents") == {
        "staff/reports/",
        "staff/cases/<str:number>/pdf/",
        "staff/cases/<str:number>/seal/",  # tests/sealed
        "staff/documents/<int:pk>/",
        "staff/surveys/rounds/<str:code>/results/report/",  # test_survey_papers.py
        "staff/surveys/rounds/<str:code>/results/poster/",
        "staff/surveys/rounds/<slug:code>/poster/",  # test_the_poster.py
        "staff/standards/<slug:code>/poster/<slug:counter>/",  # test_the_poster.py
        "complaints/mine/sealed/",  # tests/sealed
        "complaints/mine/sealed/file/",
    }
    assert rooms.pop("minutes") == {"forums/<slug:code>/minutes.pdf"}  # tests/meetings
    # Publication and evaluation: tests/publication; the others: test_statistics_pages.py and test_recount.py.
    assert set(rooms) == {"publication", "evaluation", "statistics", "opendata", "recount"}


@pytest.mark.parametrize("role", STAFF)
def test_the_list_is_for_those_who_may_read_reports(client, role):
    client.force_login(make_user(role))
    assert client.get("/staff/reports/").status_code == (200 if role in READERS else 403)


def test_a_stranger_is_sent_to_sign_in(client):
    case = factories.file_complaint()
    for path in ("/staff/reports/", "/staff/documents/1/"):
        assert "/accounts/login/" in client.get(path).headers["Location"]
    assert "/accounts/login/" in client.post(f"/staff/cases/{case.number}/pdf/").headers["Location"]


@pytest.mark.parametrize("role", sorted(READERS))
def test_asking_makes_one_row_and_shows_it(client, role):
    user = make_user(role)
    client.force_login(user)
    form = {"preset": "quarter", "agency": user.agency_id or "", "language": "en"}
    for _ in range(2):  # a double click
        assert client.post("/staff/reports/", form).status_code == 302
    document = Document.objects.get()
    assert (document.requested_by, document.state, document.language) == (user, "waiting", "en")
    assert document.agency == user.agency
    assert b"/staff/documents/" not in client.get("/staff/reports/").content


def test_a_head_cannot_ask_beyond_their_agency(client):
    head, other = make_user(Role.AGENCY_HEAD), make_agency("DLHK")
    below = make_agency("PUPR-1", parent=head.agency)
    client.force_login(head)
    for chosen in (str(other.pk), ""):
        answer = client.post("/staff/reports/", {"preset": "month", "agency": chosen, "language": "id"})
        assert answer.status_code == 422
    for agency in (other, None):
        with pytest.raises(NotAllowed):
            ask(head, agency)
    ask(head, below)
    assert Document.objects.get().agency == below


def test_a_period_of_ones_own_has_to_make_sense(client):
    client.force_login(make_user(Role.VERIFIER))
    form = {"preset": "days", "language": "id", "first": "2026-01-01", "last": "2026-02-28"}
    assert client.post("/staff/reports/", form).status_code == 302
    for wrong in (
        {"last": "2025-12-31"},
        {"first": ""},
        {"first": "0001-01-01"},
        {"last": "2030-01-01"},
        {"first": "nonsense"},
        {"preset": "ever"},
    ):
        assert client.post("/staff/reports/", form | wrong).status_code == 422
    assert Document.objects.count() == 1


def test_a_worker_is_not_everybodys_own(client):
    user = make_user(Role.VERIFIER)
    for n in range(MOST_WAITING):
        ask(user, make_agency(f"A{n}"))
    with pytest.raises(NotPossible):
        ask(user)
    client.force_login(user)
    answer = client.post("/staff/reports/", {"preset": "last_year", "language": "id"})
    assert answer.status_code == 409


def test_the_worker_makes_the_document_and_only_its_requester_gets_it(client, quick_document):
    user = make_user(Role.VERIFIER)
    document = ask(user)
    client.force_login(user)
    waiting = client.get(f"/staff/documents/{document.pk}/")
    assert waiting.status_code == 200
    assert waiting.headers["Refresh"]
    assert build_documents(FRIDAY) == 1
    assert build_documents(FRIDAY) == 0
    document.refresh_from_db()
    assert (document.state, document.attempts, document.leased_until) == ("ready", 1, None)
    assert on_disk(document.stored).stat().st_mode & 0o777 == 0o600
    assert on_disk(document.stored).parent.stat().st_mode & 0o777 == 0o700
    answer = client.get(f"/staff/documents/{document.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 words"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    client.force_login(make_user(Role.SUPERVISOR))
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404
    assert client.get("/staff/documents/999999/").status_code == 404


def test_whoever_lost_the_scope_gets_the_document_no_more(client, quick_document):
    head = make_user(Role.AGENCY_HEAD)
    document = ask(head, head.agency)
    build_documents(FRIDAY)
    client.force_login(head)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 200
    head.agency = make_agency("DLHK")
    head.save()
    client.force_login(head)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404


def test_whoever_became_somebody_else_asks_anew(client, quick_document):
    """A supervisor's paper of an agency tells of cases that its head does not have."""
    agency, person = make_agency("DLH"), make_user(Role.SUPERVISOR)
    document = ask(person, agency)
    build_documents(FRIDAY)
    client.force_login(person)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 200
    person.role, person.agency = Role.AGENCY_HEAD, agency
    person.save()
    client.force_login(person)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404
    assert not client.get("/staff/reports/").context["documents"]
    again = ask(person, agency)
    build_documents(FRIDAY)
    assert again.pk != document.pk
    assert client.get(f"/staff/documents/{again.pk}/").status_code == 200


def test_a_document_that_was_changed_on_the_disk_is_not_handed_out(client, quick_document):
    supervisor = make_user(Role.SUPERVISOR)
    document = ask(supervisor)
    build_documents(FRIDAY)
    document.refresh_from_db()
    on_disk(document.stored).write_bytes(b"%PDF-1.7 other words")
    client.force_login(supervisor)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404


def test_documents_are_deleted_a_month_after_they_were_asked_for(quick_document):
    document = ask(make_user(Role.SUPERVISOR))
    build_documents(FRIDAY)
    assert clear_documents(FRIDAY + KEPT) == 0
    assert on_disk(document.stored).exists()
    clear_documents(FRIDAY + KEPT + HOUR)
    assert not Document.objects.exists() and not on_disk(document.stored).exists()


def test_a_document_whose_file_is_gone_is_not_found(client, quick_document):
    user = make_user(Role.VERIFIER)
    document = ask(user)
    build_documents(FRIDAY)
    on_disk(document.stored).unlink()
    client.force_login(user)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CLERK, 404),  # not entered by them
        (Role.VERIFIER, 403),  # heading only once it is assigned
        (Role.OFFICER, 302),
        (Role.AGENCY_HEAD, 302),
        (Role.SUPERVISOR, 302),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_the_file_of_a_case_is_for_those_who_may_read_its_words(client, role, status):
    case = factories.in_progress()
    client.force_login(make_user(role))
    assert client.post(f"/staff/cases/{case.number}/pdf/").status_code == status
    assert client.get(f"/staff/cases/{case.number}/pdf/").status_code == 405
    assert Document.objects.count() == (status == 302)


def test_an_officer_of_another_agency_learns_nothing(client):
    case = factories.in_progress()
    client.force_login(make_user(Role.OFFICER, make_agency("DLHK")))
    assert client.post(f"/staff/cases/{case.number}/pdf/").status_code == 404
    assert client.post("/staff/cases/KPG-2026-999999-9/pdf/").status_code == 404


def test_an_officer_whose_agency_lost_the_case_gets_its_file_no_more(client, quick_document):
    case = factories.in_progress()
    officer = factories.officer_of(case)
    document = ask_case_file(case, actor=officer, now=FRIDAY, language="id")
    build_documents(FRIDAY)
    client.force_login(officer)
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 200
    handling.hand_back(case.pk, actor=officer, now=FRIDAY + HOUR, why="Bukan kami")
    assert client.get(f"/staff/documents/{document.pk}/").status_code == 404


def test_a_right_lost_while_it_waits_makes_no_document():
    case = factories.in_progress()
    officer = factories.officer_of(case)
    document = ask_case_file(case, actor=officer, now=FRIDAY, language="id")
    handling.hand_back(case.pk, actor=officer, now=FRIDAY + HOUR, why="Bukan kami")
    assert build_documents(FRIDAY + HOUR) == 0
    document.refresh_from_db()
    assert (document.state, document.last_error, document.sha256) == ("failed", "out of reach", "")


class TestAWorkerThatFails:
    @pytest.fixture(autouse=True)
    def breaking(self, monkeypatch):
        def fail(document, now):
            raise RuntimeError("CNRY words of a case")

        monkeypatch.setattr(services, "make_document", fail)

    def test_it_comes_again_later_and_later_and_is_given_up(self, client):
        document = ask(make_user(Role.VERIFIER))
        at = FRIDAY
        for attempt in range(1, MAX_ATTEMPTS + 1):
            assert build_documents(at) == 0
            document.refresh_from_db()
            assert document.attempts == attempt
            assert document.last_error == "RuntimeError"
            assert build_documents(document.due_at - timedelta(seconds=1)) == 0
            at = document.due_at
        assert document.state == DocumentState.FAILED
        build_documents(at + 100 * BACKOFF)
        document.refresh_from_db()
        assert document.attempts == MAX_ATTEMPTS
        client.force_login(document.requested_by)
        assert client.get(f"/staff/documents/{document.pk}/").status_code == 200

    def test_the_others_go_on(self, monkeypatch):
        user = make_user(Role.VERIFIER)
        bad, good = ask(user), ask(user, period=last_quarter(FRIDAY.date()))

        def make(document, now):
            if document.pk == bad.pk:
                raise RuntimeError
            return Made(name="p.pdf", content=b"%PDF-")

        monkeypatch.setattr(services, "make_document", make)
        assert [build_documents(FRIDAY), build_documents(FRIDAY)] == [0, 1]
        good.refresh_from_db()
        assert good.state == "ready"


def test_one_that_died_with_its_worker_comes_again_when_its_lease_is_over(monkeypatch, quick_document):
    document = ask(make_user(Role.VERIFIER))
    Document.objects.update(leased_until=FRIDAY + LEASE, attempts=1)
    assert build_documents(FRIDAY + LEASE / 2) == 0
    assert build_documents(FRIDAY + LEASE) == 1
    assert quick_document == [document.pk]


def test_one_that_kills_every_worker_is_given_up(quick_document):
    document = ask(make_user(Role.VERIFIER))
    Document.objects.update(attempts=MAX_ATTEMPTS, leased_until=FRIDAY)
    assert build_documents(FRIDAY) == 0
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED
    assert quick_document == []


def test_two_workers_make_it_once(monkeypatch, quick_document):
    document = ask(make_user(Role.VERIFIER))

    def meanwhile(row, now):
        assert services._build_one(document.pk, FRIDAY) is False  # the other one finds it taken
        return Made(name="p.pdf", content=b"%PDF-")

    monkeypatch.setattr(services, "make_document", meanwhile)
    assert build_documents(FRIDAY) == 1
    document.refresh_from_db()
    assert document.attempts == 1


def test_a_real_document_of_each_kind(client):
    case = factories.in_progress()
    officer = factories.officer_of(case)
    ask_case_file(case, actor=officer, now=FRIDAY, language="id")
    ask(make_user(Role.SUPERVISOR))
    assert [build_documents(FRIDAY) for _turn in range(3)] == [1, 1, 0]
    assert {on_disk(row.stored).read_bytes()[:5] for row in Document.objects.all()} == {b"%PDF-"}
    report = Document.objects.get(kind="report")
    assert on_disk(report.stored_snapshot).stat().st_mode & 0o777 == 0o600
    assert report.file_name == "tuntas-report-2026-10-01_2026-10-31_city-id.pdf"


def test_reading_reports_is_a_right_of_the_table():
    assert {role for role in STAFF if role_may(role, ReportAct.READ_REPORTS)} == READERS
