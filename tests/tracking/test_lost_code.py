"""Who has lost the code gets in by mail, once, if they allowed it when they filed the report."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actors import Citizen
from complaints.identity import seal
from complaints.mail.outbox import send_due
from complaints.mail.way_in import code_of
from complaints.models import Complainant, Complaint, Message
from complaints.numbers import show_receipt
from complaints.public.forms.filing import first_words
from complaints.services.citizen import withdraw
from complaints.services.erasure import erase_person
from complaints.services.system import contact
from tests.filing.form import CODE, PATH, filled, open_city
from tests.tracking.mine import MINE, TRACK

pytestmark = pytest.mark.django_db

LOST = f"{TRACK}lost/"


@pytest.fixture(autouse=True)
def city() -> None:
    open_city()


def filed(**changes: str) -> Complaint:
    Client().post(PATH, filled(recovery="on") | changes)
    Message.objects.all().delete()  # the receipt
    return Complaint.objects.get()


def asked(client: Client, number: str, email: str = "Ani@Example.com") -> str:
    """Asks for a way in, and returns what the page says."""
    return client.post(LOST, {"number": number, "email": email}, follow=True).content.decode()


def code_by_mail() -> str:
    send_due(timezone.now())
    found = re.search(r"track/#(\S+)", str(mail.outbox[-1].body))
    assert found and CODE.fullmatch(found[1])
    return found[1]


def test_the_code_in_the_mail_opens_the_report_once(client: Client) -> None:
    case = filed()
    asked(client, case.number)
    code = code_by_mail()
    assert mail.outbox[-1].to == ["ani@example.com"]
    assert client.post(TRACK, {"receipt": code})["Location"] == MINE
    assert case.number in client.get(MINE).content.decode()
    assert Client().post(TRACK, {"receipt": code}).status_code == 422


def test_it_lives_half_an_hour(client: Client) -> None:
    asked(client, filed().number)
    code = code_by_mail()
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert client.post(TRACK, {"receipt": code}).status_code == 422


@pytest.mark.parametrize(
    "changes", [{"recovery": ""}, {"anonymous": "on"}, {"email": "lain@example.com"}, {"email": ""}]
)
def test_whoever_asks_is_told_the_same_and_nothing_leaves(client: Client, changes: dict[str, str]) -> None:
    case = filed(**changes)
    said = [asked(client, number) for number in (case.number, "KPG-2026-999999-9", "x")]
    assert len({re.sub("csrf.*?>", "", page) for page in said}) == 1
    assert not Message.objects.exists()


def test_nobody_is_flooded_by_who_knows_the_number(client: Client) -> None:
    case = filed()
    for _time in range(5):
        asked(client, case.number)
    assert Message.objects.count() == 3


def test_the_number_in_place_of_the_code_is_told_so(client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.post(TRACK, {"receipt": filed().number.lower()}).content.decode()
    assert "This is the number of a report" in page


def test_a_strangers_address_gets_a_few_first_mails_a_day() -> None:
    for place in range(5):
        Client().post(PATH, filled(description=f"Lampu {place} mati.", email="ANI@example.com"[place % 2 :]))
        Client().post(PATH, filled(description=f"Jalan {place} rusak."))
    assert Complaint.objects.count() == 10
    to_one = Message.objects.filter(template="receipt")
    assert to_one.count() == 3 + 2


@pytest.mark.parametrize(
    "sign",
    ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1ee\U0001f1e9", "e\u0301", "\U0001f44d\U0001f3fd"],
)
def test_no_title_ends_in_a_torn_sign(sign: str) -> None:
    for before in range(len(sign)):
        title = first_words("a" * before + sign * 60)
        assert len(title) <= 80
        assert (len(title) - 1 - before) % len(sign) == 0


def changed(case: Complaint, **identity: Any) -> None:
    said = contact(case)
    row = Complainant.objects.get(complaint=case)
    row.sealed = seal(replace(said, **identity))
    row.save()


@pytest.mark.parametrize("identity", [{"email": "budi@example.com"}, {"may_recover": False}])
@pytest.mark.parametrize("has_left", [False, True])
def test_it_opens_nothing_once_its_address_is_another_or_it_is_not_wanted(
    client: Client, has_left: bool, identity: dict[str, Any]
) -> None:
    case = filed()
    asked(client, case.number)
    if has_left:
        code_by_mail()
    changed(case, **identity)
    send_due(timezone.now())
    assert len(mail.outbox) == has_left
    code = show_receipt(code_of(Message.objects.get()))
    assert client.post(TRACK, {"receipt": code}).status_code == 422


def test_it_opens_nothing_of_a_report_that_was_erased(client: Client) -> None:
    case = filed()
    asked(client, case.number)
    code = code_by_mail()
    withdraw(case.pk, actor=Citizen(case.pk), now=case.received_at)
    erase_person(case.pk, by=None, now=timezone.now(), reason="Diminta pelapor")
    assert client.post(TRACK, {"receipt": code}).status_code == 422
    assert asked(client, case.number) and Message.objects.filter(template="lost_code").count() == 1
