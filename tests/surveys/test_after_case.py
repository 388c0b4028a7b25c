"""After a report people are asked how it was handled, whatever became of it: once an end, reminded once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.actors import Citizen
from accounts.models import Agency
from accounts.roles import Role
from complaints.clock.city_time import local
from complaints.ledger.recording import record_own_rows
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Message
from complaints.services import citizen, handling, system, verification
from complaints.services.change import NotAllowed
from complaints.services.erasure import erase_person
from config.fixtures import load_surveys
from surveys.aftercase import services, sweep
from surveys.aftercase.figures import quarter
from surveys.aftercase.messages import AfterCaseMessage
from surveys.aftercase.models import AfterCase, AfterCaseRound, AfterCaseTerm
from surveys.aftercase.sweep import ask_after_cases
from surveys.questionnaires.answering import Reading
from surveys.questionnaires.entries import record_published
from surveys.rounds.models import Channel, Response, ResponseWords, Round, Token
from tests.factories import (
    FRIDAY,
    HOUR,
    assigned,
    awaiting,
    closed,
    file_complaint,
    make_agency,
    make_city,
    make_reason,
    make_user,
    officer_of,
    resolved,
)
from tests.module_rows import ModuleRows
from tests.refusals import refused
from tests.tracking.mine import citizen_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "made")]
DAY = timedelta(days=1)
ANI: dict[str, Any] = {"email": "ani@example.com"}
SAID = Reading({"satisfaction": 2, "solved": "no"}, {"words": "Lama sekali"})


def make_rows() -> None:
    make_city()
    load_surveys()
    make_agency("INSP", is_oversight=True)


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> None:
    module_rows.make(make_rows)


def mails(**filters: object) -> list[Message]:
    return list(Message.objects.filter(template__in=AfterCaseMessage.values, **filters).order_by("pk"))


def rejected() -> Complaint:
    case = file_complaint(**ANI)
    reason = make_reason()
    return verification.reject(
        case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, reason=reason, words="Maaf"
    )


def lapsed() -> Complaint:
    case = awaiting(FRIDAY - 50 * DAY, **ANI)
    return system.lapse(case.pk, actor=None, now=FRIDAY)


def withdrawn() -> Complaint:
    case = file_complaint(**ANI)
    return citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY)


def referred() -> Complaint:
    case = file_complaint(**ANI)
    body = make_agency("PLN", is_external=True)
    return verification.refer(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, body=body, reference="X-1")


def auto_closed() -> Complaint:
    case = resolved(FRIDAY, **ANI)
    return system.auto_close(case.pk, actor=None, now=FRIDAY + 20 * DAY)


ENDS: dict[str, Callable[[], Complaint]] = {
    "answered": lambda: resolved(**ANI),
    "confirmed": lambda: closed(**ANI),
    "auto_closed": auto_closed,
    "rejected": rejected,
    "lapsed": lapsed,
    "withdrawn": withdrawn,
    "referred": referred,
}


def answer(case: Complaint, now: datetime = FRIDAY + DAY, said: Reading = SAID) -> None:
    services.answer(case.pk, actor=Citizen(case.pk), now=now, reading=said)


@pytest.mark.parametrize("ended", ENDS)
def test_however_a_report_ended_its_citizen_is_asked_once_and_reminded_once(ended: str) -> None:
    ENDS[ended]()
    ask_after_cases(FRIDAY + HOUR)
    assert not mails()
    wednesday = FRIDAY + 5 * DAY
    for now in (wednesday, wednesday + 2 * HOUR, wednesday + 3 * HOUR, wednesday + 4 * HOUR):
        ask_after_cases(now)
    ask_after_cases(FRIDAY + 6 * DAY)
    assert [mail.template for mail in mails()] == [AfterCaseMessage.INVITATION]
    for days in (10, 14, 20, 25, 40, 80):
        ask_after_cases(FRIDAY + days * DAY)
    assert [mail.template for mail in mails()] == [AfterCaseMessage.INVITATION, AfterCaseMessage.REMINDER]


@pytest.mark.parametrize("ended", ENDS)
def test_an_answer_keeps_the_unit_and_how_it_ended_and_nothing_of_the_case(ended: str) -> None:
    case = ENDS[ended]()
    answer(case, FRIDAY + 20 * DAY + HOUR)
    response = Response.objects.get()
    assert response.answers == {"satisfaction": 2, "solved": "no", "ended": ended}
    assert response.round.agency == (case.agency or make_agency("INSP"))
    assert ResponseWords.objects.get().words == {"words": "Lama sekali"}
    row = AfterCase.objects.get()
    assert row.is_answered and row.next_action_at is None
    known = {field.name for field in AfterCase._meta.get_fields()}
    assert not known & {"answered_at", "answered_on", "response", "round", "token"}
    assert Token.objects.get().round == response.round


def test_mails_are_written_in_office_hours_after_working_days() -> None:
    resolved(FRIDAY + 7 * HOUR, **ANI)
    ask_after_cases(FRIDAY + 8 * HOUR)
    due = AfterCase.objects.get().next_action_at
    assert due is not None and date(2026, 11, 25) <= due.date() <= date(2026, 11, 26)
    saturday = FRIDAY + 8 * DAY
    ask_after_cases(saturday)
    (mail,) = mails()
    assert mail.due_at > saturday and local(mail.due_at).weekday() == 0


def test_a_worker_that_was_away_for_a_week_asks_when_it_is_back() -> None:
    resolved(**ANI)
    ask_after_cases(FRIDAY + 12 * DAY)
    assert len(mails()) == 1
    ask_after_cases(FRIDAY + 12 * DAY + HOUR)
    assert len(mails()) == 1


def test_two_workers_at_once_ask_once() -> None:
    resolved(**ANI)
    ask_after_cases(FRIDAY + HOUR)
    rows = list(AfterCase.objects.needing_action(FRIDAY + 10 * DAY))
    assert sweep._visit(rows[0], FRIDAY + 10 * DAY)
    assert not sweep._visit(rows[0], FRIDAY + 10 * DAY)
    assert len(mails()) == 1


def test_whoever_has_answered_gets_no_mail() -> None:
    case = resolved(**ANI)
    answer(case)
    ask_after_cases(FRIDAY + 10 * DAY)
    ask_after_cases(FRIDAY + 20 * DAY)
    assert not mails()


def test_an_answer_overtakes_the_mail_that_waits() -> None:
    case = resolved(**ANI)
    ask_after_cases(FRIDAY + HOUR)
    ask_after_cases(FRIDAY + 8 * DAY)
    (mail,) = mails()
    answer(case, FRIDAY + 8 * DAY)
    Message.objects.exclude(pk=mail.pk).delete()
    send_due(FRIDAY + 11 * DAY)
    mail.refresh_from_db()
    assert mail.sent_at is None and mail.dropped_at is not None


def test_the_mail_has_no_code_and_says_until_when(mailoutbox: list) -> None:
    resolved(**ANI)
    ask_after_cases(FRIDAY + HOUR)
    ask_after_cases(FRIDAY + 10 * DAY)
    Message.objects.exclude(template=AfterCaseMessage.INVITATION).delete()
    send_due(FRIDAY + 11 * DAY)
    (mail,) = mailoutbox
    assert mail.to == ["ani@example.com"]
    assert "/complaints/track/" in mail.body and "20 Desember" in mail.body
    assert "/track/?" not in mail.body and "/track/#" not in mail.body


def test_a_dispute_begins_a_new_cycle_and_is_asked_about_anew() -> None:
    case = resolved(**ANI)
    ask_after_cases(FRIDAY + HOUR)
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, why="Masih rusak")
    ask_after_cases(FRIDAY + 10 * DAY)
    assert not mails()
    handling.resolve(case.pk, actor=officer_of(case), now=FRIDAY + 11 * DAY, answer="Selesai")
    ask_after_cases(FRIDAY + 11 * DAY)
    ask_after_cases(FRIDAY + 20 * DAY)
    assert [row.cycle for row in AfterCase.objects.order_by("cycle")] == [1, 2]
    assert [mail.data["row"] for mail in mails()] == [AfterCase.objects.get(cycle=2).pk]


def test_citizens_of_merged_reports_are_asked_about_the_one_they_follow() -> None:
    main = assigned(email="main@example.com")
    case = file_complaint(email="second@example.com")
    verification.merge(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)
    ask_after_cases(FRIDAY + HOUR)
    assert not AfterCase.objects.exists()
    officer = officer_of(main)
    handling.accept(main.pk, actor=officer, now=FRIDAY, handler=officer)
    handling.resolve(main.pk, actor=officer, now=FRIDAY + HOUR, answer="Selesai")
    ask_after_cases(FRIDAY + 2 * HOUR)
    ask_after_cases(FRIDAY + 10 * DAY)
    assert {(row.complaint_id, row.about_id) for row in AfterCase.objects.all()} == {
        (main.pk, main.pk),
        (case.pk, main.pk),
    }
    assert {mail.complaint_id for mail in mails()} == {main.pk, case.pk}
    answer(Complaint.objects.get(pk=case.pk))
    assert Response.objects.get().answers["ended"] == "answered"


def test_an_anonymous_citizen_gets_no_mail_and_is_asked_on_the_page() -> None:
    case = resolved(is_anonymous=True)
    ask_after_cases(FRIDAY + HOUR)
    ask_after_cases(FRIDAY + 10 * DAY)
    assert not mails() and AfterCase.objects.get().next_action_at is None
    assert "How was your report handled?" in citizen_of(case).get("/complaints/mine/").content.decode()


def test_nobody_is_asked_after_their_erasure() -> None:
    case = closed(**ANI)
    ask_after_cases(FRIDAY + HOUR)
    erase_person(case.pk, by=None, now=FRIDAY + DAY, reason="Diminta")
    ask_after_cases(FRIDAY + 10 * DAY)
    assert not mails()
    other = closed(**ANI)
    erase_person(other.pk, by=None, now=FRIDAY + DAY, reason="Diminta")
    ask_after_cases(FRIDAY + 2 * DAY)
    assert AfterCase.objects.filter(complaint=other).count() == 0


def test_what_came_from_another_system_or_ended_long_ago_is_not_asked_about() -> None:
    AfterCaseTerm.objects.create(valid_from=date(2026, 11, 1))
    old = closed(FRIDAY - 25 * DAY, **ANI)
    taken_over = closed(**ANI)
    Complaint.objects.filter(pk=taken_over.pk).update(is_live=False)
    ask_after_cases(FRIDAY + HOUR)
    assert not AfterCase.objects.exists()
    with refused(services.NOT_ASKED):
        answer(taken_over)
    with refused(services.NOT_ASKED):
        answer(old, FRIDAY + 40 * DAY)


def test_it_is_answered_once_an_end() -> None:
    case = resolved(**ANI)
    answer(case)
    with refused(services.ANSWERED):
        answer(case, FRIDAY + 2 * DAY)
    assert Response.objects.count() == 1


def test_a_unit_has_one_round_a_quarter_that_makes_itself_and_is_on_record() -> None:
    record_own_rows(FRIDAY, only_empty=False)
    record_published(actor=None, now=FRIDAY)
    for case in (resolved(**ANI), resolved(**ANI), resolved(FRIDAY, make_agency("DLH"), **ANI)):
        answer(case)
    rounds = Round.objects.order_by("pk")
    assert [(row.agency.code, row.opens_on) for row in rounds] == [
        ("PUPR", date(2026, 10, 1)),
        ("DLH", date(2026, 10, 1)),
    ]
    assert AfterCaseRound.objects.count() == 2
    assert rounds[0].closes_on > date(2026, 12, 31) and rounds[0].needs_token
    assert verify_ledger().ok


def test_a_clerk_types_for_whoever_reported_through_them_and_it_is_told() -> None:
    clerk, other = make_user(Role.CLERK), make_user(Role.CLERK)
    case = file_complaint(actor=clerk)
    reason = make_reason()
    verification.reject(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, reason=reason, words="Maaf")
    with pytest.raises(Complaint.DoesNotExist):
        services.answer(case.pk, actor=other, now=FRIDAY, reading=SAID)
    services.answer(case.pk, actor=clerk, now=FRIDAY, reading=SAID)
    assert Response.objects.get().channel == Channel.PAPER


def test_an_agencys_own_people_do_not_mark_their_own_work() -> None:
    case = resolved(**ANI)
    officer = make_user(Role.OFFICER, case.agency)
    with pytest.raises(NotAllowed):
        services.answer(case.pk, actor=officer, now=FRIDAY, reading=SAID)
    assert not Response.objects.exists()


def test_who_counts_the_answers_of_a_closed_unit_has_asked_for_them() -> None:
    cases = [resolved(**ANI) for _n in range(6)]
    ask_after_cases(FRIDAY + HOUR)
    Agency.objects.filter(code="PUPR").update(is_active=False)
    for case in cases:
        services.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, reading=SAID)
    (desk,) = quarter(date(2026, 10, 1)).units
    assert (desk.code, desk.answers, desk.asked) == ("INSP", 6, 6)
