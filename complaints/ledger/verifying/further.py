"""What apps above check of the cases in a span, once chains and rows are read, and of what is of no case. They
register it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from complaints.ledger.verifying.found import BadEvent
from complaints.ledger.verifying.stored_rows import Span
from complaints.registry import Registry


@dataclass(frozen=True)
class SpanCheck:
    """Finds what does not fit in the cases with these keys. Reads only, and may be asked for the same span again."""

    code: str
    run: Callable[[Span], BadEvent | None]


@dataclass(frozen=True)
class EntryCheck:
    """Finds what does not fit what the ledger's own entries say of rows of no case. Reads only."""

    code: str
    run: Callable[[], BadEvent | None]


SPAN_CHECKS: Registry[SpanCheck] = Registry()
ENTRY_CHECKS: Registry[EntryCheck] = Registry()
TRIES = 3  # somebody may have written between two looks


def check_further(span: Span) -> Iterator[BadEvent]:
    for check in SPAN_CHECKS:
        if found := _tried(partial(check.run, span)):
            yield found


def check_entries_further() -> BadEvent | None:
    found = (_tried(check.run) for check in ENTRY_CHECKS)
    return next((bad for bad in found if bad), None)


def _tried(run: Callable[[], BadEvent | None]) -> BadEvent | None:
    found = None
    for _ in range(TRIES):
        found = run()
        if found is None:
            break
    return found
