"""The public pages of service standards: by agency with a search, and one page a service."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from complaints.clock.city_time import day_of
from complaints.database.kept_statements import rows_of
from complaints.models import Service
from surveys.standards import words
from surveys.standards.causes import STANDARD_PANELS
from surveys.standards.in_force import standard_of
from surveys.standards.keeping import STALE, kept_record
from surveys.standards.models import Counter
from surveys.standards.satisfaction import satisfaction_of

LONGEST_SEARCH = 100
LONGEST_PLACE = 200  # as the form takes it


@require_safe
def standard_list(request: HttpRequest) -> HttpResponse:
    """Services by agency; `?q=` looks in their names, descriptions and agencies."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    rows = Service.objects.filter(is_active=True).select_related("agency")
    for word in asked.split()[:8]:
        rows = rows.filter(
            Q(name_id__icontains=word)
            | Q(name_en__icontains=word)
            | Q(description_id__icontains=word)
            | Q(description_en__icontains=word)
            | Q(agency__name__icontains=word)
            | Q(agency__short_name__icontains=word)
        )
    by_agency: dict[str, list[Any]] = {}
    for service in sorted(rows, key=lambda each: (each.agency.local_name, each.name)):
        by_agency.setdefault(service.agency.local_name, []).append(
            {
                "service": service,
                "time": words.days_words(service.promised_days) if service.promised_days else "",
            }
        )
    return render(request, "standards/list.html", {"groups": list(by_agency.items()), "asked": asked})


@require_safe
def standard_page(request: HttpRequest, code: str) -> HttpResponse:
    """The standard of a service as it is in force today, what comes, its record, and how it came to be so."""
    found = rows_of("service", code, "", _services)
    if not found:
        raise Http404
    (service,) = found
    now = timezone.now()
    today = day_of(now)
    standard = standard_of(service, today)
    context = {
        "service": service,
        "now": now,
        "standard": standard,
        "rows": words.owed_rows(standard),
        "optional": words.optional_rows(standard),
        "counters": [words.counter_row(each, today) for each in standard.counters],
        "pledge": words.part_row(standard.pledge),
        **_record(service, now),
        "satisfaction": satisfaction_of(service),
        "history": words.history(standard.changes),
        "panels": [panel.template for panel in STANDARD_PANELS],
    }
    return render(request, "standards/page.html", context)


def _services(code: str) -> QuerySet[Service]:
    return Service.objects.select_related("agency", "record").filter(code=code)


def _record(service: Service, now: datetime) -> dict[str, Any]:
    """As the worker counted it, with its moment; `counted_at` None where it never did."""
    row = getattr(service, "record", None)
    if row is None:
        return {"counted_at": None}
    return {
        "record": kept_record(row),
        "counted_at": row.counted_at,
        "is_stale": now - row.counted_at > STALE,
    }


@require_safe
def counter_report(request: HttpRequest, counter: str, code: str) -> HttpResponse:
    """From the poster of a counter to the form, with service and place filled in. What is no longer offered there is
    left out, and the form is open all the same: posters hang for years."""
    found = Counter.objects.filter(code=counter).first()
    service = Service.objects.filter(code=code).first()
    if found is None and service is None:
        raise Http404
    filled = {}
    if service is not None and service.is_active:
        filled["service"] = service.code
    if found is not None:
        filled["location"] = ", ".join(part for part in (found.name, found.place) if part)[:LONGEST_PLACE]
    return redirect(f"{reverse('complaints:complaint-new')}?{urlencode(filled)}")
