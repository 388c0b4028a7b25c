"""What the tests of the outbox share."""

import pytest
from django.core import mail

from complaints.models import Message


@pytest.fixture
def letters():
    """The mails that were sent, as a list that a test reads after `send_due`."""
    mail.outbox.clear()
    return mail.outbox


@pytest.fixture
def waiting():
    """The rows that are still to be sent."""
    return lambda: Message.objects.filter(sent_at=None, dropped_at=None)
