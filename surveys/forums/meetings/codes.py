"""The code by which somebody finds again what is theirs: a registration, that they were there, a text to sign.

Derived of a nonce when a mail or page needs it, like a receipt code; a row keeps a digest alone. A mail has it behind
the # of its link, which no browser sends and no server logs, and in plain words to be typed.
"""

from dataclasses import dataclass
from secrets import token_hex

from django.conf import settings

from complaints.numbers import normalise_receipt, receipt_digest, receipt_from_secret, show_receipt
from complaints.peppers import code_behind, receipt_digests

PURPOSE = "forum "  # keeps these apart from receipts


@dataclass(frozen=True)
class NewCode:
    nonce: str
    digest: str


def new_code() -> NewCode:
    nonce = token_hex(16)
    return NewCode(nonce, _digest(_symbols(nonce)))


def shown(nonce: str, digest: str | None = None) -> str:
    """`XXXX-XXXX-XXXX-XXXX-XXXX`, made anew of its nonce; that which has this digest, where the pepper was changed."""
    return show_receipt(code_behind(digest, lambda _pepper: f"forum\0{nonce}", PURPOSE))


def digests_of(typed: str) -> list[str]:
    """What a row may keep of a typed code; nothing when it cannot be one."""
    symbols = normalise_receipt(typed)
    return receipt_digests(symbols, PURPOSE) if symbols else []


def _symbols(nonce: str) -> str:
    return receipt_from_secret(b"forum\0" + nonce.encode(), settings.RECEIPT_PEPPER)


def _digest(symbols: str) -> str:
    return receipt_digest(symbols, f"{PURPOSE}{settings.RECEIPT_PEPPER}")
