"""What a city of however many cases costs, in one process: each page, a filing, a sweep, what the worker keeps up, room
on the disk.

python -m bench.large      (DATABASE_URL names a database that `bench.inside fill` filled, on this machine); prints JSON
"""

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PLAIN_STATIC", "true")
os.environ.setdefault("SUBMISSIONS_PER_MINUTE", "1000000")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.inside import page  # noqa: E402
from bench.journey import OURS  # noqa: E402
from bench.load import HIDDEN  # noqa: E402
from bench.prepare import WORD, Page, client_of, pages_of  # noqa: E402
from complaints.clock.city_time import day_of  # noqa: E402
from complaints.models import Complaint  # noqa: E402
from complaints.public.figures import keep_figures  # noqa: E402
from escalation.ladder.models import LadderState  # noqa: E402
from escalation.ladder.rules import fingerprint, rules_in_force  # noqa: E402
from escalation.oversight import sums  # noqa: E402
from escalation.sweep import run_sweep  # noqa: E402

TURNS = 12
FORM = "/complaints/new/"


def spent(work: Callable[[], object], turns: int = TURNS) -> dict[str, float]:
    """Medians of so many turns, in milliseconds: by the clock, of this process, of the database's own for us."""
    database = _database_clock()
    taken = []
    for _ in range(turns):
        before = perf_counter(), process_time(), database()
        work()
        after = perf_counter(), process_time(), database()
        taken.append([1000 * (late - early) for late, early in zip(after, before, strict=True)])
    clock, site, rows = (round(median(each), 1) for each in zip(*taken, strict=True))
    return {"ms": clock, "site_ms": site, "database_ms": rows}


def _database_clock() -> Callable[[], float]:
    """Seconds of the processor that the process of our connection has had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(told.read_text().split()[0]) / 1e9


def _seen(each: Page) -> dict[str, Any]:
    client = client_of(each["who"])[0]

    def ask() -> None:
        answer = client.get(each["path"])
        assert answer.status_code == 200, (each["path"], answer.status_code)

    ask()
    inside = page(client, each["path"])
    return spent(ask) | {"queries": inside["queries"], "sql_ms": round(inside["sql_ms"], 1)}


def _file_one() -> None:
    client = Client(headers={"host": "127.0.0.1", "accept-language": "id"})
    text = client.get(FORM).content.decode()
    answer = client.post(FORM, dict(HIDDEN.findall(text[text.index("<form") :])) | OURS)
    assert answer.status_code in (200, 201), answer.status_code


def _searches(agency: int) -> list[Page]:
    return [
        {
            "code": f"search_{name}_officer",
            "path": f"/staff/cases/?queue=all&q={word}",
            "who": f"officer.{agency}",
        }
        for name, word in WORD.items()
    ]


def _sizes() -> dict[str, float]:
    """Gigabytes: of the database, and of its largest tables with their indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (whole,) = cursor.fetchone()
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' ORDER BY 2 DESC LIMIT 8"
        )
        return {"database": whole / 1e9} | {name: round(size / 1e9, 2) for name, size in cursor.fetchall()}


def main() -> None:
    now, told = timezone.now(), dict[str, Any]()

    def tell(name: str, of: dict[str, Any]) -> None:
        told[name] = of
        print(name, json.dumps(of), file=sys.stderr, flush=True)

    LadderState.objects.get_or_create(
        pk=1, defaults={"fingerprint": fingerprint(rules_in_force(day_of(now))), "swept_at": now}
    )
    tell("gigabytes", _sizes())
    tell("a sweep with nothing due", spent(lambda: run_sweep(timezone.now())))
    tell("a filing: form, and sent", spent(_file_one))
    for name in sums.NAMES:  # not the times with agencies, which are built over hours
        tell(f"the worker's sums: {name}", spent(partial(sums._keep, name, timezone.now()), 1))
    tell("the worker's figures of the home page", spent(lambda: keep_figures(timezone.now()), 1))
    agency = Complaint.objects.exclude(agency=None).values_list("agency", flat=True).order_by("agency")[0]
    for part in ("sups", "queue", "case"):
        for each in pages_of(part):
            tell(each["code"], _seen(each))
    for each in _searches(agency):
        tell(each["code"], _seen(each))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
