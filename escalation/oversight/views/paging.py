"""Pages of a list on the supervisors' desk."""

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


def turn_pages(request: HttpRequest, rows: Any, order: Order) -> Turned:
    """The page that the address asks for; the first, with a word about it, when it makes no sense."""
    text, problem = request.GET.get(CURSOR, ""), ""
    try:
        page = page_of(rows, order, Cursor.decode(text) if text else None, PAGE_SIZE)
    except BadCursor:
        problem = _("This page of the list cannot be found. Here is its beginning.")
        page = page_of(rows, order, None, PAGE_SIZE)
    links = {"next_url": _beside(request, page.next), "previous_url": _beside(request, page.previous)}
    return Turned(page, links, problem)


def _beside(request: HttpRequest, cursor: str) -> str:
    """The same list from that place on."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query[CURSOR] = cursor
    return f"{request.path}?{query.urlencode()}"
