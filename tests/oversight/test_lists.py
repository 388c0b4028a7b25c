"""Escalations and to whom; what will be late; what has lain longest."""

import pytest

from accounts.roles import Role, Seat
from complaints.models import Complaint
from complaints.services import handling
from escalation.ladder.models import EscalationState
from escalation.sweep import run_sweep
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    assigned,
    awaiting,
    file_complaint,
    in_progress,
    make_agency,
    make_user,
    officer_of,
    resolved,
)
from tests.oversight.test_home import raise_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MONDAY = FRIDAY + 3 * DAY


def subjects(response):
    return [row.escalation.complaint.subject for row in response.context["rows"]]


# Everything escalated, and to whom


def test_a_row_names_the_people_who_answer_on_that_level(open_page):
    head = make_user(Role.AGENCY_HEAD, name="Hana Kepala")
    inspector = make_user(Role.SUPERVISOR, name="Ira Inspektorat", seat=Seat.INSPECTORATE)
    ombudsman = make_user(Role.SUPERVISOR, name="Omar Ombudsman", seat=Seat.OMBUDSMAN)
    case = in_progress()
    expected = {1: head, 2: inspector, 3: ombudsman}
    for level in expected:
        raise_to(case, level)
    rows = open_page("escalations/").context["rows"]
    assert {row.escalation.level: row.answers for row in rows} == {
        level: person.name for level, person in expected.items()
    }


def test_who_acknowledged_and_who_decided_what_is_told(open_page):
    lena = make_user(Role.SUPERVISOR, name="Lena")
    moments = {"acknowledged_at": FRIDAY, "acknowledged_by": lena}
    raise_to(in_progress(), 2, state=EscalationState.ACKNOWLEDGED, **moments)
    decided = {
        "state": EscalationState.DECIDED,
        "decision": "extend",
        "decided_at": FRIDAY,
        "decided_by": lena,
    }
    raise_to(in_progress(), 3, **decided)
    body = open_page("escalations/", state="all").content.decode()
    assert "acknowledged 20 Nov 2026 by Lena" in body
    assert "extend the target, 20 Nov 2026, Lena" in body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Terlambat", "Dua", "Tiga"]),
        ({"level": "3"}, ["Tiga"]),
        ({"answerer": "me"}, ["Dua"]),
        ({"trigger": "disputed"}, ["Tiga"]),
        ({"agency": "DLHK"}, ["Dua"]),
        ({"overdue": "on"}, ["Terlambat"]),
        ({"state": "decided"}, ["Putus"]),
        ({"state": "all", "agency": "DLHK"}, ["Dua"]),
        ({"state": "acknowledged"}, []),
    ],
)
def test_filters(open_page, sari, query, expected):
    sari.seat = Seat.INSPECTORATE
    sari.save()
    make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN)
    raise_to(in_progress(subject="Terlambat"), 1, due=FRIDAY - DAY)
    raise_to(in_progress(agency=make_agency("DLHK"), subject="Dua"), 2, due=FRIDAY + 2 * DAY)
    raise_to(in_progress(subject="Tiga"), 3, due=FRIDAY + 3 * DAY, trigger="disputed")
    raise_to(in_progress(subject="Putus"), 2, state=EscalationState.DECIDED)
    assert subjects(open_page("escalations/", **query)) == expected


@pytest.mark.parametrize("query", [{"level": "9"}, {"state": "x"}, {"agency": "TIDAK-ADA"}, {"page": "zzz"}])
def test_an_address_that_makes_no_sense_is_told(open_page, query):
    raise_to(in_progress(), 2)
    assert open_page("escalations/", status=400, **query).context["problem"]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(open_page):
    case = in_progress()
    for number in range(60):
        raise_to(case, 1 + number % 3, cause=f"c{number}", due=FRIDAY + (number // 7) * HOUR)
    seen, path = [], "escalations/"
    page = open_page(path)
    while True:
        seen += [row.escalation.pk for row in page.context["rows"]]
        if not page.context["next_url"]:
            break
        page = open_page(path, page=page.context["next_url"].split("page=")[1])
    assert len(seen) == len(set(seen)) == 60
    assert page.context["previous_url"]


# Due soon


def listed(response):
    return [row.subject for row in response.context["listed"]]


def test_due_soon_is_what_falls_due_within_three_working_days_the_soonest_first(open_page):
    file_complaint(FRIDAY, subject="Verifikasi")  # three working days: Wednesday
    assigned(FRIDAY - 3 * DAY, subject="Tanggapan")  # five working days from Tuesday: Tuesday
    assigned(FRIDAY, subject="Kemudian")  # five from Friday: next Friday
    assert listed(open_page("soon/", now=FRIDAY + HOUR)) == ["Tanggapan", "Verifikasi"]


def test_what_is_late_already_or_waits_for_the_citizen_or_is_answered_is_not_due_soon(open_page):
    file_complaint(FRIDAY - 10 * DAY)
    awaiting(FRIDAY - 28 * DAY)  # the citizen's thirty days end within three
    resolved(FRIDAY - 12 * DAY)
    assert listed(open_page("soon/")) == []


def test_a_row_says_who_handles_it_and_leads_to_the_complete_file(open_page):
    case = in_progress(FRIDAY - 4 * DAY)
    row = open_page("soon/", now=FRIDAY).context["listed"][0]
    assert (row.turn, row.beside, row.url) == ("PUPR", "Oka", f"/oversight/cases/{case.number}/")


# The oldest


def test_the_oldest_stand_first_whoever_holds_them(open_page):
    in_progress(FRIDAY - 5 * DAY, subject="Instansi")
    awaiting(FRIDAY - 20 * DAY, subject="Pelapor")
    file_complaint(FRIDAY - 9 * DAY, subject="Verifikator")
    resolved(FRIDAY - 60 * DAY, subject="Dijawab")
    rows = open_page("oldest/", now=FRIDAY).context["rows"]
    assert [(old.row.subject, old.row.turn, old.age) for old in rows] == [
        ("Pelapor", "Citizen", 20),
        ("Verifikator", "Verifiers", 9),
        ("Instansi", "PUPR", 5),
    ]


def test_untouched_counts_from_the_last_thing_a_person_did(open_page, sari):
    case = in_progress(FRIDAY - 20 * DAY)
    handling.add_note(case.pk, actor=officer_of(case), now=FRIDAY - 12 * DAY, text="Menunggu aspal")
    run_sweep(FRIDAY)
    assert case.events.latest("seq").role == Role.SYSTEM  # what the system does is nobody's work
    old = open_page("oldest/", now=FRIDAY).context["rows"][0]
    assert (old.age, old.quiet) == (20, 12)


def test_history_from_other_systems_is_on_neither_list(open_page):
    Complaint.objects.filter(pk=file_complaint().pk).update(is_live=False)
    assert listed(open_page("soon/")) == []
    assert open_page("oldest/").context["rows"] == []
