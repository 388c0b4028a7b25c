"""The keys of an installation under a passphrase of their own: scrypt, then Fernet (AES-128-CBC with HMAC)."""

import base64
import json
import secrets
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from complaints.ledger.signing import verifiers
from config.backup.manifest import fingerprint

NAMES = ("SECRET_KEY", "RECEIPT_PEPPER", "IDENTITY_KEY", "LEDGER_KEY")
SHORTEST = 16  # characters of a passphrase
FORMAT = "tuntas-keys-1"
COST = 1 << 16  # 64 MB and a quarter of a second a guess


def fingerprints() -> dict[str, list[str]]:
    """By key that of the one in use, then those of former ones: what they sealed or signed can still be read. Of the
    ledger's key that of its public half, since former ones are known by no other."""
    known = {
        "SECRET_KEY": [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS],
        "RECEIPT_PEPPER": [settings.RECEIPT_PEPPER, *settings.RECEIPT_FORMER_PEPPERS],
        "IDENTITY_KEY": [settings.IDENTITY_KEY, *settings.IDENTITY_FORMER_KEYS],
        "LEDGER_KEY": [str(each) for each in verifiers()],
    }
    return {name: [fingerprint(key) for key in keys] for name, keys in known.items()}


class WrongPassphrase(Exception):
    """The keys do not open with it."""


def seal_keys(keys: Mapping[str, str], passphrase: str) -> str:
    salt = secrets.token_bytes(16)
    sealed = _box(passphrase, salt).encrypt(json.dumps(dict(keys)).encode())
    return f"{FORMAT} {base64.b64encode(salt).decode()} {sealed.decode()}\n"


def open_keys(text: str, passphrase: str) -> dict[str, str]:
    """WrongPassphrase also where the text is no sealed keys."""
    try:
        kind, salt, sealed = text.split()
        if kind != FORMAT:
            raise WrongPassphrase
        keys: dict[str, str] = json.loads(_box(passphrase, base64.b64decode(salt)).decrypt(sealed.encode()))
    except (ValueError, InvalidToken):
        raise WrongPassphrase from None
    return keys


def _box(passphrase: str, salt: bytes) -> Fernet:
    key = Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(key))
