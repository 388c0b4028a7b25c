"""The supervisors' lists of cases: due soon, the oldest, agencies side by side, search."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.queues import count_found, show_count
from complaints.desk.rows import RowMaker
from complaints.models import Complaint
from complaints.numbers import is_number
from complaints.paging import Page
from escalation.ladder.models import Escalation
from escalation.oversight import waiting
from escalation.oversight.agencies import FEW, SORTS, sort_lines
from escalation.oversight.comparison import shown_comparison, shown_offices
from escalation.oversight.escalated import with_case
from escalation.oversight.offices import lines_of, sort_offices
from escalation.oversight.periods import PeriodForm
from escalation.oversight.search import OversightFilter
from escalation.oversight.sums import comparison_for
from escalation.oversight.views.filters import drawn_filters
from escalation.oversight.views.paging import PAGE_SIZE, turn_pages
from escalation.rights import EscalationAct

BAD_REQUEST = 400
FILE = "escalation:oversight-case"
SORT_NAMES = (
    ("late", gettext_lazy("Surely late first")),
    ("in_time", gettext_lazy("Surely in time first")),
    ("received", gettext_lazy("Most received first")),
    ("overdue", gettext_lazy("Most overdue first")),
    ("name", gettext_lazy("By name")),
)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def ignored(request: HttpRequest) -> HttpResponse:
    """Instructions whose day has passed and that the agency did not follow."""
    user, now = staff(request), timezone.now()
    found = with_case(Escalation.objects.visible_to(user).unheeded(now))
    turned = turn_pages(request, found, waiting.SOONEST_FIRST)
    context = {"escalations": turned.page.rows, "now": now, "problem": turned.problem, **turned.links}
    return render(request, "oversight/ignored.html", context, status=BAD_REQUEST if turned.problem else 200)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def referred(request: HttpRequest) -> HttpResponse:
    """Referred to a body outside, past the day of the check, and nobody has said whether it answered."""
    user, now = staff(request), timezone.now()
    cases = Complaint.objects.visible_to(user).referred_unanswered()
    turned = turn_pages(request, cases.for_list(), waiting.LONGEST_REFERRED_FIRST)
    context = {
        "listed": RowMaker(user, now, page=FILE).rows(turned.page.rows),
        "problem": turned.problem,
        **turned.links,
    }
    return render(request, "oversight/referred.html", context, status=BAD_REQUEST if turned.problem else 200)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def soon(request: HttpRequest) -> HttpResponse:
    """What will be late within three working days unless somebody acts."""
    user, now = staff(request), timezone.now()
    listed = [strand.for_list() for strand in waiting.strands_due_soon(user, now)]
    turned = turn_pages(request, listed, waiting.SOONEST_FIRST)
    found = count_found(waiting.due_soon(user, now)) if turned.found is None else turned.found
    context = {
        "listed": RowMaker(user, now, page=FILE).rows(turned.page.rows),
        "count": show_count(found),
        "until": waiting.soon_until(now),
        "problem": turned.problem,
        **turned.links,
    }
    return render(request, "oversight/soon.html", context, status=BAD_REQUEST if turned.problem else 200)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def oldest(request: HttpRequest) -> HttpResponse:
    """The oldest unanswered cases, whoever holds them."""
    user, now = staff(request), timezone.now()
    turned = turn_pages(request, waiting.unanswered(user).for_list(), waiting.OLDEST_FIRST)
    rows = RowMaker(user, now, page=FILE).rows(turned.page.rows)
    context = {"rows": waiting.old_rows(rows, now), "problem": turned.problem, **turned.links}
    return render(request, "oversight/oldest.html", context, status=BAD_REQUEST if turned.problem else 200)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def agencies(request: HttpRequest) -> HttpResponse:
    """Agencies side by side over a period, with how sure each share is."""
    user, now = staff(request), timezone.now()
    form = PeriodForm(request.GET)
    days = form.days(day_of(now))
    found, counted_at = comparison_for(user, days, now)
    sort = request.GET.get("sort", "late")
    sort = sort if sort in SORTS else "late"
    offices, all_offices = lines_of(found.times)
    context = {
        "form": form,
        "days": days,
        "counted_at": counted_at,
        **shown_offices(sort_offices(offices, sort), all_offices, days),
        **shown_comparison(found.city, sort_lines(found.lines, sort), days),
        "sorts": _sorts(request, sort),
        "few": FEW,
    }
    return render(request, "oversight/agencies.html", context, status=BAD_REQUEST if form.errors else 200)


def _sorts(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    tabs = []
    for code, label in SORT_NAMES:
        query = request.GET.copy()
        query["sort"] = code
        url = f"{request.path}?{query.urlencode()}"
        tabs.append({"url": url, "label": label, "is_current": code == chosen})
    return tabs


@require_safe
@staff_page(EscalationAct.OVERSEE)
def search(request: HttpRequest) -> HttpResponse:
    """Every case by words, number and any of its marks; a whole number leads to its file."""
    user, now = staff(request), timezone.now()
    text = request.GET.get("q", "").strip()
    if is_number(text) and Complaint.objects.visible_to(user).filter(number=text.upper()).exists():
        return redirect(FILE, text.upper())
    narrowed = OversightFilter(request.GET, actor=user, now=now)

    def first() -> tuple[Page[Complaint], int] | None:
        return narrowed.first_page(narrowed.queryset.for_list(), narrowed.sorting, PAGE_SIZE)

    turned = turn_pages(request, narrowed.found.for_list(), narrowed.sorting, first)
    problem = turned.problem
    if narrowed.form.errors:
        problem = _("A filter has a value that makes no sense. Correct it, or clear the filters.")
    context = {
        "filters": drawn_filters("oversight", narrowed, request.path),
        "clear_url": request.path,
        "listed": RowMaker(user, now, page=FILE).rows(turned.page.rows),
        "found": show_count(narrowed.count() if turned.found is None else turned.found),
        "problem": problem,
        **turned.links,
    }
    return render(request, "oversight/search.html", context, status=BAD_REQUEST if problem else 200)
