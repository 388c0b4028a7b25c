"""Runs the measurements on a throwaway PostgreSQL and holds them against bench/goals.toml.

script/bench [--json FILE] [--sizes 10000,100000,1000000] [--only PARTS], PARTS of
queue,case,sups,later,journey,sweep,embedded,report,rows,backlog; memory by itself
"""

import argparse
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import embedded, journey, pages
from bench.sites import ROOT

PAGES = ("queue", "case", "sups", "later")
PARTS = (*PAGES, "journey", "sweep", "embedded", "report", "rows", "backlog")
NAMED = ("memory",)  # only where it is asked for by name: some twenty minutes
SWEEP_MOST = 100_000  # open cases: what is swept is a tenth of them
EMBEDDED_MOST = 100_000  # cases in SQLite: a larger city has PostgreSQL
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures Tuntas against a limit in the same run.")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--sizes", default="100000", help="numbers of cases, separated by commas")
    parser.add_argument("--only", default="", help=f"parts, separated by commas: {', '.join(PARTS + NAMED)}")
    options = parser.parse_args()
    parts = options.only.split(",") if options.only else list(PARTS)
    if unknown := set(parts) - {*PARTS, *NAMED}:
        parser.error(f"no part: {', '.join(sorted(unknown))}")
    sizes = sorted(int(text) for text in options.sizes.split(","))
    begun = perf_counter()
    figures: Figures = {}
    try:
        measure(os.environ["BENCH_POSTGRES_URL"], sizes, parts, figures)
    finally:  # half an hour is not lost by what fails in its last minute
        figures["seconds"] = round(perf_counter() - begun)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n")
    show(figures)


def measure(server: str, sizes: list[int], parts: list[str], figures: Figures) -> None:
    """Puts what it finds into `figures` as it finds it."""
    if "journey" in parts:
        figures["journey"] = journey.measure(_fresh(server, "journey", city=True))
    if "sweep" in parts:
        size = min(max(sizes), SWEEP_MOST)
        figures["sweep"] = _inside("sweep", size, _fresh(server, "sweep"))
    if "embedded" in parts:
        size = min(max(sizes), EMBEDDED_MOST)
        figures["embedded"] = embedded.measure(size, _fresh(server, "beside"))
    is_long = "memory" in parts
    of_pages = [part for part in PAGES if part in parts or is_long]
    by_size: dict[int, Figures] = {}
    figures["sizes"], figures["slopes"] = {}, {}
    for size in sizes:
        if not of_pages and not {"report", "rows", "backlog"} & set(parts):
            break
        env = _fresh(server, f"cases_{size}")
        by_size[size] = pages.measure(size, of_pages, env, is_long=is_long)
        figures["sizes"][str(size)], figures["slopes"] = by_size[size], pages.slopes(by_size)
        if "report" in parts:
            by_size[size]["report"] = _inside("figures", size, env) | _alone("bench.freezing", env)
        if "rows" in parts:
            by_size[size]["rows"] = _inside("rows", size, env)
        if "backlog" in parts:  # the last: it changes what the others look at
            by_size[size]["backlog"] = _inside("backlog", size, env)
        subprocess.run(
            ["psql", "-q", f"{server}/postgres", "-c", f'DROP DATABASE "cases_{size}"'], check=True
        )


def _fresh(server: str, name: str, *, city: bool = False) -> dict[str, str]:
    """An empty database of this name; the environment that leads to it."""
    for statement in (f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'):
        subprocess.run(["psql", "-q", f"{server}/postgres", "-c", statement], check=True)
    env = {"DATABASE_URL": f"{server}/{name}", "PLAIN_STATIC": "1"}
    if city:
        for command in ("migrate -v0", "load_city"):
            arguments = [sys.executable, "manage.py", *command.split()]
            subprocess.run(arguments, cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
        _inside("bare_tables", 0, env)
    return env


def _inside(what: str, size: int, env: dict[str, str]) -> Figures:
    return _alone("bench.inside", env, what, str(size))


def _alone(module: str, env: dict[str, str], *arguments: str) -> Figures:
    command = [sys.executable, "-m", module, *arguments]
    output = subprocess.check_output(command, cwd=ROOT, env=os.environ | env)
    result: Figures = json.loads(output.splitlines()[-1])
    return result


# What is printed

HEADS = (
    "page",
    "bare",
    "least",
    "ours",
    "/bare",
    "/least",
    "bare CPU",
    "least CPU",
    "our CPU",
    "queries",
    "SQL ms",
    "kB",
)
LINE = "{:<18}{:>8}{:>8}{:>8}{:>7}{:>7}{:>14}{:>14}{:>14}{:>8}{:>8}{:>6}"


def show(figures: Figures) -> None:
    for name in ("journey", "sweep"):
        if name in figures:
            print(f"\n{name}: " + ", ".join(f"{key} {_short(value)}" for key, value in figures[name].items()))
    for code, row in figures.get("embedded", {}).get("pages", {}).items():
        print(f"on SQLite {code}: " + ", ".join(f"{key} {_short(value)}" for key, value in row.items()))
    for size, found in figures["sizes"].items():
        print(
            f"\n{int(size):,} cases, filled in {found['fill_seconds']:.0f} s. Milliseconds; CPU: site + database"
        )
        print(LINE.format(*HEADS))
        for code, row in found["pages"].items():
            print(_line(code, row))
        for name in ("report", "rows", "backlog", "memory"):
            if name in found:
                print(f"{name}: " + ", ".join(f"{key} {_short(value)}" for key, value in found[name].items()))
    if figures["slopes"]:
        print(
            "\nlargest against smallest: " + ", ".join(f"{k} {v:.2f}" for k, v in figures["slopes"].items())
        )
    print()
    for text in judged(figures):
        print(text)


def _line(code: str, row: Figures) -> str:
    void = "" if row["limit_moved"] <= pages.MOVED else "  void: the limit moved"
    sides = ("bare", "least", "ours")
    cpu = [f"{row[f'{side}_cpu_ms']:.1f} + {row[f'{side}_database_ms']:.1f}" for side in sides]
    times = [f"{row[f'{side}_ms']:.1f}" for side in sides]
    ratios = [f"{row[name]:.2f}" for name in ("cpu_ratio", "least_cpu_ratio")]
    rest = [str(row["queries"]), f"{row['sql_ms']:.1f}", str(row["bytes"] // 1000)]
    return LINE.format(code, *times, *ratios, *cpu, *rest) + void


def judged(figures: Figures) -> list[str]:
    """Each goal of which something was measured, with what was found. `at`: a path through the figures; `*` in it
    stands for the largest number of cases."""
    goals = tomllib.loads((ROOT / "bench" / "goals.toml").read_text())["goal"]
    largest = max(figures["sizes"], key=int, default="")
    lines = []
    for goal in goals:
        value: Any = figures
        for key in goal["at"].replace("*", largest).split("/"):
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            continue
        good = value >= goal["at_least"] if "at_least" in goal else value <= goal["at_most"]
        bound = f">= {goal['at_least']}" if "at_least" in goal else f"<= {goal['at_most']}"
        lines.append(f"{'reached' if good else 'MISSED '} {goal['what']}: {_short(value)} {bound}")
    return lines


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key} {_short(inner)}" for key, inner in value.items()) + ")"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
