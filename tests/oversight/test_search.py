"""The search over everything: what each filter keeps, that scope holds, and that only named columns order."""

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.database import kept_statements
from complaints.models import Complaint
from complaints.services import citizen, handling
from escalation.ladder.models import EscalationState
from tests.factories import (
    DAY,
    FRIDAY,
    assigned,
    awaiting,
    closed,
    file_complaint,
    in_progress,
    make_agency,
    make_category,
    make_user,
    officer_of,
    resolved,
)
from tests.oversight.test_home import raise_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def subjects(response):
    return sorted(row.subject for row in response.context["listed"])


def search(open_page, **query):
    return subjects(open_page("search/", **query))


@pytest.fixture
def cases():
    file_complaint(subject="Baru", is_anonymous=True)
    assigned(subject="Diteruskan", agency=make_agency("DLHK"), is_confidential=True, channel="letter")
    in_progress(FRIDAY - 30 * DAY, subject="Terlambat", category=make_category("air"))
    awaiting(subject="Ditanya", kind="oversight")
    closed(FRIDAY - 5 * DAY, subject="Selesai")
    late = in_progress(FRIDAY - 60 * DAY, subject="Lama")
    handling.resolve(late.pk, actor=officer_of(late), now=FRIDAY - 20 * DAY, answer="Sudah")
    disputed = resolved(FRIDAY - 4 * DAY, subject="Keberatan")
    citizen.dispute(disputed.pk, actor=Citizen(disputed.pk), now=FRIDAY - 3 * DAY, why="Belum")
    back = in_progress(FRIDAY - 2 * DAY, subject="Kembali")
    handling.hand_back(back.pk, actor=officer_of(back), now=FRIDAY - DAY, why="Bukan kami")
    raise_to(disputed, 3)
    raise_to(late, 2, state=EscalationState.DECIDED, decision="extend")


EVERYTHING = sorted(["Baru", "Diteruskan", "Terlambat", "Ditanya", "Selesai", "Lama", "Keberatan", "Kembali"])


FILTERS = [
    ({}, EVERYTHING),
    ({"q": "lama"}, ["Lama"]),
    ({"state": "assigned"}, ["Diteruskan"]),
    ({"kind": "oversight"}, ["Ditanya"]),
    ({"category": "air"}, ["Terlambat"]),
    ({"agency": "DLHK"}, ["Diteruskan"]),
    ({"unassigned": "on"}, ["Baru", "Ditanya", "Kembali"]),
    ({"channel": "letter"}, ["Diteruskan"]),
    ({"received_to": "2026-10-31"}, ["Lama", "Terlambat"]),
    ({"received_from": "2026-11-20"}, ["Baru", "Ditanya", "Diteruskan"]),
    ({"overdue": "on"}, ["Terlambat"]),
    ({"standing": "answered"}, ["Lama", "Selesai"]),
    ({"standing": "unanswered"}, sorted(set(EVERYTHING) - {"Lama", "Selesai"})),
    ({"promise": "met"}, ["Selesai"]),
    ({"promise": "late"}, ["Lama", "Terlambat"]),
    ({"promise": "ahead"}, ["Baru", "Diteruskan", "Keberatan", "Kembali"]),
    ({"promise": "still"}, ["Ditanya"]),
    ({"promise": "none"}, []),
    ({"promise": "not_needed"}, []),
    ({"escalated": "waiting"}, ["Keberatan"]),
    ({"escalated": "3"}, ["Keberatan"]),
    ({"escalated": "2"}, []),
    ({"escalated": "ever"}, ["Keberatan", "Lama"]),
    ({"escalated": "extended"}, ["Lama"]),
    ({"disputed": "on"}, ["Keberatan"]),
    ({"handed_back": "PUPR"}, ["Kembali"]),
    ({"handed_back": "DLHK"}, []),
    ({"protected": "anonymous"}, ["Baru"]),
    ({"protected": "confidential"}, ["Diteruskan"]),
    ({"q": "lama", "overdue": "on"}, []),
]


