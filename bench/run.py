"""Runs all measurements on a throwaway PostgreSQL and holds them against bench/goals.toml.

script/bench [--json FILE] [--sizes 10000,100000]
"""

import argparse
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from bench import journey

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures Tuntas against a limit in the same run.")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--sizes", default="100000", help="numbers of cases, separated by commas")
    options = parser.parse_args()
    server = os.environ["BENCH_POSTGRES_URL"]
    figures: dict[str, Any] = {"journey": journey.measure(_fresh(server, "journey", city=True))}
    for size in (int(text) for text in options.sizes.split(",")):
        figures[f"sweep_{size}"] = _inside("sweep", size, _fresh(server, f"sweep_{size}"))
        figures[f"queue_{size}"] = _inside("queue", size, _fresh(server, f"queue_{size}"))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    _print(figures)


def _fresh(server: str, name: str, city: bool = False) -> dict[str, str]:
    """An empty database of this name; the environment that leads to it."""
    admin = f"{server}/postgres"
    for statement in (f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'):
        subprocess.run(["psql", "-q", admin, "-c", statement], check=True)
    env = {"DATABASE_URL": f"{server}/{name}", "PLAIN_STATIC": "1"}
    if city:
        for command in ("migrate -v0", "load_city"):
            arguments = [sys.executable, "manage.py", *command.split()]
            subprocess.run(arguments, cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
        code = "from bench.bare_site import make_tables; make_tables()"
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | env, check=True)
    return env


def _inside(what: str, size: int, env: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.inside", what, str(size)]
    output = subprocess.check_output(command, cwd=ROOT, env=os.environ | env)
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    return result


def _print(figures: dict[str, Any]) -> None:
    goals = tomllib.loads((ROOT / "bench" / "goals.toml").read_text())
    for name, values in figures.items():
        print(f"\n{name}: " + ", ".join(f"{key} {_short(value)}" for key, value in values.items()))
        for goal in goals["goal"]:
            if name.startswith(goal["of"]):
                value: Any = values
                for key in goal["figure"].split("."):
                    value = value[key]
                good = value >= goal["at_least"] if "at_least" in goal else value <= goal["at_most"]
                bound = goal.get("at_least", goal.get("at_most"))
                sign = ">=" if "at_least" in goal else "<="
                print(f"  {'reached' if good else 'MISSED '} {goal['what']}: {_short(value)} {sign} {bound}")
    if figures["journey"]["limit_moved"] > 0.25:
        print("\nThe limit itself moved by more than a quarter: the journey's ratio of this run is void.")


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{key} {_short(inner)}" for key, inner in value.items()) + ")"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
