"""A site under gunicorn, two workers of four threads, and what a request costs its processors and the database."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


class Site:
    """A gunicorn on a port of its own. `name` is what its connections are called in the database."""

    def __init__(self, application: str, port: int, env: dict[str, str], ready: str = "/") -> None:
        self.port, self.name, self.database = port, application.split(".")[0], env["DATABASE_URL"]
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
        self.servers: dict[int, float] = {}
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env | {"PGAPPNAME": self.name})
        self._wait(ready)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _wait(self, path: str) -> None:
        for _ in range(600):
            with suppress(OSError):
                urllib.request.urlopen(self.url(path), timeout=5).read()  # noqa: S310 - our own site
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.url(path)} does not answer")

    def times(self, path: str, cookie: str, requests: int) -> list[float]:
        """Milliseconds of each of so many requests, one after the other over one connection."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": cookie, "Accept-Language": "id"}
        taken = []
        for _ in range(requests):
            begun = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            taken.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")
        connection.close()
        return taken

    def cpu(self) -> tuple[float, float]:
        """Seconds of the site's processes and of its servers in the database, those that have ended since they were
        last looked at among them; 0 where that is on another machine, or SQLite, which has none."""
        own = sum(_spent(pid) for pid in (self.process.pid, *children(self.process.pid)))
        if self.database.startswith("sqlite"):
            return own, 0.0
        with psycopg.connect(self.database) as connection:
            asked = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
            pids = [pid for (pid,) in connection.execute(asked, [self.name])]
        self.servers.update((pid, _spent(pid)) for pid in pids)
        return own, sum(self.servers.values())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK
