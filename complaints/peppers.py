"""After a change of RECEIPT_PEPPER: what was digested with a former one is still known, and counted, so that one knows
when it can be thrown away (docs/decisions/0099-a-pepper-that-can-be-changed.md).

A code of 90 random bits cannot be digested anew until somebody shows it, and the history holds its digest. So digests
stay as they are; they begin with the mark of the pepper that they were made with. What is derived from a pepper (a code
for one use, a new receipt) is derived from today's alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from complaints.numbers import pepper_mark, receipt_digest, receipt_from_secret
from complaints.registry import Registry


def peppers() -> list[str]:
    """Today's, then the former ones."""
    return [settings.RECEIPT_PEPPER, *settings.RECEIPT_FORMER_PEPPERS]


def digests(make: Callable[[str], str]) -> list[str]:
    """The digest of one thing under each pepper, today's first; `make` takes a pepper."""
    return [make(pepper) for pepper in peppers()]


def receipt_digests(symbols: str, purpose: str = "") -> list[str]:
    """By which a code may be known; those of before there were marks too."""
    return [
        digest
        for pepper in peppers()
        for is_marked in (True, False)
        for digest in [receipt_digest(symbols, f"{purpose}{pepper}", is_marked=is_marked)]
    ]


def code_behind(digest: str | None, secret: Callable[[str], str], purpose: str = "") -> str:
    """The 20 symbols that are derived from a secret and have this digest; of no known digest those of today.

    `secret` takes the pepper, for secrets that are derived of it too.
    """
    codes = [receipt_from_secret(secret(pepper).encode(), pepper) for pepper in peppers()]
    return next((code for code in codes if digest in receipt_digests(code, purpose)), codes[0])


@dataclass(frozen=True)
class Peppered:
    """Rows whose digest has to be found again, for as long as it has to. `purpose` as in `receipt_digests`."""

    code: str
    rows: Callable[[], QuerySet]  # type: ignore[type-arg]
    field: str
    purpose: str = ""

    def former(self) -> int:
        """How many stand on a former pepper, or on one of before there were marks."""
        if not settings.RECEIPT_FORMER_PEPPERS:
            return 0
        nothing = Q(**{f"{self.field}__isnull": True}) | Q(**{self.field: ""})
        mine = {f"{self.field}__startswith": pepper_mark(f"{self.purpose}{settings.RECEIPT_PEPPER}")}
        return self.rows().exclude(nothing).exclude(**mine).count()


PEPPERED: Registry[Peppered] = Registry()


def on_former_peppers() -> dict[str, int]:
    """How many rows there still are, by column."""
    return {each.code: each.former() for each in PEPPERED}
