"""An agency that closes hands over what it has: its reports, and what it owes, by the system on an order of the
administration, which sees none of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.models import Agency
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.models import Complaint, EventKind, Message
from complaints.models.complaint import Conflict
from complaints.models.policy import Stage
from complaints.services import citizen, closing, reassignment
from complaints.services.verification import Routing, ask_citizen, assign
from complaints.states import State
from config.worker import hand_over
from escalation.promises.models.commitment import CommitmentKind
from escalation.promises.models.obligation import StepKind
from escalation.promises.services import commitments, recommendations
from tests.conflict.people import City
from tests.factories import (
    DAY,
    FRIDAY,
    assigned,
    file_complaint,
    in_progress,
    make_conduct_phrases,
    make_user,
    resolved,
)
from tests.promises.people import advice, promise
from tests.readers import told
from tests.soundness import what_is_broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = FRIDAY + 3 * DAY


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def admin(city: City, client: Client) -> Client:
    client.force_login(make_user(Role.ADMINISTRATOR, name="Adi"))
    return client


def close(admin: Client, agency: Agency, **values: Any) -> Any:
    names = ("code", "name", "name_en", "short_name", "kind", "duties_id", "duties_en")
    data = {name: getattr(agency, name) for name in names}
    data |= {"parent": agency.parent_id or "", "keywords": ""}
    if agency.is_oversight:
        data["is_oversight"] = "on"
    return admin.post(reverse("admin:accounts_agency_change", args=[agency.pk]), data | values)


def closed_in_favour_of(agency: Agency, successor: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(is_active=False, successor=successor)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def test_its_reports_go_to_the_successor_with_the_promise_and_everybody_is_told(admin, city):
    case = in_progress(agency=city.dinkes, email="ani@tuntas.test")
    promised = fresh(case).target_at
    head = make_user(Role.AGENCY_HEAD, city.dinkes, name="Dewi")
    assert close(admin, city.dinkes, successor=city.pupr.pk).status_code == 302
    assert hand_over(LATER) == 1
    moved = fresh(case)
    assert (moved.agency, moved.state, moved.handler) == (city.pupr, State.ASSIGNED, None)
    assert moved.target_at == promised
    assert moved.clocks.get(stage=Stage.FIRST_RESPONSE, stopped_at=None).started_at == LATER
    event = moved.events.get(kind=EventKind.REASSIGNED)
    administrator = Agency.objects.get(pk=city.dinkes.pk).closed_by
    assert event.actor is None and event.said == {
        "agency": "PUPR", "from": "DINKES", "closed": True, "by": administrator.pk if administrator else 0,
    }  # fmt: skip
    assert {head, city.hana, city.dina} <= told(Message.Template.HANDED_OVER)
    assert {city.oka, city.olga} <= told(Message.Template.ASSIGNMENT)
    assert Message.objects.get(template=Message.Template.HANDED_OVER, user=None, reader="").complaint == case
    assert hand_over(LATER) == 0
    assert what_is_broken() == {}


def test_the_citizen_reads_why(admin, city, client):
    case = assigned(agency=city.dinkes)
    closed_in_favour_of(city.dinkes, city.pupr)
    hand_over(LATER)
    titles = [item.title for item in timeline_for(fresh(case), Citizen(case.pk))]
    assert "Dinas DINKES was closed: passed to Dinas PUPR" in titles


@pytest.mark.parametrize(
    "why", ["it is about the successor", "the successor has a part", "the words name the successor"]
)
def test_what_the_successor_may_not_take_goes_back_to_the_verifiers(city, why):
    words = "Dinas DINKES diam saja."
    if why == "the words name the successor":
        words = "Pegawai Dinas PUPR meminta uang dan tidak melayani."
        make_conduct_phrases("meminta uang")
    case = file_complaint(description=words)
    agencies = [city.dinkes, city.pupr] if why == "the successor has a part" else [city.dinkes]
    routing = Routing(agencies, answer="not_about")
    assign(case.pk, actor=city.vera, now=FRIDAY, routing=routing)
    if why == "it is about the successor":
        city.name(case, city.pupr)
    closed_in_favour_of(city.dinkes, city.pupr)
    hand_over(LATER)
    moved = fresh(case)
    assert (moved.state, moved.agency) == (State.SUBMITTED, None)
    assert moved.hand_backs == 0
    assert moved.clocks.get(stage=Stage.VERIFICATION, stopped_at=None).started_at == LATER
    assert moved.events.filter(kind=EventKind.HANDED_BACK).get().data["closed"]
    assert what_is_broken() == {}


def test_an_answer_that_is_disputed_later_does_not_fall_back_on_nobody(city):
    case = resolved(agency=city.dinkes)
    closed_in_favour_of(city.dinkes, city.pupr)
    assert hand_over(LATER) == 0  # answered: nothing is left to do
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=LATER, why="Belum selesai")
    assert hand_over(LATER) == 1
    assert fresh(case).agency == city.pupr


def test_an_unanswered_question_does_not_hold_it(city):
    case = in_progress(agency=city.dinkes)
    ask_citizen(case.pk, actor=city.dina, now=FRIDAY, question="Di mana?")
    closed_in_favour_of(city.dinkes, city.pupr)
    hand_over(LATER)
    assert (fresh(case).agency, fresh(case).state) == (city.pupr, State.ASSIGNED)


def test_where_the_successor_has_closed_too_it_goes_to_whoever_came_after(city):
    case = assigned(agency=city.workshop)
    closed_in_favour_of(city.workshop, city.dinkes)
    closed_in_favour_of(city.dinkes, city.pupr)
    hand_over(LATER)
    assert fresh(case).agency == city.pupr


def test_one_that_cannot_be_moved_does_not_keep_the_others(city, monkeypatch):
    bad, good = assigned(agency=city.dinkes, secret="1"), assigned(agency=city.dinkes, secret="2")
    closed_in_favour_of(city.dinkes, city.pupr)
    give = reassignment.give

    def poisonous(change: Any, *args: Any, **more: Any) -> None:
        if change.case.pk == bad.pk:
            raise Conflict(change.case.number)
        give(change, *args, **more)

    monkeypatch.setattr(closing, "give", poisonous)
    assert hand_over(LATER) == 1
    assert fresh(bad).agency == city.dinkes and fresh(good).agency == city.pupr


@pytest.mark.parametrize("chosen", ["itself", "closed", "outside", "nobody works there"])
def test_a_successor_who_cannot_take_over_is_refused(admin, city, chosen):
    assigned(agency=city.dinkes)
    other = Agency.objects.create(code="LAIN", name="Lain", short_name="Lain", is_active=chosen != "closed")
    if chosen == "outside":
        Agency.objects.filter(pk=other.pk).update(is_external=True)
    successor = city.dinkes if chosen == "itself" else other
    assert close(admin, city.dinkes, successor=successor.pk).status_code == 200
    city.dinkes.refresh_from_db()
    assert city.dinkes.is_active and city.dinkes.successor is None


def test_an_agency_that_opens_again_has_no_successor(admin, city):
    closed_in_favour_of(city.dinkes, city.pupr)
    assert (
        close(admin, city.dinkes, is_active="on", successor=city.pupr.pk, leave_alone="on").status_code == 302
    )
    city.dinkes.refresh_from_db()
    assert city.dinkes.is_active and city.dinkes.successor is None


def owed(city: City) -> tuple[Any, Any, Complaint]:
    """A recommendation and a commitment of the health office, resting on a case."""
    case = assigned(agency=city.dinkes)
    head = make_user(Role.AGENCY_HEAD, city.dinkes, name="Dewi")
    asked = recommendations.issue(advice(agency=city.dinkes, cases=(case,)), actor=city.umar, now=FRIDAY)
    new = promise(agency=city.dinkes, owner=head, kind=CommitmentKind.HOURS, cases=(case,))
    return asked, commitments.make(new, actor=head, now=FRIDAY), case


def test_what_it_owes_goes_with_it(admin, city):
    asked, made, case = owed(city)
    days = asked.due_on, made.due_on
    assert close(admin, city.dinkes, successor=city.pupr.pk).status_code == 302
    assert hand_over(LATER) == 3
    asked.refresh_from_db()
    made.refresh_from_db()
    assert (asked.agency, made.agency, made.owner) == (city.pupr, city.pupr, city.hana)
    assert (asked.due_on, made.due_on) == days  # a promise is not moved
    assert [row.steps.last().kind for row in (asked, made)] == [StepKind.HANDED_OVER] * 2
    kinds = {"recommendation_moved", "commitment_moved"}
    assert set(case.events.filter(kind__in=kinds).values_list("kind", flat=True)) == kinds
    assert city.hana in told("recommendation") and city.hana in told("commitment_due")
    assert hand_over(LATER + timedelta(minutes=1)) == 0


def test_what_it_owes_is_asked_about_before_it_closes(admin, city):
    asked, _made, _case = owed(city)
    page = close(admin, city.dinkes)
    assert page.status_code == 200
    words = page.content.decode()
    assert "1 open report" in words and "2 recommendations and commitments" in words
    assert asked.agency == city.dinkes


def test_whoever_stands_aside_gets_no_promise_to_keep(city):
    _asked, made, case = owed(city)
    city.name(case, city.hana)
    closed_in_favour_of(city.dinkes, city.pupr)
    hand_over(LATER)
    made.refresh_from_db()
    assert made.agency == city.pupr and made.owner != city.hana
