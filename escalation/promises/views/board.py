"""The public pages of promises: kept and broken, by agency; without names, words of staff or case numbers."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Agency
from complaints.clock.city_time import day_of
from escalation.promises.effects import effect_of
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.proposal import Proposal, ProposalState
from escalation.promises.models.recommendation import Recommendation, RecommendationState
from escalation.promises.views.lists import newest, paging
from escalation.promises.words import (
    commitment_standing,
    history,
    origins_of,
    planned_words,
    recommendation_standing,
    sources_in_words,
)

SHOWN = 50


@require_safe
def commitment_board(request: HttpRequest) -> HttpResponse:
    """How many promises were kept, by agency, and each of them; `?agency=` and `?standing=` narrow the list."""
    on = day_of(timezone.now())
    agency = _agency(request.GET.get("agency", ""))
    every = Commitment.objects.visible_to(None)
    rows = every.filter(agency=agency) if agency else every
    figures = _figures(rows, on)
    standing = request.GET.get("standing", "")
    standing = standing if standing in _conditions(on) else ""
    if standing:
        rows = rows.filter(_conditions(on)[standing])
    page = newest(_with_sources(rows), "made_at", request)
    context = {
        "cards": _cards(figures),
        "tabs": _tabs(figures, agency, standing),
        "agencies": [] if agency else _by_agency(every, on),
        "agency": agency,
        "lines": [_line(row, on) for row in page.rows],
        "ignored": _ignored(agency, on),
        "declined": _declined(agency),
        **paging(request, page),
    }
    return render(request, "commitments/board.html", context)


@require_safe
def commitment_public(request: HttpRequest, number: str) -> HttpResponse:
    """One promise with what became of it."""
    rows = _with_sources(Commitment.objects.visible_to(None)).filter(number=number)
    row = rows.first()
    if row is None:
        raise Http404
    steps = history(row.steps.select_related("actor__agency"), public=True)
    now = timezone.now()
    context = {
        **_line(row, day_of(now)),
        "steps": steps,
        "origins": origins_of(row),
        "planned": planned_words(row),
        "effect": effect_of(row, now),
    }
    return render(request, "commitments/public.html", context)


def _conditions(on: date) -> dict[str, Q]:
    """Each standing of `words.commitment_standing` as a condition; together they cover all rows once."""
    return {
        "kept": Q(state="kept", done_on__lte=F("due_on")),
        "late": Q(state="kept", done_on__gt=F("due_on")),
        "broken": Q(state="broken"),
        "overdue": Q(state="open", due_on__lt=on),
        "reported": Q(state="reported"),
        "open": Q(state="open", due_on__gte=on),
    }


def _counted(on: date) -> dict[str, Count]:
    return {name: Count("pk", filter=condition) for name, condition in _conditions(on).items()}


def _figures(rows: QuerySet[Commitment], on: date) -> dict[str, int]:
    found: dict[str, int] = rows.aggregate(**_counted(on), all=Count("pk"))
    return found


def _cards(found: dict[str, int]) -> list[dict[str, Any]]:
    """The figures at the top: kept, not kept, and what is still to come."""
    in_time, overdue = found["kept"], found["overdue"]
    return [
        {
            "label": _("Kept"),
            "value": in_time + found["late"],
            "note": _("%(n)d of them in time") % {"n": in_time},
        },
        {
            "label": _("Not kept"),
            "value": found["broken"] + overdue,
            "note": _("%(n)d of them overdue and still owed") % {"n": overdue},
        },
        {
            "label": _("Not due yet"),
            "value": found["open"] + found["reported"],
            "note": _("%(n)d of them being checked") % {"n": found["reported"]},
        },
    ]


def _tabs(found: dict[str, int], agency: Agency | None, standing: str) -> list[dict[str, Any]]:
    """The list by how a promise stands; only what there is."""
    base = reverse("escalation:commitment-board")
    about = {"agency": agency.code} if agency else {}
    items = [("", _("All"), found["all"])]
    items += [(code, label, found[code]) for code, label in _labels().items() if found[code]]
    return [
        {
            "url": f"{base}?{urlencode(about | ({'standing': code} if code else {}))}",
            "label": label,
            "count": count,
            "is_current": code == standing,
        }
        for code, label, count in items
    ]


def _labels() -> dict[str, str]:
    return {
        "kept": _("kept in time"),
        "late": _("kept late"),
        "broken": _("broken"),
        "overdue": _("overdue, not kept so far"),
        "reported": _("being checked"),
        "open": _("not due yet"),
    }


STYLES = {
    "kept": ("success", "check-circle"),
    "late": ("warning", "check"),
    "broken": ("danger", "x-circle"),
    "overdue": ("danger", "late"),
    "reported": ("info", "hourglass"),
    "open": ("neutral", "clock"),
}


def _by_agency(rows: QuerySet[Commitment], on: date) -> list[dict[str, Any]]:
    """Each agency with its promises by how they stand; what there is none of is left out."""
    found = rows.order_by().values("agency").annotate(**_counted(on), all=Count("pk"))
    counts = {row["agency"]: row for row in found}
    labels = _labels()
    return [
        {
            "agency": agency,
            "all": counts[agency.pk]["all"],
            "badges": [
                {"label": f"{counts[agency.pk][code]} {labels[code]}", "tone": tone, "icon": icon}
                for code, (tone, icon) in STYLES.items()
                if counts[agency.pk][code]
            ],
        }
        for agency in Agency.objects.filter(pk__in=counts)
    ]


def _with_sources(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    return rows.select_related("agency", "service").annotate(
        from_cases=Count("sources", filter=Q(sources__kind="case")),
        from_recommendations=Count("sources", filter=Q(sources__kind="recommendation")),
        from_elements=Count("sources", filter=Q(sources__kind="survey_element")),
        from_findings=Count("sources", filter=Q(sources__kind="finding")),
    )


def _line(row: Any, on: date) -> dict[str, Any]:
    return {
        "row": row,
        "standing": commitment_standing(row, on),
        "sources": sources_in_words(
            row.from_cases, row.from_recommendations, row.from_elements, row.from_findings
        ),
    }


def _ignored(agency: Agency | None, on: date) -> list[dict[str, Any]]:
    """Recommendations that ended without compliance: published by number, agency and subject."""
    rows = Recommendation.objects.visible_to(None).filter(state=RecommendationState.NOT_COMPLIED)
    rows = rows.filter(agency=agency) if agency else rows
    found = rows.select_related("agency").order_by("-ended_at")[:SHOWN]
    return [{"row": row, "standing": recommendation_standing(row, on)} for row in found]


def _declined(agency: Agency | None) -> Any:
    """What a survey asked for and the head of the unit declined, with the reason."""
    rows = Proposal.objects.filter(state=ProposalState.DECLINED)
    rows = rows.filter(agency=agency) if agency else rows
    return rows.select_related("agency", "service").order_by("-ended_at")[:SHOWN]


def _agency(code: str) -> Agency | None:
    if not code:
        return None
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found
