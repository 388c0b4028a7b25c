"""Breaks one place of the code at a time and says which of them no test notices. Run by script/mutate.

The work tree is never written to: all happens in a temporary copy. Once, the tests of the rooms run there with
coverage, to learn which test runs which line and how long it takes; then each mutant meets the tests that run its
line, quickest first, until one fails. A line that runs on import meets all tests of its room. Each run is a fork of
this process, which has the large libraries loaded already, on a copy of one migrated SQLite database. So that forty
minutes are enough for a fair sample, what needs a browser or much time is left out.
"""

import argparse
import contextlib
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutants import Mutant, mutants
from watching import Measuring, Plan, Watching

ROOT = Path(__file__).resolve().parent.parent
# Room → its files, and the folders of the tests that belong to it.
ROOMS: dict[str, tuple[list[str], list[str]]] = {
    "core": (
        ["complaints/states.py", "complaints/permissions.py", "complaints/querysets.py", "complaints/recusal.py",
         "complaints/services/*.py"],
        ["lifecycle", "conflict", "desk", "erasing", "files", "filing", "tracking", "escalation", "sweep"],
    ),
    "clock": (["complaints/clock/*.py"], ["clock", "lifecycle", "worker", "tracking", "desk", "sweep", "escalation"]),
    "ladder": (["escalation/ladder/*.py"], ["sweep", "escalation", "lifecycle", "conflict", "oversight"]),
    "figures": (["reports/figures.py", "reports/figures/*.py"], ["reports"]),
}  # fmt: skip
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "*_cache", ".hypothesis", "test-results")
PRELOADED = ("pandas", "hypothesis", "playwright.sync_api", "django.db.models", "django.forms")
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings", "HYPOTHESIS_PROFILE": "ci", "OMP_NUM_THREADS": "1"}
LEFT_OUT = "not browser and not slow"
HOUR = 3600  # the longest run of all tests; a single test that does not end is given up long before


@dataclass
class Trial:
    """A mutant of a file, and what came of it: caught, timed out, survived, or unreached (no test runs its line)."""

    room: str
    file: str
    mutant: Mutant
    result: str = ""

    @property
    def name(self) -> str:
        return f"{self.file}:{self.mutant.line}  {self.mutant.change}"

    @property
    def shown(self) -> str:
        return f"{self.result:9}  {self.file}:{self.mutant.line}  {self.mutant.shown}"

    @property
    def is_caught(self) -> bool:
        return self.result in ("caught", "timed out")


def files_of(room: str) -> list[Path]:
    return sorted(path for pattern in ROOMS[room][0] for path in ROOT.glob(pattern))


def draw(rooms: list[str], sample: int, seed: int) -> list[Trial]:
    """So many mutants of each room, mixed, so that a run that is cut short has tried a fair share of each."""
    columns = []
    for room in rooms:
        found = [
            Trial(room, str(path.relative_to(ROOT)), mutant)
            for path in files_of(room)
            for mutant in mutants(path.read_text(encoding="utf-8"))
        ]
        chance = random.Random(f"{seed} {room}")  # noqa: S311 - chooses, and is to be repeated
        columns.append(chance.sample(found, min(sample or len(found), len(found))))
        print(f"{room}: {len(columns[-1])} of {len(found)} mutants")
    longest = max(map(len, columns))
    return [column[at] for at in range(longest) for column in columns if at < len(column)]


