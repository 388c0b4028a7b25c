"""The trial of script/try_hosts: starts web and worker hosts behind nginx, files under load, and does them harm."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import requests
from citizen import NotAnswered, file_one, reads

PYTHON = sys.executable
WEB = {"web1": 8811, "web2": 8812, "web3": 8813}
PROXY = 8810
NETWORK = os.environ.get(
    "HOSTS_NETWORK", ""
)  # what the names of the hosts' networks begin with, where they have them
ADDRESS = dict(pair.split("=") for pair in os.environ.get("HOSTS_ADDRESSES", "").split())
SITE = f"http://{ADDRESS.get('proxy')}:{PROXY}"


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


def at(name: str) -> list[str]:
    """What begins a command that runs in the network of this host."""
    return ["ip", "netns", "exec", f"{NETWORK}-{name}"] if NETWORK else []


def host(name: str, *program: str, **env: str) -> subprocess.Popen[bytes]:
    """A process of a host: by the pooler, with the replica."""
    more = {"DATABASE_URL": os.environ["POOL_URL"], "DATABASE_POOLER": "1", **env}
    return subprocess.Popen(
        [*at(name), *program],
        env=os.environ | more,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def web(name: str) -> subprocess.Popen[bytes]:
    limits = {"WEB_WORKERS": "1", "WEB_THREADS": "4", "SUBMISSIONS_PER_MINUTE": "1000000"}
    program = [str(Path(PYTHON).parent / "gunicorn"), "-c", "config/gunicorn.py", "config.wsgi"]
    return host(name, *program, PORT=str(WEB[name]), BIND=f"{ADDRESS[name]}:{WEB[name]}", **limits)


def worker(name: str) -> subprocess.Popen[bytes]:
    return host(name, PYTHON, "manage.py", "worker", REPLICA_URL="")


def link(name: str, state: str) -> None:
    """Takes the link of a host down or up: what is sent to it and by it vanishes, and nobody is told."""
    if NETWORK:
        subprocess.run([*at("switch"), "ip", "link", "set", name, state], check=True)


def answers(name: str, port: int) -> bool:
    try:
        return requests.get(f"http://{ADDRESS[name]}:{port}/health/", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def wait_for(what: Callable[[], bool], seconds: float = 180) -> float:
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > seconds:
            raise SystemExit("a host did not come up")
        time.sleep(0.2)
    return time.monotonic() - began


def proxy(folder: Path, hosts: Iterable[str] = tuple(WEB)) -> subprocess.Popen[bytes]:
    """As docs/scaling.md has it: what one host did not answer another is asked; a form sent twice is one report."""
    servers = "\n".join(f"server {ADDRESS[name]}:{WEB[name]} max_fails=1 fail_timeout=2s;" for name in hosts)
    (folder / "nginx.conf").write_text(f"""
