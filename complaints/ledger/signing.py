"""The key of the ledger: whoever holds heads signed with it can show what the history was."""

from functools import cache

from django.conf import settings

from complaints.ledger.notes import Signer, Verifier


@cache
def _signer(name: str, seed: str) -> Signer:
    return Signer.parse(name, seed)


def signer() -> Signer:
    """Raises BadNote when LEDGER_KEY or LEDGER_ORIGIN cannot be used."""
    return _signer(settings.LEDGER_ORIGIN, settings.LEDGER_KEY)


def verifier() -> Verifier:
    """The public half; `str()` of it is the key as it is published (vkey)."""
    return signer().verifier


def verifiers() -> list[Verifier]:
    """This key and those before it (LEDGER_FORMER_KEYS). Raises BadNote."""
    return [verifier(), *(Verifier.parse(key) for key in settings.LEDGER_FORMER_KEYS)]


def published_keys() -> str:
    """One a line, the one in use first: what tuntas_verify.py takes."""
    return "".join(f"{each}\n" for each in verifiers())


def sign_note(text: str) -> str:
    """The signed note over `text`, which ends with a newline."""
    return signer().sign(text)
