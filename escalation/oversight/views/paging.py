"""Pages of a list on the supervisors' desk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from complaints.paging import BadCursor, Cursor, Order, Page, page_of

PAGE_SIZE = 25
CURSOR = "page"


@dataclass(frozen=True)
class Turned:
    """A page, the links to its neighbours, and what was wrong with the place asked for."""

    page: Page[Any]
    links: dict[str, str]
    problem: str = ""
    found: int | None = None  # how many there are in all, where the page tells


def turn_pages(
    request: HttpRequest,
    rows: Any,
    order: Order,
    first: Callable[[], tuple[Page[Any], int] | None] | None = None,
) -> Turned:
    """The page that the address asks for; the first, with a word about it, when it makes no sense. `first`: another way
    to the first, and how many there are, where it gives any."""
    text, problem, cursor = request.GET.get(CURSOR, ""), "", None
    try:
        cursor = Cursor.decode(text) if text else None
    except BadCursor:
        problem = _("This page of the list cannot be found. Here is its beginning.")
    searched = first() if first and cursor is None else None
    page, found = searched or (page_of(rows, order, cursor, PAGE_SIZE), None)
    if cursor is None and not page.next:
        found = len(page.rows)
    links = {"next_url": _beside(request, page.next), "previous_url": _beside(request, page.previous)}
    return Turned(page, links, problem, found)


def _beside(request: HttpRequest, cursor: str) -> str:
    """The same list from that place on."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query[CURSOR] = cursor
    return f"{request.path}?{query.urlencode()}"
