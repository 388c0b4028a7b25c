"""The desk of standards, for heads of agencies: what is in force, what is missing, and each part to change."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Agency
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.models import Service
from surveys.rights import SurveyAct
from surveys.standards import services, words
from surveys.standards.causes import COUNTER_LINKS
from surveys.standards.forms import ChangeForm, form_class
from surveys.standards.in_force import Standard, standard_of, standards_of, value_on
from surveys.standards.models import OF_COUNTER, OF_SERVICE, Counter, Part


@require_safe
@staff_page(SurveyAct.SET_STANDARD)
def standard_desk(request: HttpRequest) -> HttpResponse:
    """The services of one's own line, with what cannot be shown yet."""
    scope = staff(request).agency_scope
    today = day_of(timezone.now())
    rows = Service.objects.filter(agency__in=scope, is_active=True).select_related("agency")
    found = standards_of(list(rows), today)
    lines = [{"service": each.service, "gaps": len(words.gaps(each))} for each in found]
    agencies = Agency.objects.filter(pk__in=scope, is_active=True, is_external=False)
    context = {"lines": lines, "agencies": agencies, "many_agencies": len(scope) > 1}
    return render(request, "standards/desk.html", context)


@require_safe
@staff_page(SurveyAct.SET_STANDARD)
def standard_detail(request: HttpRequest, code: str) -> HttpResponse:
    service = _service(request, code)
    today = day_of(timezone.now())
    standard = standard_of(service, today)
    context = {
        "service": service,
        "gaps": words.gaps(standard),
        "rows": [_with_url(words.part_row(standard.parts[part]), standard) for part in OF_SERVICE],
        "counters": [
            {
                **words.counter_row(each, today),
                "hours_url": words.change_url(Part.HOURS, standard, each.counter.code),
                "closure_url": words.change_url(Part.CLOSURE, standard, each.counter.code),
            }
            for each in standard.counters
        ],
        "counter_links": list(COUNTER_LINKS) if service.is_active else [],
        "pledge": _with_url(words.part_row(standard.pledge), standard),
        "history": words.history(standard.changes, names=True),
    }
    return render(request, "standards/detail.html", context)


def _with_url(row: dict[str, Any], standard: Standard) -> dict[str, Any]:
    return row | {"url": words.change_url(row["part"], standard)}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.SET_STANDARD)
def standard_change(request: HttpRequest, code: str, part: str) -> HttpResponse:
    service = _service(request, code)
    if part not in OF_SERVICE:
        raise Http404
    return _change(request, Part(part), {"service": service}, service.name, ("standard-detail", service.code))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.SET_STANDARD)
def counter_change(request: HttpRequest, code: str, part: str) -> HttpResponse:
    scope = staff(request).agency_scope
    counter = Counter.objects.select_related("agency").filter(code=code, agency__in=scope).first()
    if counter is None or part not in OF_COUNTER:
        raise Http404
    service = counter.services.filter(agency__in=scope).first()
    back = ("standard-detail", service.code) if service else ("standard-desk",)
    return _change(request, Part(part), {"counter": counter}, counter.name, back)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.SET_STANDARD)
def pledge_change(request: HttpRequest, code: str) -> HttpResponse:
    agency = Agency.objects.filter(code=code, pk__in=staff(request).agency_scope).first()
    if agency is None:
        raise Http404
    return _change(request, Part.PLEDGE, {"agency": agency}, agency.local_name, ("standard-desk",))


def _change(
    request: HttpRequest, part: Part, thing: dict[str, Any], name: str, back: tuple[str, ...]
) -> HttpResponse:
    today = day_of(timezone.now())
    agency = next(iter(thing.values())) if part == Part.PLEDGE else None
    value, last = value_on(part, thing.get("service"), thing.get("counter"), agency, today)
    form = form_class(part)(
        request.POST or None,
        part=part,
        thing=thing,
        seen=last.pk if last else 0,
        value=value,
        initial={"starts_on": today},
    )
    page = partial(_page, request, form, name, back)
    if not form.is_bound:
        return page()
    return perform(
        request,
        form,
        services.change,
        page=page,
        to=lambda _row: redirect(f"surveys:{back[0]}", *back[1:]),
        done=_("The change is public, with its day and its reason."),
    )


def _page(
    request: HttpRequest, form: ChangeForm, name: str, back: tuple[str, ...], status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "label": form.part.label,
        "name": name,
        "back": f"surveys:{back[0]}",
        "code": back[-1],
    }
    return render(request, "standards/change.html", context, status=status)


def _service(request: HttpRequest, code: str) -> Service:
    """The service in this person's line."""
    rows = Service.objects.select_related("agency").filter(agency__in=staff(request).agency_scope)
    found = rows.filter(code=code).first()
    if found is None:
        raise Http404
    return found
