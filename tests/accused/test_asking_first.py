"""A report does not go to whom it complains about before somebody has said so."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.models import Complaint, EventKind
from complaints.services import citizen, handling, verification
from complaints.services.change import NotPossible
from complaints.services.reassignment import reassign
from complaints.services.verification import Routing
from complaints.states import State
from tests.factories import DAY, FRIDAY, file_complaint, make_agency, make_conduct_phrases, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BRIBE = "Petugas Dinas PU minta uang rokok."


@pytest.fixture
def pupr() -> Agency:
    make_conduct_phrases("minta uang", "pungli", "suap*")
    return make_agency(
        "PUPR",
        name="Dinas Pekerjaan Umum dan Penataan Ruang",
        short_name="PUPR",
        parent=make_agency("SETDA", name="Sekretariat Daerah", short_name="Setda"),
    )


@pytest.fixture
def inspectorate() -> Agency:
    return make_agency("ITKOT", name="Inspektorat Daerah", short_name="Inspektorat", is_oversight=True)


@pytest.fixture
def vera(pupr: Agency) -> User:
    make_user(Role.OFFICER, pupr, name="Oktovianus Nalle")
    return make_user(Role.VERIFIER)


def about(words: str, **fields) -> Complaint:
    return file_complaint(description=words, **fields)


def send(case: Complaint, vera: User, *agencies: Agency, **routing) -> Complaint:
    return verification.assign(case.pk, actor=vera, now=FRIDAY, routing=Routing(list(agencies), **routing))


def last(case: Complaint) -> dict:
    event = case.events.filter(kind__in=[EventKind.ASSIGNED, EventKind.REASSIGNED]).order_by("seq").last()
    return {key: event.data[key] for key in ("named", "answer") if key in event.data}


def test_it_is_not_sent_until_somebody_has_answered_and_the_answer_stays(vera: User, pupr: Agency) -> None:
    case = about(BRIBE)
    with pytest.raises(NotPossible, match="Penataan Ruang"):
        send(case, vera, pupr)
    assert Complaint.objects.get(pk=case.pk).state == State.SUBMITTED
    send(case, vera, pupr, answer="knowingly")
    assert last(case) == {"named": {"PUPR": ["unit"]}, "answer": "knowingly"}


def test_the_event_holds_no_name_of_a_person(vera: User, pupr: Agency) -> None:
    case = about("Pak Oktovianus tidak pernah datang")
    send(case, vera, pupr, answer="not_about")
    assert last(case) == {"named": {"PUPR": ["staff"]}, "answer": "not_about"}
    assert "Oktovianus" not in str(list(case.events.values_list("data", flat=True)))


def test_what_names_nobody_asks_nothing(vera: User, pupr: Agency) -> None:
    case = send(about("Dinas PU tolong perbaiki jalan"), vera, pupr)
    assert last(case) == {}


def test_units_below_and_above_and_further_agencies_are_looked_for_too(vera: User, pupr: Agency) -> None:
    make_agency("BENGKEL", name="Bengkel Alat Berat", short_name="Bengkel", parent=pupr)
    dinkes = make_agency("DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    for words, agencies in (
        ("Pungli di bengkel alat berat", [pupr]),
        ("Pungli di Setda", [pupr]),
        ("Pungli di Dinkes", [pupr, dinkes]),
    ):
        with pytest.raises(NotPossible):
            send(about(words, secret=words), vera, *agencies)
    send(about("Pungli di Dinkes", secret="elsewhere"), vera, pupr)


def test_what_the_citizen_answered_later_counts_and_what_was_erased_does_not(
    vera: User, pupr: Agency
) -> None:
    case = about("Jalan rusak")
    verification.ask_citizen(case.pk, actor=vera, now=FRIDAY, question="Siapa?")
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, text=BRIBE)
    with pytest.raises(NotPossible):
        send(case, vera, pupr)
    case.events.get(kind=EventKind.ANSWERED).content.delete()
    send(case, vera, pupr)


def test_somebody_who_has_moved_away_is_looked_for_where_they_are_now(vera: User, pupr: Agency) -> None:
    dinkes = make_agency("DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    User.objects.filter(name="Oktovianus Nalle").update(agency=dinkes)
    case = about("Oktovianus Nalle menghilang")
    with pytest.raises(NotPossible):
        send(case, vera, dinkes)
    send(case, vera, pupr)


def test_taking_a_case_away_asks_in_the_same_way(vera: User, pupr: Agency) -> None:
    dinkes = make_agency("DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    case = send(about(BRIBE), vera, dinkes)
    umar = make_user(Role.SUPERVISOR)
    with pytest.raises(NotPossible):
        reassign(case.pk, actor=umar, now=FRIDAY, agency=pupr)
    reassign(case.pk, actor=umar, now=FRIDAY, agency=pupr, answer="not_about")
    assert last(case) == {"named": {"PUPR": ["unit"]}, "answer": "not_about"}


def test_a_case_that_was_handed_back_is_asked_about_anew(vera: User, pupr: Agency) -> None:
    case = send(about(BRIBE), vera, pupr, answer="not_about")
    oka = User.objects.get(name="Oktovianus Nalle")
    handling.hand_back(case.pk, actor=oka, now=FRIDAY, why="Bukan kami")
    with pytest.raises(NotPossible):
        send(case, vera, pupr)


# On the page


def post(client: Client, case: Complaint, **sent: object) -> Any:
    version = Complaint.objects.get(pk=case.pk).version
    return client.post(f"/staff/cases/{case.number}/assign/", {"version": version, **sent})


def test_the_page_says_what_was_found_and_offers_the_inspectorate(
    client: Client, vera: User, pupr: Agency, inspectorate: Agency
) -> None:
    case = about("Kadis PUPR menerima suap")
    client.force_login(vera)
    assert "Is the report about them?" not in client.get(f"/staff/cases/{case.number}/").content.decode()
    asked = post(client, case, agency="PUPR")
    page = asked.content.decode()
    assert asked.status_code == 400
    assert "Dinas Pekerjaan Umum dan Penataan Ruang (its head)" in page
    assert "send it to the inspectorate instead" in page
    assert Complaint.objects.get(pk=case.pk).state == State.SUBMITTED
    assert post(client, case, agency="PUPR", answer="inspectorate").status_code == 302
    case.refresh_from_db()
    assert (case.agency, case.kind) == (inspectorate, "oversight")


def test_an_answer_on_the_page_sends_it_and_staff_read_it_in_the_history(
    client: Client, vera: User, pupr: Agency
) -> None:
    case = about(BRIBE, email="a@b.id")
    client.force_login(vera)
    page = post(client, case, agency="PUPR").content.decode()
    assert "inspectorate instead" not in page  # there is none in this city
    assert post(client, case, agency="PUPR", answer="not_about").status_code == 302
    client.force_login(User.objects.get(name="Oktovianus Nalle"))
    history = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "Asked before it was sent" in history and "The report is not about them" in history


def test_the_citizen_does_not_read_what_was_asked(vera: User, pupr: Agency) -> None:
    case = send(about(BRIBE), vera, pupr, answer="not_about")
    with translation.override("en"):
        assert not [item for item in timeline_for(case, Citizen(case.pk)) if "Asked" in item.words]


def test_of_several_at_once_those_stay_that_have_to_be_looked_at(
    client: Client, vera: User, pupr: Agency
) -> None:
    named, plain = about(BRIBE), about("Jalan rusak", secret="plain")
    client.force_login(vera)
    ticked = [f"{case.number}@{case.version}" for case in (named, plain)]
    page = client.post("/staff/cases/bulk/assign/", {"cases": ticked, "agency": "PUPR"}).content.decode()
    assert "Done: 1 case" in page and "Not done: 1 case" in page
    assert "Say on the page of the case whether it is about them." in page
    assert Complaint.objects.get(pk=plain.pk).agency == pupr
    assert Complaint.objects.get(pk=named.pk).agency is None


def test_a_merged_case_that_goes_on_does_not_go_to_whom_it_complains_about_by_itself(
    vera: User, pupr: Agency
) -> None:
    main, plain = send(about("Jalan rusak"), vera, pupr), about("Jalan rusak juga", secret="plain")
    named = about(BRIBE, secret="named", now=FRIDAY - DAY)
    for case in (named, plain):
        verification.merge(case.pk, actor=vera, now=FRIDAY, into=main.pk)
    citizen.withdraw(main.pk, actor=Citizen(main.pk), now=FRIDAY + DAY)
    named.refresh_from_db()
    assert (named.state, named.agency) == (State.SUBMITTED, None)
    with pytest.raises(NotPossible):
        send(named, vera, pupr)
