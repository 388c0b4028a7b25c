"""People are away: who stands in reads their mail, has their cases, and the history says in whose place."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.actors import Citizen
from accounts.models import Absence, User
from accounts.roles import Role, Seat
from complaints.history.timeline import timeline_for
from complaints.left_alone import left_by_absence
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Event, Message
from complaints.services import citizen, handling, verification
from complaints.services.absences import deputies_of, end_absence, people_of, set_absence
from complaints.services.change import NotAllowed, NotPossible
from complaints.watching import unwatched
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision
from escalation.sweep import run_sweep
from tests.conflict.people import City
from tests.factories import DAY, FRIDAY, HOUR, assigned, file_complaint, make_agency, make_user
from tests.oversight import watching_oracle as oracle
from tests.oversight.test_home import raise_to
from tests.readers import told
from tests.sweep.test_never_silent import usual_rules

pytestmark = [pytest.mark.django_db, pytest.mark.long]
TODAY = date(2026, 11, 20)


@pytest.fixture
def city() -> City:
    return City()


def away(user: User, deputy: User | None = None, first: date = TODAY, last: date | None = None) -> Absence:
    return set_absence(
        actor=user, now=FRIDAY, user=user, first_day=first, last_day=last or first, deputy=deputy
    )


def at_work(handler: User) -> Complaint:
    case = assigned(agency=handler.agency)
    return handling.accept(case.pk, actor=handler, now=FRIDAY, handler=handler)


def disputed(handler: User) -> Complaint:
    case = at_work(handler)
    handling.resolve(case.pk, actor=handler, now=FRIDAY, answer="Sudah")
    Message.objects.all().delete()
    return citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY, why="Belum")


# Who reads what falls to them


def test_what_falls_to_somebody_who_is_away_reaches_the_deputy_too(city):
    make_user(Role.OFFICER, city.pupr, name="Opa")
    away(city.oka, city.olga)
    disputed(city.oka)
    assert told("dispute") == {city.oka, city.olga}


def test_without_a_deputy_the_next_in_the_order_is_told(city):
    away(city.oka)
    disputed(city.oka)
    assert told("dispute") == {city.oka, city.olga}
    Message.objects.all().delete()
    away(city.olga)
    disputed(city.oka)
    assert told("dispute") == {city.oka, city.olga, city.hana}


def test_of_a_deputy_who_is_away_the_deputy_s_deputy_stands_in(city):
    opa = make_user(Role.OFFICER, city.pupr, name="Opa")
    make_user(Role.OFFICER, city.pupr, name="Orin")
    away(city.oka, city.olga)
    away(city.olga, opa)
    disputed(city.oka)
    assert told("dispute") == {city.oka, opa}


def test_of_what_goes_on_in_place_of_a_case_the_deputy_hears_too(city):
    main = at_work(city.oka)
    other = file_complaint(secret="another")
    verification.merge(other.pk, actor=city.vera, now=FRIDAY, into=main.pk)
    away(city.oka, city.olga)
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=FRIDAY + HOUR)
    assert told("successor") == {city.oka, city.olga}


def test_of_the_day_that_somebody_set_the_deputy_is_reminded_too(city):
    usual_rules()
    case = raise_to(at_work(city.oka), 3)
    decide(case.pk, actor=city.umar, now=FRIDAY, ruling=Ruling(Decision.INSTRUCT, "Jawablah.", days=5))
    uma = make_user(Role.SUPERVISOR, name="Uma", seat=Seat.OMBUDSMAN)
    away(city.umar, uma, TODAY, TODAY + 30 * DAY)
    for day in range(9):
        run_sweep(FRIDAY + day * DAY)
    assert told("still_late") == {city.umar, uma}


def test_two_who_stand_in_for_each_other_are_nobody(city):
    away(city.oka, city.olga)
    away(city.olga, city.oka)
    disputed(city.oka)
    assert told("dispute") == {city.oka, city.olga, city.hana}


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"agency": "DINKES"}, {"role": Role.AGENCY_HEAD}, {"password": "!"}]
)
def test_a_deputy_who_can_no_longer_do_the_work_does_not_stand_in(city, change):
    opa = make_user(Role.OFFICER, city.pupr, name="Opa")
    away(city.oka, city.olga)
    if "agency" in change:
        change = {"agency": make_agency("DINKES")}
    User.objects.filter(pk=city.olga.pk).update(**change)
    disputed(city.oka)
    assert opa in told("dispute")


def test_whom_a_case_is_about_does_not_stand_in(city):
    opa = make_user(Role.OFFICER, city.pupr, name="Opa")
    away(city.oka, city.olga)
    case = at_work(city.oka)
    city.name(case, city.olga)
    handling.resolve(case.pk, actor=city.oka, now=FRIDAY, answer="Sudah")
    Message.objects.all().delete()
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY, why="Belum")
    assert told("dispute") == {city.oka, opa}


def test_before_and_after_an_absence_nothing_changes(city, mailoutbox):
    away(city.oka, city.olga, TODAY + timedelta(days=3), TODAY + timedelta(days=4))
    disputed(city.oka)
    send_due(FRIDAY)
    assert [letter.to for letter in mailoutbox] == [[city.oka.email]]
    mailoutbox.clear()
    disputed(city.oka)
    Message.objects.update(due_at=FRIDAY + 5 * DAY)
    send_due(FRIDAY + 5 * DAY)  # a Wednesday, the day after
    assert [letter.to for letter in mailoutbox] == [[city.oka.email]]


def test_the_last_day_is_the_city_s(city):
    """At 23:30 in Kupang it is still the last day away, though in UTC nothing is near midnight."""
    absence = away(city.oka, city.olga)
    late = FRIDAY + 12.5 * HOUR
    assert list(Absence.objects.on(TODAY)) == [absence]
    oracle_there = [user.name for user in (city.oka, city.olga) if oracle.is_there(user, late)]
    assert oracle_there == ["Olga"]
    assert oracle.is_there(city.oka, FRIDAY + 13.1 * HOUR)


# The count of what nobody watches


def test_a_case_of_people_who_are_away_is_watched_by_a_deputy_only(city):
    case = at_work(city.oka)
    away(city.oka, city.olga)
    assert set(unwatched(FRIDAY)) == set()
    away(city.olga)
    assert [each.number for each in unwatched(FRIDAY)] == [case.number]
    assert oracle.unwatched(FRIDAY) == {case.number}
    assert oracle.unwatched(FRIDAY + DAY) == set()
    assert not unwatched(FRIDAY + DAY).exists()


# What they do in whose place


def test_the_history_says_in_whose_place_somebody_acted(city):
    case = at_work(city.oka)
    away(city.oka, city.olga)
    handling.resolve(case.pk, actor=city.olga, now=FRIDAY + HOUR, answer="Sudah")
    event = Event.objects.filter(complaint=case).latest("seq")
    assert event.data["in_place_of"] == city.oka.pk
    with override("en"):
        assert "in place of Oka" in timeline_for(case, city.umar)[-1].who
    to_citizen = timeline_for(case, Citizen(case.pk))[-1].who
    assert "Oka" not in to_citizen and "Olga" not in to_citizen


def test_who_does_their_own_work_acts_in_nobody_s_place(city):
    away(city.oka, city.olga)
    case = at_work(city.olga)
    assert "in_place_of" not in Event.objects.filter(complaint=case).latest("seq").data


def test_my_cases_are_also_those_of_whom_i_stand_in_for(city, client):
    case = at_work(city.oka)
    away(city.oka, city.olga)
    client.force_login(city.olga)
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        assert case.number in client.get("/staff/cases/", {"handler": "me"}).content.decode()
    with time_machine.travel(FRIDAY + DAY, tick=False):
        assert case.number not in client.get("/staff/cases/", {"handler": "me"}).content.decode()


# Who may write it down


def test_each_role_sets_whose_absence_it_may(city):
    admin = make_user(Role.ADMINISTRATOR, name="Adi")
    assert people_of(city.oka) == [city.oka]
    assert set(people_of(city.hana)) == {city.hana, city.oka, city.olga, city.wayan}
    assert city.umar in people_of(admin)
    days: dict[str, Any] = {"first_day": TODAY, "last_day": TODAY, "now": FRIDAY}
    with pytest.raises(NotAllowed):
        set_absence(actor=city.oka, user=city.olga, **days)
    with pytest.raises(NotAllowed):
        set_absence(actor=city.hana, user=city.dina, **days)
    assert set_absence(actor=city.hana, user=city.oka, deputy=city.olga, **days).set_by == city.hana


def test_only_who_can_do_the_work_can_be_chosen(city):
    assert deputies_of(city.oka) == [city.olga]
    assert deputies_of(city.hana) == []
    ombudsman = make_user(Role.SUPERVISOR, name="Udin", seat=Seat.OMBUDSMAN)
    assert set(deputies_of(city.sari)) == {city.umar, ombudsman}
    assert deputies_of(city.umar) == [ombudsman]
    for deputy in (city.hana, city.dina, city.vera, city.oka):
        with pytest.raises(NotPossible):
            away(city.oka, deputy)


@pytest.mark.parametrize(("first", "last"), [(2, 1), (-3, -1)])
def test_days_that_make_no_sense_are_refused(city, first, last):
    with pytest.raises(NotPossible):
        away(city.oka, None, TODAY + timedelta(days=first), TODAY + timedelta(days=last))


def test_two_absences_never_overlap(city):
    away(city.oka, None, TODAY, TODAY + timedelta(days=5))
    with pytest.raises(NotPossible):
        away(city.oka, city.olga, TODAY + timedelta(days=5), TODAY + timedelta(days=9))
    away(city.oka, city.olga, TODAY + timedelta(days=6), TODAY + timedelta(days=9))


@pytest.mark.parametrize("wrong", ["days", "deputy"])
def test_the_database_refuses_nonsense_too(city, wrong):
    last = TODAY - timedelta(days=1) if wrong == "days" else TODAY
    deputy = city.oka if wrong == "deputy" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(
            user=city.oka, first_day=TODAY, last_day=last, deputy=deputy, set_by=city.oka, set_at=FRIDAY
        )


def test_an_absence_that_has_begun_ends_yesterday_and_one_to_come_is_taken_back(city):
    begun = away(city.oka, city.olga, TODAY, TODAY + timedelta(days=5))
    end_absence(begun.pk, actor=city.oka, now=FRIDAY + 2 * DAY)
    begun.refresh_from_db()
    assert begun.last_day == TODAY + timedelta(days=1)
    coming = away(city.oka, city.olga, TODAY + timedelta(days=9))
    with pytest.raises(Absence.DoesNotExist):
        end_absence(coming.pk, actor=city.olga, now=FRIDAY)
    end_absence(coming.pk, actor=city.hana, now=FRIDAY)
    assert not Absence.objects.filter(pk=coming.pk).exists()


def test_the_page_takes_and_ends_an_absence(city, client):
    client.force_login(city.hana)
    with time_machine.travel(FRIDAY, tick=False):
        page = client.get("/staff/away/")
        assert page.status_code == 200
        data = {
            "user": city.oka.pk,
            "first_day": "2026-11-20",
            "last_day": "2026-11-27",
            "deputy": city.olga.pk,
        }
        assert client.post("/staff/away/", data).status_code == 302
        absence = Absence.objects.get()
        assert "Olga" in client.get("/staff/away/").content.decode()
        assert client.post("/staff/away/", data | {"last_day": "2026-11-19"}).status_code == 409
        assert client.post("/staff/away/", data | {"user": city.dina.pk}).status_code == 422
        client.force_login(city.dina)
        assert client.post(f"/staff/away/{absence.pk}/end/").status_code == 404
        client.force_login(city.oka)
        assert client.post(f"/staff/away/{absence.pk}/end/").status_code == 302
    assert not Absence.objects.exists()


def test_the_page_says_whom_an_absence_leaves_alone_before_it_is_saved(city, client):
    client.force_login(city.dina)
    days = {"first_day": "2026-12-01", "last_day": "2026-12-04", "user": city.dina.pk}
    page = client.post("/staff/away/", days)
    assert page.status_code == 409
    assert "tidak ada lagi petugas" in page.content.decode() and 'name="leave_alone"' in page.content.decode()
    assert not Absence.objects.exists()
    assert client.post("/staff/away/", days | {"leave_alone": "on"}).status_code == 302
    assert Absence.objects.get().user == city.dina


def test_an_absence_that_leaves_nobody_alone_is_saved_without_a_question(city, client):
    client.force_login(city.oka)
    days = {"first_day": "2026-12-01", "last_day": "2026-12-04", "user": city.oka.pk}
    assert 'name="leave_alone"' not in client.get("/staff/away/").content.decode()
    assert client.post("/staff/away/", days).status_code == 302
    assert Absence.objects.get().user == city.oka


def test_a_deputy_is_chosen_where_the_page_says_whom_it_leaves_alone(city, client):
    dono = make_user(Role.OFFICER, city.dinkes, name="Dono")
    away(dono, None, date(2026, 12, 1), date(2026, 12, 2))
    last = {"first_day": "2026-12-01", "last_day": "2026-12-04", "user": city.dina.pk}
    client.force_login(city.dina)
    assert client.post("/staff/away/", last).status_code == 409
    assert (
        client.post("/staff/away/", last | {"first_day": "2026-12-03", "deputy": dono.pk}).status_code == 302
    )


def test_the_last_of_several_who_are_away_at_once_is_told_whom_that_leaves_alone(city):
    first = away(city.oka, None, TODAY + 3 * DAY, TODAY + 5 * DAY)
    assert left_by_absence(first, FRIDAY) == []
    second = away(city.olga, None, TODAY, TODAY + 9 * DAY)
    with override("en"):
        assert left_by_absence(second, FRIDAY) == ["Dinas PUPR: no officer is left."]
    assert Absence.objects.count() == 2


def test_whoever_is_named_reads_nothing_of_the_case_when_they_go_away(city):
    away(city.olga, None, TODAY, TODAY + 9 * DAY)
    without = left_by_absence(away(city.oka, None, TODAY, TODAY), FRIDAY)
    Absence.objects.filter(user=city.oka).delete()
    city.name(assigned(agency=city.pupr), city.oka)
    assert left_by_absence(away(city.oka, None, TODAY, TODAY), FRIDAY) == without
