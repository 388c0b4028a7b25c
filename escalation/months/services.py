"""Counts a month once it is over, and takes what an officer says to theirs."""

from datetime import date, datetime, timedelta
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Agency, User
from complaints.clock.city_time import day_of, start_of
from complaints.services.change import NotPossible
from escalation.months import reading
from escalation.months.models import MonthCount, MonthRemark, OfficerMonth
from escalation.months.turns import Count, Span

COUNTED_AFTER = 7  # days after the month
HEAD_AFTER = 7  # days that are the officer's alone
MOST_REMARKS = 10
MONTH = 31  # days at most


def month_before(day: date) -> date:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def next_month(first: date) -> date:
    return (first + timedelta(days=MONTH)).replace(day=1)


def span_of(month: date) -> Span:
    return Span(start_of(month_before(month)), start_of(month), start_of(next_month(month)))


def count_months(now: datetime) -> int:
    """Counts the last month that has been over for a week, unless it is counted; of how many people.

    A month that nobody counted in time stays without: what somebody had then cannot be told from later.
    """
    month = month_before(day_of(now) - timedelta(days=COUNTED_AFTER))
    if MonthCount.objects.filter(pk=month).exists():
        return 0
    with transaction.atomic():
        _row, is_mine = MonthCount.objects.get_or_create(pk=month, defaults={"counted_at": now})
        return _count(month, now) if is_mine else 0


def _count(month: date, now: datetime) -> int:
    span = span_of(month)
    away = reading.absences(span)
    histories = list(reading.read_histories(span))
    due = {promise.due for promise in chain.from_iterable(each.promises for each in histories)}
    moments = {moment for moment in due if span.has(moment)}
    counted = Count(span, now, reading.away_at(away, moments), reading.at_agencies()).of(histories)
    agencies = dict(Agency.objects.values_list("code", "pk"))
    rows = [
        OfficerMonth(
            user_id=who,
            agency_id=agencies[code],
            first_day=month,
            figures=reading.as_json(counts, _days_away(away, who, month)),
            counted_at=now,
            head_from=day_of(now) + timedelta(days=HEAD_AFTER),
        )
        for (who, code), counts in sorted(counted.items())
        if code in agencies
    ]
    OfficerMonth.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _days_away(rows: list[Absence], who: int, month: date) -> int:
    last = next_month(month) - timedelta(days=1)
    return sum(
        (min(row.last_day, last) - max(row.first_day, month)).days + 1 for row in rows if row.user_id == who
    )


@transaction.atomic
def say(pk: int, *, actor: User, now: datetime, text: str) -> MonthRemark:
    """A remark of the officer on their own month; sent twice it is one. OfficerMonth.DoesNotExist for another's."""
    row = OfficerMonth.objects.get(pk=pk, user=actor)
    if (said := row.remarks.filter(text=text).first()) is not None:
        return said
    if row.remarks.count() >= MOST_REMARKS:
        raise NotPossible(_("More remarks are not taken for this month."))
    return MonthRemark.objects.create(month=row, at=now, text=text)
