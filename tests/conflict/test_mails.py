"""Nobody gets mail about a case in which they are named, and the ladder goes past them."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Message
from complaints.services import handling, verification
from complaints.services.reassignment import eligible_agencies, reassign
from complaints.services.verification import Routing
from escalation.ladder.models import Escalation, EscalationRule, Level, Trigger
from escalation.sweep import run_sweep
from tests import readers
from tests.conflict.people import City
from tests.factories import DAY, FRIDAY, HOUR, assigned, file_complaint, make_user

AFTERNOON = FRIDAY + 3 * HOUR  # two o'clock: the office is open
LATE = FRIDAY + 31 * DAY


def told(template: str, case: Complaint) -> set[str]:
    return {user.name for user in readers.told(template, complaint=case)}


def at_work(city: City, handler: User | None = None) -> Complaint:
    case = assigned(agency=city.pupr)
    handler = handler or city.olga
    handling.accept(case.pk, actor=handler, now=FRIDAY, handler=handler)
    return case


def raise_at(level: int, trigger: Trigger = Trigger.BREACH) -> None:
    EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))


# Before it is sent


def test_a_mail_written_before_they_were_named_is_not_sent(city: City) -> None:
    case = assigned(agency=city.pupr)
    assert told("assignment", case) == {"Oka", "Olga"}
    city.name(case, city.oka, now=FRIDAY)
    mail.outbox.clear()
    send_due(AFTERNOON)
    assert [letter.to for letter in mail.outbox] == [[city.olga.email]]
    row = Message.objects.get(user=city.oka)
    assert (row.sent_at, row.last_error) == (None, "not for this reader")


def test_a_digest_is_sent_without_that_line(city: City) -> None:
    about, other = assigned(agency=city.pupr), assigned(agency=city.pupr, secret="another one")
    city.name(about, city.oka, now=FRIDAY)
    mail.outbox.clear()
    send_due(AFTERNOON)
    letter = next(each for each in mail.outbox if each.to == [city.oka.email])
    assert other.number in letter.body
    assert about.number not in letter.body


def test_a_repeated_mail_is_held_back_too(city: City) -> None:
    case = assigned(agency=city.pupr)
    waiting = readers.staff_messages(user=city.oka)
    waiting.update(leased_until=FRIDAY, attempts=1)  # a worker died with it in hand
    city.name(case, city.oka, now=FRIDAY)
    send_due(AFTERNOON)
    assert waiting.get().last_error == "not for this reader"


def test_whoever_has_left_the_scope_gets_no_reminder(city: City) -> None:
    case = at_work(city)
    Message.objects.create(
        dedupe_key="reminder", template="reminder", complaint=case, user=city.dina, due_at=FRIDAY
    )
    send_due(AFTERNOON)
    assert Message.objects.get(dedupe_key="reminder").last_error == "not for this reader"


def test_an_agency_is_told_of_a_decision_that_took_the_case_away(city: City) -> None:
    case = at_work(city)
    city.name(case, city.oka, now=FRIDAY)
    reassign(case.pk, actor=city.umar, now=FRIDAY, agency=city.dinkes, words="Bukan urusan PUPR")
    mail.outbox.clear()
    send_due(AFTERNOON)
    reached = {letter.to[0] for letter in mail.outbox}
    assert {city.olga.email, city.hana.email, city.dina.email} <= reached
    assert city.oka.email not in reached


# While it is written


def test_only_the_others_are_told_of_a_new_case(city: City) -> None:
    case = file_complaint()
    city.name(case, city.oka, by=city.vera)
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([city.pupr]))
    assert told("assignment", case) == {"Olga"}


def test_the_colleagues_of_whoever_loses_the_case_are_told_to_name_another(city: City) -> None:
    case = at_work(city, city.oka)
    Message.objects.all().delete()
    city.name(case, city.oka)
    assert told("assignment", case) == {"Olga"}


def test_nobody_offers_it_to_those_it_is_about(city: City) -> None:
    case = at_work(city)
    city.name(case, city.dinkes, now=FRIDAY)
    assert city.dinkes not in eligible_agencies(case, city.umar)
    assert city.setda in eligible_agencies(case, city.umar)


# Up the ladder


def test_a_reminder_passes_over_them(city: City) -> None:
    case = assigned(agency=city.pupr)
    city.name(case, city.oka, now=FRIDAY)
    run_sweep(LATE)
    assert told("breach", case) == {"Olga"}


def test_the_head_above_answers_in_place_of_a_head_who_is_named(city: City) -> None:
    raise_at(1)
    case = at_work(city)
    city.name(case, city.hana, now=FRIDAY)
    # Given to the office above by the verifiers, whose own head is not complained about.
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([city.setda]))
    run_sweep(LATE)
    assert told("escalation", case) == {"Sekar"}


def test_of_two_heads_the_one_who_is_named_is_passed_over(city: City) -> None:
    raise_at(1)
    helga = make_user(Role.OFFICER, city.pupr, name="Helga")
    case = at_work(city)
    city.name(case, helga, now=FRIDAY)
    User.objects.filter(pk=helga.pk).update(role=Role.AGENCY_HEAD)  # promoted since
    run_sweep(LATE)
    assert told("escalation", case) == {"Hana"}


def test_where_the_only_head_is_named_the_head_above_is_asked(city: City) -> None:
    raise_at(1)
    case = at_work(city)
    city.name(case, city.oka, now=FRIDAY)
    User.objects.filter(pk=city.hana.pk).delete()
    User.objects.filter(pk=city.oka.pk).update(role=Role.AGENCY_HEAD)
    run_sweep(LATE)
    assert told("escalation", case) == {"Sekar"}


@pytest.mark.parametrize(
    ("level", "named", "answer"),
    [
        (Level.INSPECTORATE, [], {"Sari"}),
        (Level.INSPECTORATE, ["sari"], {"Umar"}),
        (Level.OMBUDSMAN, ["umar"], {"Sari"}),
        (Level.INSPECTORATE, ["sari", "umar"], set()),
    ],
)
def test_a_supervisor_who_is_named_is_passed_over(
    city: City, level: int, named: list[str], answer: set[str]
) -> None:
    raise_at(level)
    third = make_user(Role.SUPERVISOR, name="Tina", seat=Seat.OMBUDSMAN, is_active=False)
    case = at_work(city)
    User.objects.filter(pk=third.pk).update(is_active=True)
    third.refresh_from_db()
    for name in named:
        city.name(case, city.staff[name], by=third, now=FRIDAY)
    User.objects.filter(pk=third.pk).update(is_active=False)
    run_sweep(LATE)
    assert told("escalation", case) == answer
    assert Escalation.objects.filter(complaint=case, level=level).exists()
    case = Complaint.objects.get(pk=case.pk)
    assert case.next_action_at is not None and case.next_action_at > LATE


def test_looking_for_the_parties_of_a_batch_is_one_query(city: City) -> None:
    raise_at(1)
    for serial in range(3):
        case = assigned(agency=city.pupr, secret=f"number {serial}")
        city.name(case, city.oka, now=FRIDAY)
    with CaptureQueriesContext(connection) as captured:
        run_sweep(LATE)
        readers.staff_messages()
    asked = [
        query["sql"] for query in captured.captured_queries if "complaints_reportedparty" in query["sql"]
    ]
    assert len(asked) == 1
