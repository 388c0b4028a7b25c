"""The administrator's first page says what stands still and what the city still has to have."""

from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.roles import Role, Seat
from complaints.mail.outbox import send_due
from complaints.models import Message
from config.first_steps import first_steps
from config.watch import watched
from escalation.holding import sweep_on
from escalation.ladder.models import LadderState
from tests import factories
from tests.factories import FRIDAY, HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_copies(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path


def missing() -> dict[str, str]:
    return {step.label: step.missing for step in first_steps(FRIDAY)}


def test_people_are_ticked_off_one_by_one() -> None:
    agency = factories.make_agency("PUPR")
    factories.make_category("jalan", agency=agency)
    closed = factories.make_agency("LAMA", is_active=False)
    factories.make_category("lama", agency=closed)
    labels = list(missing())[:4]
    assert all(missing()[label] for label in labels)
    for label, role in zip(
        labels, (Role.VERIFIER, Role.SUPERVISOR, Role.OFFICER, Role.AGENCY_HEAD), strict=True
    ):
        of = agency if role in (Role.OFFICER, Role.AGENCY_HEAD) else None
        person = factories.make_user(role, of)
        assert not missing()[label]
        person.is_active = False
        person.save()
        assert missing()[label]
        person.is_active = True
        person.save()
    assert not any(missing()[label] for label in labels)


def test_who_cannot_sign_in_and_who_sits_below_is_nobody_there(settings: Settings) -> None:
    top = list(missing())[4]
    verifies = next(iter(missing()))
    person = factories.make_user(Role.VERIFIER)
    assert not missing()[verifies]
    person.set_unusable_password()
    person.save()
    assert missing()[verifies]
    settings.OIDC_SERVER_URL = "https://masuk.kota.example"  # where nobody needs a password of ours
    assert not missing()[verifies]
    settings.OIDC_SERVER_URL = ""
    factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)
    assert missing()[top]
    factories.make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN)
    assert not missing()[top]


def test_an_administrator_gets_a_trial_mail(client: Client) -> None:
    admin = factories.make_user(Role.ADMINISTRATOR, language="en")
    client.force_login(factories.make_user(Role.OFFICER, factories.make_agency("PUPR")))
    assert client.post("/admin/trial-mail/", follow=True).status_code == 403
    assert not Message.objects.exists()
    client.force_login(admin)
    assert client.get("/admin/trial-mail/").status_code == 405
    with time_machine.travel(FRIDAY, tick=False):
        for _time in range(2):  # pressed twice
            assert client.post("/admin/trial-mail/")["Location"] == "/admin/"
        send_due(FRIDAY)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([admin.email], "Mail from the complaints desk arrives")
    assert not {step.label: step.missing for step in first_steps(FRIDAY)}["Email sampai"]


def test_the_page_says_both(client: Client) -> None:
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    LadderState.objects.update_or_create(defaults={"fingerprint": ""})
    sweep_on(FRIDAY)
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        page = client.get("/admin/").content.decode()
        assert "Langkah pertama" in page
        assert "Langkah pertama" not in client.get("/admin/accounts/").content.decode()
    for each in watched(FRIDAY + HOUR):
        assert str(each.label) in page
    for step in first_steps(FRIDAY):
        assert step.label in page
    assert "terlambat" in page and "LEDGER_MAIL_TO belum diisi" in page
