"""The code by which somebody finds again what is theirs: a registration, that they were there, a text to sign.

Derived of a nonce when a mail or page needs it, like a receipt code; a row keeps a digest alone. A mail has it behind
the # of its link, which no browser sends and no server logs, and in plain words to be typed.
"""

from dataclasses import dataclass
from secrets import token_hex

from django.conf import settings

from complaints.numbers import normalise_receipt, receipt_digest, receipt_from_secret, show_receipt


@dataclass(frozen=True)
class NewCode:
    nonce: str
    digest: str


def new_code() -> NewCode:
    nonce = token_hex(16)
    return NewCode(nonce, _digest(_symbols(nonce)))


def shown(nonce: str) -> str:
    """`XXXX-XXXX-XXXX-XXXX-XXXX`, made anew of its nonce."""
    return show_receipt(_symbols(nonce))


def digest_of(typed: str) -> str | None:
    """What a row keeps of a typed code; None when it cannot be one."""
    symbols = normalise_receipt(typed)
    return _digest(symbols) if symbols else None


def _symbols(nonce: str) -> str:
    return receipt_from_secret(b"forum\0" + nonce.encode(), settings.RECEIPT_PEPPER)


def _digest(symbols: str) -> str:
    return receipt_digest(symbols, f"forum {settings.RECEIPT_PEPPER}")
