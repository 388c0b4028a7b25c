"""Who registers, calls off, and was there."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from complaints.mail.outbox import send_due
from complaints.models import Message
from complaints.public import throttle
from complaints.services.change import NotPossible
from surveys.forums.meetings import codes
from surveys.forums.meetings.messages import ForumMessage
from surveys.forums.meetings.models.people import Attendance, Group, Registration
from surveys.forums.meetings.services import announcing, attending
from surveys.forums.models import Contact
from tests.meetings.people import BEFORE, DAY, HOUR, STARTS, announced, guest, officer, plan
from tests.shared import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def form(**fields: str) -> dict[str, str]:
    return {"secret": "s" * 32, "group": "users", "name": "", "email": ""} | fields


def test_somebody_registers_without_a_name_and_calls_off_by_the_code_on_the_page(client: Client) -> None:
    forum = announced(seats=1)
    page = client.post(reverse("surveys:forum-register", args=[forum.code]), form())
    code = codes.shown(Registration.objects.get().nonce)
    assert code in page.content.decode()
    response = client.post(reverse("surveys:forum-yours"), {"code": code.lower().replace("-", " ")})
    assert response.status_code == 302
    assert code not in response["Location"]
    client.post(reverse("surveys:forum-yours-cancel"))
    row = Registration.objects.get()
    assert (row.cancelled_at, row.place) == (NOON, None)
    assert attending.places_left(forum) == 1


def test_an_address_gets_the_code_by_mail_and_the_page_does_not_show_it(client: Client) -> None:
    forum = announced()
    page = client.post(
        reverse("surveys:forum-register", args=[forum.code]), form(name="Ani", email="Ani@contoh.test")
    )
    row = Registration.objects.get()
    code = codes.shown(row.nonce)
    assert code not in page.content.decode()
    assert row.sealed is None and row.identity.email == "ani@contoh.test"
    send_due(NOON)
    (letter,) = mail.outbox
    assert letter.to == ["ani@contoh.test"]
    assert f"/forums/yours/#{code}" in letter.body
    assert "ani@" not in str(Message.objects.values_list("data", "dedupe_key"))


def test_the_same_form_twice_and_the_same_address_twice_are_one_registration(client: Client) -> None:
    forum = announced(seats=5)
    url = reverse("surveys:forum-register", args=[forum.code])
    for secret in ("a" * 32, "a" * 32, "b" * 32):
        assert client.post(url, form(secret=secret, email="ani@contoh.test")).status_code == 200
    assert Registration.objects.count() == 1
    assert Message.objects.filter(template=ForumMessage.REGISTERED).count() == 1


def test_of_the_same_address_at_the_same_moment_the_second_gets_the_first_registration() -> None:
    forum, ani = announced(), guest(email="ani@contoh.test")
    row = attending.register(forum, ani, now=BEFORE, secret="a" * 32)
    sealed = attending._sealed(ani.identity, BEFORE)
    assert attending._take_place(forum, ani, sealed, BEFORE, "b" * 32) == row


def test_the_last_place_goes_once() -> None:
    forum = announced(seats=2)
    for number in range(2):
        attending.register(forum, guest(), now=BEFORE, secret=f"{number}" * 32)
    with pytest.raises(NotPossible, check=lambda error: error.reason is attending.FULL):
        attending.register(forum, guest(), now=BEFORE, secret="x" * 32)
    attending.call_off(Registration.objects.get(place=1), now=BEFORE)
    assert attending.register(forum, guest(), now=BEFORE, secret="y" * 32).place == 1


def test_a_reminder_goes_the_day_before_and_not_for_a_day_that_is_no_longer_the_one() -> None:
    forum = announced()
    attending.register(forum, guest(email="ani@contoh.test"), now=BEFORE, secret="a" * 32)
    Contact.objects.update(confirmed_at=BEFORE)
    announcing.change(forum.pk, plan(starts_at=STARTS + 2 * DAY), actor=officer(), now=BEFORE + HOUR)
    send_due(STARTS)
    assert [letter.subject for letter in mail.outbox if letter.subject.startswith("Tomorrow")] == []
    send_due(STARTS + DAY)
    assert len([letter for letter in mail.outbox if letter.subject.startswith("Tomorrow")]) == 1


def test_who_called_off_is_not_reminded() -> None:
    forum = announced()
    row = attending.register(forum, guest(email="ani@contoh.test"), now=BEFORE, secret="a" * 32)
    attending.call_off(row, now=BEFORE)
    send_due(STARTS)
    assert mail.outbox == []


def test_a_contact_that_stopped_gets_nothing() -> None:
    forum = announced()
    attending.register(forum, guest(email="ani@contoh.test"), now=BEFORE, secret="a" * 32)
    Contact.objects.update(stopped_at=NOON)
    send_due(STARTS)
    assert mail.outbox == []


def test_an_erased_contact_leaves_a_registration_without_a_name() -> None:
    forum = announced()
    attending.register(forum, guest("Ani", "ani@contoh.test"), now=BEFORE, secret="a" * 32)
    Contact.objects.all().delete()
    row = Registration.objects.get()
    assert not row.identity
    assert attending.places_left(forum) is None


def test_the_code_on_the_wall_counts_while_the_meeting_is_on(client: Client) -> None:
    forum = announced(starts_at=NOON + timedelta(minutes=30))
    url = reverse("surveys:forum-here", args=[forum.code])
    shown = f"{forum.attendance_code[:3].lower()}-{forum.attendance_code[3:]}"
    assert client.post(url, form(code=shown, group="press")).status_code == 200
    row = Attendance.objects.get()
    assert (row.group, row.how, row.contact) == (Group.PRESS, Attendance.How.CODE, None)
    with pytest.raises(NotPossible, check=lambda error: error.reason is attending.NOT_NOW):
        attending.be_there(forum, shown, guest(), now=forum.ends_at + 3 * HOUR, secret="z" * 32)


def test_wrong_codes_run_out_and_a_hall_behind_one_address_does_not(client: Client) -> None:
    forum = announced(starts_at=NOON)
    url = reverse("surveys:forum-here", args=[forum.code])
    for number in range(30):
        sent = form(code=forum.attendance_code, secret=f"{number:032}")
        assert client.post(url, sent).status_code == 200
    answers = [
        client.post(url, form(code="AAAAAA", secret=f"x{number:031}")).status_code for number in range(11)
    ]
    assert answers[0] == 409 and answers[-1] == 429
    assert Attendance.objects.count() == 30
    throttle.forget()


def test_a_list_is_pasted_a_line_a_person(client: Client) -> None:
    forum = announced(starts_at=NOON)
    client.force_login(officer())
    url = reverse("surveys:desk-forum-attendance", args=[forum.code])
    sent = {"group": "civil_society", "people": "Ani; ani@contoh.test\r\n\nBeni\n", "secret": "p" * 32}
    assert [client.post(url, sent).status_code for _time in range(2)] == [302, 302]
    rows = Attendance.objects.order_by("pk")
    assert [(row.identity.name, row.identity.email) for row in rows] == [
        ("Ani", "ani@contoh.test"),
        ("Beni", ""),
    ]


def test_a_line_that_is_no_address_is_named_and_nothing_is_kept(client: Client) -> None:
    forum = announced(starts_at=NOON)
    client.force_login(officer())
    url = reverse("surveys:desk-forum-attendance", args=[forum.code])
    page = client.post(url, {"group": "users", "people": "Ani\nBeni; beni@", "secret": "p" * 32})
    assert page.status_code == 422
    assert "Line 2" in page.content.decode()
    assert Attendance.objects.count() == 0


def test_a_name_is_taken_off_the_list_and_the_person_still_counts(client: Client) -> None:
    forum = announced(starts_at=NOON)
    attending.type_list(forum.pk, [guest("Ani")], actor=officer(), now=NOON, secret="p" * 32)
    row = Attendance.objects.get()
    client.force_login(officer())
    assert "Ani" in client.get(reverse("surveys:desk-forum-people", args=[forum.code])).content.decode()
    client.post(reverse("surveys:desk-forum-forget", args=[forum.code, "attendance", row.pk]))
    row.refresh_from_db()
    assert row.sealed is None and row.group == Group.USERS


def test_a_code_that_nobody_has_says_so(client: Client) -> None:
    page = client.post(reverse("surveys:forum-yours"), {"code": codes.shown("nobody")})
    assert page.status_code == 422
    assert "We do not know this code" in page.content.decode()
