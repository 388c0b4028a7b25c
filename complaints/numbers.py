"""The public number of a case and the citizen's secret receipt code. Pure but for the pepper it is given.

Number: `KPG-2026-004211-7`; year and serial, and a check digit (ISO 7064 MOD 11-10 over the digits)
that catches a mistyped digit or two swapped neighbours.

Receipt code: 18 random Crockford base-32 symbols (90 bits) and two check symbols, chosen so that the
20 symbols read as a number are 0 modulo 1021. A slip of the pen is refused without asking the database.
"""

import hashlib
import hmac
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans("OILU", "011V")
SERIAL_DIGITS = 6  # at least
_SYMBOLS, _CHECKS, _PRIME = 18, 2, 1021
NUMBER_PATTERN = re.compile(r"^([A-Z]{2,6})-(\d{4})-(\d{6,9})-(\d)$")


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11-10."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def make_number(prefix: str, year: int, serial: int) -> str:
    shown = f"{serial:0{SERIAL_DIGITS}d}"
    return f"{prefix}-{year:04d}-{shown}-{check_digit(f'{year:04d}{shown}')}"


def is_number(text: str) -> bool:
    """Whether `text` is a well-formed case number with the right check digit."""
    match = NUMBER_PATTERN.match(text.strip().upper())
    return bool(match) and check_digit(match[2] + match[3]) == match[4]  # type: ignore[index]


def receipt_from_secret(secret: bytes, pepper: str) -> str:
    """The receipt code that belongs to a one-time form secret of at least 128 bits.

    Derived rather than drawn, so that the same form sent twice shows the same receipt
    although the server keeps neither the secret nor the code.
    """
    digest = hmac.new(pepper.encode(), b"receipt\0" + secret, hashlib.sha256).digest()
    number = int.from_bytes(digest[:12], "big") % 32**_SYMBOLS
    return _encode(number)


def _encode(number: int) -> str:
    whole = number * 32**_CHECKS
    whole += -whole % _PRIME
    symbols = ""
    for _ in range(_SYMBOLS + _CHECKS):
        whole, value = divmod(whole, 32)
        symbols = ALPHABET[value] + symbols
    return symbols


def normalise_receipt(text: str) -> str | None:
    """The 20 symbols of a typed code, or None when it cannot be one. Case, spaces, hyphens, O/I/L are forgiven."""
    symbols = re.sub(r"[\s\-–—.]", "", text.upper()).translate(_LOOKALIKES)
    if len(symbols) != _SYMBOLS + _CHECKS or any(symbol not in _VALUE for symbol in symbols):
        return None
    number = 0
    for symbol in symbols:
        number = number * 32 + _VALUE[symbol]
    return symbols if number % _PRIME == 0 else None


def show_receipt(symbols: str) -> str:
    """`XXXX-XXXX-XXXX-XXXX-XXXX`, easier to copy by hand."""
    return "-".join(symbols[i : i + 4] for i in range(0, len(symbols), 4))


MARK = 8  # characters of a digest that tell its pepper


def pepper_mark(pepper: str) -> str:
    """By which a digest tells which pepper it was made with."""
    return hashlib.sha256(b"pepper\0" + pepper.encode()).hexdigest()[:MARK]


def marked(pepper: str, digest: str) -> str:
    """224 bits of a digest in hexadecimal, behind the mark of its pepper."""
    return pepper_mark(pepper) + digest[:-MARK]


def receipt_digest(symbols: str, pepper: str, *, is_marked: bool = True) -> str:
    """What is stored instead of the code; until version 0.1.0 without the mark."""
    digest = hmac.new(pepper.encode(), b"lookup\0" + symbols.encode(), hashlib.sha256).hexdigest()
    return marked(pepper, digest) if is_marked else digest


def secret_digest(secret: str, pepper: str) -> str:
    """What is stored of a form's one-time secret, to recognise the same form sent again."""
    return hmac.new(pepper.encode(), b"form\0" + secret.encode(), hashlib.sha256).hexdigest()
