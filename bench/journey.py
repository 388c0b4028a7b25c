"""The citizen's journey against the bare one: form and post, 16 clients, in turns on the same database."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS, CLIENTS, ROUNDS = 6, 16, 3
OURS = {
    "description": "Lubang besar di depan pasar, sudah dua minggu.",
    "category": "road-damage",
    "location": "Pasar",
}
BARE = {"subject": "Lubang", "description": "Lubang besar di depan pasar.", "category": "3", "place": "Pasar"}


class Site:
    """A gunicorn of two workers with four threads, on a port of its own."""

    def __init__(
        self, application: str, port: int, path: str, fields: dict[str, str], env: dict[str, str]
    ) -> None:
        self.url, self.fields = f"http://127.0.0.1:{port}{path}", fields
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "config/gunicorn.py",
            "-b",
            f"127.0.0.1:{port}",
            application,
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env)
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            with suppress(OSError):
                urllib.request.urlopen(self.url, timeout=5).read()  # noqa: S310 - our own site
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.url} does not answer")

    def load(self, seconds: float = SECONDS) -> dict[str, Any]:
        """Journeys a second, their p99, and CPU milliseconds of the site for each."""
        before = self._cpu()
        command = [
            sys.executable,
            "-m",
            "bench.load",
            self.url,
            str(seconds),
            str(CLIENTS),
            json.dumps(self.fields),
        ]
        result: dict[str, Any] = json.loads(subprocess.check_output(command, cwd=ROOT))
        journeys = max(result["per_second"] * seconds, 1)
        return result | {"cpu_ms": (self._cpu() - before) * 1000 / journeys}

    def _cpu(self) -> float:
        """CPU seconds of the site's processes."""
        pids = [self.process.pid, *_children(self.process.pid)]
        ticks = 0
        for pid in pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def measure(env: dict[str, str]) -> dict[str, Any]:
    """Medians of a few turns, and how many times the bare journey ours is."""
    quiet = {"SUBMISSIONS_PER_MINUTE": "100000000", "LOG_LEVEL": "ERROR"}
    bare = Site("bench.bare_site:application", 8701, "/", BARE, env)
    ours = Site("config.wsgi:application", 8702, "/complaints/new/", OURS, env | quiet)
    try:
        for site in (bare, ours):
            site.load(2)
        turns = [(bare.load(), ours.load()) for _ in range(ROUNDS)]
    finally:
        bare.stop()
        ours.stop()
    rates = [(b["per_second"], o["per_second"]) for b, o in turns]
    return {
        "bare_per_second": median(b for b, _ in rates),
        "ours_per_second": median(o for _, o in rates),
        "ratio": median(o / b for b, o in rates),
        "bare_cpu_ms": median(b["cpu_ms"] for b, _ in turns),
        "ours_cpu_ms": median(o["cpu_ms"] for _, o in turns),
        "bare_p99": median(b["p99"] for b, _ in turns),
        "ours_p99": median(o["p99"] for _, o in turns),
        "failed": sum(o["failed"] + b["failed"] for b, o in turns),
        "limit_moved": max(b for b, _ in rates) / min(b for b, _ in rates) - 1,
    }
