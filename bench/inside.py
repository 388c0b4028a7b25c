"""What is measured inside one process: the sweep and the pages of the desk.

python -m bench.inside fill|sweep|queue|oversight|figures|rows|backlog|keep CASES
(DATABASE_URL names an empty database; a filled one from figures on)
"""

import json
import os
import sys
from collections.abc import Callable
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from bench import figures, least_sweep, rows  # noqa: E402
from bench.bare_tables import TABLES  # noqa: E402
from bench.fill import fill  # noqa: E402
from complaints.clock.city_time import day_of  # noqa: E402
from complaints.models import Complaint  # noqa: E402
from complaints.public.figures import keep_figures  # noqa: E402
from escalation.ladder.models import LadderState  # noqa: E402
from escalation.ladder.rules import fingerprint, rules_in_force  # noqa: E402
from escalation.oversight import sums  # noqa: E402
from escalation.sweep import run_sweep, sweep_all  # noqa: E402

BACKLOG = 30_000
ONE_STATEMENT = """
WITH due AS (
  SELECT id, agency_id FROM complaints_complaint WHERE next_action_at <= now() FOR UPDATE
), moved AS (
  UPDATE complaints_complaint c SET next_level = 2, next_action_at = now() + interval '3 days', version = version + 1
  FROM due WHERE c.id = due.id RETURNING c.id, c.version, c.agency_id
), told AS (
  INSERT INTO bare_told (case_id, agency_id) SELECT id, agency_id FROM moved
) INSERT INTO bare_history (case_id, seq, kind) SELECT id, version, 'escalated' FROM moved
"""


def sweep(cases: int, due: int) -> dict[str, Any]:
    """Due cases a second, against one SQL statement that moves them and one that writes all that the sweep does
    (bench/least_sweep.py); and with nothing due."""
    now = timezone.now()
    fill(cases, now=now, open_share=1.0, due=due)
    # As after any sweep: the rules are known, and only what is due is looked at.
    rules = rules_in_force(day_of(now))
    LadderState.objects.create(pk=1, fingerprint=fingerprint(rules))
    limit = _one_statement()
    due_now = Complaint.objects.needing_action(now).order_by()
    result, least = least_sweep.measured(lambda: sweep_all(now), due_now)
    idle = [run_sweep(now).seconds for _ in range(9)]
    return {
        "open": cases,
        "due": result.due,
        "escalated": result.escalated,
        "seconds": result.seconds,
        "due_per_second": result.due / result.seconds,
        "one_statement_seconds": limit,
        "times_one_statement": result.seconds / limit,
        **least,
        "nothing_due_ms": median(idle) * 1000,
    }


def backlog(cases: int) -> dict[str, Any]:
    """In a filled city the moment at which BACKLOG cases are due at once: swept by a process for each processor, beside
    the statement that writes the same rows (bench/least_sweep.py); then with nothing due."""
    waiting = Complaint.objects.open().filter(next_action_at__isnull=False).order_by("next_action_at")
    now = waiting.values_list("next_action_at", flat=True)[min(BACKLOG, cases // 10) - 1]
    assert now is not None
    due = Complaint.objects.needing_action(now).order_by()
    result, least = least_sweep.measured(lambda: sweep_all(now), due)
    idle = [run_sweep(now).seconds for _ in range(9)]
    return {
        "due": result.due,
        "escalated": result.escalated,
        "failed": result.failed,
        "seconds": result.seconds,
        **least,
        "nothing_due_ms": median(idle) * 1000,
    }


def keep(_cases: int) -> dict[str, Any]:
    """What the worker keeps up for the supervisors and the home page, and how long it takes."""
    begun, now = perf_counter(), timezone.now()
    sums.keep_all(now)
    keep_figures(now)
    return {"seconds": round(perf_counter() - begun, 1)}


def filled(cases: int) -> dict[str, Any]:
    """`peak_mb`: of the largest of the processes that filled."""
    took = fill(cases, now=timezone.now())
    return {"cases": cases, **took, "peak_mb": round(getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024)}


def _one_statement() -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_told (id bigserial PRIMARY KEY, case_id bigint, agency_id bigint)")
        cursor.execute(
            "CREATE TABLE bare_history (id bigserial PRIMARY KEY, case_id bigint, seq int, kind text)"
        )
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("BEGIN")
        start = perf_counter()
        cursor.execute(ONE_STATEMENT)
        took = perf_counter() - start
        cursor.execute("ROLLBACK")
    return took


def queue(cases: int) -> dict[str, Any]:
    """The officer's queue and a case page: milliseconds and queries."""
    fill(cases, now=timezone.now(), due=cases // 30)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    officer = User.objects.filter(role=Role.OFFICER).order_by("pk")[0]
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(officer, backend="accounts.backends.StaffBackend")
    case = Complaint.objects.visible_to(officer).open().order_by("due_at")[0]
    pages = {"queue": "/staff/cases/", "case": f"/staff/cases/{case.number}/"}
    return {"cases": cases} | {name: page(client, path) for name, path in pages.items()}


def oversight(cases: int) -> dict[str, Any]:
    """The supervisors' pages: milliseconds and queries."""
    now = timezone.now()
    fill(cases, now=now, due=cases // 30)
    run_sweep(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    supervisor = User.objects.create(
        email="sari@kota.example", name="Sari", role=Role.SUPERVISOR, password="!"
    )
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(supervisor, backend="accounts.backends.StaffBackend")
    escalated = Complaint.objects.visible_to(supervisor).filter(escalations__isnull=False).order_by("pk")[0]
    pages = ["", "escalations/", "soon/", "oldest/", "agencies/", "agencies/?period=year", "identity/"]
    pages += ["search/?q=lampu", "search/?q=lampu+jalan&overdue=on", "recommendations/", "commitments/"]
    pages += ["audits/", "what-if/", f"cases/{escalated.number}/"]
    return {"cases": cases} | {name: page(client, f"/oversight/{name}") for name in pages}


def page(client: Client, path: str) -> dict[str, Any]:
    times, response = [], client.get(path)
    for _ in range(12):
        start = perf_counter()
        response = client.get(path)
        times.append(perf_counter() - start)
        assert response.status_code == 200, (path, response.status_code)
    settings.DEBUG = True
    reset_queries()
    client.get(path)
    queries = [float(query["time"]) for query in connection.queries]
    settings.DEBUG = False
    return {
        "ms": median(times[2:]) * 1000,
        "queries": len(queries),
        "sql_ms": sum(queries) * 1000,
        "bytes": len(response.content),
    }


def bare_tables(_cases: int) -> dict[str, Any]:
    """For the bare journey, in a database that has ours."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    return {}


def main() -> None:
    call_command("migrate", verbosity=0)
    what, cases = sys.argv[1], int(sys.argv[2])
    measures: dict[str, Callable[[int], dict[str, Any]]] = {
        "fill": filled,
        "bare_tables": bare_tables,
        "sweep": lambda n: sweep(n, n // 10),
        "queue": queue,
        "oversight": oversight,
        "backlog": backlog,
        "keep": keep,
        "figures": figures.measure,
        "rows": rows.measure,
    }
    print(json.dumps(measures[what](cases)))


if __name__ == "__main__":
    main()