@pytest.mark.usefixtures("cases")
def test_a_filter_keeps_what_fits_and_nothing_else(open_page, subtests):
    for query, expected in FILTERS:
        with subtests.test(**query):
            assert search(open_page, **query) == expected


def test_a_whole_number_leads_to_the_file(open_page):
    case = file_complaint()
    response = open_page("search/", status=302, q=f" {case.number.lower()} ")
    assert response.url == f"/oversight/cases/{case.number}/"


def test_a_number_of_no_case_finds_nothing(open_page):
    file_complaint()
    assert search(open_page, q="KPG-2026-999999-9") == []


@pytest.mark.parametrize(("order", "expected"), [("newest", "Cab"), ("oldest", "baC"), ("due", "bCa")])
def test_orders(open_page, order, expected):
    in_progress(FRIDAY - 3 * DAY, subject="a")
    file_complaint(FRIDAY - 4 * DAY, subject="b")
    file_complaint(FRIDAY - 2 * DAY, subject="C")
    resolved_case = resolved(FRIDAY - 40 * DAY, subject="z")
    Complaint.objects.filter(pk=resolved_case.pk).update(due_at=None)
    found = [row.subject for row in open_page("search/", order=order).context["listed"]]
    assert "".join(each for each in found if each != "z") == expected
    assert ("z" in found) == (order != "due")  # without a due date it has no place in that order


@pytest.mark.parametrize(
    "query",
    [
        {"order": "receipt_digest"},
        {"state": "x"},
        {"escalated": "4"},
        {"received_from": "0000-01-01"},
        {"handed_back": "' OR 1=1"},
        {"page": "x"},
        {"q": "x" * 201},
    ],
)
def test_a_value_that_makes_no_sense_is_told(open_page, query):
    file_complaint()
    assert open_page("search/", status=400, **query).context["problem"]


@pytest.mark.parametrize(
    "query", [{"description__contains": "Lubang"}, {"sort": "receipt_digest"}, {"x": "y"}]
)
def test_parameters_that_are_not_ours_change_nothing(open_page, query):
    file_complaint(subject="Satu")
    assert search(open_page, **query) == ["Satu"]


@pytest.mark.parametrize(
    "path", ["search/?order=newest", "soon/", "oldest/", "escalations/", "agencies/", "identity/", ""]
)
def test_everything_goes_through_the_scope(open_page, monkeypatch, path):
    """What `visible_to` hides from a supervisor is on no page of the desk."""
    hidden = in_progress(FRIDAY - 14 * DAY, subject="Rahasia besar")
    raise_to(hidden, 3)
    user = make_user(Role.SUPERVISOR)
    whole = Complaint.objects.none().__class__.visible_to
    monkeypatch.setattr(
        "complaints.querysets.ComplaintQuerySet.visible_to",
        lambda self, actor: whole(self, actor).exclude(pk=hidden.pk),
    )
    monkeypatch.setattr(  # the same, told the other way round
        "complaints.querysets.ComplaintQuerySet.kept_from", lambda self, actor: self.filter(pk=hidden.pk)
    )
    monkeypatch.setattr(kept_statements, "_kept", {})  # what was put together before goes by the real scope
    path, _, query = path.partition("?")
    page = open_page(path, user=user, **dict(pair.split("=") for pair in query.split("&") if pair))
    body = page.content.decode()
    assert "Rahasia besar" not in body and hidden.number not in body
    if path == "agencies/":
        assert page.context["lines"] == []
    open_page(f"cases/{hidden.number}/", user=user, status=404)


def test_a_row_says_what_the_filter_found_it_by(open_page):
    """Answered late, disputed, and answered again the next day: the last answer alone would say "in time"."""
    case = in_progress(FRIDAY - 60 * DAY)
    handling.resolve(case.pk, actor=officer_of(case), now=FRIDAY - 20 * DAY, answer="Sudah")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY - 19 * DAY, why="Belum")
    handling.resolve(case.pk, actor=officer_of(case), now=FRIDAY - 18 * DAY, answer="Sekarang sudah")
    (row,) = open_page("search/", promise="late").context["listed"]
    assert "answered, a promise missed" in row.due
