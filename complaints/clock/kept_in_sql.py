"""What kept.py says of one case, as an expression over many."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL

from complaints.clock.kept import ANSWERED, Kept
from complaints.models import Clock, Complaint, Stopped
from complaints.models.complaint import Complaints
from complaints.models.policy import Stage
from complaints.states import ACTIVE

Condition = Q | Exists
OWN = "own"  # as what its clocks say stands beside a case
JUDGED_BY = ("cycle", "target_at", "ended_at", "state")  # besides its clocks


def kept(now: datetime, *, extended: bool = False) -> Case:
    """How each case stands at `now`, one of `Kept`; by the first promise of each round, or with extensions counted
    as kept."""
    rounds = Clock.objects.filter(complaint=OuterRef("pk"), stage=Stage.RESOLUTION).order_by()
    answered = rounds.filter(cycle=OuterRef("cycle"), stopped_by=Stopped.DONE)
    return _stands(now, Exists(rounds.filter(_is_late(now, extended))), Exists(rounds), Exists(answered))


def with_kept(cases: Complaints, now: datetime, *fields: str) -> QuerySet[Complaint, dict[str, Any]]:
    """The same of many cases at once: these fields of each, and how it stands as `first` and, with extensions counted
    as kept, as `extended`. The clocks of each case are read once, and not those of all other cases with them."""
    join = _beside if connection.vendor == "postgresql" else _grouped
    rows, late, late_extended, *rest = join(cases.order_by(), now, fields)
    judged: QuerySet[Complaint, dict[str, Any]] = rows.annotate(
        first=_stands(now, late, *rest), extended=_stands(now, late_extended, *rest)
    ).values(*fields, "state", "first", "extended")
    return judged


def _counts(now: datetime, of: str, cycle: Any) -> dict[str, Count]:
    """Of the clocks that are called `of`: how many rounds there are, were answered, and are late."""
    answered = Q(**{f"{of}stopped_by": Stopped.DONE, f"{of}cycle": cycle})
    tests = {"answered": answered, "late": _is_late(now, False, of), "late_extended": _is_late(now, True, of)}
    counts = {name: Count(Case(When(test, then=1))) for name, test in tests.items()}
    return {"rounds": Count(of.removesuffix("__") or "pk")} | counts


def _grouped(cases: Any, now: datetime, fields: Sequence[str]) -> tuple[Any, ...]:
    """Each case beside its own clocks, put together again."""
    joined = cases.annotate(own=FilteredRelation("clocks", condition=Q(clocks__stage=Stage.RESOLUTION)))
    rows = joined.values(*dict.fromkeys(("pk", *JUDGED_BY, *fields))).annotate(
        **_counts(now, "own__", F("cycle"))
    )
    return rows, Q(late__gt=0), Q(late_extended__gt=0), Q(rounds__gt=0), Q(answered__gt=0)


def _beside(cases: Any, now: datetime, _fields: Sequence[str]) -> tuple[Any, ...]:
    """Each case with what its clocks come to: PostgreSQL would put whole cases in order to group them."""
    table = Complaint._meta.db_table
    pk, cycle = (RawSQL(f"{table}.{column}", ()) for column in ("id", "cycle"))  # noqa: S611 - names of this code
    clocks = Clock.objects.filter(stage=Stage.RESOLUTION, complaint=pk).order_by()
    one = clocks.annotate(one=Value(1)).values("one").annotate(**_counts(now, "", cycle))
    rows = cases.all()
    rows.query.get_initial_alias()
    rows.query.alias_map[OWN] = Beside(*one.query.sql_with_params())
    rows.query.alias_refcount[OWN] = 1
    found = (
        Q(RawSQL(f"{OWN}.{name} > 0", (), BooleanField()))  # noqa: S611
        for name in ("late", "late_extended", "rounds", "answered")
    )
    return rows, *found


class Beside:
    """In a query: what another statement, of one row, says of each of its rows. As Django's own joins, but LATERAL."""

    table_name = table_alias = OWN
    join_type, parent_alias, filtered_relation = "CROSS JOIN LATERAL", None, None

    def __init__(self, statement: str, parameters: Sequence[Any]) -> None:
        self.statement, self.parameters = statement, parameters

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return f"{self.join_type} ({self.statement}) AS {OWN}", list(self.parameters)


def _is_late(now: datetime, extended: bool, prefix: str = "") -> Q:
    """Of one clock."""
    promise, stopped = f"{prefix}{'due_at' if extended else 'promised_at'}", f"{prefix}stopped_at"
    return Q(**{f"{stopped}__gt": F(promise)}) | Q(**{stopped: None, f"{promise}__lt": now})


def _stands(now: datetime, is_late: Condition, has_rounds: Condition, is_answered: Condition) -> Case:
    """What is asked of the rounds of a case: whether one is late, there are any, the last was answered."""
    is_active = Q(state__in=sorted(ACTIVE))
    past_target = (is_active & Q(target_at__lt=now)) | ~is_active & (
        Q(ended_at=None, target_at__isnull=False) | Q(ended_at__gt=F("target_at"))
    )
    return Case(
        When(is_late, then=Value(Kept.LATE.value)),
        When(past_target & ~has_rounds, then=Value(Kept.LATE.value)),
        When(Q(target_at=None) & ~has_rounds, then=Value(Kept.NO_TARGET.value)),
        When(is_active & Q(target_at=None), then=Value(Kept.STANDING_STILL.value)),
        When(is_active, then=Value(Kept.NOT_YET_DUE.value)),
        When(Q(state__in=sorted(ANSWERED)) | is_answered, then=Value(Kept.ON_TIME.value)),
        default=F("state"),
        output_field=CharField(),
    )


def standings(cases: Iterable[Complaint], now: datetime) -> dict[int, Kept]:
    """How those of these cases stand that were answered or are over, by key; one query, none where all are active."""
    keys = [case.pk for case in cases if case.state not in ACTIVE]
    if not keys:
        return {}
    rows = Complaint.objects.filter(pk__in=keys).annotate(kept=kept(now)).values_list("pk", "kept")
    return {pk: Kept(stands) for pk, stands in rows}
