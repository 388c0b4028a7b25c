"""What `check --deploy` refuses because it endangers people; each line says what to do."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from config.backup.keys import SHORTEST

SHORTEST_KEY = 32  # characters
MAIL_TO_NOBODY = ("console", "dummy", "locmem", "filebased")
THIS_HOST = ("127.0.0.1", "::1", "localhost")
KEYS = ("SECRET_KEY", "RECEIPT_PEPPER", "IDENTITY_KEY")


def mail_goes_out() -> bool:
    return settings.EMAIL_BACKEND.split(".")[-2] not in MAIL_TO_NOBODY


def refused() -> Iterator[tuple[str, str, str]]:
    """Number, what is wrong, and what to do."""
    if settings.DEBUG:
        yield "E001", "DEBUG shows strangers the inside of every error.", "Take DEBUG out of the environment."
    if not settings.HTTPS:
        yield (
            "E002",
            "BASE_URL does not begin with https://.",
            "Reports and passwords would be read on the way.",
        )
    elif settings.TRUSTED_PROXY_COUNT < 1:
        yield (
            "E003",
            "BASE_URL says https, and no proxy is counted that could speak it.",
            "Set TRUSTED_PROXY_COUNT to the number of proxies before the site: 1 with nginx on this host.",
        )
    if not mail_goes_out():
        yield "E004", "Mail goes to nobody.", "Set EMAIL_URL to the city's mail server."
    if settings.DEFAULT_FROM_EMAIL.rstrip("> ").endswith("@localhost"):
        yield "E005", "Mails would come from localhost.", "Set DEFAULT_FROM_EMAIL to an address of the city."
    if settings.OIDC_SERVER_URL and not settings.OIDC_SERVER_URL.startswith("https://"):
        yield (
            "E010",
            "Who signs in would be said in clear text.",
            "Set OIDC_SERVER_URL to an https:// address.",
        )
    yield from _stores()
    yield from _keys()
    if not settings.STAFF_TWO_STEP_REQUIRED:
        yield "E008", "A stolen password opens the desk.", "Set STAFF_TWO_STEP_REQUIRED=true."
    if not settings.LEDGER_MAIL_TO:
        yield (
            "E009",
            "Nobody outside keeps the signed heads of the history.",
            "Set LEDGER_MAIL_TO to an address of the ombudsman or of whoever watches the city.",
        )


def _stores() -> Iterator[tuple[str, str, str]]:
    """Object stores: of files, and of copies."""
    for prefix, said in (("FILES_S3", settings.FILES_S3), ("BACKUP_S3", settings.BACKUP_S3)):
        endpoint, keys = said["endpoint_url"] or "", [said["access_key"], said["secret_key"]]
        if not said["bucket_name"]:
            if endpoint or any(keys):
                yield (
                    "E011",
                    f"{prefix}_BUCKET is empty, and names of its store are set.",
                    "Set it, or none of them.",
                )
        elif any(keys) != all(keys) or (endpoint and not all(keys)):
            yield "E011", f"{prefix}_BUCKET has no whole key.", f"Set {prefix}_KEY and {prefix}_SECRET."
        elif endpoint.startswith("http://") and urlsplit(endpoint).hostname not in THIS_HOST:
            yield (
                "E012",
                f"What goes to {prefix}_BUCKET could be read on the way.",
                f"Set {prefix}_ENDPOINT to an https:// address.",
            )
    where = [(said["endpoint_url"], said["bucket_name"]) for said in (settings.FILES_S3, settings.BACKUP_S3)]
    if where[0] == where[1] and where[0][1]:
        yield (
            "E013",
            "Copies lie in the bucket that they are copies of.",
            "Set BACKUP_S3_BUCKET to another one, better of another store.",
        )


def _keys() -> Iterator[tuple[str, str, str]]:
    for name in KEYS:
        key = getattr(settings, name)
        if len(key) < SHORTEST_KEY or len(set(key)) < SHORTEST_KEY // 4:
            yield (
                "E006",
                f"{name} is too short to be a key.",
                "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
            )
    if settings.BACKUP_PASSPHRASE and len(settings.BACKUP_PASSPHRASE) < SHORTEST:
        yield (
            "E014",
            "BACKUP_PASSPHRASE is too short: no copy is made.",
            f"Set one of at least {SHORTEST} characters.",
        )
    if len({getattr(settings, name) for name in KEYS}) < len(KEYS):
        yield "E006", f"{', '.join(KEYS)} are not three keys.", "Make each of them anew."
    try:
        is_seed = len(base64.b64decode(settings.LEDGER_KEY, validate=True)) == 32
    except (ValueError, binascii.Error):
        is_seed = False
    if not is_seed:
        yield (
            "E007",
            "LEDGER_KEY is no key: 32 bytes in base64.",
            "Make one: python3 -c 'import base64, secrets; "
            "print(base64.b64encode(secrets.token_bytes(32)).decode())'",
        )


def endangers_nobody(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    return [checks.Error(what, hint=hint, id=f"tuntas.{number}") for number, what, hint in refused()]
