"""Whom a case is about neither sees nor keeps it; the promise to the citizen runs on."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import Citizen
from accounts.models import Agency
from complaints.models import Clock, Complaint, EventKind, Message, ReportedParty
from complaints.models.policy import Stage
from complaints.services import citizen, handling, parties, verification
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.verification import Routing
from complaints.states import State
from tests.conflict.people import City, sees
from tests.factories import (
    DAY,
    FRIDAY,
    HOUR,
    assigned,
    awaiting,
    file_complaint,
    in_progress,
    make_agency,
    resolved,
)
from tests.readers import told
from tests.soundness import what_is_broken

pytestmark = pytest.mark.long

LATER = FRIDAY + HOUR


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def kinds(case: Complaint) -> list[str]:
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def is_sound() -> bool:
    return not what_is_broken()


# Who stands aside


@pytest.mark.parametrize(
    ("named", "blind"),
    [
        ("oka", {"oka"}),
        ("hana", {"hana", "oka", "olga", "wayan"}),
        ("pupr", {"hana", "oka", "olga", "wayan"}),
        ("workshop", {"wayan"}),
        ("setda", {"sekda", "hana", "oka", "olga", "wayan"}),
        ("dinkes", {"dina"}),
        ("iwan", {"iwan"}),
        ("vera", {"vera"}),
        ("sari", {"sari"}),
        ("clara", {"clara"}),
    ],
)
def test_who_is_named_and_the_line_below_stand_aside(city: City, named: str, blind: set[str]) -> None:
    units: dict[Agency | None, Complaint] = {
        unit: resolved(agency=unit, secret=f"of {unit}") for unit in city.units
    }
    typed_in = file_complaint(actor=city.clara)
    before = {who: units.get(person.agency, typed_in) for who, person in city.staff.items()}
    before["sekda"] = units[city.pupr]  # a head sees what lies below
    assert all(sees(city.staff[who], case) for who, case in before.items())
    for case in (*units.values(), typed_in):
        city.name(case, getattr(city, named))  # an answered case stays where it is: the scope alone decides
    assert {who for who, case in before.items() if not sees(city.staff[who], case)} == blind


def test_whoever_names_themselves_loses_sight_at_once(city: City) -> None:
    case = file_complaint()
    city.name(case, city.vera, by=city.vera)
    assert not sees(city.vera, case)
    assert sees(city.viktor, case)
    with pytest.raises(Complaint.DoesNotExist):
        verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([city.pupr]))


def test_the_citizen_never_loses_sight(city: City) -> None:
    case = in_progress(agency=city.pupr)
    city.name(case, city.setda)
    assert Complaint.objects.visible_to(Citizen(case.pk)).exists()


def test_someone_who_joins_the_unit_later_stands_aside_too(city: City) -> None:
    case = assigned(agency=city.dinkes)
    city.name(case, city.pupr)
    city.oka.agency = city.dinkes
    city.oka.save()
    assert sees(city.oka, case)
    city.pupr.parent = None
    city.pupr.save()
    city.dinkes.parent = city.pupr
    city.dinkes.save()
    assert not sees(city.dina, case)


# Who may name and take back


def test_a_verifier_names_while_the_case_waits_and_a_supervisor_always(city: City) -> None:
    waiting, working = file_complaint(), in_progress(agency=city.pupr, secret="another secret")
    city.name(waiting, city.oka, by=city.vera)
    with pytest.raises(NotAllowed):
        city.name(working, city.wayan, by=city.vera)
    for nobody in (city.oka, city.hana, city.clara):
        with pytest.raises((NotAllowed, Complaint.DoesNotExist)):
            city.name(working, city.wayan, by=nobody)
    city.name(working, city.wayan, by=city.umar)


def test_only_a_supervisor_who_is_not_named_takes_a_name_back(city: City) -> None:
    case = file_complaint()
    city.name(case, city.oka), city.name(case, city.sari)
    row = ReportedParty.objects.get(complaint=case, user=city.oka)

    def clear(actor, party=row.pk) -> None:
        parties.clear_party(case.pk, actor=actor, now=LATER, party=party, why="Keliru")

    with pytest.raises(NotAllowed):
        clear(city.vera)
    with pytest.raises(Complaint.DoesNotExist):
        clear(city.sari)
    clear(city.umar)
    assert not ReportedParty.objects.active().filter(user=city.oka).exists()
    assert kinds(case)[-1] == EventKind.PARTY_CLEARED
    with pytest.raises(NotPossible):
        clear(city.umar)
    city.name(case, city.oka)  # and once more, for another reason
    assert is_sound()


def test_after_a_name_is_taken_back_the_case_can_be_given_to_them_again(city: City) -> None:
    case = in_progress(agency=city.pupr)
    city.name(case, city.pupr)
    row = ReportedParty.objects.get()
    parties.clear_party(case.pk, actor=city.umar, now=LATER, party=row.pk, why="Keliru")
    verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([city.pupr]))
    assert sees(city.oka, case)


@pytest.mark.parametrize("why", ["", "  "])
def test_a_reason_is_needed(city: City, why: str) -> None:
    case = file_complaint()
    with pytest.raises(NotPossible):
        parties.name_party(case.pk, actor=city.umar, now=FRIDAY, why=why, user=city.oka)
    assert not ReportedParty.objects.exists()


def test_nobody_both_twice_and_outside_are_refused(city: City) -> None:
    case = file_complaint()
    name: dict[str, Any] = {"actor": city.umar, "now": FRIDAY, "why": "Disebut"}
    outside = make_agency("PROVINSI", is_external=True)
    city.name(case, city.oka)
    for party in ({}, {"user": city.oka, "agency": city.pupr}, {"user": city.oka}, {"agency": outside}):
        with pytest.raises(NotPossible):
            parties.name_party(case.pk, **name, **party)
    assert ReportedParty.objects.count() == 1
    assert fresh(case).version == case.events.count()


def test_the_database_refuses_nobody_and_the_same_twice(city: City) -> None:
    case = file_complaint()
    row = {"complaint": case, "named_at": FRIDAY}
    ReportedParty.objects.create(user=city.hana, agency=city.pupr, **row)
    ReportedParty.objects.create(agency=city.pupr, **row)  # the unit whoever its head is
    for wrong in ({}, {"user": city.hana}, {"agency": city.pupr}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportedParty.objects.create(**row, **wrong)


# What becomes of a case that lies with them


@pytest.mark.parametrize("make", [assigned, in_progress])
def test_a_case_of_the_unit_goes_back_to_the_verifiers_and_its_promise_runs_on(city: City, make) -> None:
    case = make(agency=city.pupr)
    promised = case.target_at
    city.name(case, city.hana, now=LATER)
    case = fresh(case)
    assert (case.state, case.agency, case.handler, case.hand_backs) == (State.SUBMITTED, None, None, 0)
    assert case.target_at == promised
    running = set(Clock.objects.filter(complaint=case, stopped_at=None).values_list("stage", flat=True))
    assert running == {Stage.VERIFICATION, Stage.RESOLUTION}
    assert kinds(case)[-2:] == [EventKind.PARTY_NAMED, EventKind.HANDED_BACK]
    assert case.next_action_at is not None and is_sound()


def test_an_unanswered_question_of_theirs_does_not_hold_it_up(city: City) -> None:
    case = in_progress(agency=city.pupr)
    verification.ask_citizen(case.pk, actor=city.oka, now=FRIDAY, question="Siapa Anda?")
    city.name(case, city.pupr, now=LATER)
    case = fresh(case)
    assert (case.state, case.returns_to) == (State.SUBMITTED, "")
    assert is_sound()


def test_a_question_of_the_verifiers_stays(city: City) -> None:
    case = awaiting()
    city.name(case, city.pupr)
    assert fresh(case).state == State.AWAITING_CITIZEN
    assert is_sound()


def test_the_agency_keeps_the_case_of_an_officer_and_names_another(city: City) -> None:
    case = assigned(agency=city.pupr)
    handling.accept(case.pk, actor=city.oka, now=FRIDAY, handler=city.oka)
    promised = fresh(case).target_at
    city.name(case, city.oka, now=LATER)
    case = fresh(case)
    assert (case.state, case.agency, case.handler) == (State.ASSIGNED, city.pupr, None)
    assert case.target_at == promised
    assert told("assignment", complaint=case) == {city.olga}
    with pytest.raises(NotPossible):
        handling.accept(case.pk, actor=city.olga, now=LATER, handler=city.oka)
    handling.accept(case.pk, actor=city.olga, now=LATER, handler=city.olga)
    assert is_sound()


def test_an_officer_who_does_not_handle_it_only_stands_aside(city: City) -> None:
    case = assigned(agency=city.pupr)
    handling.accept(case.pk, actor=city.oka, now=FRIDAY, handler=city.oka)
    city.name(case, city.olga)
    assert (fresh(case).state, fresh(case).handler) == (State.IN_PROGRESS, city.oka)
    assert not sees(city.olga, case)


def test_an_answered_case_leaves_them_once_its_answer_is_disputed(city: City) -> None:
    case = resolved(agency=city.pupr)
    city.name(case, city.pupr, now=LATER)
    assert fresh(case).state == State.RESOLVED
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=LATER + HOUR, why="Belum selesai")
    assert (fresh(case).state, fresh(case).agency) == (State.SUBMITTED, None)
    assert not Message.objects.filter(template="dispute").exists()
    assert is_sound()


def test_naming_after_the_end_hides_the_case_and_changes_nothing_else(city: City) -> None:
    case = resolved(agency=city.pupr)
    citizen.confirm(case.pk, actor=Citizen(case.pk), now=FRIDAY)
    city.name(case, city.oka)
    assert fresh(case).state == State.CLOSED
    assert not sees(city.oka, case) and sees(city.olga, case)
    assert is_sound()


# What tells the same matter goes along


def shared(city: City) -> tuple[Complaint, Complaint]:
    case = file_complaint()
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([city.dinkes, city.pupr]))
    return fresh(case), case.children.get()


def test_the_parts_of_a_shared_case_go_along(city: City) -> None:
    whole, part = shared(city)
    city.name(whole, city.pupr)
    assert fresh(whole).agency == city.dinkes
    assert (fresh(part).state, fresh(part).agency) == (State.SUBMITTED, None)
    assert not sees(city.oka, part)
    verification.assign(part.pk, actor=city.vera, now=LATER, routing=Routing([city.setda]))
    row = ReportedParty.objects.get(complaint=whole)
    parties.clear_party(whole.pk, actor=city.umar, now=LATER, party=row.pk, why="Keliru")
    assert not ReportedParty.objects.active().exists()
    assert is_sound()


def test_the_whole_goes_along_with_its_part(city: City) -> None:
    whole, part = shared(city)
    city.name(part, city.dinkes)
    assert fresh(whole).state == State.SUBMITTED
    assert not sees(city.dina, whole)


def test_a_part_made_later_is_about_the_same_people(city: City) -> None:
    case = file_complaint()
    city.name(case, city.oka, by=city.vera)
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([city.dinkes, city.pupr]))
    part = case.children.get()
    assert not sees(city.oka, part) and sees(city.olga, part)
    assert city.oka not in told("assignment")
    assert city.olga in told("assignment", complaint=part)


def test_a_repetition_is_about_the_same_people(city: City) -> None:
    main, case = in_progress(agency=city.pupr, secret="the first"), file_complaint()
    city.name(case, city.pupr, by=city.vera)
    verification.merge(case.pk, actor=city.vera, now=LATER, into=main.pk)
    assert not sees(city.oka, main)
    assert (fresh(main).state, fresh(main).agency) == (State.SUBMITTED, None)
    assert is_sound()


def test_what_the_main_case_names_counts_for_its_repetition(city: City) -> None:
    main, case = in_progress(agency=city.dinkes, secret="the first"), file_complaint(actor=city.clara)
    city.name(main, city.clara)
    verification.merge(case.pk, actor=city.vera, now=LATER, into=main.pk)
    assert not sees(city.clara, case)
    city.name(main, city.viktor)
    assert not sees(city.viktor, case)
    assert is_sound()


# Who may be given the case


@pytest.mark.parametrize("named", ["pupr", "hana", "setda", "sekda"])
def test_nobody_gives_it_to_those_it_is_about(city: City, named: str) -> None:
    case = file_complaint()
    city.name(case, getattr(city, named))
    for agency in (city.pupr, city.workshop):
        with pytest.raises(NotPossible):
            verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([agency]))
        with pytest.raises(NotPossible):
            verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([city.dinkes, agency]))
    assert fresh(case).state == State.SUBMITTED and not case.children.exists()
    verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([city.dinkes]))


def test_an_oversight_complaint_passes_by_the_unit_on_its_way_to_the_inspectorate(city: City) -> None:
    case = file_complaint(kind="oversight")
    city.name(case, city.pupr, by=city.vera)
    with pytest.raises(NotPossible):
        verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([city.setda]))
    verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([city.inspectorate]))
    assert sees(city.iwan, case) and not sees(city.sekda, case)


def test_a_complaint_about_the_inspectorate_goes_above_it(city: City) -> None:
    city.inspectorate.parent = city.setda
    city.inspectorate.save()
    case = file_complaint(kind="oversight")
    city.name(case, city.inspectorate, by=city.vera)
    for agency in (city.inspectorate, city.dinkes, city.pupr):
        with pytest.raises(NotPossible):
            verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([agency]))
    verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([city.setda]))
    assert sees(city.sekda, case)
    assert not sees(city.iwan, case)


def test_with_nobody_above_it_stays_with_the_verifiers_and_may_be_referred(city: City) -> None:
    case = file_complaint(kind="oversight")
    city.name(case, city.inspectorate, by=city.vera)
    for agency in (city.inspectorate, city.setda, city.pupr):
        with pytest.raises(NotPossible):
            verification.assign(case.pk, actor=city.vera, now=LATER, routing=Routing([agency]))
    province = make_agency("PROVINSI", is_external=True)
    verification.refer(case.pk, actor=city.vera, now=LATER, body=province, reference="7")
    assert fresh(case).state == State.REFERRED


def test_the_history_of_all_this_is_whole_and_hides_nobody_from_staff(city: City) -> None:
    case = in_progress(agency=city.pupr)
    city.name(case, city.hana, now=FRIDAY + DAY)
    event = case.events.get(kind=EventKind.PARTY_NAMED)
    assert event.said == {"person": city.hana.pk, "agency": "PUPR"}
    assert event.content.words == {"text": "Disebut pelapor"}
    assert event.actor == city.umar
    assert is_sound()
