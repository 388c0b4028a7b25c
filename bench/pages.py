"""Our pages beside bare ones under the same gunicorn, in turns: time of one client, processors, queries."""

import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

from bench import memory
from bench.journey import QUIET
from bench.sites import ROOT, Site

ROUNDS, MOST, SECONDS = 5, 20, 0.8  # requests a round: as many as fit into these seconds
MOVED = 0.25  # a limit that moved by more makes the page's row void: it is measured again, once
Figures = dict[str, Any]


def measure(size: int, parts: list[str], env: dict[str, str], *, is_long: bool = False) -> Figures:
    """Fills the database and measures the pages of these parts; `is_long`: what they leave behind in memory instead."""
    command = [sys.executable, "-m", "bench.prepare", str(size), ",".join(parts)]
    output = subprocess.check_output(command, cwd=ROOT, env=os.environ | env)
    prepared = json.loads(output.splitlines()[-1])
    if is_long:
        found = memory.measure(prepared["pages"], env)
        return {"fill_seconds": prepared["fill_seconds"], "pages": {}, "memory": found}
    if not prepared["pages"]:  # asked for a part that has none
        return {"fill_seconds": prepared["fill_seconds"], "pages": {}}
    ready = prepared["pages"][0]["least"]
    sites = {
        "bare": Site("bench.bare_site:application", 8701, env, ready),
        "least": Site("bench.least_site:application", 8703, env | QUIET, ready),
        "ours": Site("config.wsgi:application", 8702, env | QUIET, "/health/"),
    }
    if "sups" in parts:  # as of now: older sums are not believed
        subprocess.run(
            [sys.executable, "-m", "bench.inside", "keep", "0"],
            cwd=ROOT,
            env=os.environ | env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    try:
        rows = {each["code"]: _compared(sites, each) for each in prepared["pages"]}
    finally:
        for site in sites.values():
            site.stop()
    return {"fill_seconds": prepared["fill_seconds"], "pages": rows}


def _compared(sites: dict[str, Site], page: Figures) -> Figures:
    row = _rounds(sites, page)
    if row["limit_moved"] > MOVED:
        row = _rounds(sites, page)
    inside = page["inside"]
    return row | {"queries": inside["queries"], "sql_ms": inside["sql_ms"], "bytes": inside["bytes"]}


def _rounds(sites: dict[str, Site], page: Figures) -> Figures:
    """Of each side the median time and the processors' of site and database, in milliseconds."""
    sides = {
        "bare": (sites["bare"], page["bare"], ""),
        "least": (sites["least"], page["least"], page["cookie"]),
        "ours": (sites["ours"], page["path"], page["cookie"]),
    }
    # Each worker has seen it.
    once = {side: min(site.times(path, cookie, 8)) for side, (site, path, cookie) in sides.items()}
    times: dict[str, list[float]] = {side: [] for side in sides}
    spent = {side: [0.0, 0.0] for side in sides}
    limits = []
    for _ in range(ROUNDS):
        for side, (site, path, cookie) in sides.items():
            before = site.cpu()
            taken = site.times(path, cookie, max(3, min(MOST, int(SECONDS * 1000 / once[side]))))
            after = site.cpu()
            times[side] += taken
            spent[side] = [had + new - old for had, new, old in zip(spent[side], after, before, strict=True)]
            if side == "bare":
                limits.append(median(taken))
    row: Figures = {}
    for side, taken in times.items():
        row[f"{side}_ms"] = median(taken)
        row[f"{side}_cpu_ms"], row[f"{side}_database_ms"] = (s * 1000 / len(taken) for s in spent[side])
    for name, side in (("", "bare"), ("least_", "least")):
        row[f"{name}ratio"] = row["ours_ms"] / row[f"{side}_ms"]
        row[f"{name}cpu_ratio"] = (
            sum(spent["ours"]) / len(times["ours"]) / _a_request(spent[side], times[side])
        )
    return row | {"limit_moved": max(limits) / min(limits) - 1}


def _a_request(spent: list[float], times: list[float]) -> float:
    return max(sum(spent) / len(times), 0.0001)


def slopes(by_size: dict[int, Figures]) -> Figures:
    """How many times as long each page takes with the largest number of cases as with the smallest; by the time of one
    client."""
    sizes = sorted(by_size)
    if len(sizes) < 2:
        return {}
    first, last = (by_size[size]["pages"] for size in (sizes[0], sizes[-1]))
    return {code: last[code]["ours_ms"] / first[code]["ours_ms"] for code in last if code in first}