class Copy:
    """A copy of the tree in which tests run, broken or whole."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.folder = folder / "tree", folder
        self.database, self.log = folder / "database.sqlite3", folder / "log.txt"
        shutil.copytree(ROOT, self.tree, ignore=NOT_COPIED)
        for name in ("CITY", "DATABASE_URL", "DATA_DIR", "DEBUG", "EMAIL_URL", "MEDIA_ROOT", "PORT", "CI"):
            os.environ.pop(name, None)
        os.environ |= SETTINGS
        for name in PRELOADED:
            importlib.import_module(name)

    def run(self, watching: Watching, paths: list[str], seconds: float = HOUR) -> int | None:
        """The exit code of pytest in a process of its own; None when it, or a test of it, did not end in time."""
        child = os.fork()
        if child == 0:
            self._be_pytest(watching, paths)
        until, status = time.monotonic() + seconds, None
        while status is None and time.monotonic() < until:
            time.sleep(0.05)
            done, code = os.waitpid(child, os.WNOHANG)
            status = os.waitstatus_to_exitcode(code) if done else None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # with whatever it started
        if status is None:
            os.waitpid(child, 0)
        return None if status == -signal.SIGALRM else status

    def _be_pytest(self, watching: Watching, paths: list[str]) -> None:
        code = 3
        try:
            os.setsid()
            os.chdir(self.tree)
            sys.path[0] = str(self.tree)
            for stream in (1, 2):
                os.dup2(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
            options = ["-x", "-q", "-m", LEFT_OUT, "-p", "no:cacheprovider"]
            options += [f"--basetemp={self.folder / 'pytest'}"]
            code = watching.run([*options, *paths])
        finally:
            sys.stdout.flush()
            os._exit(code)

    @contextlib.contextmanager
    def broken(self, trial: Trial) -> Iterator[None]:
        path = self.tree / trial.file
        whole, times = path.read_bytes(), path.stat()
        path.write_bytes(trial.mutant.apply(whole))
        try:
            yield
        finally:
            path.write_bytes(whole)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # its compiled file is right again


def measure(copy: Copy, rooms: list[str]) -> Plan:
    folders = sorted({f"tests/{folder}" for room in rooms for folder in ROOMS[room][1]})
    files = [str(copy.tree / path.relative_to(ROOT)) for room in rooms for path in files_of(room)]
    print(f"Measuring {', '.join(folders)}", flush=True)
    told = copy.folder / "measured.json"
    if copy.run(Measuring(copy.database, files, told), folders) != 0:
        sys.exit(f"error: the tests fail without any mutant:\n{copy.log.read_text()[-3000:]}")
    sys.dont_write_bytecode = True  # from here on a file may be a broken one
    plan = Plan(**json.loads(told.read_text()), tree=copy.tree)
    if copy.run(Watching(copy.database, plan.ranked(plan.seconds)), folders) != 0:
        sys.exit(f"error: in the order of their duration the tests fail:\n{copy.log.read_text()[-3000:]}")
    return plan


def attempt(copy: Copy, plan: Plan, trial: Trial) -> str:
    tests = plan.tests_for(trial.file, trial.mutant.lines, ROOMS[trial.room][1])
    if not tests:
        return "unreached"
    watching = Watching(copy.database, tests, plan.seconds)
    watching.failed.unlink(missing_ok=True)
    with copy.broken(trial):
        code = copy.run(watching, sorted({test.split("::")[0] for test in tests}))
    if watching.failed.exists():
        plan.caught.add(watching.failed.read_text())
    return "timed out" if code is None else "survived" if code == 0 else "caught"


def table(trials: list[Trial], rooms: list[str]) -> str:
    lines = ["| room | mutants | caught | survived | share caught |", "|---|---|---|---|---|"]
    for name, of in [*((room, [room]) for room in rooms), ("together", rooms)]:
        tried = [trial for trial in trials if trial.result and trial.room in of]
        caught = sum(trial.is_caught for trial in tried)
        share = f"{100 * caught / len(tried):.0f} %" if tried else "–"
        lines.append(f"| {name} | {len(tried)} | {caught} | {len(tried) - caught} | {share} |")
    return "\n".join(lines)


def only_survivors(trials: list[Trial], report: Path) -> list[Trial]:
    names = set(json.loads(report.read_text())["survived"])
    return [trial for trial in trials if trial.name in names]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/mutate", description="Says which broken lines no test notices."
    )
    add = parser.add_argument
    add("rooms", nargs="*", metavar="ROOM", help=f"all unless given: {', '.join(ROOMS)}")
    add("--sample", type=int, default=25, metavar="N", help="mutants of each room; 0 is all (25)")
    add("--seed", type=int, default=1, metavar="S", help="another seed draws other mutants (1)")
    add("--minutes", type=float, default=45, metavar="M", help="begin no mutant after so many (45)")
    add("--report", type=Path, default=ROOT / "var" / "mutants.json", help="where the result goes")
    add("--again", type=Path, metavar="REPORT", help="of this sample only what survived there")
    options = parser.parse_args()
    options.rooms = options.rooms or list(ROOMS)
    if unknown := set(options.rooms) - set(ROOMS):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    return options


def main() -> None:
    options = parse()
    begun = time.monotonic()
    trials = draw(options.rooms, options.sample, options.seed)
    if options.again:
        trials = only_survivors(trials, options.again)
    with tempfile.TemporaryDirectory(prefix="tuntas-mutants.") as folder:
        copy = Copy(Path(folder))
        plan = measure(copy, options.rooms)
        with contextlib.suppress(KeyboardInterrupt):  # what was tried by then is told
            for trial in trials:
                if time.monotonic() > begun + options.minutes * 60:
                    break
                trial.result = attempt(copy, plan, trial)
                print(trial.shown, flush=True)
    survived = [trial.name for trial in trials if trial.result and not trial.is_caught]
    told: dict[str, Any] = {"seed": options.seed, "sample": options.sample, "survived": survived}
    options.report.parent.mkdir(exist_ok=True)
    options.report.write_text(json.dumps(told, indent=1, ensure_ascii=False))
    print(f"\n{table(trials, options.rooms)}\n\nMinutes: {(time.monotonic() - begun) / 60:.0f}")


if __name__ == "__main__":
    main()
