"""What the site holds after each page, export and report was used once, and after thousands of requests.

Under the gunicorn of production, with one worker, so that it answers them all; the bare site beside it. The process
that loaded the site is counted with it: they share memory (docs/decisions/0125).
"""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from html import unescape
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.journey import QUIET
from bench.sites import ROOT, Site, children

COUNTED = (1_000, 5_000, 20_000)  # gunicorn replaces its worker soon after the last
CLIENTS = 4
OPENED = 400  # at most so many pages that others lead to
LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')
ONE = {"WEB_WORKERS": "1"}
SITES = {"ours": "config.wsgi", "least": "bench.least_site", "bare": "bench.bare_site"}
LOADED = """
import gc, sys
__import__(sys.argv[1])
gc.collect()
print(open("/proc/self/smaps_rollup").read())
"""
Address = tuple[str, str]  # path, cookie
Figures = dict[str, Any]


def measure(pages: list[Figures], env: dict[str, str]) -> Figures:
    """MB that gunicorn and its worker hold, what they share once (PSS), after so many requests for `pages` in turn;
    `ratio` of both sites at the end, `grown` of ours from the first count to the last. Beside them the least site,
    whose pages have as many words behind our middleware and settings, and no rights, cases or views of ours; and what
    one process holds that has loaded a site and answered nothing: less no site can have."""
    loaded = {name: _loaded(module, env) for name, module in SITES.items()}
    ours = _grown(
        "config.wsgi:application", 8704, env | QUIET | ONE, [(p["path"], p["cookie"]) for p in pages]
    )
    bare = _grown("bench.bare_site:application", 8705, env | ONE, [(p["bare"], "") for p in pages])
    behind = [(p["least"], p["cookie"]) for p in pages]
    least = _grown("bench.least_site:application", 8709, env | QUIET | ONE, behind)
    first, last = (str(COUNTED[place]) for place in (0, -1))
    return {
        "ours_mb": ours,
        "bare_mb": bare,
        "least_mb": least,
        "loaded_mb": loaded,
        "loaded_ratio": loaded["ours"] / bare[last],
        "ratio": ours[last] / bare[last],
        "least_ratio": ours[last] / least[last],
        "least_of_bare": least[last] / bare[last],
        "grown": ours[last] / ours[first],
    }


def _loaded(module: str, env: dict[str, str]) -> float:
    command = [sys.executable, "-c", LOADED, module]
    told = subprocess.check_output(command, cwd=ROOT, env=os.environ | env, text=True)
    return round(_pss(told) / 1024, 1)


def _grown(application: str, port: int, env: dict[str, str], pages: list[Address]) -> dict[str, float]:
    site = Site(application, port, env, pages[0][0])
    try:
        [worker] = children(site.process.pid)
        both = site.process.pid, worker
        found = {"started": _megabytes(both)}
        done = len(pages)  # each was asked for what it leads to as well
        for path, cookie in islice(_opened(site, pages), OPENED):
            _asked(site, path, cookie)
            done += 1
        found["all_used_once"] = _megabytes(both)
        for count in COUNTED:
            _ask_at_once(site, pages, count - done)
            done, found[str(count)] = count, _megabytes(both)
        if [worker] != children(site.process.pid):
            raise RuntimeError("the worker was replaced meanwhile")
        return found
    finally:
        site.stop()


def _opened(site: Site, pages: list[Address]) -> Iterable[Address]:
    """The pages and, once each, what they lead to: further pages, exports, reports, files."""
    seen = set(pages)
    yield from pages
    for path, cookie in pages:
        for link in LINK.findall(_asked(site, path, cookie).decode(errors="replace")):
            address = unescape(link), cookie
            if address not in seen:
                seen.add(address)
                yield address


def _asked(site: Site, path: str, cookie: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "id"})
        return connection.getresponse().read()
    finally:
        connection.close()


def _ask_at_once(site: Site, pages: list[Address], requests: int) -> None:
    """So many requests for the pages in turn, shared among CLIENTS. RuntimeError where a page does not answer well."""
    failed: list[str] = []

    def client(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
        for path, cookie in islice(cycle(pages), number, requests, CLIENTS):
            with suppress(ConnectionError):  # one that was kept for too long is opened anew
                connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "id"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    failed.append(f"{path} answers {answer.status}")
                continue
            connection.close()
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{len(failed)} requests failed: {failed[0]}")


def _megabytes(pids: Iterable[int]) -> float:
    return round(sum(_pss(Path(f"/proc/{pid}/smaps_rollup").read_text()) for pid in pids) / 1024, 1)


def _pss(rollup: str) -> int:
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
