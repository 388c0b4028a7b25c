"""How a test gets into a case as its citizen."""

from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.actors import Citizen
from complaints.models import Complaint
from complaints.numbers import receipt_from_secret
from tests.factories import file_complaint

TRACK = "/complaints/track/"
MINE = "/complaints/mine/"


def citizen_of(case: Complaint) -> Client:
    """A browser in which the receipt code of `case` was just entered."""
    client = Client()
    session = client.session
    session["citizen"] = {"case": case.pk, "until": timezone.now().timestamp() + 1800}
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


def with_code(**fields: Any) -> tuple[Complaint, str]:
    """A case and its receipt code."""
    secret = token_urlsafe(24)
    case = file_complaint(secret=secret, **fields)
    return case, receipt_from_secret(secret.encode(), settings.RECEIPT_PEPPER)


def actor(case: Complaint) -> Citizen:
    return Citizen(case.pk)
