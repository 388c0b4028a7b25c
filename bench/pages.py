"""Our pages beside bare ones under the same gunicorn, in turns: time of one client, processors, queries."""

import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

from bench.journey import QUIET
from bench.sites import ROOT, Site

ROUNDS, MOST, SECONDS = 5, 20, 1.5  # requests a round: as many as fit into these seconds
MOVED = 0.25  # a limit that moved by more makes the page's row void: it is measured again, once
Figures = dict[str, Any]


def measure(size: int, parts: list[str], env: dict[str, str]) -> Figures:
    """Fills the database and measures the pages of these parts."""
    command = [sys.executable, "-m", "bench.prepare", str(size), ",".join(parts)]
    output = subprocess.check_output(command, cwd=ROOT, env=os.environ | env)
    prepared = json.loads(output.splitlines()[-1])
    bare = Site("bench.bare_site:application", 8701, env)
    ours = Site("config.wsgi:application", 8702, env | QUIET, "/health/")
    try:
        rows = {each["code"]: _compared(bare, ours, each) for each in prepared["pages"]}
    finally:
        bare.stop()
        ours.stop()
    return {"fill_seconds": prepared["fill_seconds"], "pages": rows}


def _compared(bare: Site, ours: Site, page: Figures) -> Figures:
    row = _rounds(bare, ours, page)
    if row["limit_moved"] > MOVED:
        row = _rounds(bare, ours, page)
    inside = page["inside"]
    return row | {"queries": inside["queries"], "sql_ms": inside["sql_ms"], "bytes": inside["bytes"]}


def _rounds(bare: Site, ours: Site, page: Figures) -> Figures:
    sides = ((bare, page["bare"], ""), (ours, page["path"], page["cookie"]))
    counts = []
    for site, path, cookie in sides:
        once = min(site.times(path, cookie, 8))  # each of the two workers has seen it
        counts.append(max(3, min(MOST, int(SECONDS * 1000 / once))))
    times: list[list[float]] = [[], []]
    spent = [[0.0, 0.0], [0.0, 0.0]]
    limits = []
    for _ in range(ROUNDS):
        for side, (site, path, cookie) in enumerate(sides):
            before = site.cpu()
            taken = site.times(path, cookie, counts[side])
            after = site.cpu()
            times[side] += taken
            spent[side] = [had + new - old for had, new, old in zip(spent[side], after, before, strict=True)]
            if side == 0:
                limits.append(median(taken))
    cpu = [[seconds * 1000 / len(times[side]) for seconds in spent[side]] for side in (0, 1)]
    bare_ms, ours_ms = median(times[0]), median(times[1])
    return {
        "bare_ms": bare_ms,
        "ours_ms": ours_ms,
        "ratio": ours_ms / bare_ms,
        "bare_cpu_ms": cpu[0][0],
        "ours_cpu_ms": cpu[1][0],
        "bare_database_ms": cpu[0][1],
        "ours_database_ms": cpu[1][1],
        "cpu_ratio": sum(cpu[1]) / max(sum(cpu[0]), 0.1),
        "limit_moved": max(limits) / min(limits) - 1,
    }


def slopes(by_size: dict[int, Figures]) -> Figures:
    """How many times as long each page takes with the largest number of cases as with the smallest; by the time of one
    client."""
    sizes = sorted(by_size)
    if len(sizes) < 2:
        return {}
    first, last = (by_size[size]["pages"] for size in (sizes[0], sizes[-1]))
    return {code: last[code]["ours_ms"] / first[code]["ours_ms"] for code in last if code in first}
