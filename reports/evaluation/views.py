"""The page from which the file for evaluators is fetched, and the file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import role_of
from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.files.views import download
from complaints.permissions import role_may
from reports.evaluation.bundle import evaluation_file, name_of
from reports.evaluation.content import Writer
from reports.publication.models import Report
from reports.publication.models.report import LANGUAGES
from reports.publication.views.desk import list_context as publication_context
from reports.publication.words import period_name
from reports.rights import ReportAct
from surveys.aftercase.ends import desk_of, term_on


def may_evaluate(user: User) -> bool:
    """Supervisors, and the heads of the unit that runs the complaints desk, on whose behalf the city is scored."""
    if not role_may(role_of(user), ReportAct.EVALUATE):
        return False
    desk = desk_of(term_on(day_of(timezone.now())))
    return role_of(user) == Role.SUPERVISOR or (desk is not None and desk.pk in user.agency_scope)


def list_context(user: User) -> dict[str, Any]:
    """What the desk's list of reports shows of this room, and of the one below."""
    return publication_context(user) | {"may_evaluate": may_evaluate(user)}


def reports_to_evaluate() -> QuerySet[Report]:
    """Published ones of the whole city, the newest first; years before what lies within them."""
    return Report.objects.published().filter(agency=None).order_by("-period_to", "period_from")


@never_cache
@require_safe
@staff_page(ReportAct.EVALUATE)
def evaluation(request: HttpRequest) -> HttpResponse:
    """What there is a file of; of the newest what it would hold."""
    _check(request)
    rows = list(reports_to_evaluate()[:12])
    chosen = next((row for row in rows if row.code == request.GET.get("report")), rows[0] if rows else None)
    context: dict[str, Any] = {
        "rows": [(row, period_name(row), row == chosen) for row in rows],
        "chosen": chosen,
        "name": period_name(chosen) if chosen else "",
        "criteria": Writer(chosen).content().criteria if chosen else [],
        "languages": LANGUAGES,
    }
    return render(request, "reports/evaluation/page.html", context)


@never_cache
@require_safe
@staff_page(ReportAct.EVALUATE)
def evaluation_zip(request: HttpRequest, code: str, file_language: str) -> HttpResponse:
    _check(request)
    row = reports_to_evaluate().filter(code=code).first()
    if row is None or file_language not in LANGUAGES:
        raise Http404
    return download(evaluation_file(row, file_language), name_of(row, file_language), "application/zip")


def _check(request: HttpRequest) -> None:
    if not may_evaluate(staff(request)):
        raise PermissionDenied
