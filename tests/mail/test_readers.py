"""Who is told is worked out when a mail leaves, whoever was meant when it was written."""

from datetime import timedelta

import pytest

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role, Seat
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Message
from complaints.services import citizen, handling, verification
from complaints.services.verification import Routing
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision
from tests.conflict.people import City
from tests.factories import DAY, FRIDAY, HOUR, assigned, file_complaint, make_agency, make_user
from tests.oversight.test_home import raise_to

pytestmark = pytest.mark.django_db
MONDAY = FRIDAY + 3 * DAY


@pytest.fixture
def city() -> City:
    return City()


def move(user: User, **values: object) -> None:
    User.objects.filter(pk=user.pk).update(**values)


def answered_by(handler: User) -> Complaint:
    case = assigned(agency=handler.agency)
    handling.accept(case.pk, actor=handler, now=FRIDAY, handler=handler)
    case = handling.resolve(case.pk, actor=handler, now=FRIDAY, answer="Sudah ditambal.")
    Message.objects.all().delete()
    return case


def disputed(case: Complaint) -> None:
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY, why="Belum.")


def readers(letters, now=FRIDAY + timedelta(minutes=10)) -> list[str]:
    letters.clear()
    send_due(now)
    return sorted(User.objects.get(email=letter.to[0]).name for letter in letters)


def test_the_handler_alone_hears_of_a_dispute(city, letters):
    disputed(answered_by(city.oka))
    assert readers(letters) == ["Oka"]


@pytest.mark.parametrize(
    "what",
    [
        {"agency": "DINKES"},
        {"is_active": False},
        {"role": Role.AGENCY_HEAD},
        {"role": Role.VERIFIER, "agency": None},
    ],
)
def test_of_a_handler_who_is_that_no_longer_the_agency_hears(city, letters, what):
    case = answered_by(city.oka)
    disputed(case)
    if what.get("agency"):
        what = {"agency": make_agency(what["agency"])}
    move(city.oka, **what)
    assert readers(letters) == ["Olga"]
    assert readers(letters, FRIDAY + 3 * HOUR) == []


def test_a_handler_who_is_named_meanwhile_does_not_hear(city, letters):
    case = answered_by(city.oka)
    disputed(case)
    city.name(case, city.oka)
    assert readers(letters) == ["Olga"]


def test_where_no_officer_is_left_the_head_hears_then_the_head_above_then_each_level(city, letters):
    case = answered_by(city.oka)
    for gone, told in (
        ([city.oka, city.olga], "Hana"),
        ([city.hana], "Sekar"),
        ([city.sekda], "Sari"),
        ([city.sari], "Umar"),
    ):
        for user in gone:
            move(user, is_active=False)
        disputed(case)
        assert readers(letters) == [told]
        officer = make_user(Role.OFFICER, city.pupr, name="Opa")
        handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Lagi.")
        move(officer, is_active=False)
        Message.objects.all().delete()


def test_a_line_that_was_handed_on_and_waits_goes_to_who_is_there_when_it_leaves(city, letters):
    case = answered_by(city.oka)
    first = answered_by(city.oka)
    disputed(first)
    assert readers(letters, FRIDAY) == ["Oka"]
    disputed(case)
    assert readers(letters, FRIDAY + timedelta(minutes=5)) == []  # the next digest is an hour later
    assert Message.objects.filter(user=city.oka, complaint=case).exists()
    move(city.oka, is_active=False)
    assert readers(letters, FRIDAY + 2 * HOUR) == ["Olga"]
    assert readers(letters, FRIDAY + 4 * HOUR) == []


def test_while_there_is_nobody_it_waits_and_is_not_lost(city, letters):
    case = answered_by(city.oka)
    disputed(case)
    User.objects.update(is_active=False)
    assert readers(letters) == []
    assert readers(letters, FRIDAY + 2 * HOUR) == []
    move(city.olga, is_active=True)
    assert readers(letters, FRIDAY + 4 * HOUR) == ["Olga"]


def test_whoever_comes_back_hears_of_what_was_held_back(city, letters):
    case = answered_by(city.oka)
    disputed(case)
    readers(letters, FRIDAY - DAY)  # nothing is due
    for row in Message.objects.filter(complaint=case):
        assert row.user is None
    send_due(FRIDAY - timedelta(minutes=1))
    from complaints.mail.readers import hand_on

    hand_on(FRIDAY)
    User.objects.update(is_active=False)
    assert readers(letters) == []
    move(city.oka, is_active=True)
    assert readers(letters, FRIDAY + 3 * HOUR) == ["Oka"]


def test_a_case_for_an_agency_without_officers_reaches_its_head_at_once(city, letters):
    empty = make_agency("KOSONG", parent=city.setda)
    head = make_user(Role.AGENCY_HEAD, empty, name="Kartini", language="en")
    case = file_complaint()
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([empty]))
    assert readers(letters) == ["Kartini"]
    assert "nobody at the agency can take it up" in letters[0].subject
    move(head, is_active=False)
    other = file_complaint(secret="another")
    verification.assign(other.pk, actor=city.vera, now=FRIDAY, routing=Routing([empty]))
    assert readers(letters, FRIDAY + 2 * HOUR) == ["Sekar"]


def test_who_was_invited_and_cannot_sign_in_yet_is_told_and_so_is_the_next(city, letters):
    empty = make_agency("BARU", parent=city.setda)
    new = User.objects.create_user("baru@tuntas.test", None, name="Baru", role=Role.OFFICER, agency=empty)
    assert not new.has_usable_password()
    make_user(Role.AGENCY_HEAD, empty, name="Kartini")
    case = file_complaint()
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([empty]))
    assert readers(letters) == ["Baru", "Kartini"]


def test_what_was_new_for_an_agency_is_not_new_for_the_next(city, letters):
    case = assigned(agency=city.pupr)
    handling.hand_back(case.pk, actor=city.oka, now=FRIDAY, why="Bukan kami")
    assert readers(letters) == []


@pytest.mark.parametrize(("by", "told"), [("umar", ["Hana", "Oka"]), ("hana", ["Oka"])])
def test_an_instruction_from_above_reaches_the_head_too(city, letters, by, told):
    case = assigned(agency=city.pupr)
    handling.accept(case.pk, actor=city.oka, now=FRIDAY, handler=city.oka)
    escalation = raise_to(case, 1)
    Message.objects.all().delete()
    actor = city.staff[by]
    ruling = Ruling(Decision.INSTRUCT, "Segera", days=5)
    decide(escalation.pk, actor=actor, now=FRIDAY, ruling=ruling)
    assert readers(letters) == told


def test_a_reader_of_two_things_at_once_reads_each_of_them_once(city, letters):
    """Without officers the head reads for those who work on it and for the first level."""
    case = assigned(agency=city.pupr)
    escalation = raise_to(case, 2)
    move(city.oka, is_active=False)
    move(city.olga, is_active=False)
    Message.objects.all().delete()
    decide(escalation.pk, actor=city.umar, now=FRIDAY, ruling=Ruling(Decision.INSTRUCT, "Segera", days=5))
    assert readers(letters) == ["Hana"]
    assert Message.objects.filter(user=city.hana).count() == 1


def test_an_oversight_complaint_goes_past_the_heads_above_the_inspectorate(city, letters):
    city.inspectorate.parent = city.setda
    city.inspectorate.save()
    case = file_complaint(kind="oversight")
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([city.inspectorate]))
    move(city.iwan, is_active=False)
    assert readers(letters) == ["Sari"]
    assert {Seat(city.sari.seat)} == {Seat.INSPECTORATE}
