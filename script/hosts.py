"""The trial of script/try_hosts: starts web and worker hosts behind nginx, files under load, and does them harm."""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import psycopg
import requests

PYTHON = sys.executable
WEB, PROXY = (8811, 8812, 8813), 8810
SITE = f"http://127.0.0.1:{PROXY}"
CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}\b")
NUMBER = re.compile(r"KPG-\d{4}-\d{6}-\d")
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
PART = re.compile(r'(name|value)="([^"]*)"')


@dataclass
class Seen:
    """What the filers met in one phase."""

    filed: list[str] = field(default_factory=list)
    found: int = 0  # of those, how many their citizen read at once by the code
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def manage(*arguments: str) -> None:
    done = subprocess.run([PYTHON, "manage.py", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed: {done.stderr[-600:]}")


def host(*program: str, **env: str) -> subprocess.Popen[bytes]:
    """A process of a host: by the pooler, with the replica."""
    more = {"DATABASE_URL": os.environ["POOL_URL"], "DATABASE_POOLER": "1", **env}
    return subprocess.Popen(
        program,
        env=os.environ | more,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def web(port: int) -> subprocess.Popen[bytes]:
    limits = {"WEB_WORKERS": "1", "WEB_THREADS": "4", "SUBMISSIONS_PER_MINUTE": "1000000"}
    program = [str(Path(PYTHON).parent / "gunicorn"), "-c", "config/gunicorn.py", "config.wsgi"]
    return host(*program, PORT=str(port), BIND=f"127.0.0.1:{port}", **limits)


def worker() -> subprocess.Popen[bytes]:
    return host(PYTHON, "manage.py", "worker", REPLICA_URL="")


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health/", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def wait_for(what: Callable[[], bool], seconds: float = 90) -> float:
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > seconds:
            raise SystemExit("a host did not come up")
        time.sleep(0.2)
    return time.monotonic() - began


def proxy(folder: Path) -> subprocess.Popen[bytes]:
    """As docs/scaling.md has it: what one host did not answer another is asked; a form sent twice is one report."""
    servers = "\n".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in WEB)
    (folder / "nginx.conf").write_text(f"""
daemon off; pid {folder}/pid; error_log {folder}/error.log crit; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream tuntas {{ {servers} }}
  server {{
    listen 127.0.0.1:{PROXY};
    location / {{
      proxy_pass http://tuntas; proxy_set_header Host $http_host; proxy_connect_timeout 1s; proxy_read_timeout 20s;
      proxy_next_upstream error timeout http_502 non_idempotent; proxy_next_upstream_tries 3;
    }}
  }}
}}""")
    return subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"])


def hidden(page: str) -> dict[str, str]:
    tags = (dict(PART.findall(tag)) for tag in HIDDEN.findall(page))
    return {tag["name"]: unescape(tag.get("value", "")) for tag in tags if "name" in tag}


def file_one(seen: Seen) -> None:
    """Opens the form, sends it, and follows by the code what was filed."""
    citizen = requests.Session()
    began = time.monotonic()
    try:
        page = citizen.get(f"{SITE}/complaints/new/", timeout=30)
        form = hidden(page.text) | {
            "description": "Jalan berlubang di depan pasar.",
            "category": "road-damage",
        }
        sent = citizen.post(f"{SITE}/complaints/new/", data=form, timeout=30, headers={"Referer": SITE})
        number, code = NUMBER.search(sent.text), CODE.search(sent.text)
        if sent.status_code not in (200, 201) or number is None or code is None:
            seen.failed.append(f"filing answered {page.status_code}, {sent.status_code}")
            return
        seen.seconds.append(time.monotonic() - began)
        seen.filed.append(number[0])
        page = citizen.get(f"{SITE}/complaints/track/", timeout=30)
        mine = citizen.post(
            f"{SITE}/complaints/track/",
            data=hidden(page.text) | {"receipt": code[0]},
            timeout=30,
            headers={"Referer": SITE},
        )
        seen.found += mine.status_code == 200 and number[0] in mine.text
        if (published := citizen.get(f"{SITE}/ledger/", timeout=30)).status_code != 200:
            seen.failed.append(f"/ledger/ answered {published.status_code}")
    except requests.RequestException as error:
        seen.failed.append(type(error).__name__)


def under_load(filers: int, harm: Callable[[], str], seconds: float) -> tuple[Seen, str]:
    seen, over = Seen(), threading.Event()

    def work() -> None:
        while not over.is_set():
            file_one(seen)

    threads = [threading.Thread(target=work) for _each in range(filers)]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 4)
    told = harm()
    time.sleep(seconds * 3 / 4)
    over.set()
    for thread in threads:
        thread.join()
    return seen, told


def stored(seen: Seen) -> int:
    """How many of the numbers that people were given are in the database."""
    with psycopg.connect(psycopg_url()) as connection:
        found = connection.execute(
            "SELECT count(*) FROM complaints_complaint WHERE number = ANY(%s)", [list(set(seen.filed))]
        ).fetchone()
    return int(found[0]) if found else 0


def psycopg_url(name: str = "DATABASE_URL") -> str:
    folder = os.environ[name].split("@/", 1)[1].rsplit("/", 1)[0]
    return f"host={folder} user=tuntas dbname=postgres"


def read_from_replica() -> int:
    """Transactions that the replica has answered."""
    with psycopg.connect(psycopg_url("REPLICA_URL")) as connection:
        row = connection.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'"
        ).fetchone()
    return int(row[0]) if row else 0


