"""The desk's first page, its queue and its search."""

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
from complaints.desk.bulk_actions import bulk_actions_of
from complaints.desk.filters import LONGEST_SEARCH, QueueFilter
from complaints.desk.list_csv import back_to_list, list_as_csv
from complaints.desk.looks import marks_among
from complaints.desk.navigation import desk_counts, found_count
from complaints.desk.next_case import listing_of
from complaints.desk.queues import (
    ALL,
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
from complaints.numbers import is_number
from complaints.paging import BadCursor, Cursor, page_of
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
    strands = strands_of(chosen, user)
    whole = strands[0] if len(strands) == 1 else cases_in(chosen, user)
    narrowed = QueueFilter(request.GET, whole, actor=user, now=now)
    problem = ""
    if narrowed.form.errors:
        problem = _("A filter has a value that makes no sense. Correct it, or clear the filters.")
    try:
        cursor = _cursor(request)
    except BadCursor:
        problem, cursor = _("This page of the list cannot be found. Here is its beginning."), None
    listed = [strand.for_list() for strand in narrowed.found_in(strands)]
    key = None if narrowed.is_active or narrowed.form.errors else ("queue", chosen.code, *scope_of(user))
    page = page_of(listed, chosen.order, cursor, PAGE_SIZE, key=key)
    is_counted = chosen != ALL and not narrowed.is_active  # beside its tab
    found = None if is_counted else found_count(request, narrowed, now, tabs=True)
    counts = desk_counts(request, now=now, tabs=True)
    context = {
        "title": chosen.label,
        "tabs": _tabs(request, queues, chosen, counts),
        "filter": narrowed,
        "filters": _filters(narrowed, user, chosen),
        "clear_url": _address(chosen),
        "listed": RowMaker(user, now, listing=listing).rows(page.rows, marks_among(page.rows, user)),
        "found": show_count(counts[chosen.code], NAV_CAP) if found is None else show_count(found),
        "next_url": _beside(request, page.next),
        "previous_url": _beside(request, page.previous),
        "problem": problem,
        "bulk": bulk_actions_of(user) if chosen == TURN else [],
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
    narrowed = QueueFilter(request.GET, cases_in(chosen, user), actor=user, now=now)
    if narrowed.form.errors:
        return back_to_list(request)
    return list_as_csv(request, narrowed.found, chosen.order, now)


def _chosen(queues: list[Queue], request: HttpRequest) -> Queue:
    return next((each for each in queues if each.code == request.GET.get("queue")), queues[0])


def _filters(narrowed: QueueFilter, user: User, chosen: Queue) -> str:
    """The filters' form. As long as none is set it is the same for all of one role and agency."""

    def make() -> str:
        form, clear_url = narrowed.form, _address(chosen)
        parts = {
            "form": form,
            "is_active": narrowed.is_active,
            "is_open": form.errors,
            "clear_url": clear_url,
        }
        return render_to_string("components/filters.html", parts)

    sent = narrowed.data.get("queue", "")  # the form carries it along as it was sent
    if narrowed.is_active or narrowed.form.errors or sent not in ("", chosen.code):
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
