"""The desk on the embedded SQLite beside the same city on PostgreSQL, in turns under the same gunicorn."""

import json
import os
import subprocess
import sys
import tempfile
from statistics import median
from typing import Any

from bench.journey import QUIET
from bench.pages import ROUNDS, SECONDS
from bench.sites import ROOT, Site

PARTS = "queue,case"
Figures = dict[str, Any]


def measure(size: int, env: dict[str, str]) -> Figures:
    """Of each page the milliseconds of one client on both, and the ratios of these and of the processors. `env` leads
    to an empty PostgreSQL."""
    with tempfile.TemporaryDirectory(dir=os.environ["DATA_DIR"]) as folder:
        own = env | {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/tuntas.sqlite3"}
        prepared = {side: _prepared(size, place) for side, place in (("postgresql", env), ("sqlite", own))}
        sites = {
            side: Site("config.wsgi:application", port, place | QUIET, "/health/")
            for side, port, place in (("postgresql", 8706, env), ("sqlite", 8707, own))
        }
        try:
            both = zip(*(prepared[side]["pages"] for side in sites), strict=True)
            rows = {pages[0]["code"]: _compared(sites, pages) for pages in both}
        finally:
            for site in sites.values():
                site.stop()
    return {"cases": size, "fill_seconds": prepared["sqlite"]["fill_seconds"], "pages": rows}


def _prepared(size: int, env: dict[str, str]) -> Figures:
    command = [sys.executable, "-m", "bench.prepare", str(size), PARTS]
    output = subprocess.check_output(command, cwd=ROOT, env=os.environ | env)
    found: Figures = json.loads(output.splitlines()[-1])
    return found


def _compared(sites: dict[str, Site], pages: tuple[Figures, ...]) -> Figures:
    times: dict[str, list[float]] = {side: [] for side in sites}
    spent = dict.fromkeys(sites, 0.0)
    counts = [
        max(3, int(SECONDS * 1000 / min(site.times(page["path"], page["cookie"], 8))))
        for site, page in zip(sites.values(), pages, strict=True)
    ]
    for _ in range(ROUNDS):
        for (side, site), page, count in zip(sites.items(), pages, counts, strict=True):
            before = sum(site.cpu())
            times[side] += site.times(page["path"], page["cookie"], min(count, 20))
            spent[side] += sum(site.cpu()) - before
    row = {f"{side}_ms": median(taken) for side, taken in times.items()}
    cpu = {f"{side}_cpu_ms": spent[side] * 1000 / len(times[side]) for side in sites}
    ratio = row["sqlite_ms"] / row["postgresql_ms"]
    cpu_ratio = cpu["sqlite_cpu_ms"] / cpu["postgresql_cpu_ms"]
    return row | cpu | {"ratio": ratio, "cpu_ratio": cpu_ratio}
