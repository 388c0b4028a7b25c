"""The supervisors' desk: its first page, everything escalated, each look at an identity, a case's complete file."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.desk.access import case_or_404, staff, staff_page
from complaints.desk.action_panels import Opened
from complaints.desk.additions import CASE_PANELS
from complaints.desk.case_page import case_context
from escalation.ladder.models import Level
from escalation.oversight import file, identity_accesses
from escalation.oversight.escalated import EscalationFilter, rows_of, with_case
from escalation.oversight.headline import Headline, headline
from escalation.oversight.panels import panels_for
from escalation.oversight.sums import standing_for
from escalation.oversight.views.filters import drawn_filters
from escalation.oversight.views.paging import turn_pages
from escalation.rights import EscalationAct

BAD_FILTER = 400


@require_safe
@staff_page(EscalationAct.OVERSEE)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this supervisor, and how the city stands."""
    user, now = staff(request), timezone.now()
    figures = headline(user, now, standing_for(user, now))
    oldest = figures.standing.oldest
    context = {
        "panels": panels_for(user, now),
        "figures": figures,
        "levels": _levels(figures),
        "oldest_days": (now - oldest).days if oldest else None,
        "accesses": identity_accesses.recent_by_others(user, now),
        "now": now,
    }
    return render(request, "oversight/home.html", context)


def _levels(figures: Headline) -> list[dict[str, Any]]:
    """Open escalations by level, each with its list."""
    url = reverse("escalation:oversight-escalations")
    return [
        {
            "label": level.label,
            "count": figures.escalated[level],
            "url": f"{url}?{urlencode({'level': level.value})}",
        }
        for level in Level
    ]


@require_safe
@staff_page(EscalationAct.OVERSEE)
def escalations(request: HttpRequest) -> HttpResponse:
    """Everything escalated, to whom, and what became of it."""
    user, now = staff(request), timezone.now()
    narrowed = EscalationFilter(request.GET, user, now)
    turned = turn_pages(request, [with_case(strand) for strand in narrowed.strands], narrowed.order)
    problem = _filter_problem(narrowed) or turned.problem
    context = {
        "filters": drawn_filters("escalations", narrowed, request.path),
        "is_active": narrowed.is_active,
        "clear_url": request.path,
        "rows": rows_of(turned.page.rows, now),
        "now": now,
        "problem": problem,
        **turned.links,
    }
    return render(request, "oversight/escalations.html", context, status=BAD_FILTER if problem else 200)


def _filter_problem(narrowed: Any) -> str:
    if not narrowed.form.errors:
        return ""
    return _("A filter has a value that makes no sense. Correct it, or clear the filters.")


@require_safe
@staff_page(EscalationAct.OVERSEE)
def identity_accesses_list(request: HttpRequest) -> HttpResponse:
    """Each look at a protected identity, the newest first."""
    user, now = staff(request), timezone.now()
    turned = turn_pages(request, identity_accesses.accesses_for(user), identity_accesses.NEWEST_FIRST)
    context = {
        "accesses": [identity_accesses.access_of(event, user, now) for event in turned.page.rows],
        "problem": turned.problem,
        **turned.links,
    }
    return render(request, "oversight/identity.html", context, status=BAD_FILTER if turned.problem else 200)


@require_safe
@staff_page(EscalationAct.OVERSEE)
def case_file(request: HttpRequest, number: str) -> HttpResponse:
    """Everything there is about one case, on one page that also prints."""
    user, now = staff(request), timezone.now()
    case = case_or_404(user, number)
    context = case_context(case, user, now, Opened.by(request), whole=True)
    timeline = context["timeline"]
    extra = {
        "letters": file.letters_of(case),
        "raised": file.escalations_of(case, user, timeline),
        "accesses": file.identity_accesses_of(timeline),
        "blocks": [panel.template for panel in CASE_PANELS if panel.in_file and panel.is_about(case)],
        "links": [link for link in context["links"] if link["url"] != request.path],
        "recommend_url": _about(case.number, reverse("escalation:recommendation-new")),
    }
    return render(request, "oversight/case.html", context | extra)


def _about(number: str, url: str) -> str:
    return f"{url}?{urlencode({'case': number})}"
