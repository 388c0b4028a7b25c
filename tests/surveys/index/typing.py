"""Published indices as somebody types them in, of offices that do not exist."""

from decimal import Decimal

from surveys.index.columns import ELEMENTS
from surveys.index.services import Typed


def some_typed() -> list[Typed]:
    """One that comes out, and one that only a cut weight gives."""
    means = dict.fromkeys(ELEMENTS, Decimal("3.2"))
    return [
        Typed("Dinas Contoh", "semester I 2026", "papan pengumuman", Decimal(index), means, {})
        for index in ("80.00", "79.20")
    ]
