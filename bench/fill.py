"""Fills an empty database with a big city quickly: whole, chained, consistent cases, but no play.

Three years of cases in the order in which they came, 20 agencies with five officers each, 30 categories, every state,
30 % open, a tenth of those overdue and raised, two to three events and clocks a case, and sealed names. PostgreSQL gets
COPY from two processes with its indexes taken away meanwhile, and makes them over two connections; a million cases take
two to four minutes, ten million a quarter of an hour or more. SQLite gets executemany.

`python -m bench.inside fill CASES` does it for the database that DATABASE_URL names.
"""

import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from random import Random
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import Agency, User
from accounts.roles import Role
from bench.copies import copies_of
from bench.copying import BATCH, batches, copy_part, run_all
from bench.made import COLUMNS, Catalogue, Maker, Plan
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of
from complaints.clock.deadlines import policy_for
from complaints.database.keys import last_id, skip_ids
from complaints.database.triggers import COMPLAINT, DOCUMENT, SEARCH
from complaints.identity import Identity, seal
from complaints.models import Area, Category, Clock, Complaint, Event, RejectReason
from config.fixtures import load_city

AGENCIES, CATEGORIES, OFFICERS = 20, 30, 5
MOST_MADE = 1_000_000
EVENTS_EACH, CLOCKS_EACH = 4, 4  # keys set aside for a case
NAMES = ("Maria", "Yohanes", "Siti", "Agus", "Dewi", "Petrus", "Ni Luh", "Rahmat", "Kristina", "Bambang")
SURNAMES = ("Lay", "Nenobais", "Wulandari", "Santoso", "Tefa", "Manafe", "Putri", "Hidayat", "Bria", "Ndun")
KEYED = {Complaint: 1, Event: EVENTS_EACH, Clock: CLOCKS_EACH}


