"""Plays citizens: `clients` at once get the form and send it, for so many seconds. Prints JSON.

python -m bench.load URL SECONDS CLIENTS '{"field": "value"}'      ({} in a value is another one for each citizen)
"""

import html
import json
import os
import re
import sys
import threading
import time
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

citizens = count()


def journey(connection: HTTPConnection, path: str, fields: dict[str, str]) -> bool:
    """One citizen: the form, then the filled-in form. Whether a receipt came back."""
    connection.request("GET", path)
    page = connection.getresponse()
    cookie = (page.getheader("Set-Cookie") or "").split(";")[0]
    text = page.read().decode()
    form = text[text.index("<form", max(text.find("csrfmiddlewaretoken") - 2000, 0)) :]
    hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(form)}
    if token := CSRF.search(text):
        hidden["csrfmiddlewaretoken"] = token[1]
    own = f"{os.getpid()}.{next(citizens)}"
    body = urlencode(hidden | {name: value.replace("{}", own) for name, value in fields.items()})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status in (200, 201)


def client(url: str, until: float, fields: dict[str, str], times: list[float], failed: list[str]) -> None:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=30)
    while time.monotonic() < until:
        start = time.monotonic()
        try:
            if not journey(connection, parts.path or "/", fields):
                failed.append("refused")
                continue
        except Exception as error:  # noqa: BLE001 - whatever it was, it is no journey
            failed.append(type(error).__name__)
            connection.close()
            continue
        times.append(time.monotonic() - start)


def main() -> None:
    url, seconds, clients, fields = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
    times: list[float] = []
    failed: list[str] = []
    begin = time.monotonic()
    threads = [
        threading.Thread(target=client, args=(url, begin + seconds, fields, times, failed))
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begin
    times.sort()
    p99 = times[int(len(times) * 0.99)] if times else 0
    result = {"per_second": len(times) / took, "p99": p99, "failed": len(failed), "why": sorted(set(failed))}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
