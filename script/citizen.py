"""A citizen without a browser: files by the form and reads the report by its code. Used where a running city is tried.

citizen.py look SITE         opens what must answer; prints a line each, exit 1 where one does not
citizen.py file SITE FILE    files one report, and keeps its number and code in FILE
citizen.py read SITE FILE    reads it again by its code
citizen.py says SITE WORDS   whether the page, or the address that it led to, has these words
citizen.py guess SITE FROM N         from this address of the machine N wrong passwords, each for another account
citizen.py shut-out SITE FROM        whether nothing of this address is let in any more; exit 0 where it is so
"""

import re
import sys
import time
from html import unescape
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}\b")
NUMBER = re.compile(r"[A-Z]{3}-\d{4}-\d{6}-\d")
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
PART = re.compile(r'(name|value)="([^"]*)"')
STYLE = re.compile(r'<link[^>]*href="([^"]+\.css)"')
WORDS = "Jalan berlubang di depan pasar."
PATIENCE = 90  # seconds: a worker that has just begun has not swept yet


class NotAnswered(Exception):
    """The site did not answer as it should; says how."""


def hidden(page: str) -> dict[str, str]:
    tags = (dict(PART.findall(tag)) for tag in HIDDEN.findall(page))
    return {tag["name"]: unescape(tag.get("value", "")) for tag in tags if "name" in tag}


def file_one(citizen: requests.Session, site: str) -> tuple[str, str]:
    """Opens the form and sends it: number and code."""
    page = citizen.get(f"{site}/complaints/new/", timeout=30)
    form = hidden(page.text) | {"description": WORDS, "category": "road-damage"}
    sent = citizen.post(f"{site}/complaints/new/", data=form, timeout=30, headers={"Referer": f"{site}/"})
    number, code = NUMBER.search(sent.text), CODE.search(sent.text)
    if sent.status_code not in (200, 201) or number is None or code is None:
        raise NotAnswered(f"filing answered {page.status_code}, {sent.status_code}")
    return number[0], code[0]


def reads(citizen: requests.Session, site: str, number: str, code: str) -> bool:
    """Whether the code leads to the report."""
    page = citizen.get(f"{site}/complaints/track/", timeout=30)
    form = hidden(page.text) | {"receipt": code}
    mine = citizen.post(f"{site}/complaints/track/", data=form, timeout=30, headers={"Referer": f"{site}/"})
    return mine.status_code == 200 and number in mine.text and WORDS in mine.text


class From(HTTPAdapter):
    """What is asked through it comes from this address of the machine."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, source_address=(self.address, 0), **options)


def guess(citizen: requests.Session, site: str, count: int) -> None:
    """Whom it is meant for is somebody else each time: what locks an account does not lock these."""
    refused = 0
    while refused < count:
        page = citizen.get(f"{site}/accounts/login/", timeout=30)
        form = hidden(page.text) | {"login": f"staff-{refused}@example.org", "password": "not the word"}
        sent = citizen.post(f"{site}/accounts/login/", data=form, timeout=30, headers={"Referer": f"{site}/"})
        if sent.status_code == 429:  # so many a minute
            time.sleep(2)
        elif sent.status_code == 200:
            refused += 1
        else:
            raise NotAnswered(f"signing in answered {sent.status_code}")


def is_shut_out(citizen: requests.Session, site: str) -> bool:
    try:
        citizen.get(f"{site}/health/", timeout=5)
    except (requests.ConnectionError, requests.Timeout):
        return True
    return False


def opened(citizen: requests.Session, address: str) -> requests.Response:
    """What did not come in time is taken for 504: a site that has just begun, on a machine that is busy."""
    try:
        return citizen.get(address, timeout=30)
    except requests.Timeout:
        late = requests.Response()
        late.status_code = 504
        return late


def look(citizen: requests.Session, site: str) -> bool:
    well, paths = True, ["/", "/complaints/new/", "/health/", "/health/worker/"]
    while paths:
        path = paths.pop(0)
        until = time.monotonic() + PATIENCE
        answer = opened(citizen, site + path)
        while answer.status_code in (502, 503, 504) and time.monotonic() < until:
            time.sleep(1)
            answer = opened(citizen, site + path)
        well &= answer.status_code == 200
        print(f"{path}\t{answer.status_code}")
        if path == "/":  # the style sheet that it names
            paths += STYLE.findall(answer.text)[:1] or ["/no-style-sheet"]
        if answer.status_code != 200:
            print(answer.text[:600], file=sys.stderr)
    return well


def main() -> int:
    what, site = sys.argv[1:3]
    with requests.Session() as citizen:
        if what == "look":
            return 0 if look(citizen, site) else 1
        if what == "says":
            page = citizen.get(site, timeout=30)
            return 0 if sys.argv[3] in page.url + page.text else 1
        if what in ("guess", "shut-out"):
            citizen.mount("https://", From(sys.argv[3]))
            if what == "shut-out":
                return 0 if is_shut_out(citizen, site) else 1
            guess(citizen, site, int(sys.argv[4]))
            return 0
        kept = Path(sys.argv[3])
        if what == "file":
            kept.write_text("\n".join(file_one(citizen, site)))
        number, code = kept.read_text().split("\n")
        print(f"{number} by its code\t{'read' if reads(citizen, site, number, code) else 'not found'}")
        return 0 if reads(requests.Session(), site, number, code) else 1


if __name__ == "__main__":
    sys.exit(main())
