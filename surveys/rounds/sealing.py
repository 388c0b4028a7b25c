"""The answers of past days, counted and digested into the ledger, so that one that is changed, added or taken away
is noticed; and what could tell their order taken out of the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from complaints.clock.city_time import day_of
from complaints.ledger.entries import write_entry
from complaints.models import LedgerEntry
from complaints.models.event import canonical
from surveys.rounds.entries import RoundEntry
from surveys.rounds.models import Response, Round
from surveys.rounds.rewriting import lose_order, lose_places

COLUMNS = ("pk", "round__code", "day", "channel", "answers", "slip", "flags", "replaces")
AFTER_MIDNIGHT = timedelta(hours=1)  # an answer of the last minute is stored by then


@dataclass
class Count:
    """Answers of a round on a day, in the order of their keys: how many, and the SHA-256 over all of them."""

    answers: int = 0
    _hash: Any = field(default_factory=sha256)

    def add(self, row: tuple[Any, ...]) -> None:
        key, *said, replaces = row
        self.answers += 1
        self._hash.update(canonical([str(key), *said, *([str(replaces)] if replaces else [])]) + b"\n")

    @property
    def digest(self) -> str:
        return str(self._hash.hexdigest())

    @property
    def told(self) -> list[Any]:
        return [self.answers, self.digest]


Days = dict[str, list[Any]]  # of one round: by the day, how many and their digest


def together(days: Days) -> tuple[int, str]:
    """All answers of a round: how many, and the SHA-256 over the digests of its days."""
    digest = sha256(canonical(sorted([day, *told] for day, told in days.items()))).hexdigest()
    return sum(told[0] for told in days.values()), digest


def count_round(row: Round) -> tuple[int, str]:
    """The same, from what the ledger has of past days: only those that are not counted yet are read."""
    entries = LedgerEntry.objects.filter(kind=RoundEntry.DAY, data__rounds__has_key=row.code)
    days: Days = {entry.data["day"]: entry.data["rounds"][row.code] for entry in entries}
    rest = Response.objects.filter(round=row)
    if (after := sealed_until()) is not None:
        rest = rest.filter(day__gt=after)
    for day, rounds in _by_day(rest).items():
        days[day.isoformat()] = rounds[row.code].told
    return together(days)


def count_days(*, until: date | None = None, after: date | None = None) -> dict[date, dict[str, Count]]:
    """Those of each day with answers, by the code of the round."""
    rows = Response.objects.all()
    if until is not None:
        rows = rows.filter(day__lte=until)
    return _by_day(rows.filter(day__gt=after) if after else rows)


def _by_day(rows: Any) -> dict[date, dict[str, Count]]:
    found: dict[date, dict[str, Count]] = {}
    for each in _read(rows):
        found.setdefault(each[2], {}).setdefault(each[1], Count()).add(each)
    return found


def _read(rows: Any) -> Iterator[tuple[Any, ...]]:
    found: Iterable[tuple[Any, ...]] = rows.order_by("pk").values_list(*COLUMNS).iterator(chunk_size=5000)
    yield from found


def sealed_until() -> date | None:
    """The last day that an entry is about."""
    last = LedgerEntry.objects.filter(kind=RoundEntry.DAY).order_by("-seq").first()
    return date.fromisoformat(last.data["day"]) if last else None


def seal_days(now: datetime) -> int:
    """An entry for each past day on which answers came in; returns how many. Two at once: the second finds none."""
    until, after = day_of(now - AFTER_MIDNIGHT) - timedelta(days=1), sealed_until()
    if not Response.objects.filter(day__lte=until, **({"day__gt": after} if after else {})).exists():
        return 0
    with transaction.atomic():
        _alone()
        after = sealed_until()
        days = count_days(until=until, after=after)
        for day in sorted(days):
            rounds = {code: count.told for code, count in sorted(days[day].items())}
            data = {"day": day.isoformat(), "rounds": rounds}
            write_entry(RoundEntry.DAY, actor=None, now=now, data=data)
        if days:
            lose_order(after, until)
    if days:
        lose_places()
    return len(days)


LOCK = 4_817_230_551  # of this job among the advisory locks


def _alone() -> None:
    """SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
