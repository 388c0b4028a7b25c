"""Seals and opens who complained. The key lies outside the database (IDENTITY_KEY)."""

import base64
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# Characters of a reason to look at a protected identity; "ok" is none.
SHORTEST_MOTIVE = 10


@dataclass(frozen=True)
class Identity:
    """Who complained; each part may be empty. `may_recover`: a way in to the report may go to the address. `few_mails`:
    what is asked of them, decisions and the answer only, not each step."""

    name: str = ""
    email: str = ""
    phone: str = ""
    may_recover: bool = False
    few_mails: bool = False

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.phone)


@lru_cache(maxsize=8)
def _box(*keys: str) -> MultiFernet:
    """Seals with the first key, opens with any."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(sha256(b"identity\0" + key.encode()).digest())) for key in keys
    )


def _all_keys() -> MultiFernet:
    return _box(settings.IDENTITY_KEY, *settings.IDENTITY_FORMER_KEYS)


def seal(identity: Identity) -> bytes:
    return _all_keys().encrypt(json.dumps(asdict(identity)).encode())


def unseal(sealed: bytes) -> Identity:
    """cryptography.fernet.InvalidToken when the key is not the one it was sealed with, nor a former one."""
    return Identity(**json.loads(_all_keys().decrypt(bytes(sealed))))


def is_sealed_anew(sealed: bytes) -> bool:
    """Whether the key of today opens it; not so while it needs a former one."""
    try:
        _box(settings.IDENTITY_KEY).decrypt(bytes(sealed))
    except InvalidToken:
        return False
    return True


def reseal(sealed: bytes) -> bytes:
    """The same under the key of today."""
    return _all_keys().rotate(bytes(sealed))


def seal_text(text: str) -> str:
    """What else of a person has to be kept for a while, apart from its key."""
    return _box(settings.IDENTITY_KEY).encrypt(text.encode()).decode()


def unseal_text(sealed: str) -> str:
    """cryptography.fernet.InvalidToken as above."""
    return _all_keys().decrypt(sealed.encode()).decode()