daemon off; pid {folder}/pid; error_log {folder}/error.log crit; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream tuntas {{ {servers} }}
  server {{
    listen {ADDRESS["proxy"]}:{PROXY};
    location / {{
      proxy_pass http://tuntas; proxy_set_header Host $http_host; proxy_connect_timeout 1s; proxy_read_timeout 20s;
      proxy_next_upstream error timeout http_502 non_idempotent; proxy_next_upstream_tries 3;
    }}
  }}
}}""")
    program = ["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"]
    return subprocess.Popen([*at("proxy"), *program])


def goes_through(seen: Seen) -> None:
    """Files, follows by the code what was filed, and reads the signed history."""
    citizen = requests.Session()
    began = time.monotonic()
    try:
        number, code = file_one(citizen, SITE)
        seen.seconds.append(time.monotonic() - began)
        seen.filed.append(number)
        found = reads(citizen, SITE, number, code)  # before the sum is read: other filers add to it
        seen.found += found
        if (published := citizen.get(f"{SITE}/ledger/", timeout=30)).status_code != 200:
            seen.failed.append(f"/ledger/ answered {published.status_code}")
    except NotAnswered as error:
        seen.failed.append(str(error))
    except requests.RequestException as error:
        seen.failed.append(type(error).__name__)


def under_load(filers: int, harm: Callable[[], str], seconds: float) -> tuple[Seen, str]:
    seen, over = Seen(), threading.Event()

    def work() -> None:
        while not over.is_set():
            goes_through(seen)

    threads = [threading.Thread(target=work, daemon=True) for _each in range(filers)]
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
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT count(*) FROM complaints_complaint WHERE number = ANY(%s)", [list(set(seen.filed))]
        ).fetchone()
    return int(found[0]) if found else 0


def read_from_replica() -> int:
    """Transactions that the replica has answered."""
    with psycopg.connect(os.environ["REPLICA_URL"]) as connection:
        row = connection.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'"
        ).fetchone()
    return int(row[0]) if row else 0


def swept_at() -> object:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT swept_at FROM escalation_ladderstate").fetchone()
    return row[0] if row else None


class Hosts:
    """Three of the site, two of the worker."""

    def __init__(self) -> None:
        self.webs = {name: web(name) for name in WEB}
        self.workers = [worker("worker1"), worker("worker2")]
        for name in WEB:
            self.wait(name)

    def wait(self, name: str) -> float:
        return wait_for(lambda: answers(name, WEB[name]))

    def restart_one_after_the_other(self) -> str:
        for name in WEB:
            self.webs[name].terminate()
            self.webs[name].wait(30)
            self.webs[name] = web(name)
            self.wait(name)
        return "all three restarted"

    def cut_off_a_web_host(self) -> str:
        link("web1", "down")
        return "the link of one of three is down"

    def connect_it_again(self) -> str:
        link("web1", "up")
        return f"it answered after {self.wait('web1'):.0f} s"

    def kill_a_web_host(self) -> str:
        os.killpg(self.webs["web1"].pid, signal.SIGKILL)
        return "one of three killed"

    def lose_a_worker_host(self) -> str:
        self.workers[0].kill()
        before = swept_at()
        took = wait_for(lambda: swept_at() != before, 180)
        return f"the other swept after {took:.0f} s"

    def cut_off_the_replica(self) -> str:
        link("replica", "down")
        return "its link is down; read from the database"

    def end(self) -> None:
        link("replica", "up")
        for process in [*self.webs.values(), *self.workers]:
            process.terminate()
        for process in [*self.webs.values(), *self.workers]:
            process.wait(30)


def phases(hosts: Hosts) -> dict[str, Callable[[], str]]:
    """What is done to them, in this order; without networks nobody can be cut off."""
    cut = {
        "a web host is cut off": hosts.cut_off_a_web_host,
        "it is connected again": hosts.connect_it_again,
    }
    return {
        "nothing": lambda: "",
        "rolling restart": hosts.restart_one_after_the_other,
        **(cut if NETWORK else {}),
        "a web host is killed": hosts.kill_a_web_host,
        "a worker host dies": hosts.lose_a_worker_host,
        **({"the replica is cut off": hosts.cut_off_the_replica} if NETWORK else {}),
    }


def told(name: str, seen: Seen, words: str) -> int:
    """Prints a row; how many were lost."""
    there, times = stored(seen), sorted(seen.seconds) or [0.0]
    figures = [len(seen.filed), len(seen.failed), there, seen.found]
    waits = [f"{times[len(times) // 2]:.2f} s", f"{times[-1]:.2f} s"]
    print("| " + " | ".join([name, *map(str, figures), *waits, words]) + " |", flush=True)
    for why in sorted(set(seen.failed)):
        print(f"failed: {why}", file=sys.stderr)
    return len(seen.failed) + len(set(seen.filed)) - there + len(seen.filed) - seen.found


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
            wait_for(lambda: answers("proxy", PROXY))
            print(
                "| what happens | filed | failed | in the database | read at once by the code | p50 | slowest | |"
            )
            print("|---|---|---|---|---|---|---|---|")
            for name, harm in phases(hosts).items():
                lost += told(name, *under_load(options.filers, harm, options.seconds))
        finally:
            nginx.terminate()
            hosts.end()
    manage("verify_ledger")
    print(f"verify_ledger: ok; transactions on the replica: {read_from_replica()}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
