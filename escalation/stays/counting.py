"""How times with agencies stand to their promise, counted by the database.

`reports/figures/counting/stays.py` says the same of the rows of a report; a test holds the two together.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from complaints.history.turns import How
from escalation.stays.models import KeptStay

# Each time is in exactly one of these; together they are all.
PARTS = (
    "in_time",
    "late",
    "open_in_time",
    "handed_on",
    "referred",
    "otherwise",
    "standing_still",
    "unknown",
)
EXTENDED = ("in_time_extended", "late_extended")
COLUMNS = ("stays", *PARTS, *EXTENDED)


def stands(promise: str, now: datetime) -> Case:
    """The strongest rule first. Past is past: what was handed on, referred or taken away after the promised time is
    late."""
    over = Coalesce("until_at", Value(now))
    handed_on, is_open = Q(how=How.HANDED_ON), Q(until_at=None)
    return Case(
        When(began_at=None, then=Value("unknown")),
        When(Q(**{f"{promise}__lt": over}), then=Value("late")),
        When(handed_on & Q(first_due_at__lt=F("until_at")), then=Value("late")),
        When(handed_on, then=Value("handed_on")),
        When(how=How.REFERRED, then=Value("referred")),
        When(how=How.ANSWERED, then=Value("in_time")),
        When(is_open & Q(**{promise: None}), then=Value("standing_still")),
        When(is_open, then=Value("open_in_time")),
        default=Value("otherwise"),
        output_field=CharField(),
    )


def cells(stays: QuerySet[KeptStay], now: datetime, *by: str) -> Any:
    """How many times there are of each agency, of what else is asked for, and of how they stand by the first promise
    and with extensions."""
    asked = stays.order_by().annotate(first=stands("promised_at", now), extended=stands("due_at", now))
    return asked.values_list("agency_id", *by, "first", "extended").annotate(n=Count("pk"))


def counted(
    stays: QuerySet[KeptStay], now: datetime, *by: str
) -> Iterator[tuple[tuple[int | None, ...], list[int]]]:
    """The agency, and what else is asked for, with counts in the order of COLUMNS; one may come more than once."""
    for *key, first, extended, count in cells(stays, now, *by):
        counts = dict.fromkeys(COLUMNS, 0)
        counts |= {"stays": count, first: count}
        if f"{extended}_extended" in counts:
            counts[f"{extended}_extended"] = count
        yield tuple(key), list(counts.values())
