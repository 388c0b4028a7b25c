"""Signed notes and tree heads as text, in the formats of C2SP (signed-note, tlog-checkpoint). Knows no Django.

A note is text, an empty line, and a line `— <name> <base64 of key id and signature>`. A head is a note:

    <origin>
    <number of leaves>
    <base64 of the root>
    time <UTC moment of signing>
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\1"  # the kind of key, by C2SP's list
ID_BYTES, SEED_BYTES, ROOT_BYTES = 4, 32, 32
DASH = "— "
_BASE64 = r"[A-Za-z0-9+/]+={0,2}"
_HEAD = re.compile(
    rf"^(?P<origin>\S+)\n(?P<size>0|[1-9]\d*)\n(?P<root>{_BASE64})\n"
    r"time (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n(?:\n— \S+ \S+\n)?",
    re.MULTILINE,
)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


class BadNote(ValueError):
    """Not a note, or not signed by this key."""


@dataclass(frozen=True)
class Verifier:
    """Who may have signed: the name and the public key (32 bytes)."""

    name: str
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        """The key as C2SP writes it (vkey)."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        try:
            name, key_id, rest = vkey.strip().split("+", 2)
            raw = b64decode(rest, validate=True)
        except (ValueError, NotBase64) as error:
            raise BadNote("not a key") from error
        found = cls(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != 1 + SEED_BYTES or found.key_id.hex() != key_id:
            raise BadNote("not a key")
        return found

    def check(self, note: str) -> str:
        """The text of a note that this key signed, with its last newline. Raises BadNote."""
        text, gap, signatures = note.rpartition("\n\n")
        if not gap or not signatures.endswith("\n"):
            raise BadNote("not a note")
        text += "\n"
        for line in signatures.splitlines():
            name, _, value = line.removeprefix(DASH).partition(" ")
            if line.startswith(DASH) and name == self.name and self._signed(text, value):
                return text
        raise BadNote("not signed by this key")

    def _signed(self, text: str, value: str) -> bool:
        try:
            raw = b64decode(value, validate=True)
            if raw[:ID_BYTES] != self.key_id:
                return False
            Ed25519PublicKey.from_public_bytes(self.public).verify(raw[ID_BYTES:], text.encode())
        except (ValueError, InvalidSignature):
            return False
        # One spelling only: base64 would leave the last bits of a signature free.
        return b64encode(raw).decode() == value


@dataclass(frozen=True)
class Signer:
    """Signs notes with an Ed25519 key, made from its 32 bytes of seed."""

    name: str
    seed: bytes

    @classmethod
    def parse(cls, name: str, seed: str) -> "Signer":
        """`seed` in base64. Raises BadNote."""
        try:
            raw = b64decode(seed, validate=True)
        except (ValueError, NotBase64) as error:
            raise BadNote("the key is not base64") from error
        if len(raw) != SEED_BYTES or not name or "+" in name or re.search(r"\s", name):
            raise BadNote("the key has not 32 bytes, or its name has a space or a plus sign")
        return cls(name, raw)

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note over `text`, which ends with a newline and holds no signature line of its own."""
        if not text.endswith("\n"):
            raise BadNote("the text of a note ends with a newline")
        value = b64encode(self.verifier.key_id + self._key.sign(text.encode())).decode()
        return f"{text}\n{DASH}{self.name} {value}\n"


@dataclass(frozen=True)
class TreeHead:
    """How many leaves, their root, and when that was signed (UTC, whole seconds)."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        root = b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {self.at.astimezone(UTC).strftime(_TIME)}\n"

    @classmethod
    def parse(cls, text: str) -> "TreeHead":
        """From the text of a note, signed or not; the signature is `Verifier.check`'s. Raises BadNote."""
        found = _HEAD.fullmatch(text)
        if found is None:
            raise BadNote("not a head")
        try:
            at = datetime.strptime(found["at"], _TIME).replace(tzinfo=UTC)
            head = cls(found["origin"], int(found["size"]), b64decode(found["root"], validate=True), at)
        except (ValueError, NotBase64) as error:
            raise BadNote("not a head") from error
        if len(head.root) != ROOT_BYTES or not text.startswith(head.text()):
            raise BadNote("not a head")
        return head


def open_head(note: str, verifier: Verifier) -> TreeHead:
    """The head in a note that `verifier` signed. Raises BadNote."""
    return TreeHead.parse(verifier.check(note))


def find_notes(text: str) -> Iterator[str]:
    """The signed heads in a file or a mail, one after the other, whatever stands around them."""
    for found in _HEAD.finditer(text.replace("\r\n", "\n")):
        if DASH in found[0]:
            yield found[0]
