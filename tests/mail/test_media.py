"""A message has a medium: each is carried by its own adapter, under the same rules."""

from datetime import datetime

import pytest

from complaints.mail.drafting import draft_message, store_messages
from complaints.mail.media import MEDIA, Wire
from complaints.mail.outbox import LEASE, send_due
from complaints.models import Complaint, Message
from tests import factories
from tests.factories import FRIDAY, HOUR

pytestmark = pytest.mark.django_db
SMS = Message.Medium.SMS


class Carrier:
    """An adapter that takes everything, or cannot be reached, or dies after the carrier took it."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.is_away = False
        self.refuses = False

    def open(self) -> None:
        if self.is_away:
            raise ConnectionRefusedError

    def send(self, group: list[Message]) -> None:
        if self.refuses:
            raise ValueError("no such number")
        self.taken += [message.template for message in group]

    def close(self) -> None: ...


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    carrier = Carrier()
    monkeypatch.setitem(MEDIA.entries, SMS, Wire(SMS, lambda: carrier))
    return carrier


def drafted(case: Complaint, medium: Message.Medium, at: datetime = FRIDAY) -> Message:
    return draft_message(Message.Template.CLOSING, case=case, cause="7", due_at=at, medium=medium)


def test_each_medium_carries_its_own(carrier: Carrier, mailoutbox: list[object]) -> None:
    case = factories.file_complaint(email="ani@tuntas.test")  # its receipt goes by mail
    store_messages([drafted(case, SMS)])
    assert send_due(FRIDAY) == 2
    assert carrier.taken == ["closing"]
    assert len(mailoutbox) == 1
    assert send_due(FRIDAY + HOUR) == 0


def test_one_cause_is_one_message_a_medium() -> None:
    case = factories.file_complaint()
    store_messages([drafted(case, SMS), drafted(case, SMS), drafted(case, Message.Medium.EMAIL)])
    store_messages([drafted(case, SMS)])
    assert sorted(Message.objects.filter(template="closing").values_list("medium", flat=True)) == [
        "email",
        "sms",
    ]


def test_a_carrier_that_is_away_costs_no_attempt_and_holds_up_no_other(
    carrier: Carrier, mailoutbox: list[object]
) -> None:
    case = factories.file_complaint(email="ani@tuntas.test")
    store_messages([drafted(case, SMS)])
    carrier.is_away = True
    with pytest.raises(ConnectionRefusedError):
        send_due(FRIDAY)
    waiting = Message.objects.get(medium=SMS)
    assert (waiting.attempts, waiting.leased_until, len(mailoutbox)) == (0, None, 1)
    carrier.is_away = False
    assert send_due(FRIDAY) == 1


def test_what_a_carrier_refuses_comes_again_later(carrier: Carrier) -> None:
    case = factories.file_complaint()
    store_messages([drafted(case, SMS)])
    carrier.refuses = True
    assert send_due(FRIDAY) == 0
    waiting = Message.objects.get(medium=SMS)
    assert (waiting.attempts, waiting.last_error) == (1, "ValueError")
    assert waiting.due_at > FRIDAY
    carrier.refuses = False
    assert send_due(FRIDAY + LEASE) == 1


def test_a_medium_that_is_not_wired_waits_untouched(mailoutbox: list[object]) -> None:
    store_messages([drafted(factories.file_complaint(), SMS)])
    send_due(FRIDAY)
    assert Message.objects.get(medium=SMS).attempts == 0
    assert not mailoutbox
