"""A thread as pages: contributions by support or time, each with its first replies; one contribution with all of them.

Paging is by key, so a deep page costs as much as the first. A handful of queries, whatever the length.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest

from surveys.forums.inputs.services.saying import takes_support
from surveys.forums.inputs.services.supporting import browser_digests
from surveys.forums.models import Forum, ForumInput, Support

BROWSER = "voice"  # the cookie by which a browser is known
PAGE, FIRST_REPLIES, REPLIES = 20, 3, 50
ORDERS = ("support", "new")
SEGMENT = 8


def browser_of(request: HttpRequest) -> str:
    """The cookie by which this browser supports once; "" before its first support."""
    return request.get_signed_cookie(BROWSER, default="", salt=BROWSER) or ""


@dataclass
class Entry:
    """A contribution as its page shows it."""

    row: ForumInput
    replies: list[ForumInput] = field(default_factory=list)
    reply_count: int = 0
    confirmed: int = 0
    is_supported: bool = False  # by this browser
    takes_support: bool = False

    @property
    def more(self) -> int:
        return max(self.reply_count - len(self.replies), 0)


@dataclass
class ThreadPage:
    entries: list[Entry]
    next: str = ""
    asked: ForumInput | None = None  # of one contribution: that whose number was asked for, itself or a reply


def _shown(forum: Forum) -> QuerySet[ForumInput]:
    rows: QuerySet[ForumInput] = ForumInput.objects.public().filter(forum=forum)
    return rows.select_related("words", "agency", "finding", "complaint")


def thread_page(
    forum: Forum, order: str, after: str, now: datetime, browser: str = "", source: str = ""
) -> ThreadPage:
    """One page of contributions, or of those alone that came one way. A cursor that was not made by us is read as
    none."""
    rows = _shown(forum).filter(parent=None)
    rows = rows.filter(source=source) if source else rows
    rows = (
        rows.order_by("-supports", "-supports_elsewhere", "-id")
        if order == "support"
        else rows.order_by("-at", "-id")
    )
    if place := _place(after, order, forum):
        rows = rows.filter(place)
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    following = str(page[-1].pk) if len(found) > PAGE else ""
    if following and order == "support":
        following = f"{page[-1].supports}.{page[-1].supports_elsewhere}.{page[-1].pk}"
    return ThreadPage(_entries(page, forum, now, browser), following)


def _place(after: str, order: str, forum: Forum) -> Q | None:
    parts = after.split(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 12 for part in parts):
        return None
    if order == "support" and len(parts) == 3:
        here, elsewhere, pk = (int(part) for part in parts)
        fewer = Q(supports_elsewhere__lt=elsewhere) | Q(supports_elsewhere=elsewhere, pk__lt=pk)
        return Q(supports__lt=here) | Q(supports=here) & fewer
    if order == "new" and len(parts) == 1:
        at = ForumInput.objects.filter(pk=int(parts[0]), forum=forum).values_list("at", flat=True).first()
        return (Q(at__lt=at) | Q(at=at, pk__lt=int(parts[0]))) if at else None
    return None


def _entries(rows: list[ForumInput], forum: Forum, now: datetime, browser: str) -> list[Entry]:
    keys = [row.pk for row in rows]
    entries = {row.pk: _entry(row, forum, now) for row in rows}
    replies = ForumInput.objects.public().filter(root__in=keys)
    number = Window(RowNumber(), partition_by=[F("root")], order_by=[F("path")])
    count = Window(Count("pk"), partition_by=[F("root")])
    # Keys first: their rows are put together for those that are shown alone.
    first = replies.annotate(place=number, count=count).filter(place__lte=FIRST_REPLIES)
    found = list(first.order_by("root", "path").values_list("root", "pk", "count"))
    by_key = ForumInput.objects.select_related("words").in_bulk([pk for _root, pk, _count in found])
    for root, pk, of_all in found:
        entries[root].reply_count = of_all
        entries[root].replies += [by_key[pk]] if pk in by_key else []
    _add_supports(entries, browser)
    return list(entries.values())


def _entry(row: ForumInput, forum: Forum, now: datetime) -> Entry:
    row.forum = forum
    return Entry(row, takes_support=takes_support(row, now))


def _add_supports(entries: dict[int, Entry], browser: str) -> None:
    all_mine = [browser_digests(entry.row, browser) for entry in entries.values()] if browser else []
    mine = {digest for digests in all_mine for digest in digests}
    rows = Support.objects.filter(Q(is_confirmed=True) | Q(digest__in=mine), input__in=list(entries))
    for key, is_confirmed, digest in rows.values_list("input", "is_confirmed", "digest"):
        entries[key].confirmed += is_confirmed
        entries[key].is_supported |= digest in mine


def contribution(forum: Forum, number: str, after: str, now: datetime, browser: str = "") -> ThreadPage:
    """One contribution with a page of its replies, each below what it replies to. ForumInput.DoesNotExist."""
    row = _shown(forum).get(number=number)
    head = row if row.root_id is None else _shown(forum).get(pk=row.root_id)
    entry = _entry(head, forum, now)
    replies = ForumInput.objects.public().filter(root=head)
    entry.reply_count = replies.count()
    after = after if after.isalnum() and after.isascii() and len(after) % SEGMENT == 0 else ""
    found = list(replies.filter(path__gt=after).select_related("words").order_by("path")[: REPLIES + 1])
    entry.replies = found[:REPLIES]
    _add_supports({head.pk: entry}, browser)
    return ThreadPage([entry], entry.replies[-1].path if len(found) > REPLIES else "", row)
