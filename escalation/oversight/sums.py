"""Figures over all cases, counted by the worker and read from a row (docs/decisions/0079).

Cases somebody stands aside from are left out of the sums, and counted from their rows for each reader. Where the sums
are old, or hold a case that the reader may not know of since, all is counted from rows: what is shown is always
exactly what this reader would count, as of the moment told.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import chain
from math import isclose
from typing import Any

from django.db.models import Max, QuerySet

from accounts.actors import role_of
from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.clock.kept import Kept
from complaints.database.kept_statements import rows_of
from complaints.history.since import told_after
from complaints.models import Complaint, Event, ReportedParty
from complaints.models.complaint import Complaints
from escalation.oversight.agencies import (
    ADDED,
    Comparison,
    Counts,
    Durations,
    Tally,
    compare,
    compared,
    counted,
    tally,
    with_parts,
)
from escalation.oversight.durations import Key, Middle, ended, ended_times, middles_of_times
from escalation.oversight.headline import Standing, standing_of, unwatched_keys
from escalation.oversight.models import OversightSums
from escalation.oversight.offices import ByAgency, Times, added, counts_in, medians, stays_of
from escalation.oversight.periods import PERIODS, Days, named_period
from escalation.stays import keeping as stays
from escalation.stays.models import KeptStay

FRESH = timedelta(minutes=15)  # the worker comes round to each in five
MINUTE = timedelta(minutes=1)
CITY, CHOSEN = "city", "days"
STANDS = ("standing", "standing_extended")
NAMES = [CITY, *(name for name, _label in PERIODS if name != CHOSEN)]


def keep_next(now: datetime) -> int:
    """The worker's job: counts those that were counted longest ago, one a turn so that other work has its turn too."""
    stays.keep_up(now)
    known = dict(OversightSums.objects.values_list("name", "counted_at"))
    missing = [name for name in NAMES if name not in known]
    _keep(missing[0] if missing else min(NAMES, key=lambda name: known[name]), now)
    return 1


def keep_all(now: datetime) -> None:
    while not stays.keep_up(now):
        pass
    for name in NAMES:
        _keep(name, now)


def _keep(name: str, now: datetime) -> None:
    days = None if name == CITY else named_period(name, day_of(now))
    cases = _cases(days)
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    named = ReportedParty.objects.active().order_by().values("complaint")
    aside = sorted(cases.filter(pk__in=named).values_list("pk", flat=True))
    made = {
        "first": days and days.first,
        "last": days and days.last,
        "sums": _counted(cases, aside, now, days),
        "set_aside": aside,
        "last_event": newest,
        "counted_at": now,
    }
    OversightSums.objects.update_or_create(name=name, defaults=made)


def _cases(days: Days | None) -> Complaints:
    """Parts of shared cases too."""
    return with_parts(None, days) if days else Complaint.objects.all()


def _counted(cases: Complaints, aside: list[int], now: datetime, days: Days | None) -> dict[str, Any]:
    rest = cases.exclude(pk__in=aside)
    if days is None:
        return _city(rest, aside, now)
    found = tally(rest.filter(parent=None), now, beside=len(aside) + 1)
    return _packed(found) | _times(rest, aside, now)


def _times(rest: Complaints, aside: list[int], now: datetime) -> dict[str, Any]:
    """Those with agencies, and as many of them on either side of the middle as may be added."""
    beside = KeptStay.objects.filter(complaint__in=aside).count() + 1
    middles = middles_of_times(stays_of(rest), beside=beside)
    return {
        "times": sorted(counts_in(rest, now).items()),
        "times_beside": beside,
        "time_middles": [[key, _around(each)] for key, each in _in_order(middles)],
    }


# Agencies side by side


def comparison_for(user: User, days: Days, now: datetime) -> tuple[Comparison, datetime]:
    """What `compare` counts for this reader, and as of when."""
    row = _row_of(days, now)
    if row is None or "time_middles" not in row.sums or _hides(row, _cases(days), user):
        return compare(user, days, now), now
    if not row.set_aside:
        return replace(compared(_unpacked(row.sums)), times=_times_with(row)), row.counted_at
    aside = with_parts(user, days).filter(pk__in=row.set_aside)
    cases, times = aside.filter(parent=None), _by_agency(ended_times(stays_of(aside)))
    if sum(map(len, times.values())) > row.sums["times_beside"]:
        return compare(user, days, now), now
    found = compared(_unpacked(row.sums), counted(cases, row.counted_at), _by_agency(ended(cases)))
    more = counts_in(aside, row.counted_at)
    return replace(found, times=_times_with(row, more, times)), row.counted_at


def _row_of(days: Days, now: datetime) -> OversightSums | None:
    """The sums of these days. Of days that go on until now they were counted up to the day on which they were: after
    midnight that is yesterday, and nothing that came since is in them either way."""
    rows = OversightSums.objects.filter(first=days.first, counted_at__gt=now - FRESH)
    return next((row for row in rows if row.last == min(days.last, day_of(row.counted_at))), None)


