"""`script/try_hosts --compare`: the same load on one host of the site and on three, in turns, over one database.

All of it shares this machine's processors, so seconds do not fall with more hosts. What a filing costs the processors
of site, pooler and database is what can be multiplied. Each figure is the middle one of all turns, with the lowest and
the highest; where those of one host and of three overlap, the table calls the difference noise.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import psycopg
import requests
from citizen import file_one
from hosts import PROXY, PYTHON, SITE, WEB, answers, at, manage, proxy, wait_for, web

PAGES = 40
DUE = 20  # of so many cases one falls due in a sweep that is measured
TICK = os.sysconf("SC_CLK_TCK")
COOKIE = """
from django.conf import settings; from django.test import Client; from accounts.models import User
client = Client(); officer = User.objects.filter(role="officer").order_by("pk")[0]
client.force_login(officer, backend="accounts.backends.StaffBackend")
name = settings.SESSION_COOKIE_NAME; print(name, client.cookies[name].value)
"""
Spent = dict[str, float]  # seconds of the processor by program


class Measured:
    """What came out with so many hosts: by row of the table a figure a turn."""

    def __init__(self) -> None:
        self.figures: dict[str, list[float]] = {}

    def add(self, row: str, figure: float) -> None:
        self.figures.setdefault(row, []).append(figure)

    def add_spent(self, row: str, spent: Spent, count: int) -> None:
        for program, seconds in spent.items():
            self.add(row.format(program), 1000 * seconds / max(count, 1))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--filers", type=int, default=4)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # hosts end with it
    load_of_others = os.getloadavg()[0]
    manage("migrate", "--noinput")
    with tempfile.TemporaryDirectory() as folder:
        found = compare(Path(folder), options)
    tell(found)
    print(
        f"{options.cases:,} cases, {options.turns} turns of {options.seconds:g} s, {options.filers} people at once, "
        f"{os.cpu_count()} processors; load before it {load_of_others:.1f}, at the end {os.getloadavg()[0]:.1f}"
    )
    return 0


def compare(folder: Path, options: argparse.Namespace) -> dict[int, Measured]:
    fill = [PYTHON, "-m", "bench.inside", "fill", str(options.cases)]
    subprocess.run(fill, check=True, stdout=subprocess.DEVNULL)
    sweep(1, None)  # the first one looks at all that is open
    name, value = asked(["shell", "-v", "0", "-c", COOKIE]).split()[-2:]
    found = {1: Measured(), len(WEB): Measured()}
    for _turn in range(options.turns):
        for count, measured in found.items():
            with hosts(folder, count) as processes:
                load(measured, processes, options.filers, options.seconds)
                look(measured, processes, {name: value})
                measured.add("sweep with nothing due, ms", 1000 * sweep(count, None))
    for _turn in range(options.turns):  # last: it acts as at a later moment
        for count, measured in found.items():
            moment = due_moment(options.cases // DUE)
            with counting({"database": database()}) as spent:
                measured.add(f"sweep of about {options.cases // DUE:,} due, ms", 1000 * sweep(count, moment))
            measured.add_spent("processor of that: {}, ms", spent, 1)
    return found


def asked(arguments: list[str]) -> str:
    done = subprocess.run([PYTHON, "manage.py", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@contextmanager
def hosts(folder: Path, count: int) -> Iterator[dict[str, list[int]]]:
    """The site on so many hosts behind nginx; the processes by what they are."""
    names = list(WEB)[:count]
    os.environ["STAFF_TWO_STEP_REQUIRED"] = "false"
    os.environ["WEB_CONCURRENCY"] = str(count)
    sites, front = [web(name) for name in names], proxy(folder, names)
    try:
        for name in names:
            wait_for(partial(answers, name, WEB[name]))
        wait_for(partial(answers, "proxy", PROXY))
        yield {
            "site": [each.pid for each in sites],
            "database": database(),
            "pooler": [int(Path(os.environ["HOSTS_POSTGRES"], "pool/pid").read_text())],
            "proxy": [front.pid],
        }
    finally:
        for process in [*sites, front]:
            process.terminate()
        for process in [*sites, front]:
            process.wait(30)


def database() -> list[int]:
    return [int(Path(os.environ["HOSTS_POSTGRES"], "data/postmaster.pid").read_text().split()[0])]


def of(roots: list[int]) -> float:
    """Seconds of the processor that these processes and all below them have had, those that ended included."""
    parents, had = dict[int, int](), dict[int, float]()
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(") ")[2].split()
        except (OSError, IndexError):
            continue
        if entry.name.isdecimal():
            parents[int(entry.name)] = int(fields[1])
            had[int(entry.name)] = sum(map(int, fields[11:15])) / TICK
    mine = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(had.get(pid, 0) for pid in mine)


@contextmanager
def counting(processes: dict[str, list[int]]) -> Iterator[Spent]:
    """Filled when it ends."""
    before, spent = {name: of(pids) for name, pids in processes.items()}, Spent()
    yield spent
    spent |= {name: of(pids) - before[name] for name, pids in processes.items()}


def load(measured: Measured, processes: dict[str, list[int]], filers: int, seconds: float) -> None:
    """So many people file without pause. A filing is the form and the answer to it."""
    for_so_long(filers, 2, lambda _citizen: None)  # what is made at the first request
    with counting(processes) as spent:
        began, taken = time.monotonic(), list[float]()
        for_so_long(filers, seconds, taken.append)
        measured.add("filings a second", len(taken) / (time.monotonic() - began))
    measured.add("a filing, p50, ms", 1000 * median(taken))
    measured.add_spent("processor a filing: {}, ms", spent, len(taken))


def for_so_long(filers: int, seconds: float, keep: Callable[[float], None]) -> None:
    until = time.monotonic() + seconds

    def work() -> None:
        while time.monotonic() < until:
            with requests.Session() as citizen:
                began = time.monotonic()
                file_one(citizen, SITE)
                keep(time.monotonic() - began)

    threads = [threading.Thread(target=work, daemon=True) for _each in range(filers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def look(measured: Measured, processes: dict[str, list[int]], cookie: dict[str, str]) -> None:
    """An officer opens the queue again and again, and nobody else is there."""
    with requests.Session() as officer:
        officer.cookies.update(cookie)
        for _each in range(2 * len(WEB)):
            officer.get(f"{SITE}/staff/cases/", timeout=30)
        taken = list[float]()
        with counting({name: processes[name] for name in ("site", "database")}) as spent:
            for _each in range(PAGES):
                began = time.monotonic()
                page = officer.get(f"{SITE}/staff/cases/", timeout=30, allow_redirects=False)
                assert page.status_code == 200, page.status_code
                taken.append(time.monotonic() - began)
    measured.add("an officer's queue, nobody else there, p50, ms", 1000 * median(taken))
    measured.add_spent("processor a queue: {}, ms", spent, PAGES)


def due_moment(count: int) -> str:
    """At which so many more are due than now."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT next_action_at FROM complaints_complaint WHERE next_action_at > "
            "greatest(now(), (SELECT swept_at FROM escalation_ladderstate)) ORDER BY 1 OFFSET %s LIMIT 1",
            [count],
        ).fetchone()
    assert row is not None
    return str(row[0].isoformat())


