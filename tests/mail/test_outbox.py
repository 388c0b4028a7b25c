"""The outbox: each mail leaves at least once, in order, and none stands in another's way."""

import re
import threading
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from accounts.roles import Role
from complaints.mail import email, outbox
from complaints.mail import letters as letters_module
from complaints.mail.outbox import LEASE, send_due
from complaints.models import Message
from complaints.services import handling, verification
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.shared import PATIENCE

ANI = "ani@tuntas.test"
MINUTE = timedelta(minutes=1)
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MONDAY_OPENING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 7:30 in Kupang


class Refusing(EmailBackend):
    """A mail server that takes nothing, with an error of its own."""

    error: Exception = SMTPServerDisconnected("gone")

    def send_messages(self, messages):
        raise type(self).error


class Unreachable(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


@pytest.fixture
def use_post(settings):
    """Lets a mail server of one's own stand in."""

    def use(backend):
        settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"

    return use


def digest_line(user, case, template="reminder", number=0, due_at=FRIDAY):
    return Message.objects.create(
        dedupe_key=f"{template}:{case.number}:{user.pk}:{number}",
        template=template,
        complaint=case,
        user=user,
        due_at=due_at,
    )


@pytest.mark.django_db
class TestSending:
    def test_a_mail_is_sent_once(self, letters):
        factories.file_complaint(email=ANI)
        assert send_due(FRIDAY) == 1
        assert send_due(FRIDAY + DAY) == 0
        assert len(letters) == 1

    def test_nothing_leaves_before_it_is_due(self, letters):
        factories.file_complaint(FRIDAY, email=ANI)
        assert send_due(FRIDAY - MINUTE) == 0

    def test_a_sender_that_died_leaves_a_lease_and_the_mail_comes_again_as_the_same(
        self, letters, monkeypatch
    ):
        factories.file_complaint(email=ANI)

        def killed(*args):
            raise KeyboardInterrupt  # after the server took it, before the row says so

        with monkeypatch.context() as patch:
            patch.setattr(outbox, "_mine", killed)
            with pytest.raises(KeyboardInterrupt):
                send_due(FRIDAY)
        assert Message.objects.get().attempts == 1
        assert send_due(FRIDAY + MINUTE) == 0  # still leased
        assert send_due(FRIDAY + LEASE) == 1
        first, second = letters
        assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
        assert re.fullmatch(r"<[0-9a-f]{40}@127\.0\.0\.1>", first.extra_headers["Message-ID"])

    def test_a_mail_that_was_leased_while_the_clock_was_a_day_ahead_leaves_when_it_is_right_again(
        self, letters
    ):
        factories.file_complaint(email=ANI)
        Message.objects.update(leased_until=FRIDAY + timedelta(days=1) + LEASE, attempts=1)
        assert send_due(FRIDAY) == 1

    def test_different_mails_have_different_ids(self, letters):
        factories.file_complaint(email=ANI)
        factories.file_complaint(email=ANI)
        send_due(FRIDAY)
        assert len({letter.extra_headers["Message-ID"] for letter in letters}) == 2

    def test_a_failure_waits_longer_each_time_and_is_given_up_at_last(self, use_post, settings):
        use_post(Refusing)
        settings.NOTIFICATION_MAX_ATTEMPTS = 5
        factories.file_complaint(email=ANI)
        now, waits = FRIDAY, []
        for _ in range(4):
            send_due(now)
            row = Message.objects.get()
            waits.append((row.due_at - now) // MINUTE)
            now = row.due_at
        assert waits == [1, 2, 4, 8]
        send_due(now)
        row = Message.objects.get()
        assert row.dropped_at == now
        assert row.last_error == "given up: SMTPServerDisconnected"

    def test_the_longest_wait_is_half_a_day_and_the_last_attempt_a_day_away(self, use_post):
        use_post(Refusing)
        factories.file_complaint(email=ANI)
        now = FRIDAY
        while (row := Message.objects.get()).dropped_at is None:
            now = max(now, row.due_at)
            send_due(now)
        assert row.attempts == 12
        assert now - FRIDAY > DAY

    def test_an_unreachable_server_costs_no_attempt(self, use_post, settings):
        backend = settings.EMAIL_BACKEND
        use_post(Unreachable)
        factories.file_complaint(email=ANI)
        for minute in range(100):
            with pytest.raises(OSError):  # noqa: PT011 - whatever the network says
                send_due(FRIDAY + minute * MINUTE)
        assert Message.objects.get().attempts == 0
        settings.EMAIL_BACKEND = backend
        assert send_due(FRIDAY + DAY) == 1

    def test_a_poisonous_mail_does_not_stop_the_others(self, letters, monkeypatch):
        poison, *_ = [factories.file_complaint(email=f"ani{n}@tuntas.test") for n in range(3)]
        compose = letters_module.compose

        def poisonous(group):
            if group[0].complaint_id == poison.pk:
                raise RecursionError
            return compose(group)

        monkeypatch.setattr(email, "compose", poisonous)
        assert send_due(FRIDAY) == 2
        row = Message.objects.get(complaint=poison)
        assert (row.last_error, row.attempts, row.dropped_at) == ("RecursionError", 1, None)
        send_due(FRIDAY + HOUR)
        send_due(FRIDAY + 2 * HOUR)
        row.refresh_from_db()
        assert row.dropped_at == FRIDAY + 2 * HOUR

    def test_later_mail_of_a_case_waits_for_the_earlier_one(self, letters, use_post, settings):
        backend = settings.EMAIL_BACKEND
        case = factories.file_complaint(email=ANI)
        use_post(Refusing)
        send_due(FRIDAY)  # the receipt has failed and comes again later
        reason, verifier = factories.make_reason(), factories.make_user(Role.VERIFIER)
        verification.reject(case.pk, actor=verifier, now=FRIDAY, reason=reason, words="Kosong.")
        settings.EMAIL_BACKEND = backend
        assert send_due(FRIDAY) == 0
        assert send_due(FRIDAY + MINUTE) == 2
        assert [case.number in letter.subject for letter in letters] == [True, True]
        assert "kami terima" in letters[0].subject or "received" in letters[0].subject

    def test_a_question_already_answered_is_not_asked_again(self, letters):
        from accounts.actors import Citizen
        from complaints.services import citizen

        case = factories.awaiting(email=ANI)
        citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY, text="Di depan pasar.")
        send_due(FRIDAY)
        assert Message.objects.get(template="question").last_error == "overtaken by events"


@pytest.mark.django_db
class TestDigest:
    def test_what_is_due_for_one_person_is_one_mail(self, letters):
        officer = factories.make_user(Role.OFFICER, language="en")
        cases = [factories.in_progress() for _ in range(3)]
        Message.objects.all().delete()
        for case in cases:
            digest_line(officer, case)
        assert send_due(FRIDAY) == 3
        (letter,) = letters
        assert letter.subject == "3 matters need your attention"
        for case in cases:
            assert case.number in letter.body
            assert case.number in letter.alternatives[0][0]

    def test_a_single_line_is_the_mail_itself(self, letters):
        officer = factories.make_user(Role.OFFICER, language="en")
        case = factories.in_progress()
        Message.objects.all().delete()
        digest_line(officer, case)
        send_due(FRIDAY)
        assert letters[0].subject == f"Report {case.number} falls due soon"

    def test_it_leaves_in_office_hours_only(self, letters):
        officer = factories.make_user(Role.OFFICER)
        case = factories.in_progress()
        Message.objects.all().delete()
        digest_line(officer, case, due_at=SUNDAY)
        assert send_due(SUNDAY) == 0
        assert Message.objects.get().due_at == MONDAY_OPENING
        assert send_due(MONDAY_OPENING) == 1

    def test_the_next_one_waits_an_hour(self, letters, settings):
        officer = factories.make_user(Role.OFFICER)
        first, second = factories.in_progress(), factories.in_progress()
        Message.objects.all().delete()
        digest_line(officer, first)
        assert send_due(FRIDAY) == 1
        digest_line(officer, second)
        assert send_due(FRIDAY + 10 * MINUTE) == 0
        assert Message.objects.get(complaint=second).due_at == FRIDAY + HOUR

    def test_reminders_of_cases_that_are_answered_fall_away(self, letters):
        officer = factories.make_user(Role.OFFICER)
        answered, open_case = factories.in_progress(), factories.in_progress()
        handling.resolve(answered.pk, actor=factories.officer_of(answered), now=FRIDAY, answer="Selesai.")
        Message.objects.all().delete()
        for case in (answered, open_case):
            digest_line(officer, case)
        assert send_due(FRIDAY) == 1
        assert answered.number not in letters[0].body
        assert open_case.number in letters[0].body

    def test_a_reminder_gives_way_to_the_escalation_of_the_same_case(self, letters):
        officer = factories.make_user(Role.OFFICER)
        case = factories.in_progress()
        Message.objects.all().delete()
        for number in range(3):
            digest_line(officer, case, number=number)
        digest_line(officer, case, "escalation", 9)
        assert send_due(FRIDAY) == 1
        assert len(letters) == 1

    def test_one_that_may_have_arrived_is_repeated_with_the_same_lines(self, letters, monkeypatch):
        officer = factories.make_user(Role.OFFICER)
        cases = [factories.in_progress() for _ in range(3)]
        Message.objects.all().delete()
        for case in cases[:2]:
            digest_line(officer, case)

        def killed(*args):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(outbox, "_mine", killed)
            with pytest.raises(KeyboardInterrupt):
                send_due(FRIDAY)
        digest_line(officer, cases[2])
        send_due(FRIDAY + LEASE)
        first, *later = letters
        repeated = [m for m in later if m.extra_headers["Message-ID"] == first.extra_headers["Message-ID"]]
        assert [m.body for m in repeated] == [first.body]


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(letters):
    for number in range(12):
        factories.file_complaint(email=f"ani{number}@tuntas.test")
    barrier = threading.Barrier(4)
    problems = []

    def send():
        try:
            barrier.wait(timeout=PATIENCE)
            send_due(FRIDAY)
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(f"ani{n}@tuntas.test" for n in range(12))
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}