def _by_agency(rows: Any) -> dict[Key, list[float]]:
    """Their hours."""
    found: dict[Key, list[float]] = {}
    for key, value in rows.order_by().values_list("agency_id", "hours"):
        found.setdefault(key, []).append(value)
    return found


def _times_with(row: OversightSums, more: ByAgency | None = None, hours: Durations | None = None) -> Times:
    """The times of a row with `more`, and how long these took."""
    hours = dict(hours or {})
    hours[None] = list(chain.from_iterable(hours.values()))
    middles = {key: Middle(**values) for key, values in row.sums["time_middles"]}
    both = [((key,), counts) for key, counts in [*row.sums["times"], *(more or {}).items()]]
    return Times(added(both), medians(middles, hours))


def _hides(row: OversightSums, cases: Complaints, user: User) -> bool:
    """Whether the sums hold anything that this reader may not know of."""
    if role_of(user) != Role.SUPERVISOR:
        return True
    return cases.kept_from(user).exclude(pk__in=row.set_aside).exists()


def _packed(found: Tally) -> dict[str, Any]:
    named = (*ADDED, *STANDS)
    return {
        "counts": [
            [key, {name: getattr(each, name) for name in named}] for key, each in _in_order(found.counts)
        ],
        "middles": [[key, _around(each)] for key, each in _in_order(found.middles)],
        "city": _around(found.city),
    }


def _around(middle: Middle) -> dict[str, Any]:
    return asdict(middle) | {"hours": list(middle.hours)}


def _in_order(found: dict[Key, Any]) -> list[tuple[Key, Any]]:
    return sorted(found.items(), key=lambda item: item[0] or 0)


def _unpacked(sums: dict[str, Any]) -> Tally:
    counts = {
        key: Counts(**(values | {name: _by_kept(values[name]) for name in STANDS}))
        for key, values in sums["counts"]
    }
    return Tally(counts, {key: Middle(**values) for key, values in sums["middles"]}, Middle(**sums["city"]))


def _by_kept(counts: dict[str, int]) -> dict[Kept, int]:
    return {Kept(code): count for code, count in counts.items()}


# The first page


def standing_for(user: User, now: datetime) -> tuple[Standing, datetime] | None:
    """How the open cases stand that this reader sees, and as of when; None where it has to be counted from rows."""
    since = now - FRESH
    row = next(iter(rows_of("sums of the city", since, since + MINUTE, _of_the_city)), None)
    if row is None or _hides(row, _cases(None), user):
        return None
    unwatched_aside = row.sums.pop("unwatched_aside")
    oldest = row.sums.pop("oldest")
    whole = Standing(**row.sums, oldest=oldest and datetime.fromisoformat(oldest))
    if not row.set_aside:
        return whole, row.counted_at
    seen = Complaint.objects.visible_to(user).filter(pk__in=row.set_aside)
    more = standing_of(
        seen, row.counted_at, seen.filter(pk__in=unwatched_aside).count() if unwatched_aside else 0
    )
    return whole + more, row.counted_at


def _of_the_city(since: datetime) -> QuerySet[OversightSums]:
    return OversightSums.objects.filter(name=CITY, counted_at__gt=since)


def _city(rest: Complaints, aside: list[int], now: datetime) -> dict[str, Any]:
    keys = set(unwatched_keys(now))
    found = asdict(standing_of(rest, now, len(keys - set(aside))))
    found["oldest"] = found["oldest"] and found["oldest"].isoformat()
    return found | {"unwatched_aside": sorted(keys & set(aside))}


# For check_integrity


def differs(now: datetime) -> Iterable[str]:
    """Sums that are not those of the full count as of their moment. Those whose cases the history has told something
    of since are counted again soon, and left out, and so are those from before all times with agencies were read."""
    built = stays.built_at()
    for row in OversightSums.objects.order_by("pk"):
        if built is None or row.counted_at < built:
            continue
        days = Days(row.first, row.last) if row.first and row.last else None
        cases = _cases(days)
        since = Event.objects.filter(told_after(row.last_event, row.counted_at)).order_by()
        if days:
            since = since.filter(complaint__in=cases)
        if since.exists():
            continue
        full = _counted(cases, row.set_aside, row.counted_at, days)
        if not _alike(_of_cases(row.sums), _of_cases(full)):
            yield row.name


def _alike(one: Any, other: Any) -> bool:
    """Hours but for the last bits: a city that was moved to another database was counted by the former one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
    return bool(one == other)


def _of_cases(sums: dict[str, Any]) -> dict[str, Any]:
    """Without what changes with the people who are there, of which no case's history tells."""
    return {name: value for name, value in sums.items() if not name.startswith("unwatched")}