def fill(
    cases: int, *, now: datetime, open_share: float = 0.3, due: int = 0, seed: int = 1
) -> dict[str, float]:
    """Adds `cases` cases; the seconds of each part of it. Given `due`, so many open ones fall due at `now` and no other
    one is overdue. Of more than a million, a million are made and copied under other numbers on PostgreSQL, where the
    histories of copies do not verify."""
    begun, took = perf_counter(), dict[str, float]()
    catalogue = _catalogue(now)
    first = {model: last_id(model) + 1 for model in KEYED}
    times = max(1, cases // MOST_MADE) if connection.vendor == "postgresql" else 1
    plan = Plan(
        cases=cases // times,
        open_share=open_share,
        due=due,
        seed=seed,
        now=int(now.timestamp()),
        first_case=first[Complaint],
        first_event=first[Event],
        first_clock=first[Clock],
    )
    if connection.vendor == "postgresql":
        took = _fill_postgresql(catalogue, plan, times)
    else:
        _fill_sqlite(catalogue, plan)
    for model, each in KEYED.items():
        skip_ids(first[model] + cases * each, model)
    return took | {"seconds": round(perf_counter() - begun, 1)}


def _catalogue(now: datetime) -> Catalogue:
    load_city(settings.CITY.slug)
    agencies = list(Agency.objects.filter(is_external=False, is_oversight=False).order_by("code")[:AGENCIES])
    for role in (Role.VERIFIER, Role.SUPERVISOR, Role.ADMINISTRATOR):
        _person(role, None, 0)
    officers = []
    for agency in agencies:
        _person(Role.AGENCY_HEAD, agency, 0)
        officers.append([_person(Role.OFFICER, agency, n).pk for n in range(OFFICERS)])
    row, _calendar = calendar_for(None)
    people = [f"{name} {surname}" for name in NAMES for surname in SURNAMES]
    sealed = [seal(Identity(name, f"warga{n}@example.org", f"08{n:010}")) for n, name in enumerate(people)]
    return Catalogue(
        prefix=settings.CITY.prefix,
        agencies=[(agency.pk, agency.code) for agency in agencies],
        officers=officers,
        outside=list(Agency.objects.filter(is_external=True).values_list("pk", flat=True))
        or [agencies[0].pk],
        categories=list(
            Category.objects.exclude(parent=None).order_by("code").values_list("pk", flat=True)[:CATEGORIES]
        ),
        areas=list(Area.objects.filter(level="ward").order_by("code").values_list("pk", flat=True)),
        reasons=list(RejectReason.objects.order_by("code").values_list("code", flat=True)) or ["other"],
        calendar=row.pk,
        policy=json.dumps(policy_for("complaint", None, day_of(now))),
        sealed=sealed,
    )


def _person(role: Role, agency: Agency | None, number: int) -> User:
    """One who can be made to sign in: `officer.3.1@bench.example` is the second officer of agency 3."""
    parts = [str(role), *([str(agency.pk)] if agency else []), *([str(number)] if number else [])]
    name = f"{NAMES[number]} {SURNAMES[(agency.pk if agency else 0) % len(SURNAMES)]}"
    made = {"name": name, "role": role, "agency": agency, "password": "!"}
    return User.objects.get_or_create(email=f"{'.'.join(parts)}@bench.example", defaults=made)[0]


# PostgreSQL


def _fill_postgresql(catalogue: Catalogue, plan: Plan, times: int) -> dict[str, float]:
    """Without triggers and indexes, in two processes; then what they would have made, at once."""
    address, begun = connection.get_connection_params(), perf_counter()
    target: dict[str, Any] = {
        name: address[name] for name in ("dbname", "user", "password", "host", "port") if name in address
    }
    indexes = _take_indexes("SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = 'public' AND "
        "NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname) AND tablename = ANY(%s)",
        [[*COLUMNS, SEARCH]])  # fmt: skip
    half = plan.cases // 2
    parts = [(0, half), (half, plan.cases)] if plan.cases >= BATCH else [(0, plan.cases)]
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=copy_part, args=(target, catalogue, plan, first, last))
        for first, last in parts
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a process of the filling failed")
    made = perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(run_all, [target] * (times - 1), [copies_of(plan, number) for number in range(1, times)])
        )
    copied = perf_counter()
    _index(target, indexes)
    ends = {"making": made - begun, "copying": copied - made, "indexing": perf_counter() - copied}
    return {name: round(seconds, 1) for name, seconds in ends.items()}


def _index(target: dict[str, Any], indexes: list[str]) -> None:
    """The words of the search beside all other indexes: each takes about as long."""
    search = [
        f"INSERT INTO {SEARCH} (rowid, document) SELECT c.id, {DOCUMENT.format(row='c')} "
        f"FROM {COMPLAINT} c WHERE NOT EXISTS (SELECT 1 FROM {SEARCH} s WHERE s.rowid = c.id)"
    ]
    search += [each for each in indexes if f".{SEARCH} " in each] + [f"VACUUM ANALYZE {SEARCH}"]
    others = [each for each in indexes if each not in search]
    others += [f"VACUUM ANALYZE {table}" for table in COLUMNS]
    with ThreadPoolExecutor() as pool:
        list(pool.map(run_all, [target] * 2, [search, others]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")


def _take_indexes(query: str, parameters: list[Any] | None = None) -> list[str]:
    """Drops what this finds; gives the statements that make them anew."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


# SQLite


def _fill_sqlite(catalogue: Catalogue, plan: Plan) -> None:
    marks = ", ".join(f"'{table}'" for table in COLUMNS)
    indexes = _take_indexes(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_%%'")
        triggers = cursor.fetchall()
        for name, _definition in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        for tables in batches(Maker(catalogue, plan, Random(plan.seed), utc=""), 0, plan.cases):
            cursor.execute("BEGIN IMMEDIATE")
            for table, rows in tables.items():
                columns, values = ", ".join(COLUMNS[table]), ", ".join(["%s"] * len(COLUMNS[table]))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)
            cursor.execute("COMMIT")
        cursor.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')")
        for definition in indexes + [definition for _name, definition in triggers]:
            cursor.execute(definition)
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
