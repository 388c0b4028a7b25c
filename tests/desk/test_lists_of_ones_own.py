"""Lists that somebody keeps, who in the agency has how much, and the pictures of a case."""

import pytest
import time_machine

from accounts.models import Absence
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.desk.saved_views import MOST
from complaints.models import Complaint, SavedView
from tests.desk.test_case_page import picture
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    assigned,
    file_complaint,
    in_progress,
    make_agency,
    make_user,
    officer_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = FRIDAY + HOUR


@pytest.fixture
def at_desk(client):
    def sign_in(user):
        client.force_login(user)
        return client

    with time_machine.travel(NOW, tick=False):
        yield sign_in


def test_a_list_is_kept_under_a_name_with_its_count_for_its_owner_alone(at_desk):
    case = in_progress()
    in_progress(subject="Lampu mati")
    user = officer_of(case)
    desk = at_desk(user)
    kept = desk.post("/staff/lists/keep/", {"name": "Lampu", "query": "queue=turn&q=Lampu"})
    assert kept.url == "/staff/cases/?queue=turn&q=Lampu"
    (view,) = desk.get(kept.url).context["views"]
    assert (view["label"], view["count"], view["is_current"]) == ("Lampu", "1", True)
    other = at_desk(make_user(Role.OFFICER, agency=case.agency))
    assert other.get("/staff/cases/").context["views"] == []
    other.post(f"/staff/lists/{view['pk']}/drop/")
    assert SavedView.objects.count() == 1
    at_desk(user).post(f"/staff/lists/{view['pk']}/drop/")
    assert not SavedView.objects.exists()


def test_a_list_keeps_filters_alone_and_there_is_an_end_to_them(at_desk):
    user = make_user(Role.VERIFIER)
    file_complaint()
    desk = at_desk(user)
    sent = desk.post("/staff/lists/keep/", {"name": "Aneh", "query": "//evil.example/?x=1&overdue=on"})
    assert sent.url.startswith("/staff/cases/?")
    assert desk.get(sent.url).status_code == 200
    assert (
        "Give the list a name"
        in desk.post("/staff/lists/keep/", {"name": " ", "query": ""}, follow=True).text
    )
    for number in range(MOST):
        desk.post("/staff/lists/keep/", {"name": f"Daftar {number}", "query": "overdue=on"})
    assert SavedView.objects.filter(person=user).count() == MOST


def test_who_works_on_how_much_is_counted_within_the_agency(at_desk):
    agency = make_agency("PUPR")
    first = in_progress(agency=agency)
    late = in_progress(agency=agency)
    Complaint.objects.filter(pk=late.pk).update(due_at=FRIDAY - DAY)
    assigned(agency=agency)
    in_progress(agency=make_agency("DINKES"))
    second = make_user(Role.OFFICER, name="Dewi", agency=agency)
    Absence.objects.create(
        user=second, first_day=day_of(NOW), last_day=day_of(NOW), set_by=second, set_at=NOW
    )
    oka = first.handler
    assert oka is not None
    page = at_desk(make_user(Role.AGENCY_HEAD, agency=agency)).get("/staff/workload/")
    rows = {row.name: row for row in page.context["rows"]}
    assert (rows[oka.name].open, rows[oka.name].overdue) == (2, 1)
    assert (rows["Dewi"].open, rows["Dewi"].is_away) == (0, True)
    assert rows["Nobody yet"].open == 1
    assert len(rows) == 3
    assert len(at_desk(second).get(rows[oka.name].url).context["listed"]) == 2
    assert len(at_desk(second).get(rows["Nobody yet"].url).context["listed"]) == 1


def test_pictures_stand_small_beside_the_case_and_other_files_do_not(at_desk):
    case = in_progress()
    desk = at_desk(officer_of(case))
    assert "data-picture" not in desk.get(f"/staff/cases/{case.number}/").text
    desk.post(f"/staff/cases/{case.number}/files/", {"version": case.version, "attachments": [picture()]})
    shown = desk.get(f"/staff/cases/{case.number}/").text
    address = f"/files/{case.attachments.get().key}/"
    assert f'<a href="{address}" data-picture' in shown
    assert f'<img src="{address}small/"' in shown
