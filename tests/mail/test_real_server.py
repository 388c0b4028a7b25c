"""Mail over a real SMTP conversation: taken, refused, the server away and back."""

import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.core import mail

from complaints.mail import email, letters
from complaints.mail.outbox import send_due
from complaints.models import Message
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.shared import PATIENCE

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class Sink:
    """Takes mail; refuses whom it is told to, and hangs up after so many mails on one connection."""

    def __init__(self):
        self.taken, self.refused, self.per_connection = [], set(), None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        session.count = getattr(session, "count", 0) + 1
        if self.per_connection and session.count > self.per_connection:
            server.transport.close()
            return "421 too many"
        self.taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


@pytest.fixture
def port():
    """Of our own: bound and not listened on, so that nobody else is given it while the server is away."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def server(port, settings):
    """Starts and stops a mail server at will."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    sink, running = Sink(), []

    class Server:
        taken = sink.taken
        refused = sink.refused

        def start(self, per_connection=None):
            sink.per_connection = per_connection
            controller = Controller(sink, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE)
            controller.start()
            running.append(controller)

        def stop(self):
            running.pop().stop()

    yield Server()
    for controller in running:
        controller.stop()


def file_from(*people):
    return [factories.file_complaint(email=f"{person}@tuntas.test", language="en") for person in people]


def test_a_mail_goes_over_the_wire_as_it_was_made(server):
    server.start()
    (case,) = file_from("ani")
    assert send_due(FRIDAY) == 1
    ((recipients, letter),) = server.taken
    assert recipients == ["ani@tuntas.test"]
    assert letter["Subject"] == f"We have received your report {case.number}"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"]
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_with_the_server_away_for_a_day_nothing_is_lost_and_all_goes_when_it_is_back(server):
    file_from("ani", "beni", "cici")
    for hour in range(24):
        with pytest.raises(OSError):  # noqa: PT011 - whatever the network says
            send_due(FRIDAY + timedelta(hours=hour))
    assert set(Message.objects.values_list("attempts", flat=True)) == {0}
    server.start()
    assert send_due(FRIDAY + DAY) == 3
    assert send_due(FRIDAY + DAY) == 0
    assert sorted(to for (to,), _ in server.taken) == [
        "ani@tuntas.test",
        "beni@tuntas.test",
        "cici@tuntas.test",
    ]


def test_a_recipient_who_is_refused_does_not_hold_up_the_others(server):
    server.start()
    server.refused.add("ani@tuntas.test")
    file_from("ani", "beni")
    assert send_due(FRIDAY) == 1
    row = Message.objects.get(sent_at=None)
    assert (row.last_error, row.due_at) == ("SMTPRecipientsRefused", FRIDAY + MINUTE)
    server.refused.clear()
    assert send_due(FRIDAY + MINUTE) == 1


def test_a_server_that_hangs_up_after_some_mails_is_called_again(server):
    server.start(per_connection=2)
    file_from("ani", "beni", "cici", "dodi", "edi")
    assert send_due(FRIDAY) == 5
    assert len(server.taken) == 5


def test_a_server_that_goes_away_in_the_middle_costs_no_attempt(server, monkeypatch):
    server.start()
    file_from("ani", "beni")
    compose = letters.compose

    def compose_and_pull_the_plug(group):
        if server.taken:
            server.stop()
            post["connection"].sock.close()
        return compose(group)

    post = {}
    get_connection = mail.get_connection

    def remember(**options):
        backend = get_connection(**options)
        opening = backend.open

        def open_and_remember():
            opened = opening()
            post["connection"] = backend.connection
            return opened

        backend.open = open_and_remember
        return backend

    monkeypatch.setattr(email, "get_connection", remember)
    monkeypatch.setattr(email, "compose", compose_and_pull_the_plug)
    with pytest.raises(OSError):  # noqa: PT011 - whatever the network says
        send_due(FRIDAY)
    left = Message.objects.get(sent_at=None)
    assert (left.attempts, left.leased_until, left.due_at) == (0, None, FRIDAY)
