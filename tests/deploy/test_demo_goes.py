"""A demo city comes only where nobody real is, and goes whole."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from accounts.demo import make_demo_users
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.identity import Identity, seal
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.outside import heads_file
from complaints.models import Complainant, Complaint, Event, Head, Message
from tests import factories
from tests.meetings.test_minutes import signed
from tests.shared import NOON

pytestmark = pytest.mark.django_db


def an_administrator_saved() -> None:
    admin = factories.make_user(Role.ADMINISTRATOR, email="adi@kupang.example")
    kind = ContentType.objects.get_for_model(Agency)
    LogEntry.objects.create(user=admin, content_type=kind, object_id="1", action_flag=CHANGE)


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        (lambda settings: factories.file_complaint(), "cases already"),
        (lambda settings: factories.make_user(Role.CLERK, email="ani@kupangkota.go.id"), "not of a demo: 1"),
        (lambda settings: an_administrator_saved(), "changed settings"),
        (lambda settings: people_write_to(settings), "people write to"),
    ],
)
def test_no_demo_city_comes_where_something_is_real(
    there: Callable[[Settings], object], reason: str, settings: Settings
) -> None:
    there(settings)
    with pytest.raises(CommandError, match=reason):
        call_command("seed_demo", cases=5, seed=1)
    assert not Agency.objects.filter(category__isnull=False).exists() or Complaint.objects.exists()


def people_write_to(settings: Settings) -> None:
    settings.HTTPS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def play() -> Path:
    make_demo_users([])
    case = factories.file_complaint(email="warga@warga.example")
    make_checkpoint(NOON)
    assert Message.objects.filter(complaint=case).exists()
    assert heads_file().exists()
    return heads_file()


def test_a_demo_city_goes_whole(settings: Settings) -> None:
    heads = play()
    left = settings.MEDIA_ROOT / "ab" / "abc"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"a picture")
    with pytest.raises(CommandError, match=r"nothing was removed yet.*1 cases"):
        call_command("remove_demo")
    assert left.exists()
    assert Complaint.objects.count() == 1

    connection.check_constraints()
    call_command("remove_demo", "--yes")
    ContentType.objects.clear_cache()
    assert not any(model.objects.exists() for model in (Complaint, Event, Head, Message, User))
    assert not left.exists()
    assert not heads.exists()
    assert not list(heads.parent.glob("numbers-*"))
    case = factories.file_complaint()
    assert case.pk == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(complaint=case).update(kind="other")


def called_by(phone: str) -> None:
    case = factories.file_complaint(email="budi@warga.example")
    Complainant.objects.filter(complaint=case).update(sealed=seal(Identity(name="Budi", phone=phone)))


@pytest.mark.parametrize(
    ("real", "reason"),
    [
        (lambda: factories.file_complaint(email="ani@gmail.com"), "left their address or number: 1"),
        (lambda: called_by("0813 5555 0123"), "left their address or number: 1"),
        (lambda: signed(), "signed minutes: 1"),  # whose address may be erased: their name stays on the paper
        (lambda: factories.make_user(Role.CLERK, email="ani@kupangkota.go.id"), "not of a demo: 1"),
    ],
)
def test_it_stays_where_somebody_real_came(real: Callable[[], object], reason: str) -> None:
    heads = play()
    real()
    with pytest.raises(CommandError, match=reason):
        call_command("remove_demo", "--yes")
    assert Complaint.objects.exists()
    assert heads.exists()


def test_an_installation_without_a_demo_is_left_alone() -> None:
    factories.file_complaint()
    with pytest.raises(CommandError, match="nobody of a demo city"):
        call_command("remove_demo", "--yes")
    assert Complaint.objects.count() == 1
