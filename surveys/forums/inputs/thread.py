"""A thread as pages: contributions by support or time, each with its first replies; one contribution with all of them.

Paging is by key, so a deep page costs as much as the first. A handful of queries, whatever the length.
"""

from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from surveys.forums.inputs.services.supporting import browser_digest
from surveys.forums.models import Forum, ForumInput, Support

PAGE, FIRST_REPLIES, REPLIES = 20, 3, 50
ORDERS = ("support", "new")
SEGMENT = 8


@dataclass
class Entry:
    """A contribution as its page shows it."""

    row: ForumInput
    replies: list[ForumInput] = field(default_factory=list)
    reply_count: int = 0
    confirmed: int = 0
    is_supported: bool = False  # by this browser

    @property
    def more(self) -> int:
        return max(self.reply_count - len(self.replies), 0)


@dataclass
class ThreadPage:
    entries: list[Entry]
    next: str = ""


def _shown(forum: Forum) -> QuerySet[ForumInput]:
    rows: QuerySet[ForumInput] = ForumInput.objects.public().filter(forum=forum)
    return rows.select_related("words", "agency", "finding", "complaint")


def thread_page(forum: Forum, order: str, after: str, browser: str = "") -> ThreadPage:
    """One page of contributions. A cursor that was not made by us is read as none."""
    rows = _shown(forum).filter(parent=None)
    rows = rows.order_by("-supports", "-id") if order == "support" else rows.order_by("-at", "-id")
    if place := _place(after, order, forum):
        rows = rows.filter(place)
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    following = str(page[-1].pk) if len(found) > PAGE else ""
    if following and order == "support":
        following = f"{page[-1].supports}.{page[-1].pk}"
    return ThreadPage(_entries(page, browser), following)


def _place(after: str, order: str, forum: Forum) -> Q | None:
    parts = after.split(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 12 for part in parts):
        return None
    if order == "support" and len(parts) == 2:
        supports, pk = (int(part) for part in parts)
        return Q(supports__lt=supports) | Q(supports=supports, pk__lt=pk)
    if order == "new" and len(parts) == 1:
        at = ForumInput.objects.filter(pk=int(parts[0]), forum=forum).values_list("at", flat=True).first()
        return (Q(at__lt=at) | Q(at=at, pk__lt=int(parts[0]))) if at else None
    return None


def _entries(rows: list[ForumInput], browser: str) -> list[Entry]:
    keys = [row.pk for row in rows]
    entries = {row.pk: Entry(row) for row in rows}
    replies = ForumInput.objects.public().filter(root__in=keys)
    counts = replies.order_by().values("root").annotate(count=Count("pk"))
    for row in counts.values_list("root", "count"):
        entries[row[0]].reply_count = row[1]
    number = Window(RowNumber(), partition_by=[F("root")], order_by=[F("path")])
    first = replies.annotate(place=number).filter(place__lte=FIRST_REPLIES)
    for reply in first.select_related("words").order_by("root", "path"):
        entries[reply.root_id or 0].replies.append(reply)
    _add_supports(entries, browser)
    return list(entries.values())


def _add_supports(entries: dict[int, Entry], browser: str) -> None:
    mine = [browser_digest(entry.row, browser) for entry in entries.values()] if browser else []
    rows = Support.objects.filter(Q(is_confirmed=True) | Q(digest__in=mine), input__in=list(entries))
    for key, is_confirmed, digest in rows.values_list("input", "is_confirmed", "digest"):
        entries[key].confirmed += is_confirmed
        entries[key].is_supported |= digest in mine


def contribution(forum: Forum, number: str, after: str, browser: str = "") -> ThreadPage:
    """One contribution with a page of its replies, each below what it replies to. ForumInput.DoesNotExist."""
    row = _shown(forum).get(number=number)
    head = row if row.root_id is None else _shown(forum).get(pk=row.root_id)
    entry = Entry(head)
    replies = ForumInput.objects.public().filter(root=head)
    entry.reply_count = replies.count()
    after = after if after.isalnum() and after.isascii() and len(after) % SEGMENT == 0 else ""
    found = list(replies.filter(path__gt=after).select_related("words").order_by("path")[: REPLIES + 1])
    entry.replies = found[:REPLIES]
    _add_supports({head.pk: entry}, browser)
    return ThreadPage([entry], entry.replies[-1].path if len(found) > REPLIES else "")
