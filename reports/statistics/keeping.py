"""Keeps the roll-up up: months in which something changed are counted anew, and each one once a day all the same."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from complaints.clock.city_time import day_of
from complaints.models import Clock, Complaint, Event
from complaints.models.policy import Stage
from escalation.stays import keeping as stays
from escalation.stays.counting import COLUMNS as STAYS_COUNTED
from reports.figures.periods import add_months
from reports.statistics.counting import (
    Counted,
    Trees,
    cases_of_month,
    count,
    count_stays,
    stays_of_month,
    store,
    store_stays,
)
from reports.statistics.models import COUNTED, RollUp, RollUpMonth, RollUpState, RollUpStay

ANEW = timedelta(days=1)
AT_ONCE = 24  # months of a new database a turn, so that other work has its turn as well
OVERLAP = 500  # events: of two transactions the earlier number may be stored later


def keep_up(now: datetime) -> int:
    """Counts what changed since the last look; how many months were counted. The worker's job. While the times with
    agencies are being read from the whole history, that is a turn's work."""
    if not stays.keep_up(now):
        return 1
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    state = RollUpState.objects.first()
    if state is None:
        state = RollUpState.objects.create(last_event=newest, looked_at=now)
    trees = Trees.read()
    if unknown := sorted(_unknown(now))[:AT_ONCE]:
        for month in unknown:
            count_month(month, now, trees)
        return len(unknown)
    months = sorted(_changed(state, newest, now) | _old(now))
    for month in months:
        count_month(month, now, trees)
    state.last_event, state.looked_at = newest, now
    state.save()
    return len(months)


def count_all(now: datetime) -> int:
    """Every month, at once: for a new database and after an import."""
    total = 0
    while counted := keep_up(now):
        total += counted
    return total


def count_month(month: date, now: datetime, trees: Trees) -> None:
    with transaction.atomic():
        _row, is_new = RollUpMonth.objects.update_or_create(month=month, defaults={"counted_at": now})
        if not is_new:  # no index begins with the month, so this walks through all there are
            RollUp.objects.filter(month=month).delete()
            RollUpStay.objects.filter(month=month).delete()
        store(month, now, trees)
        store_stays(month, now, trees)


def month_of(moment: datetime) -> date:
    return day_of(moment).replace(day=1)


def _unknown(now: datetime) -> set[date]:
    """Months since the first case that were never counted, or before all times with agencies were read."""
    oldest = Complaint.objects.aggregate(oldest=Min("received_at"))["oldest"]
    if oldest is None:
        return set()
    months, month = set(), month_of(oldest)
    while month <= month_of(now):
        months.add(month)
        month = add_months(month, 1)
    counted = RollUpMonth.objects.filter(counted_at__gte=stays.built_at() or now)
    return months - set(counted.values_list("month", flat=True))


def _changed(state: RollUpState, newest: int, now: datetime) -> set[date]:
    """Of cases with new events, and of those whose promise has passed: of an extended one no event tells that."""
    found: set[date] = set()
    if newest > state.last_event:
        events = Event.objects.filter(pk__gt=state.last_event - OVERLAP, pk__lte=newest)
        found |= _months(events.order_by().values_list("complaint__received_at", flat=True).distinct())
    running = Clock.objects.filter(stopped_at=None, stage=Stage.RESOLUTION).order_by()
    for moment in ("promised_at", "due_at"):
        passed = running.filter(**{f"{moment}__gte": state.looked_at, f"{moment}__lt": now})
        found |= _months(passed.values_list("complaint__received_at", flat=True))
    return found


def _months(moments: Iterable[datetime]) -> set[date]:
    return {month_of(moment) for moment in moments}


def _old(now: datetime) -> set[date]:
    """The one that was counted longest ago, if that is a day: what no event tells of is seen then."""
    row = RollUpMonth.objects.filter(counted_at__lte=now - ANEW).order_by("counted_at", "month").first()
    return {row.month} if row else set()


def is_behind(now: datetime) -> bool:
    """Whether something has happened that is not counted yet."""
    state = RollUpState.objects.first()
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return state is None or state.last_event < newest


def differs(now: datetime) -> Iterable[str]:
    """For check_integrity: months whose kept-up counts are not those of the full scan, as of the moment they were
    counted. Months of which the history has told something since are counted again soon, and left out, and so are those
    from before all times with agencies were read."""
    state, trees, built = RollUpState.objects.first(), Trees.read(), stays.built_at()
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    waiting = _changed(state, newest, now) if state else set()
    for kept in RollUpMonth.objects.order_by("month"):
        if kept.month in waiting or built is None or kept.counted_at < built:
            continue
        cases = cases_of_month(kept.month)
        times = count_stays(stays_of_month(kept.month), kept.counted_at, trees)
        full = Counted(count(cases, kept.counted_at, trees), times)
        if stored(kept.month) != full:
            yield f"{kept.month:%Y-%m}"


def stored(month: date) -> Counted:
    rows = RollUp.objects.filter(month=month).values_list(
        "scope", "scope_code", "dimension", "code", *COUNTED
    )
    times = RollUpStay.objects.filter(month=month).values_list(
        "scope", "scope_code", "agency", *STAYS_COUNTED
    )
    return Counted(
        {(scope, code, dimension, of): list(counts) for scope, code, dimension, of, *counts in rows},
        {(scope, code, agency): list(counts) for scope, code, agency, *counts in times},
    )
