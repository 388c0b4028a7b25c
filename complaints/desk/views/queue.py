"""The desk's first page, its queue and its search."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actors import role_of
from accounts.models import User
from complaints.choices import kept_html
from complaints.desk.access import staff, staff_page
from complaints.desk.additions import DESK_LINES
from complaints.desk.bulk_actions import bulk_of
from complaints.desk.filters import LONGEST_SEARCH, QueueFilter, Unfiltered
from complaints.desk.list_csv import back_to_list, list_as_csv
from complaints.desk.looks import with_marks
from complaints.desk.navigation import desk_tabs
from complaints.desk.next_case import listing_of
from complaints.desk.queues import (
    ALL,
    DRAFTS,
    NAV_CAP,
    TURN,
    VIEWS,
    Queue,
    cases_in,
    queues_for,
    sees_cases,
    show_count,
    strands_of,
)
from complaints.desk.rows import RowMaker
from complaints.desk.saved_views import views_of
from complaints.models import Complaint
from complaints.models.complaint import Complaints
from complaints.numbers import is_number
from complaints.paging import BadCursor, Cursor, Page, page_of
from complaints.permissions import Act, role_may
from complaints.querysets import scope_of

PAGE_SIZE = 25
CURSOR = "from"


@require_safe
@staff_page()
def home(request: HttpRequest) -> HttpResponse:
    """Sends each to where their work is."""
    user = staff(request)
    if role_may(role_of(user), Act.ENTER):
        return redirect("complaints:intake")
    if sees_cases(user):
        return redirect("complaints:desk-queue")
    if user.is_staff:
        return redirect("admin:index")
    raise PermissionDenied


@require_safe
@staff_page(Act.READ_WORDS)
def search(request: HttpRequest) -> HttpResponse:
    """The search field of the bar: a case by its whole number, else a list of what fits."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if is_number(text):
        found = Complaint.objects.visible_to(staff(request)).filter(number=text.upper()).first()
        if found is not None:
            return redirect("complaints:case-detail", found.number)
    return redirect(f"{reverse('complaints:desk-queue')}?{urlencode({'queue': ALL.code, 'q': text})}")


@require_safe
@staff_page(Act.READ_WORDS)
def queue(request: HttpRequest) -> HttpResponse:
    """Cases in the order in which they fall due."""
    user, now = staff(request), timezone.now()
    listing = listing_of(request.GET, CURSOR)
    queues = queues_for(user)
    chosen = _chosen(queues, request)
    narrowed = QueueFilter.of(request.GET, partial(cases_in, chosen, user), actor=user, now=now)
    problem = ""
    if narrowed.has_errors:
        problem = _("A filter has a value that makes no sense. Correct it, or clear the filters.")
    try:
        cursor = _cursor(request)
    except BadCursor:
        problem, cursor = _("This page of the list cannot be found. Here is its beginning."), None
    page, found = _page(narrowed, chosen, user, cursor)
    counts, known = desk_tabs(request, now)
    bulk, begun = bulk_of(user, has_draft=bool(counts[DRAFTS])) if chosen == TURN else ([], None)
    context = {
        "title": chosen.label,
        "tabs": _tabs(request, queues, chosen, counts),
        "filter": narrowed,
        "filters": _filters(request, narrowed, user, chosen),
        "clear_url": _address(chosen),
        "listed": RowMaker(user, now, known, listing=listing).rows(page.rows),
        "found": show_count(counts[chosen.code], NAV_CAP) if found is None else show_count(found),
        "next_url": _beside(request, page.next),
        "previous_url": _beside(request, page.previous),
        "problem": problem,
        "bulk": bulk,
        "begun": begun,
        "is_first": CURSOR not in request.GET,
        "listing": listing,
        "views": views_of(user, now, listing) if counts[VIEWS] else [],
        "lines": [line.words(now) for line in DESK_LINES],
    }
    return render(request, "complaints/desk/queue.html", context, status=400 if problem else 200)


@require_safe
@staff_page(Act.READ_WORDS)
def queue_csv(request: HttpRequest) -> Any:
    """All that the list has, as a file."""
    user, now = staff(request), timezone.now()
    chosen = _chosen(queues_for(user), request)
    narrowed = QueueFilter.of(request.GET, partial(cases_in, chosen, user), actor=user, now=now)
    if narrowed.has_errors:
        return back_to_list(request)
    return list_as_csv(request, narrowed.found, chosen.order, now)


def _chosen(queues: list[Queue], request: HttpRequest) -> Queue:
    return next((each for each in queues if each.code == request.GET.get("queue")), queues[0])


def _page(
    narrowed: QueueFilter | Unfiltered, chosen: Queue, user: User, cursor: Cursor | None
) -> tuple[Page[Complaint], int | None]:
    """And how many there are; None where that stands beside the queue's tab."""
    if isinstance(narrowed, QueueFilter) and cursor is None:
        rows = with_marks(narrowed.queryset.for_list(), user)
        if searched := narrowed.first_page(rows, chosen.order, PAGE_SIZE):
            return searched

    def strands() -> list[Complaints]:
        whole = [with_marks(strand.for_list(), user) for strand in strands_of(chosen, user)]
        return narrowed.found_in(whole)

    is_narrowed = narrowed.is_active or narrowed.has_errors
    key = None if is_narrowed else ("queue", chosen.code, *scope_of(user))
    page = page_of(strands, chosen.order, cursor, PAGE_SIZE, key=key)
    if not narrowed.is_active and chosen != ALL:
        return page, None
    is_all = cursor is None and not page.next
    return page, len(page.rows) if is_all else narrowed.count()


def _filters(request: HttpRequest, narrowed: QueueFilter | Unfiltered, user: User, chosen: Queue) -> str:
    """The filters' form. As long as none is set it is the same for all of one role and agency."""

    def make() -> str:
        shown = narrowed
        if isinstance(shown, Unfiltered):
            shown = QueueFilter(request.GET, shown.found, actor=user, now=timezone.now())
        parts = {
            "form": shown.form,
            "is_active": shown.is_active,
            "is_open": shown.form.errors,
            "clear_url": _address(chosen),
        }
        return render_to_string("components/filters.html", parts)

    sent = request.GET.get("queue", "")  # the form carries it along as it was sent
    if narrowed.is_active or narrowed.has_errors or sent not in ("", chosen.code):
        return make()
    return kept_html(f"filters:{user.role}:{user.agency_id}:{sent}", make)


def _cursor(request: HttpRequest) -> Cursor | None:
    text = request.GET.get(CURSOR, "")
    return Cursor.decode(text) if text else None


def _address(queue: Queue) -> str:
    return f"{reverse('complaints:desk-queue')}?queue={queue.code}"


def _beside(request: HttpRequest, cursor: str) -> str:
    """The same list from that place on."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query[CURSOR] = cursor
    return f"{request.path}?{query.urlencode()}"


def _tabs(
    request: HttpRequest, queues: list[Queue], chosen: Queue, counts: dict[str, int]
) -> list[dict[str, Any]]:
    """The filters stay when the tab changes; the place in the list does not."""
    tabs = []
    for each in queues:
        query = request.GET.copy()
        query["queue"] = each.code
        query.pop(CURSOR, None)
        count = show_count(counts[each.code], NAV_CAP) if each.code in counts else None
        url = f"{request.path}?{query.urlencode()}"
        tabs.append({"url": url, "label": each.label, "count": count, "is_current": each == chosen})
    return tabs
