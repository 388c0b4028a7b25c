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
# By which what was given, signed or counted before is known: a copy needs them too. Former keys of identities it does
# not, since all is sealed anew before it is made.
FORMER_PEPPERS = "RECEIPT_FORMER_PEPPERS"
FURTHER = (FORMER_PEPPERS, "LEDGER_FORMER_KEYS", "PSEUDONYM_KEY")
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


def keys_in_use() -> dict[str, str]:
    """For the manifest: the fingerprint of each key by its setting, of former peppers all of them."""
    told = {name: in_use for name, (in_use, *_former) in fingerprints().items()}
    former = ",".join(fingerprint(pepper) for pepper in settings.RECEIPT_FORMER_PEPPERS)
    return told | ({FORMER_PEPPERS: former} if former else {})


def missing_keys(told: Mapping[str, str]) -> list[str]:
    """The settings without which a copy with this manifest cannot be read, or codes that were given do not open."""
    known = fingerprints()
    wrong = [name for name, fitting in known.items() if told.get(name) not in fitting]
    former = {each for each in told.get(FORMER_PEPPERS, "").split(",") if each}
    return wrong + ([FORMER_PEPPERS] if former - set(known["RECEIPT_PEPPER"]) else [])


def all_keys() -> dict[str, str]:
    """As the environment sets them; of FURTHER those that there are."""
    kept = {name: getattr(settings, name) for name in (*NAMES, *FURTHER)}
    return {name: key if isinstance(key, str) else ",".join(key) for name, key in kept.items() if key}


def take_key(name: str, key: str) -> None:
    """For this process, in which nothing was opened or signed yet."""
    setattr(settings, name, key.split(",") if isinstance(getattr(settings, name), list) else key)


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
