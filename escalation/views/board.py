"""The public pages of promises: kept and broken, by agency; without names, words of staff or case numbers."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Agency
from escalation.days import today
from escalation.models import Commitment, Recommendation, RecommendationState
from escalation.promise_words import history, look_of, sources_in_words, standing_of
from escalation.views.promises import newest, paging

SHOWN = 50


@require_safe
def commitment_board(request: HttpRequest) -> HttpResponse:
    """How many promises were kept, by agency, and each of them; `?agency=` and `?standing=` narrow the list."""
    on = today(timezone.now())
    agency = _agency(request.GET.get("agency", ""))
    standing = request.GET.get("standing", "")
    every = Commitment.objects.visible_to(None)
    rows = every.filter(agency=agency) if agency else every
    if standing in _conditions(on):
        rows = rows.filter(_conditions(on)[standing])
    page = newest(_with_sources(rows), "made_at", request)
    context = {
        "counts": _counts(every.filter(agency=agency) if agency else every, on),
        "agencies": [] if agency else _by_agency(every, on),
        "agency": agency,
        "standing": standing,
        "lines": [_line(row, on) for row in page.rows],
        "ignored": _ignored(agency, on),
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
    context = {**_line(row, today(timezone.now())), "steps": steps}
    return render(request, "commitments/public.html", context)


def _conditions(on: date) -> dict[str, Q]:
    """Each standing of `promise_words.standing_of` as a condition; together they cover all rows once."""
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


def _counts(rows: QuerySet[Commitment], on: date) -> list[dict[str, Any]]:
    """The figures above the list, each with the address that shows what it counts."""
    found = rows.aggregate(**_counted(on))
    labels = {
        "kept": (_("kept in time"), "success", "check-circle"),
        "late": (_("kept late"), "warning", "check"),
        "broken": (_("broken"), "danger", "x-circle"),
        "overdue": (_("overdue, not kept so far"), "danger", "late"),
        "reported": (_("being checked"), "info", "hourglass"),
        "open": (_("not due yet"), "neutral", "clock"),
    }
    return [
        {"code": code, "label": label, "tone": tone, "icon": icon, "value": found[code]}
        for code, (label, tone, icon) in labels.items()
    ]


def _by_agency(rows: QuerySet[Commitment], on: date) -> list[dict[str, Any]]:
    found = rows.order_by().values("agency").annotate(**_counted(on), all=Count("pk"))
    counts = {row["agency"]: row for row in found}
    agencies = Agency.objects.filter(pk__in=counts)
    return [{"agency": agency, **counts[agency.pk]} for agency in agencies]


def _with_sources(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    return rows.select_related("agency").annotate(
        from_cases=Count("sources", filter=Q(sources__kind="case")),
        from_recommendations=Count("sources", filter=Q(sources__kind="recommendation")),
    )


def _line(row: Any, on: date) -> dict[str, Any]:
    return {
        "row": row,
        "standing": standing_of(row, on),
        "sources": sources_in_words(row.from_cases, row.from_recommendations),
    }


def _ignored(agency: Agency | None, on: date) -> list[dict[str, Any]]:
    """Recommendations that ended without compliance: published by number, agency and subject."""
    rows = Recommendation.objects.visible_to(None).filter(state=RecommendationState.NOT_COMPLIED)
    rows = rows.filter(agency=agency) if agency else rows
    found = rows.select_related("agency").order_by("-ended_at")[:SHOWN]
    return [{"row": row, "standing": look_of(row, on)} for row in found]


def _agency(code: str) -> Agency | None:
    if not code:
        return None
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def board_url(agency: Agency | None = None) -> str:
    base = reverse("escalation:commitment-board")
    return f"{base}?agency={agency.code}" if agency else base
