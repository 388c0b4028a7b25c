"""What apps above check of the cases in a span, once chains and rows are read. They register it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from complaints.ledger.verifying.found import BadEvent
from complaints.ledger.verifying.stored_rows import Span
from complaints.registry import Registry


@dataclass(frozen=True)
class SpanCheck:
    """Finds what does not fit in the cases with these keys. Reads only, and may be asked for the same span again."""

    code: str
    run: Callable[[Span], BadEvent | None]


SPAN_CHECKS: Registry[SpanCheck] = Registry()
TRIES = 3  # somebody may have written between two looks


def check_further(span: Span) -> Iterator[BadEvent]:
    for check in SPAN_CHECKS:
        found = None
        for _ in range(TRIES):
            found = check.run(span)
            if found is None:
                break
        if found is not None:
            yield found
