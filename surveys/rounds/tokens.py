"""One-time tokens: of a form, signed when it is shown; of a personal code, handed out on paper. Of both the database
has a keyed digest, so that who reads it learns neither."""

import hmac
import re
from datetime import datetime
from hashlib import sha256
from secrets import choice, token_urlsafe

from django.core.signing import BadSignature, Signer

from complaints.numbers import marked
from complaints.peppers import peppers
from surveys.rounds.models import Round, Token

# Without vowels and lookalikes: no word comes out, and what is read aloud is understood.
SYMBOLS = "23456789BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH, ROUND_LENGTH = 12, 6  # 57 bits; a round's code is no secret
LIFE = 24 * 3600  # seconds that a form may stay open
_CLIENT = re.compile(r"[A-Za-z0-9_-]{22,64}")


def digest_of(kind: str, secret: str, row: Round) -> str:
    """`kind` keeps tokens of forms, codes and tablets apart: one is never taken for another."""
    return digests_of(kind, secret, row)[0]


def digests_of(kind: str, secret: str, row: Round) -> list[str]:
    """By which it may be known: today's, then those of former peppers, and those of before there were marks."""
    text = f"survey\0{kind}\0{row.pk}\0{secret}"
    bare = [(pepper, hmac.new(pepper.encode(), text.encode(), sha256).hexdigest()) for pepper in peppers()]
    return [*(marked(*each) for each in bare), *(digest for _pepper, digest in bare)]


def known_digest(kind: str, secret: str, row: Round) -> str:
    """That by which it is known already; today's of what is not."""
    digests = digests_of(kind, secret, row)
    known = Token.objects.filter(round=row, digest__in=digests).values_list("digest", flat=True)
    return known.first() or digests[0]


def draw_code(length: int) -> str:
    return "".join(choice(SYMBOLS) for _ in range(length))


def show_code(code: str) -> str:
    """`XXXX-XXXX-XXXX`, easier to copy by hand."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalise(text: str, length: int = CODE_LENGTH) -> str | None:
    """The symbols of a typed code; None when it cannot be one."""
    symbols = re.sub(r"[\s\-–—.]", "", text.upper())
    return symbols if len(symbols) == length and set(symbols) <= set(SYMBOLS) else None


def _signer(row: Round) -> Signer:
    return Signer(salt=f"surveys.form.{row.pk}")


def new_form_token(row: Round, now: datetime) -> str:
    """For one form on somebody's screen. That it was shown is kept nowhere but in itself."""
    return _signer(row).sign(f"{token_urlsafe(16)}.{int(now.timestamp())}")


def seconds_open(row: Round, token: str, now: datetime) -> float | None:
    """How long ago the form was shown; None of what no form of this round has, or one that is too old."""
    try:
        shown = int(_signer(row).unsign(token).rpartition(".")[2])
    except (BadSignature, ValueError):
        return None
    seconds = now.timestamp() - shown
    return seconds if -60 <= seconds <= LIFE else None


def is_client_token(token: str) -> bool:
    """Whether a tablet's own one-time token is long enough to be nobody else's."""
    return bool(_CLIENT.fullmatch(token))
