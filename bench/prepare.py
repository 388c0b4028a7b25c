"""Makes ready what the pages of one size are measured on, and says where they are. Runs in a process of its own.

python -m bench.prepare CASES PART,PART,…      (DATABASE_URL names an empty database); prints JSON
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from bench import later  # noqa: E402
from bench.bare_tables import TABLES  # noqa: E402
from bench.fill import fill  # noqa: E402
from bench.inside import keep, page  # noqa: E402
from bench.made import WORDS  # noqa: E402
from complaints.clock.city_time import day_of  # noqa: E402
from complaints.history.events import draft_event, store_events  # noqa: E402
from complaints.models import Complaint, EventKind  # noqa: E402
from complaints.states import State  # noqa: E402
from escalation.ladder.models import LadderState  # noqa: E402
from escalation.ladder.rules import fingerprint, rules_in_force  # noqa: E402

DEEP = 20  # pages on
WORD = {"rare": WORDS[12_000], "middling": WORDS[900], "common": WORDS[2]}
NEXT = re.compile(r'href="([^"]+)" rel="next"')
Page = dict[str, Any]


def main() -> None:
    call_command("migrate", verbosity=0)
    cases, parts, now = int(sys.argv[1]), sys.argv[2].split(","), timezone.now()
    begun = perf_counter()
    fill(cases, now=now)
    filled = perf_counter() - begun
    LadderState.objects.create(pk=1, fingerprint=fingerprint(rules_in_force(day_of(now))), swept_at=now)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
    # The supervisors' first: the worker's sums are too old a quarter of an hour later.
    pages = [each for part in ("sups", "queue", "case", "later") if part in parts for each in pages_of(part)]
    if connection.vendor == "postgresql":  # as its own housekeeping would
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    if "sups" in parts:
        keep(cases)
    for each in pages:
        _look_at(each)
    print(json.dumps({"fill_seconds": filled, "pages": pages}))


def pages_of(part: str) -> Iterator[Page]:
    """The pages of sups, queue, case or later; made ready as they are taken."""
    return {"sups": _sups, "queue": _queue, "case": _case, "later": _later}[part]()


def client_of(who: str) -> tuple[Client, str]:
    """One that is signed in as the person of that address, and the cookie of it; nobody for an empty one."""
    client = Client(headers={"host": "127.0.0.1", "accept-language": "id"})
    if not who:
        return client, ""
    person = User.objects.get(email=f"{who}@bench.example")
    client.force_login(person, backend="accounts.backends.StaffBackend")
    name = settings.SESSION_COOKIE_NAME
    return client, f"{name}={client.cookies[name].value}"


def _page(code: str, path: str, who: str = "", bare: str = "") -> Page:
    return {"code": code, "path": path, "who": who, "bare": bare}


def _queue() -> Iterator[Page]:
    agency = Complaint.objects.exclude(agency=None).values_list("agency", flat=True).order_by("agency")[0]
    officer, limit, path = f"officer.{agency}", f"/queue/{agency}/", "/staff/cases/"
    yield _page("queue", path, officer, limit)
    yield _page("queue_deep", _deep(path, officer), officer, limit)
    yield _page("queue_head", path, f"agency_head.{agency}", limit)
    yield _page("queue_verifier", path, "verifier", limit)
    yield _page("queue_supervisor", path, "supervisor", limit)
    yield _page("queue_answered", f"{path}?queue=answered", officer, limit)
    for name, word in WORD.items():
        yield _page(f"search_{name}", f"{path}?queue=all&q={word}", "verifier", limit)


def _deep(path: str, who: str) -> str:
    """The page so many on; the last where there are fewer."""
    client, _cookie = client_of(who)
    for _ in range(DEEP):
        following = NEXT.search(client.get(path).content.decode())
        if following is None:
            break
        path = unescape(following[1])
    return path


def _case() -> Iterator[Page]:
    """Cases of the same agency with as many events as their names say."""
    rows = Complaint.objects.filter(state=State.IN_PROGRESS).order_by("agency", "pk")
    first, second, third = rows.filter(agency=rows[0].agency_id)[:3]
    for case, events in ((first, 2), (second, 30), (third, 300)):
        _lengthen(case, events)
        path = f"/staff/cases/{case.number}/"
        yield _page(f"case_{events}", path, f"officer.{case.agency_id}", f"/case/{case.number}/")


def _lengthen(case: Complaint, events: int) -> None:
    person = case.handler
    with transaction.atomic():
        drafted = [
            draft_event(
                case, EventKind.NOTE_ADDED, actor=person, at=timezone.now(), words={"text": "Sudah dicek."}
            )
            for _ in range(events - case.version)
        ]
        case.save()
        store_events(drafted)


def _sups() -> Iterator[Page]:
    for code, path in (
        ("oversight", ""), ("agencies", "agencies/"), ("soon", "soon/"), ("oldest", "oldest/"),
        ("escalations", "escalations/"), ("oversight_search", f"search/?q={WORD['middling']}"),
    ):  # fmt: skip
        yield _page(code, f"/oversight/{path}", "supervisor")
    yield _page("home", "/")


def _later() -> Iterator[Page]:
    now = timezone.now()
    yield _page("statistics", later.statistics(now))
    yield _page("live_statistics", "/staff/statistics/", "supervisor")
    yield _page("report", later.report(now))
    yield _page("round", later.survey_round(now))
    yield _page("thread", later.thread(now))
    yield _page("standard", f"/standards/{_service()}/")


def _service() -> str:
    client, _cookie = client_of("")
    text = client.get("/standards/").content.decode()
    return text.split('href="/standards/')[1].split("/")[0]


def _look_at(each: Page) -> None:
    """Queries, time and bytes; on PostgreSQL its words for the least page, which are the bare one where it has
    none of its own."""
    client, cookie = client_of(each.pop("who"))
    each["cookie"] = cookie
    each["inside"] = page(client, each["path"])
    if connection.vendor == "sqlite":
        return
    blocks = Words.of(client.get(each["path"]).content.decode())
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare_page VALUES (%s, %s)", [each["code"], json.dumps(blocks)])
    each["least"] = f"/page/{each['code']}/"
    each["bare"] = each["bare"] or each["least"]


class Words(HTMLParser):
    """What a page says: a block a row of a table, and one each other piece of text."""

    @classmethod
    def of(cls, text: str) -> list[tuple[str, list[str]]]:
        found = cls()
        found.feed(text)
        return found.blocks

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[tuple[str, list[str]]] = []
        self.row: list[str] | None = None
        self.skips = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.row = []
        self.skips += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr" and self.row:
            self.blocks.append(("tr", self.row))
        if tag == "tr":
            self.row = None
        self.skips -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text or self.skips:
            return
        if self.row is None:
            self.blocks.append(("p", [text]))
        else:
            self.row.append(text)


if __name__ == "__main__":
    main()
