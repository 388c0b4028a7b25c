"""Which words count as conduct is a dated setting in the administration, on record like the others."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.accused import named_in
from complaints.ledger.settings import record_settings
from complaints.ledger.verify import verify_ledger
from complaints.models import ConductPhrase, LedgerEntry
from tests.factories import DAY, FRIDAY, file_complaint, make_agency, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def dlhk() -> Agency:
    return make_agency("DLHK", name="Dinas Lingkungan Hidup dan Kebersihan", short_name="DLHK")


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def typed(phrase: str, **fields: Any) -> dict[str, Any]:
    return {"phrase": phrase, "language": "id", "about": "absence", "valid_from": "2026-01-01"} | fields


def add(client: Client, phrase: str, **fields: Any) -> bool:
    sent = client.post(reverse("admin:complaints_conductphrase_add"), typed(phrase, **fields))
    return sent.status_code == 302


def test_a_word_that_the_city_adds_is_asked_about_and_stands_on_record(
    client: Client, admin: User, dlhk: Agency
) -> None:
    case = file_complaint(description="Petugas Dinas DLHK tidur di kantor")
    record_settings(actor=None, now=FRIDAY)
    assert named_in(case, [dlhk], FRIDAY) == {}
    assert add(client, " Tidur* ")
    assert named_in(case, [dlhk], FRIDAY) == {"DLHK": ["unit"]}
    entry = LedgerEntry.objects.latest("pk")
    assert entry.data["rows"]["+conduct_phrase"][0]["phrase"] == "tidur*"
    assert verify_ledger(files=False).ok
    ConductPhrase.objects.update(about="money")
    assert not verify_ledger(files=False).ok


def test_it_counts_from_its_day_to_its_last(client: Client, admin: User, dlhk: Agency) -> None:
    case = file_complaint(description="Petugas Dinas DLHK tidur di kantor")
    today = FRIDAY.date()
    assert add(client, "tidur", valid_from=today, valid_until=today)
    found = [bool(named_in(case, [dlhk], FRIDAY + days * DAY)) for days in (-1, 0, 1)]
    assert found == [False, True, False]
    row = ConductPhrase.objects.get()
    ended = typed("tidur", valid_from=today, valid_until=today - timedelta(days=1))
    path = reverse("admin:complaints_conductphrase_change", args=[row.pk])
    assert client.post(path, ended).status_code == 200


@pytest.mark.parametrize("phrase", ["*", "a*", "min*", "!?", "tidur"])
def test_what_would_fit_nearly_every_report_or_is_there_is_refused(
    client: Client, admin: User, phrase: str
) -> None:
    ConductPhrase.objects.create(phrase="tidur", language="id", about="absence", valid_from=date(2026, 1, 1))
    assert not add(client, phrase)
    assert ConductPhrase.objects.count() == 1