def sweep(count: int, moment: str | None) -> float:
    """Seconds until all hosts have swept, begun at once; what one has taken no other does."""
    command = [PYTHON, "manage.py", "sweep", "--json", *(["--now", moment] if moment else [])]
    env = os.environ | {"DATABASE_URL": os.environ["POOL_URL"], "DATABASE_POOLER": "1", "REPLICA_URL": ""}
    running = [
        subprocess.Popen([*at(name), *command], env=env, stdout=subprocess.PIPE) for name in list(WEB)[:count]
    ]
    said = [json.loads(each.communicate()[0]) for each in running]
    assert not any(each["failed"] for each in said), said
    return max(float(each["seconds"]) for each in said)


def tell(found: dict[int, Measured]) -> None:
    one, more = found.values()
    print("| | " + " | ".join(f"{count} of the site" for count in found) + " | |")
    print("|---|---|---|---|")
    for row, figures in one.figures.items():
        both = figures, more.figures[row]
        print(f"| {row} | " + " | ".join(map(spread, both)) + f" | {'noise' if overlap(*both) else ''} |")


def spread(figures: list[float]) -> str:
    return f"{median(figures):.1f} ({min(figures):.1f} to {max(figures):.1f})"


def overlap(some: list[float], others: list[float]) -> bool:
    """Whether a turn of the one came out as one of the other did: then nothing is said of which is more."""
    return min(some) <= max(others) and min(others) <= max(some)


if __name__ == "__main__":
    sys.exit(main())
