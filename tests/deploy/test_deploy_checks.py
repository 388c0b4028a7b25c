"""`check --deploy` refuses what endangers people, and says what to do."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from config.deploy_checks import endangers_nobody

A_KEY = "abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJKL"
FINE: dict[str, Any] = {
    "DEBUG": False,
    "HTTPS": True,
    "TRUSTED_PROXY_COUNT": 1,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Tuntas <lapor@kota.example>",
    "SECRET_KEY": A_KEY,
    "RECEIPT_PEPPER": A_KEY[::-1],
    "IDENTITY_KEY": A_KEY.swapcase(),
    "LEDGER_KEY": "A" * 43 + "=",
    "STAFF_TWO_STEP_REQUIRED": True,
    "LEDGER_MAIL_TO": ["kepala@ombudsman.example"],
}


BUCKET: dict[str, Any] = {
    "bucket_name": "files",
    "endpoint_url": "https://s3.kota.example",
    "region_name": None,
    "access_key": "k",
    "secret_key": "s",
    "location": "kupang",
}
NO_BUCKET = BUCKET | {"bucket_name": "", "endpoint_url": None, "access_key": "", "secret_key": ""}


@pytest.fixture(autouse=True)
def fine(settings: Settings) -> None:
    for name, value in FINE.items():
        setattr(settings, name, value)


def found() -> list[str]:
    problems = endangers_nobody(None)
    assert all(problem.hint for problem in problems)
    return [str(problem.id) for problem in problems]


def test_a_city_set_up_by_the_guide_is_let_through() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "E001"),
        ("HTTPS", False, "E002"),
        ("TRUSTED_PROXY_COUNT", 0, "E003"),
        *[
            ("EMAIL_BACKEND", f"django.core.mail.backends.{kind}.EmailBackend", "E004")
            for kind in ("console", "dummy", "locmem", "filebased")
        ],
        ("DEFAULT_FROM_EMAIL", "Tuntas <tuntas@localhost>", "E005"),
        *[
            (name, value, "E006")
            for name in ("SECRET_KEY", "RECEIPT_PEPPER", "IDENTITY_KEY")
            for value in ("short", "x" * 64, "abcabc" * 12)
        ],
        ("RECEIPT_PEPPER", FINE["IDENTITY_KEY"], "E006"),
        *[("LEDGER_KEY", value, "E007") for value in ("", "none", A_KEY, "AAAA")],
        ("BACKUP_PASSPHRASE", "too short", "E014"),
        ("STAFF_TWO_STEP_REQUIRED", False, "E008"),
        ("LEDGER_MAIL_TO", [], "E009"),
    ],
)
def test_what_endangers_people_is_refused(settings: Settings, name: str, value: Any, said: str) -> None:
    setattr(settings, name, value)
    assert found() == [f"tuntas.{said}"]


def test_the_key_itself_is_not_shown(settings: Settings) -> None:
    settings.IDENTITY_KEY = "rahasia-pendek"
    assert "rahasia" not in str(endangers_nobody(None))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"bucket_name": ""}, ["E011"]),
        ({"secret_key": ""}, ["E011"]),
        ({"access_key": "", "secret_key": ""}, ["E011"]),
        ({"access_key": "", "secret_key": "", "endpoint_url": None}, []),  # Amazon's hosts have a role
        ({"endpoint_url": "http://s3.kota.example"}, ["E012"]),
        ({"endpoint_url": "http://127.0.0.1:9000"}, []),
    ],
)
@pytest.mark.parametrize("name", ["FILES_S3", "BACKUP_S3"])
def test_an_object_store_is_set_whole_or_not_at_all(
    settings: Settings, name: str, changed: dict[str, Any], said: list[str]
) -> None:
    settings.FILES_S3 = settings.BACKUP_S3 = NO_BUCKET
    setattr(settings, name, BUCKET | changed)
    assert found() == [f"tuntas.{number}" for number in said]


def test_copies_do_not_lie_in_the_bucket_that_they_are_of(settings: Settings) -> None:
    settings.FILES_S3 = BUCKET
    settings.BACKUP_S3 = BUCKET | {"location": "copies"}
    assert found() == ["tuntas.E013"]
