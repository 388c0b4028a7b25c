"""How long cases took, in hours, computed by the database; and the middle of that."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, FloatField, Func, QuerySet, Window
from django.db.models.functions import RowNumber

from complaints.models.complaint import Complaints
from complaints.states import ACTIVE
from escalation.stays.models import KeptStay

Key = int | None  # of an agency; None: not assigned, or the whole city


class HoursToEnd(Func):
    """From `received_at` to `ended_at`, exact to a millisecond on both databases."""

    output_field = FloatField()
    template = "EXTRACT(EPOCH FROM (%(expressions)s)) / 3600.0"
    arg_joiner = " - "

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*(expressions or (F("ended_at"), F("received_at"))), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Django's own difference of moments calls Python for every row: slow over a year of cases."""
        days = "(julianday(%(expressions)s)) * 24.0"
        return super().as_sql(compiler, connection, template=days, arg_joiner=") - julianday(", **context)


@dataclass(frozen=True)
class Middle:
    """Of `total` durations in order those around the middle; before them lie `first` shorter ones."""

    total: int = 0
    first: int = 0
    hours: Sequence[float] = ()

    def median(self, more: Sequence[float] = ()) -> float | None:
        """Of these and `more` others, which may be as many as are known on either side of the middle."""
        count, known = self.total + len(more), sorted([*self.hours, *more])
        if not count:
            return None
        places = {(count - 1) // 2 - self.first, count // 2 - self.first}
        if self.hours and self.first:
            assert min(places) >= sum(hours < self.hours[0] for hours in more)
        if self.hours and self.first + len(self.hours) < self.total:
            assert max(places) < len(known) - sum(hours > self.hours[-1] for hours in more)
        return sum(known[place] for place in places) / len(places)


def ended(cases: Complaints) -> Any:
    """Those whose duration counts, with it as `hours`."""
    over = cases.exclude(state__in=sorted(ACTIVE)).filter(ended_at__isnull=False)
    return over.annotate(hours=HoursToEnd())


def ended_times(stays: QuerySet[KeptStay]) -> QuerySet[KeptStay]:
    """Of times with agencies those that are over and of which is known since when, with `hours`: without those in which
    the citizen was asked, as the report counts them."""
    over = stays.filter(began_at__isnull=False, until_at__isnull=False)
    asked = ExpressionWrapper(F("paused") / 3600.0, FloatField())
    return over.annotate(hours=HoursToEnd(F("until_at"), F("began_at")) - asked)


def middles(cases: Complaints, *, by_agency: bool = True, beside: int = 0) -> dict[Key, Middle]:
    """Of how long cases took."""
    return middles_of(ended(cases), by_agency=by_agency, beside=beside)


def middles_of_times(stays: QuerySet[KeptStay], *, beside: int = 0) -> dict[Key, Middle]:
    """Of how long agencies had cases: each one's, and by None that of all together."""
    over = ended_times(stays)
    return middles_of(over, beside=beside) | middles_of(over, by_agency=False, beside=beside)


def middles_of(rows: Any, *, by_agency: bool = True, beside: int = 0) -> dict[Key, Middle]:
    """The middle rows, one or two of each agency and so many `beside` them, on either database."""
    group = [F("agency_id")] if by_agency else None
    placed = rows.annotate(
        nth=Window(RowNumber(), partition_by=group, order_by=F("hours").asc()),
        total=Window(Count("*"), partition_by=group),
    )
    middle = placed.filter(nth__gte=(F("total") + 1) / 2 - beside, nth__lte=(F("total") + 2) / 2 + beside)
    found: dict[Key, list[tuple[int, int, float]]] = defaultdict(list)
    for agency_id, *row in middle.order_by().values_list("agency_id", "nth", "total", "hours"):
        found[agency_id if by_agency else None].append(tuple(row))
    return {key: _middle(sorted(rows)) for key, rows in found.items()}


def _middle(rows: list[tuple[int, int, float]]) -> Middle:
    first, total, _hours = rows[0]
    return Middle(total, first - 1, [hours for _nth, _total, hours in rows])
