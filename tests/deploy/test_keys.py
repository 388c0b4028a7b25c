"""Keys can be changed: what was kept under the old one stays readable, and is sealed anew."""

import json
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.db.models import BinaryField
from django.test import Client
from django.utils.crypto import salted_hmac
from pytest_django.fixtures import Settings

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.identity import Identity, seal, unseal
from complaints.mail.way_in import code_of
from complaints.models import Complainant, Complaint, Message
from complaints.numbers import receipt_digest
from complaints.peppers import code_behind, on_former_peppers
from complaints.sealing import SEALED, seal_anew, sealed_with_former_keys
from complaints.services.citizen import find
from complaints.services.intake import Filing, submit
from config.secrets import make_text
from reports.figures.periods import Period
from reports.figures.reading.scope import Pseudonyms
from surveys.forums.contacts import keep_contact
from surveys.forums.meetings import codes
from surveys.models import Contact, Round
from surveys.rounds.tokens import digest_of, digests_of
from tests import factories
from tests.shared import NOON

pytestmark = pytest.mark.django_db
OLD, NEW = make_text(), make_text()
PERIOD = Period(date(2026, 7, 1), date(2026, 9, 30))
FILING = Filing("Jalan berlubang", "Lubang besar di depan pasar.")
RECEIPTS = "complaints.complaint.receipt_digest"


@pytest.fixture(autouse=True)
def old_key(settings: Settings) -> None:
    settings.IDENTITY_KEY, settings.IDENTITY_FORMER_KEYS = OLD, []


def change_key(settings: Settings) -> None:
    settings.IDENTITY_KEY, settings.IDENTITY_FORMER_KEYS = NEW, [OLD]


def throw_away(settings: Settings) -> None:
    settings.IDENTITY_FORMER_KEYS = []


def opened(case: Complaint) -> Identity:
    return unseal(bytes(Complainant.objects.get(complaint=case).sealed))


def second_steps(user: User) -> tuple[str, list[str]]:
    totp, codes = (Authenticator.objects.get(user=user, type=kind) for kind in ("totp", "recovery_codes"))
    from allauth.mfa.utils import decrypt

    return decrypt(totp.data["secret"]), RecoveryCodes(codes).get_unused_codes()


def test_names_and_second_steps_outlive_their_key(settings: Settings) -> None:
    case = factories.file_complaint(email="ani@warga.test")
    user = factories.make_user(Role.OFFICER, factories.make_agency("PUPR"))
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    Contact.objects.create(digest="d" * 64, sealed=seal(Identity(email="budi@warga.test")), language="id")
    before = second_steps(user)

    change_key(settings)
    assert opened(case).email == "ani@warga.test"
    assert second_steps(user) == before
    later = factories.file_complaint(email="cici@warga.test")
    assert sum(sealed_with_former_keys().values()) == 4
    with pytest.raises(SystemExit):
        call_command("former_keys", "--json")

    assert seal_anew() == 4
    assert not any(sealed_with_former_keys().values())
    assert seal_anew() == 0
    throw_away(settings)
    assert opened(case).email == "ani@warga.test"
    assert opened(later).email == "cici@warga.test"
    assert unseal(bytes(Contact.objects.get().sealed)).email == "budi@warga.test"
    assert second_steps(user) == before


def test_without_the_former_key_nothing_opens_and_nothing_is_changed(settings: Settings) -> None:
    factories.file_complaint(email="ani@warga.test")
    settings.IDENTITY_KEY = NEW
    with pytest.raises(InvalidToken):
        unseal(bytes(Complainant.objects.get().sealed))
    assert seal_anew() == 0


def test_what_no_key_opens_keeps_nobody_waiting(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Its key was taken out too early; all others are sealed anew, and copies are made."""
    settings.IDENTITY_KEY = "a key that is lost"
    lost = factories.file_complaint(email="budi@warga.test")
    settings.IDENTITY_KEY = OLD
    case = factories.file_complaint(email="ani@warga.test")
    change_key(settings)
    assert seal_anew() == 1
    assert "1 of complaints.complainant.sealed open with no key" in caplog.text
    throw_away(settings)
    assert opened(case).email == "ani@warga.test"
    with pytest.raises(InvalidToken):
        opened(lost)


def test_what_was_erased_meanwhile_stays_erased(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.file_complaint(email="ani@warga.test")
    change_key(settings)
    column = next(iter(SEALED))
    erased = seal(Identity())

    def erase_first(value: bytes) -> bytes:
        Complainant.objects.update(sealed=erased)
        return seal(Identity(email="ani@warga.test"))

    monkeypatch.setitem(
        SEALED.entries, column.code, column.__class__(column.model, column.field, again=erase_first)
    )
    assert seal_anew() == 0
    assert bytes(Complainant.objects.get().sealed) == erased


def test_every_sealed_column_there_is_is_registered(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns of bytes whose names say so, wherever they are."""
    from django.apps import apps

    there = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField) and field.name in ("sealed", "representative")
    }
    assert there == {column.code for column in SEALED} - {"mfa.authenticator.data"}
    call_command("former_keys", "--json")
    assert set(json.loads(capsys.readouterr().out)["left"]) == {column.code for column in SEALED}