def swept_at() -> object:
    with psycopg.connect(psycopg_url()) as connection:
        row = connection.execute("SELECT swept_at FROM escalation_ladderstate").fetchone()
    return row[0] if row else None


class Hosts:
    """Three of the site, two of the worker."""

    def __init__(self) -> None:
        self.webs = {port: web(port) for port in WEB}
        self.workers = [worker(), worker()]
        for port in WEB:
            wait_for(lambda port=port: answers(port))  # type: ignore[misc]

    def restart_one_after_the_other(self) -> str:
        for port in WEB:
            self.webs[port].terminate()
            self.webs[port].wait(30)
            self.webs[port] = web(port)
            wait_for(lambda port=port: answers(port))  # type: ignore[misc]
        return "all three restarted"

    def lose_a_web_host(self) -> str:
        os.killpg(self.webs[WEB[0]].pid, signal.SIGKILL)
        return "one of three killed"

    def lose_a_worker_host(self) -> str:
        self.workers[0].kill()
        before = swept_at()
        took = wait_for(lambda: swept_at() != before, 180)
        return f"the other swept after {took:.0f} s"

    def end(self) -> None:
        for process in [*self.webs.values(), *self.workers]:
            process.terminate()
        for process in [*self.webs.values(), *self.workers]:
            process.wait(30)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--filers", type=int, default=4)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # hosts end with it
    manage("migrate", "--noinput")
    manage("load_city")
    with tempfile.TemporaryDirectory() as folder:
        hosts, nginx, lost = Hosts(), proxy(Path(folder)), 0
        try:
            wait_for(lambda: answers(PROXY))
            phases = {
                "nothing": lambda: "",
                "rolling restart": hosts.restart_one_after_the_other,
                "a web host disappears": hosts.lose_a_web_host,
                "a worker host dies": hosts.lose_a_worker_host,
            }
            print(
                "| what happens | filed | failed | in the database | read at once by the code | p50 | slowest | |"
            )
            print("|---|---|---|---|---|---|---|---|")
            for name, harm in phases.items():
                seen, told = under_load(options.filers, harm, options.seconds)
                there, times = stored(seen), sorted(seen.seconds) or [0.0]
                lost += len(seen.failed) + len(set(seen.filed)) - there + len(seen.filed) - seen.found
                figures = [len(seen.filed), len(seen.failed), there, seen.found]
                waits = [f"{times[len(times) // 2]:.2f} s", f"{times[-1]:.2f} s"]
                print("| " + " | ".join([name, *map(str, figures), *waits, told]) + " |", flush=True)
                for why in sorted(set(seen.failed)):
                    print(f"failed: {why}", file=sys.stderr)
        finally:
            nginx.terminate()
            hosts.end()
    manage("verify_ledger")
    print(f"verify_ledger: ok; transactions on the replica: {read_from_replica()}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
