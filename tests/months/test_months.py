"""An officer's month: what counts for whom, and who reads it when."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import travel

from accounts.models import Absence, User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.models import Clock, ReportedParty
from complaints.models.policy import Stage
from complaints.services import handling
from escalation.months.models import MonthRemark, OfficerMonth
from escalation.months.services import count_months, say
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BEGAN = FRIDAY - 45 * DAY  # 6 October 2026
COUNTED = FRIDAY - 12 * DAY  # 8 November: October is counted


def figures() -> dict[str, int]:
    assert count_months(COUNTED) == 1
    return {what: n for what, n in OfficerMonth.objects.get().figures.items() if n}


def test_kept_counts_for_who_answered() -> None:
    case = factories.in_progress(BEGAN)
    handling.resolve(
        case.pk, actor=factories.officer_of(case), now=BEGAN + DAY, answer="Jalan sudah diperbaiki."
    )
    assert figures() == {"named": 1, "answered": 1, "in_time": 1}


def test_passed_counts_for_who_had_it() -> None:
    factories.in_progress(BEGAN)
    assert figures() == {"named": 1, "open_at_end": 1, "late": 1}


def test_who_handed_it_back_before_is_not_late() -> None:
    case = factories.in_progress(BEGAN)
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=BEGAN + HOUR, why="Bukan milik kami.")
    assert figures() == {"named": 1, "handed_on": 1}


def test_what_passes_while_away_is_counted_neither_way() -> None:
    case = factories.in_progress(BEGAN)
    due = Clock.objects.get(complaint=case, stage=Stage.RESOLUTION).promised_at
    assert due is not None
    day, officer = day_of(due), factories.officer_of(case)
    Absence.objects.create(user=officer, first_day=day, last_day=day, set_at=BEGAN)
    assert figures() == {"named": 1, "open_at_end": 1, "late_while_away": 1, "days_away": 1}


def test_what_passes_in_the_name_of_who_left_is_not_theirs(client: Client) -> None:
    """Nobody took it on: the agency owes it, and no month of theirs there has it again."""
    case = factories.in_progress(BEGAN)
    officer, agency = factories.officer_of(case), case.agency
    other = factories.make_agency("DLH")
    User.objects.filter(pk=officer.pk).update(agency=other)
    assert figures() == {"named": 1, "late_after_leaving": 1}
    assert count_months(COUNTED + 31 * DAY) == 0
    head = factories.make_user(Role.AGENCY_HEAD, agency)
    client.force_login(head)
    with travel(COUNTED + 8 * DAY, tick=False):
        page = client.get("/staff/months/people/").content.decode()
    assert "they have left this agency since" in page and "<dd>0</dd>" in page
    client.force_login(factories.make_user(Role.AGENCY_HEAD, other))
    with travel(COUNTED + 8 * DAY, tick=False):
        assert officer.name not in client.get("/staff/months/people/").content.decode(), "not at their agency"


def test_a_case_about_the_head_is_in_no_figure() -> None:
    hidden, case = factories.in_progress(BEGAN), factories.in_progress(BEGAN)
    head = factories.make_user(Role.AGENCY_HEAD, case.agency)
    ReportedParty.objects.create(complaint=hidden, user=head, named_at=BEGAN)
    assert figures()["named"] == 1


def test_the_officer_reads_first_and_the_head_what_they_said(client: Client) -> None:
    case = factories.in_progress(BEGAN)
    officer, head = factories.officer_of(case), factories.make_user(Role.AGENCY_HEAD, case.agency)
    stranger = factories.make_user(Role.AGENCY_HEAD, factories.make_agency("DLH"))
    count_months(COUNTED)
    assert count_months(COUNTED + HOUR) == 0
    row = OfficerMonth.objects.get()
    with travel(COUNTED + HOUR, tick=False):
        client.force_login(officer)
        shown = client.get("/staff/months/").content.decode()
        assert "Yours alone until" in shown and "too few to say" in shown and "0 of 1" in shown
        client.post(f"/staff/months/{row.pk}/", {"text": "Menunggu aspal."})
        client.force_login(head)
        assert "0 of 1" not in client.get("/staff/months/people/").content.decode()
        assert client.get(f"/staff/months/{row.pk}/").status_code == 404
    with travel(COUNTED + timedelta(days=7, hours=1), tick=False):
        client.force_login(head)
        shown = client.get("/staff/months/people/").content.decode()
        assert "0 of 1" in shown and "Menunggu aspal." in shown
        client.force_login(stranger)
        assert "Menunggu aspal." not in client.get("/staff/months/people/").content.decode()
        client.force_login(factories.make_user(Role.SUPERVISOR))
        assert client.get("/staff/months/people/").status_code == 403


def test_nobody_speaks_for_another() -> None:
    case = factories.in_progress(BEGAN)
    count_months(COUNTED)
    head = factories.make_user(Role.AGENCY_HEAD, case.agency)
    with pytest.raises(OfficerMonth.DoesNotExist):
        say(OfficerMonth.objects.get().pk, actor=head, now=COUNTED, text="Baik.")
    assert not MonthRemark.objects.exists()
    own = OfficerMonth.objects.get()
    for _time in range(2):
        say(own.pk, actor=own.user, now=COUNTED, text="Menunggu aspal.")
    assert MonthRemark.objects.count() == 1, "sent twice it is one"


def test_who_became_something_else_keeps_their_months_and_nobody_else_gains(client: Client) -> None:
    case = factories.in_progress(BEGAN)
    officer = factories.officer_of(case)
    count_months(COUNTED)
    row = OfficerMonth.objects.get()
    others = [factories.make_user(role) for role in (Role.CLERK, Role.VERIFIER, Role.SUPERVISOR)]
    with travel(COUNTED + HOUR, tick=False):
        for role in (Role.VERIFIER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.CLERK):
            User.objects.filter(pk=officer.pk).update(role=role, agency=None)
            client.force_login(User.objects.get(pk=officer.pk))
            assert 'href="/staff/months/"' in client.get("/staff/away/").content.decode()
            assert "0 of 1" in client.get("/staff/months/").content.decode()
            said = client.post(f"/staff/months/{row.pk}/", {"text": f"Sebagai {role}."})
            assert said.status_code == 302
            assert client.get("/staff/months/people/").status_code == 403
        assert MonthRemark.objects.count() == 4
        for other in others:
            client.force_login(other)
            assert client.get("/staff/months/").status_code == 403
            assert client.post(f"/staff/months/{row.pk}/", {"text": "Lain."}).status_code == 403
            assert "/staff/months/" not in client.get("/staff/away/").content.decode()
        User.objects.filter(pk=officer.pk).update(is_active=False)
        client.force_login(User.objects.get(pk=officer.pk))
        assert client.get("/staff/months/").status_code == 302, "to the sign-in"