def test_sessions_live_through_a_new_secret_key(settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    verifier, seen, unseen = factories.make_user(Role.VERIFIER), Client(), Client()
    for client in (seen, unseen):
        client.force_login(verifier)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert seen.get("/staff/cases/").status_code == 200  # and its session goes by the new key from here on
    settings.SECRET_KEY_FALLBACKS = []
    assert seen.get("/staff/cases/").status_code == 200
    assert unseen.get("/staff/cases/").status_code == 302


def change_pepper(settings: Settings) -> None:
    settings.RECEIPT_PEPPER, settings.RECEIPT_FORMER_PEPPERS = NEW, [OLD]


def test_codes_outlive_their_pepper(settings: Settings) -> None:
    factories.make_city()
    settings.RECEIPT_PEPPER, settings.RECEIPT_FORMER_PEPPERS = OLD, []
    before = submit(FILING, actor=None, now=NOON, secret="a form" * 5)
    assert not any(on_former_peppers().values())

    change_pepper(settings)
    after = submit(FILING, actor=None, now=NOON)
    for receipt in (before, after):
        assert find(receipt.code) == Citizen(receipt.case.pk)
    again = submit(FILING, actor=None, now=NOON, secret="a form" * 5)
    assert (again.case.pk, again.code, again.is_new) == (before.case.pk, before.code, False)
    assert code_behind(before.case.receipt_digest, lambda _pepper: "a form" * 5) == before.code
    assert {name: count for name, count in on_former_peppers().items() if count} == {RECEIPTS: 1}
    with pytest.raises(SystemExit):
        call_command("former_keys", "--json")

    settings.RECEIPT_FORMER_PEPPERS = []
    assert find(before.code) is None
    assert find(after.code) == Citizen(after.case.pk)


def test_a_receipt_of_before_there_were_marks_is_known(settings: Settings) -> None:
    factories.make_city()
    receipt = submit(FILING, actor=None, now=NOON)
    bare = receipt_digest(receipt.code, settings.RECEIPT_PEPPER, is_marked=False)
    Complaint.objects.filter(pk=receipt.case.pk).update(receipt_digest=bare)
    assert find(receipt.code) == Citizen(receipt.case.pk)
    settings.RECEIPT_FORMER_PEPPERS, settings.RECEIPT_PEPPER = [settings.RECEIPT_PEPPER], NEW
    assert find(receipt.code) == Citizen(receipt.case.pk)
    assert on_former_peppers()[RECEIPTS] == 1


def test_nothing_new_is_derived_from_a_former_pepper(settings: Settings) -> None:
    """Who saw it could work out what a mail brings to somebody who lost their code."""
    settings.RECEIPT_PEPPER = OLD
    message = Message(dedupe_key="lost_code:1", template=Message.Template.LOST_CODE)
    seen = code_of(message)
    change_pepper(settings)
    assert code_of(message) != seen


def test_codes_addresses_and_tablets_outlive_it(settings: Settings) -> None:
    settings.RECEIPT_PEPPER, ani = OLD, Identity(email="ani@warga.test")
    code, row = codes.new_code(), Round(pk=7)
    contact = keep_contact(ani, language="id", now=NOON)
    tablet = digest_of("tablet", "a secret", row)
    shown = codes.shown(code.nonce)
    change_pepper(settings)
    assert codes.shown(code.nonce, code.digest) == shown != codes.shown(code.nonce)
    assert code.digest in codes.digests_of(shown)
    assert keep_contact(ani, language="id", now=NOON) == contact
    assert tablet in digests_of("tablet", "a secret", row)


def test_rows_of_reports_keep_their_names_over_a_new_secret_key(settings: Settings) -> None:
    settings.SECRET_KEY, settings.PSEUDONYM_KEY = OLD, ""
    before = Pseudonyms(PERIOD, None)(7)
    settings.SECRET_KEY = NEW
    assert Pseudonyms(PERIOD, None)(7) != before
    settings.PSEUDONYM_KEY = OLD
    assert Pseudonyms(PERIOD, None)(7) == before
    whole = salted_hmac("report:2026-07-01:2026-09-30:", "7", secret=OLD, algorithm="sha256")
    assert before == whole.hexdigest()[:20]
