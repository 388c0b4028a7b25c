"""What a report costs: roll-up, the whole command and its PDF, each beside its limit in the same run; what is frozen
for it is measured by freezing.py.

Times are of the processors, the database's with them: the clock of a machine that others use says little.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.sites import ROOT
from bench.spending import RAW, asked, peak, spent
from complaints.clock.city_time import day_of
from reports.figures.periods import Period
from reports.figures.snapshot import Packed, freeze, unpack
from reports.pages import pdf
from reports.pages.main import marks_alone
from reports.pages.report import report_pdf
from reports.statistics.blocks import Block
from reports.statistics.keeping import count_all
from reports.statistics.models import RollUp, RollUpMonth, RollUpState, RollUpStay
from reports.statistics.reading import figures_of

# The cells of the roll-up, of every month at once: where a case belongs by what it is, with how it stands.
CELLS = """WITH clocks AS (SELECT complaint_id, bool_or(coalesce(stopped_at, now()) > promised_at) late,
    bool_or(coalesce(stopped_at, now()) > due_at) late_extended, bool_or(stopped_by = 'done') answered
    FROM complaints_clock WHERE stage = 'resolution' GROUP BY 1),
  one AS (SELECT date_trunc('month', received_at AT TIME ZONE 'Asia/Makassar') m,
    (received_at AT TIME ZONE 'Asia/Makassar')::date d, agency_id a, area_id w, category_id g, channel h, kind k,
    parent_id p, state, late, late_extended, answered FROM complaints_complaint c
    LEFT JOIN clocks ON clocks.complaint_id = c.id)
  SELECT m, d, a, w, g, h, k, p, count(*), count(*) FILTER (WHERE state IN ('resolved', 'closed')),
    count(*) FILTER (WHERE late), count(*) FILTER (WHERE late_extended), count(*) FILTER (WHERE answered),
    count(*) FILTER (WHERE answered AND NOT late), count(*) FILTER (WHERE answered AND NOT late_extended),
    count(*) FILTER (WHERE state = 'rejected'), count(*) FILTER (WHERE state = 'merged'),
    count(*) FILTER (WHERE state = 'referred'), count(*) FILTER (WHERE state = 'withdrawn'),
    count(*) FILTER (WHERE state = 'lapsed'), count(*) FILTER (WHERE state = 'awaiting_citizen')
  FROM one GROUP BY GROUPING SETS ((m, d), (m, a, w, p), (m, a, g, p), (m, a, h, p), (m, a, k, p),
    (m, w, a), (m, w, g), (m, w, h), (m, w, k))"""
CELLS_OF_TIMES = """SELECT date_trunc('month', c.received_at AT TIME ZONE 'Asia/Makassar'), s.agency_id, c.area_id,
  s.how, coalesce(s.until_at, now()) > s.promised_at, coalesce(s.until_at, now()) > s.due_at, count(*)
  FROM escalation_keptstay s JOIN complaints_complaint c ON c.id = s.complaint_id GROUP BY 1, 2, 3, 4, 5, 6"""
NAIVE = """import json, sys
import base64
from weasyprint import CSS, HTML
from reports.pages.render import make_fetcher
job = json.load(sys.stdin)
assets = {f"asset:{name}": (kind, base64.b64decode(text)) for name, (kind, text) in job["assets"].items()}
fetch = make_fetcher(assets)
css = job["css"].replace("table-layout: fixed", "table-layout: auto")
HTML(string=job["html"], url_fetcher=fetch, base_url="asset:").write_pdf(
    stylesheets=[CSS(string=css, url_fetcher=fetch, base_url="asset:")], pdf_variant="pdf/ua-1")"""


OURS = """from reports.pages.render import main
main()"""
PEAK = """
import re
sys = __import__("sys")
sys.stderr.write("\\n" + re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])"""


def measure(_cases: int) -> dict[str, Any]:
    now = timezone.now().replace(microsecond=0)
    printed = _printed(now)
    raw = min(spent(lambda: asked(RAW))[0] for _ in range(3))
    cells = min(spent(lambda: asked(CELLS, CELLS_OF_TIMES))[0] for _ in range(3))
    stored = min(_stored(now) for _ in range(2))
    before = peak()
    rebuilding, _ = spent(lambda: _rebuild(now))
    rebuilt = peak()
    reading = [_timed(lambda: figures_of([Block.of(day_of(now), "year")])) for _ in range(9)]
    return {
        "raw_group_by_seconds": raw,
        "cells_seconds": cells,
        "cells_stored_seconds": stored,
        "roll_up_ms": median(reading) * 1000,
        "rebuild_seconds": rebuilding,
        "rebuild_ratio": rebuilding / raw,
        "rebuild_least_ratio": rebuilding / cells,
        "rebuild_stored_ratio": rebuilding / (cells + stored),
        "rebuild_mb": rebuilt - before,
        **printed,
    }


def _stored(now: datetime) -> float:
    """Seconds of storing what the roll-up has, with the keys of its tables, from a table that has it already: the least
    that storing can cost. Counting it is not in this."""
    seconds = 0.0
    if not RollUpMonth.objects.exists():
        count_all(now)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in (RollUp._meta.db_table, RollUpStay._meta.db_table):
            cursor.execute(
                f"CREATE TEMPORARY TABLE had ON COMMIT DROP AS SELECT * FROM {table} ORDER BY month, random()"
            )
            cursor.execute(f"TRUNCATE {table}")
            seconds += spent(lambda: cursor.execute(f"INSERT INTO {table} SELECT * FROM had"))[0]  # noqa: B023
            cursor.execute("DROP TABLE had")
        transaction.set_rollback(True)
    return seconds


def _rebuild(now: datetime) -> None:
    for model in (RollUp, RollUpStay, RollUpMonth, RollUpState):
        model.objects.all().delete()
    count_all(now)


def _printed(now: datetime) -> dict[str, Any]:
    """The public paper of last month, as the worker prints it with what was decided to hide when it was counted, and as
    WeasyPrint prints the same pages by itself with tables as they come."""
    jobs: list[tuple[bytes, bytes]] = []
    run, last = pdf.run_child, day_of(now).replace(day=1) - timedelta(1)

    def kept(html: str, css: str, assets: Any, *rest: Any) -> bytes:
        encoded = {
            name: (kind, base64.b64encode(content).decode()) for name, (kind, content) in assets.items()
        }
        naive = json.dumps({"html": html, "css": css, "assets": encoded}).encode()
        jobs.append((pdf.child_job(html, css, assets, *rest), naive))
        return run(html, css, assets, *rest)

    frozen = freeze(Period(last.replace(day=1), last), None, actor=None, now=now)
    # As the worker has it, whose digest was known when it was packed.
    snapshot = unpack(Packed.of(frozen).pieces())
    hiding, marks = spent(lambda: marks_alone(snapshot.figures))
    pdf.run_child = kept  # type: ignore[assignment]
    try:
        ours, _paper = spent(lambda: report_pdf(snapshot, language="id", public=True, marks=marks))
    finally:
        pdf.run_child = run
    ((own_job, naive_job),) = jobs
    naive, _ = spent(lambda: _child(NAIVE, naive_job))
    return {
        "hide_seconds": hiding,
        "pdf_seconds": ours,
        "naive_pdf_seconds": naive,
        "pdf_ratio": ours / naive,
        "pdf_mb": _child(OURS, own_job),
        "naive_pdf_mb": _child(NAIVE, naive_job),
    }


def _child(program: str, job: bytes) -> float:
    """MB that a process needed at the most, as it says itself: the system counts what its parent had as its own."""
    command = [sys.executable, "-c", program + PEAK]
    done = subprocess.run(command, input=job, cwd=ROOT, check=True, capture_output=True)
    return int(done.stderr.split()[-1]) / 1024


def _timed(work: Callable[[], Any]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
