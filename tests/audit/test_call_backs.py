"""Was it done? Drawn by nobody, asked of citizens, typed by nobody who answered, told beside the city's own count."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role, Seat
from complaints.history.timeline import timeline_for
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.recording import record_own_rows
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Complaint, LedgerEntry, Message, ReportedParty
from complaints.services import citizen
from complaints.services.erasure import erase_person
from config.worker import JOBS
from escalation.audits import sampling
from escalation.callbacks import drawing, services
from escalation.callbacks.drawing import AT_LEAST, answered_in, draw_due, work_call_backs
from escalation.callbacks.figures import Tally
from escalation.callbacks.models import CallBack, CallBackAnswer, CallBackItem, Said
from escalation.callbacks.seen import items_for
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.module_rows import ModuleRows
from tests.refusals import refused
from tests.tracking.mine import citizen_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "made")]
# The day after the quarter in which FRIDAY lies: 1 January 2027, 9:00 in Kupang.
NOW = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)
CASES = 34


def make_rows() -> None:
    record_own_rows(FRIDAY - DAY)
    factories.make_user(Role.SUPERVISOR, name="Sari", email="sari@tuntas.test")
    for n in range(CASES):
        fields: dict[str, Any] = {"email": "ani@example.com"} if n else {}
        factories.resolved(**fields)
    assert work_call_backs(NOW) == 1
    make_checkpoint(NOW)
    assert work_call_backs(NOW) == 1


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> None:
    module_rows.make(make_rows)


def sari() -> User:
    return User.objects.get(name="Sari")


def row() -> CallBack:
    return CallBack.objects.get(quarter=date(2026, 10, 1))


def drawn() -> list[CallBackItem]:
    return list(CallBackItem.objects.select_related("complaint").order_by("rank"))


def typed(item: CallBackItem, said: str, now: datetime = NOW, who: User | None = None) -> CallBackAnswer:
    return services.type_in(row().pk, item.complaint.number, actor=who or sari(), now=now, said=said)


def spoken(item: CallBackItem, said: str, now: datetime = NOW) -> CallBackAnswer:
    return services.say(item.complaint_id, actor=Citizen(item.complaint_id), now=now, said=said)


def close() -> CallBack:
    assert drawing.close_due(NOW + 100 * DAY) == 1
    return row()


def about(case: Complaint, user: User) -> None:
    ReportedParty.objects.create(complaint=case, user=user, named_at=NOW, named_by=sari())


def page(name: str, *args: object, who: User | None = None) -> str:
    client = Client()
    client.force_login(who or sari())
    client.cookies["django_language"] = "en"
    answer = client.get(reverse(f"escalation:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_thirty_are_drawn_by_the_first_head_over_the_announcement_as_anybody_can_repeat() -> None:
    made = row()
    assert (made.quarter, made.closes_on) == (date(2026, 10, 1), date(2027, 3, 31))
    numbers = [item.complaint.number for item in drawn()]
    assert numbers == sampling.draw(made.numbers, AT_LEAST, made.seed) and made.frame_size == CASES
    entry = LedgerEntry.objects.get(kind="call_back_announced")
    assert entry.data["list"] == sampling.frame_digest(made.frame_text)
    assert work_call_backs(NOW + HOUR) == 0  # once a quarter


def test_nothing_is_drawn_before_the_head_and_the_list_is_kept_till_then() -> None:
    later = datetime(2027, 4, 1, 1, 0, tzinfo=UTC)
    Complaint.objects.update(ended_at=datetime(2027, 2, 1, tzinfo=UTC))
    assert drawing.announce_due(later) == 1 and draw_due(later) == 0
    new = CallBack.objects.get(drawn_at=None)
    client = Client()
    client.force_login(sari())
    assert client.get(reverse("escalation:call-back-frame", args=[new.pk])).status_code == 404
    assert new.frame_digest not in page("call-back-detail", new.pk)
    make_checkpoint(later + HOUR)
    assert draw_due(later + HOUR) == 1
    new.refresh_from_db()
    assert new.size == AT_LEAST and new.seed != row().seed


def test_it_is_of_what_the_city_counts_as_answered_and_somebody_can_be_asked_about() -> None:
    usual = set(answered_in(date(2026, 10, 1)).values_list("number", flat=True))
    erased, another, open_one = factories.resolved(), factories.resolved(), factories.in_progress()
    citizen.confirm(erased.pk, actor=Citizen(erased.pk), now=FRIDAY, rating=None)
    erase_person(erased.pk, by=None, now=FRIDAY, reason="asked")
    Complaint.objects.filter(pk=another.pk).update(is_live=False)
    found = set(answered_in(date(2026, 10, 1)).values_list("number", flat=True))
    assert found == usual and open_one.number not in found


def test_who_left_an_address_gets_one_mail_which_no_list_of_a_case_shows() -> None:
    mails = Message.objects.filter(template="call_back")
    with_address = [item for item in drawn() if item.rank and _has_address(item)]
    assert mails.count() == len(with_address) >= AT_LEAST - 1
    assert not mails.exclude(complaint=None, user=None).exists()
    assert not any("call_back" in str(event.data) for event in drawn()[0].complaint.events.all())


def _has_address(item: CallBackItem) -> bool:
    return Message.objects.filter(template="call_back", data__item=item.pk).exists()


def test_the_mail_says_until_when_and_holds_no_code(mailoutbox: Any) -> None:
    Message.objects.exclude(template="call_back").delete()
    item = next(item for item in drawn() if _has_address(item))
    Message.objects.exclude(data__item=item.pk).delete()
    send_due(NOW + 3 * DAY)
    (mail,) = mailoutbox
    assert mail.to == ["ani@example.com"] and item.complaint.number in mail.subject
    with_html = mail.body + str(mail.alternatives)
    assert "31 Mar" in with_html and "/complaints/track/" in with_html and "TNT-" not in with_html


def test_the_citizen_answers_once_on_their_own_page_and_their_word_counts_before_a_typed_one() -> None:
    item = drawn()[0]
    typed(item, Said.DONE)
    client = citizen_of(item.complaint)
    client.cookies["django_language"] = "en"
    text = client.get("/complaints/mine/").content.decode()
    assert "Was it done?" in text and "After our call we noted: Yes, done" in text
    client.post("/complaints/mine/done/", {"said": "not_done"})
    assert "You answered: Not done" in client.get("/complaints/mine/").content.decode()
    client.post("/complaints/mine/done/", {"said": "done"})
    assert [each.said for each in item.answers.filter(place=0)] == ["not_done"]
    with refused(services.SPOKEN):
        typed(item, Said.DONE)
    assert close().result["not_done"] == 1 and row().result["done"] == 0


def test_who_was_not_drawn_is_asked_nothing() -> None:
    case = Complaint.objects.exclude(pk__in=CallBackItem.objects.values("complaint")).first()
    assert case is not None
    assert 'id="done"' not in citizen_of(case).get("/complaints/mine/").content.decode()
    with refused(services.NOT_ASKED):
        services.say(case.pk, actor=Citizen(case.pk), now=NOW, said="done")
    with refused(services.CHOOSE):
        spoken(drawn()[0], "not_reached")


def test_the_last_call_in_which_somebody_was_reached_counts_and_three_days_in_vain_are_enough() -> None:
    first, second, third, *_rest = drawn()
    typed(first, Said.NOT_DONE)
    typed(first, Said.PARTLY)
    typed(first, Said.NOT_REACHED, NOW + DAY)
    for hours in (0, 1, 2):
        typed(second, Said.NOT_REACHED, NOW + hours * HOUR)
    for days in (0, 1, 2):
        typed(third, Said.NOT_REACHED, NOW + days * DAY)
    text = page("call-back-detail", row().pk)
    assert "Answers are taken until 31 March 2027" in text  # what the notice says, and what came of each call
    assert "Partly done" in text and "not reached on 1 day" in text and "not reached on 3 days" in text
    result = Tally.from_json(close().result)
    assert (result.partly, result.not_done, result.not_reached) == (1, 0, 2)
    assert result.silent == AT_LEAST - 3 and result.asked == AT_LEAST


def test_two_who_type_at_once_do_not_overwrite_each_other() -> None:
    item = drawn()[0]
    typed(item, Said.DONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBackAnswer.objects.create(item=item, place=1, said=Said.NOT_DONE, at=NOW, by=sari())


def test_after_its_day_no_answer_is_taken() -> None:
    item = drawn()[0]
    late = datetime(2027, 4, 1, 1, 0, tzinfo=UTC)
    with refused(services.OVER):
        typed(item, Said.DONE, late)
    with refused(services.NOT_ASKED):
        spoken(item, "done", late)
    close()
    with refused(services.OVER):
        typed(item, Said.DONE)


def test_nobody_whom_it_is_about_or_who_answered_it_sees_or_types_it() -> None:
    item, other = drawn()[:2]
    number = item.complaint.number
    lena = factories.make_user(Role.SUPERVISOR, name="Lena")
    assert item in items_for(lena)
    about(item.complaint, lena)
    was_officer = User.objects.get(role=Role.OFFICER, agency__code="PUPR")
    User.objects.filter(pk=was_officer.pk).update(role=Role.SUPERVISOR, agency=None)
    was_officer = User.objects.get(pk=was_officer.pk)
    assert set(items_for(lena)) == {each for each in drawn() if each != item}
    assert not items_for(was_officer).exists()  # answered them all
    assert number not in page("call-back-detail", row().pk, who=lena)
    with pytest.raises(CallBackItem.DoesNotExist):
        typed(item, Said.DONE, who=lena)
    client = Client()
    client.force_login(lena)
    assert client.get(reverse("escalation:call-back-call", args=[row().pk, number])).status_code == 404
    frame = client.get(reverse("escalation:call-back-frame", args=[row().pk])).content.decode()
    assert number not in frame and other.complaint.number in frame
    assert sampling.frame_digest(frame) == row().frame_digest
    for role in (Role.OFFICER, Role.AGENCY_HEAD, Role.VERIFIER, Role.CLERK, Role.ADMINISTRATOR):
        client.force_login(factories.make_user(role))
        assert client.get(reverse("escalation:call-backs")).status_code == 403


def test_the_seat_of_the_inspectorate_does_not_call_about_what_the_inspectorate_answered() -> None:
    item = drawn()[0]
    inspectorate = factories.make_agency("INSP", is_oversight=True)
    Complaint.objects.filter(pk=item.complaint_id).update(agency=inspectorate)
    seated = factories.make_user(Role.SUPERVISOR, name="Ina", seat=Seat.INSPECTORATE)
    ombudsman = factories.make_user(Role.SUPERVISOR, name="Omar", seat=Seat.OMBUDSMAN)
    assert item not in items_for(seated) and item in items_for(ombudsman)


def test_more_are_drawn_where_somebody_stands_aside_so_that_their_list_is_as_long() -> None:
    ranked = sampling.draw(row().numbers, CASES, row().seed)
    lena = factories.make_user(Role.SUPERVISOR, name="Lena")
    about(Complaint.objects.get(number=ranked[0]), lena)
    assert drawing._enough_for_all(ranked) == AT_LEAST + 1


def test_what_was_said_is_shown_once_it_is_closed_beside_the_citys_count_with_who_did_not_answer() -> None:
    items = drawn()
    for item in items[:15]:
        spoken(item, "done")
    for item in items[15:20]:
        typed(item, Said.NOT_DONE)
    typed(items[20], Said.REFUSED)
    for name, args in (("call-backs", ()), ("call-back-detail", (row().pk,))):
        assert "75" not in page(name, *args) or "75 %" not in page(name, *args)
        assert items[0].complaint.number not in page(name, *args)  # has spoken
    close()
    text = page("call-backs")
    assert (
        "34 reports" in text and "75\N{NO-BREAK SPACE}% of 20" in text and "20 of 30 who were asked" in text
    )
    share = Tally.from_json(row().result).share_done(CASES)
    assert share is not None and share[0] == 75 and 50 < share[1] < 75 < share[2] < 93
    assert Tally.from_json(row().result).bounds == (50, 100 * 25 / 30)


def test_of_fewer_than_ten_answers_nothing_is_shown() -> None:
    for item in drawn()[:9]:
        spoken(item, "done")
    close()
    text = page("call-back-detail", row().pk)
    assert "too few to show" in text and "Partly done" not in text
    assert Tally.from_json(row().result).share_done(CASES) is None


def test_it_is_on_record_without_telling_whom_or_what() -> None:
    spoken(drawn()[0], "not_done")
    typed(drawn()[1], Said.REFUSED)
    close()
    assert verify_ledger().ok
    said = str(list(LedgerEntry.objects.values_list("data", flat=True)))
    assert "not_done" not in said and "refused" not in said
    assert not any(item.complaint.number in said for item in drawn())
    events = timeline_for(drawn()[0].complaint, sari())
    assert not any("call" in str(event).lower() for event in events)


def test_what_is_on_record_cannot_be_changed_unnoticed() -> None:
    close()
    CallBack.objects.update(result={**row().result, "done": 20})
    bad = verify_ledger().first_bad
    assert bad is not None and "call_back" in bad.why


def test_the_worker_does_it_before_it_counts_reports() -> None:
    names = [job.name for job in JOBS]
    assert names.index("call-backs") < names.index("reports")
