"""Mail at each step, as much of it as its citizen wants, and never many to an address that nobody has confirmed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.identity import Identity
from complaints.mail.outbox import send_due
from complaints.models import Complainant, Complaint, Event, Message, UnconfirmedMail
from complaints.services import citizen, handling, intake, verification
from complaints.services.change import NotPossible
from complaints.services.system import contact
from complaints.services.unconfirmed import forget_past_days
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.filing.form import PATH, filled, open_city
from tests.tracking.mine import MINE, citizen_of

pytestmark = pytest.mark.django_db
ANI, BUDI = "ani@tuntas.test", "budi@tuntas.test"


def to_citizen(letters: list[Any], address: str = ANI) -> list[str]:
    return [letter.subject for letter in letters if letter.to == [address]]


def assign(case: Complaint, *agencies: str) -> Complaint:
    verifier = factories.make_user(Role.VERIFIER)
    found = [factories.make_agency(code, name=f"Dinas {code}") for code in agencies or ("PUPR",)]
    return verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=verification.Routing(found))


def accept(case: Complaint) -> Complaint:
    officer = factories.officer_of(case)
    return handling.accept(case.pk, actor=officer, now=FRIDAY + HOUR, handler=officer)


def test_each_step_is_told_with_what_it_is_about_and_whose_turn_it_is(letters: list[Any]) -> None:
    case = factories.file_complaint(email=ANI, language="en", category=factories.make_category())
    send_due(FRIDAY)
    assign(case, "PUPR", "LLAJ")
    send_due(FRIDAY)
    accept(Complaint.objects.get(pk=case.pk))
    send_due(FRIDAY + HOUR)
    number = case.number
    assert to_citizen(letters) == [
        f"We have received your report {number}",
        f"Your report {number} is with an agency now",
        f"Work on your report {number} has begun",
    ]
    given, begun = (letter for letter in letters if letter.to == [ANI] and "received" not in letter.subject)
    assert "On Friday, 20 November 2026 the report was checked and given to Dinas PUPR" in given.body
    assert "Dinas LLAJ works on a part of it." in given.body
    assert "Now: Dinas PUPR has to take it up." in given.body
    assert "Now: Dinas PUPR works on it." in begun.body
    for letter in (given, begun):
        assert "(Damaged road, reported on Friday, 20 November 2026)" in letter.body
        assert "The answer is promised by" in letter.body
        assert "choose to get mail only when it matters" in letter.body
        for part in (letter.body, letter.alternatives[0][0]):
            assert "Lubang" not in part
            assert "berlubang" not in part


def test_of_a_protected_case_neither_step_tells_what_it_is_about(letters: list[Any]) -> None:
    case = factories.file_complaint(
        email=ANI, language="en", is_confidential=True, category=factories.make_category()
    )
    assign(case)
    send_due(FRIDAY)
    assert len(to_citizen(letters)) == 2
    assert all("Damaged road" not in letter.body for letter in letters if letter.to == [ANI])


def test_what_has_been_overtaken_while_no_mail_left_is_not_told_any_more(letters: list[Any]) -> None:
    case = accept(assign(factories.file_complaint(email=ANI, language="en")))
    send_due(FRIDAY + HOUR)
    assert to_citizen(letters)[1:] == [f"Work on your report {case.number} has begun"]


def test_who_wants_few_mails_is_asked_and_answered_all_the_same(letters: list[Any]) -> None:
    filing = intake.Filing("Jalan", "Lubang.", identity=Identity("Ani", ANI, few_mails=True), language="en")
    factories.make_city()
    case = intake.submit(filing, actor=None, now=FRIDAY).case
    send_due(FRIDAY)
    case = assign(case)
    send_due(FRIDAY)
    case = accept(case)
    send_due(FRIDAY + HOUR)
    officer = factories.officer_of(case)
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY + HOUR, question="Di mana tepatnya?")
    send_due(FRIDAY + HOUR)
    citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 2 * HOUR, text="Di depan pasar.")
    handling.resolve(case.pk, actor=officer, now=FRIDAY + 3 * HOUR, answer="Sudah ditambal kemarin.")
    send_due(FRIDAY + 3 * HOUR)
    assert to_citizen(letters) == [
        f"We have received your report {case.number}",
        f"We have a question about your report {case.number}",
        f"An answer to your report {case.number}",
    ]
    assert Message.objects.filter(last_error="not each step is wanted").count() == 2


def test_who_follows_another_report_is_told_of_it_as_they_chose(letters: list[Any]) -> None:
    main = factories.file_complaint(email=ANI, language="en")
    follower = factories.file_complaint(email=BUDI, language="en")
    verifier = factories.make_user(Role.VERIFIER)
    verification.merge(follower.pk, actor=verifier, now=FRIDAY, into=main.pk)
    citizen.choose_mail(follower.pk, actor=Citizen(follower.pk), now=FRIDAY, few=True)
    send_due(FRIDAY)
    case = assign(main)
    send_due(FRIDAY)
    assert len(to_citizen(letters)) == 2
    assert len(to_citizen(letters, BUDI)) == 2  # receipt and merger
    citizen.choose_mail(follower.pk, actor=Citizen(follower.pk), now=FRIDAY, few=False)
    accept(case)
    send_due(FRIDAY + HOUR)
    assert to_citizen(letters, BUDI)[2:] == [f"Work on your report {follower.number} has begun"]


def test_parts_and_reports_without_a_sender_write_to_nobody(letters: list[Any]) -> None:
    accept(assign(factories.file_complaint(is_anonymous=True), "PUPR", "LLAJ"))
    assert not Message.objects.filter(template__in=["at_agency", "taken_up"]).exists()
    whole = assign(factories.file_complaint(email=ANI), "PUPR", "LLAJ")
    accept(whole.children.get())
    assert Message.objects.filter(template__in=["at_agency", "taken_up"]).count() == 1


# The page of the report


def choose(client: Client, **ticked: str) -> str:
    return client.post(f"{MINE}mail/", {"step": "page"} | ticked, follow=True).content.decode()


def test_the_citizen_chooses_on_the_page_and_the_history_holds_it_without_an_address() -> None:
    case = factories.file_complaint(email=ANI)
    client = citizen_of(case)
    client.cookies["django_language"] = "en"
    assert "How much mail you get" in client.get(MINE).content.decode()
    page = choose(client, few_mails="on")
    assert "you get as much mail as you chose" in page
    assert re.search(r'<input[^>]*name="few_mails"[^>]* checked', page)
    assert contact(Complaint.objects.get()) == Identity("Ani", ANI, few_mails=True)
    event = Event.objects.latest("seq")
    assert (event.kind, list(event.data["rows"])) == ("recorded", ["case", "complainant"][1:])
    assert ANI not in str(event.data)
    choose(client, few_mails="on")
    assert Event.objects.count() == 2  # nothing new, nothing told


def test_where_no_mail_goes_there_is_nothing_to_choose() -> None:
    anonymous, ended = factories.file_complaint(is_anonymous=True), factories.file_complaint(email=ANI)
    citizen.withdraw(ended.pk, actor=Citizen(ended.pk), now=FRIDAY)
    erased = factories.file_complaint(email=BUDI)
    Complainant.objects.filter(complaint=erased).delete()
    for case in (anonymous, ended, erased):
        client = citizen_of(case)
        assert 'action="/complaints/mine/mail/"' not in client.get(MINE).content.decode()
        with pytest.raises(NotPossible):
            citizen.choose_mail(case.pk, actor=Citizen(case.pk), now=FRIDAY, few=True)


def test_the_form_asks_and_a_second_sending_can_change_it() -> None:
    open_city()
    client = Client()
    sent = filled(form_token="t" * 32, few_mails="on")
    client.get(PATH)
    client.post(PATH, sent)
    assert contact(Complaint.objects.get()).few_mails
    page = client.post(PATH, sent | {"few_mails": ""}).content.decode()
    assert "Kirim email kepada saya hanya jika penting" in page
    client.post(PATH, filled(description="Tanpa alamat.", email="", few_mails="on"))
    assert not contact(Complaint.objects.latest("pk")).few_mails


def test_a_clerk_enters_it_for_them() -> None:
    open_city()
    client = Client()
    client.force_login(factories.make_user(Role.CLERK))
    said = {"secret": "s" * 32, "channel": "counter", "received_on": day_of(timezone.now()).isoformat()}
    said |= {"subject": "Jalan", "description": "Lubang.", "email": ANI, "few_mails": "on"}
    client.post("/staff/intake/", said)
    assert contact(Complaint.objects.get()).few_mails


# Addresses that nobody has confirmed


def test_a_strangers_address_gets_three_first_mails_on_a_day_whichever_way_they_come(
    letters: list[Any],
) -> None:
    cases = [
        factories.file_complaint(FRIDAY + place * HOUR / 10, email=ANI if place % 2 else ANI.upper())
        for place in range(5)
    ]
    for moment in (FRIDAY + HOUR, FRIDAY + 2 * HOUR):  # an address that is changed to and fro
        for email in (BUDI, ANI):
            identity = Identity("Ani", email)
            citizen.add(
                cases[4].pk, actor=Citizen(cases[4].pk), now=moment, text="", files=(), identity=identity
            )
            if email == BUDI:
                send_due(moment)
    send_due(FRIDAY + 3 * HOUR)
    assert len(to_citizen(letters, BUDI)) == 2
    assert len(to_citizen(letters)) + len(to_citizen(letters, ANI.upper())) == 3
    factories.file_complaint(FRIDAY + DAY, email=ANI)
    send_due(FRIDAY + DAY)
    assert len(to_citizen(letters)) + len(to_citizen(letters, ANI.upper())) == 4


def test_where_the_first_mail_did_not_go_no_step_follows(letters: list[Any]) -> None:
    cases = [factories.file_complaint(email=ANI, language="en") for _ in range(4)]
    case = assign(cases[3])
    send_due(FRIDAY)
    assert len(to_citizen(letters)) == 3
    officer = factories.officer_of(accept(case))
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY + HOUR, question="Di mana tepatnya?")
    send_due(FRIDAY + HOUR)
    assert to_citizen(letters)[3:] == [f"We have a question about your report {case.number}"]


def test_what_was_counted_goes_with_the_day_and_tells_no_address() -> None:
    factories.file_complaint(email=ANI)
    assert ANI not in str(UnconfirmedMail.objects.values().get())
    assert forget_past_days(FRIDAY) == 0
    assert forget_past_days(FRIDAY + timedelta(days=1)) == 1
