"""Pages of a list on the supervisors' desk."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from complaints.paging import BadCursor, Cursor, Order, Page, first_page_with_count, page_of

PAGE_SIZE = 25
CURSOR = "page"


@dataclass(frozen=True)
class Turned:
    """A page, the links to its neighbours, and what was wrong with the place asked for."""

    page: Page[Any]
    links: dict[str, str]
    problem: str = ""
    found: int | None = None  # how many there are in all, where that was counted with the page


def turn_pages(request: HttpRequest, rows: Any, order: Order, whole: Any = None) -> Turned:
    """The page that the address asks for; the first, with a word about it, when it makes no sense. `whole`: where the
    rows were found by their keys, among which."""
    text, problem, found = request.GET.get(CURSOR, ""), "", None
    try:
        if whole is not None and not text:
            page, found = first_page_with_count(rows, whole, order, PAGE_SIZE)
        else:
            page = page_of(rows, order, Cursor.decode(text) if text else None, PAGE_SIZE)
    except BadCursor:
        problem = _("This page of the list cannot be found. Here is its beginning.")
        page = page_of(rows, order, None, PAGE_SIZE)
    links = {"next_url": _beside(request, page.next), "previous_url": _beside(request, page.previous)}
    return Turned(page, links, problem, found)


def _beside(request: HttpRequest, cursor: str) -> str:
    """The same list from that place on."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query[CURSOR] = cursor
    return f"{request.path}?{query.urlencode()}"
