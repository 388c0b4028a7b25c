"""Asking for documents, watching them being made, and fetching them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.desk.access import case_or_404, staff, staff_page
from complaints.models import Service
from complaints.permissions import Act
from complaints.services.change import NotAllowed, NotPossible
from reports.documents.forms import ReportAskForm, SealForm
from reports.documents.models import Document, DocumentState, Purpose
from reports.documents.posters import ask_counter_poster
from reports.documents.services import (
    ask_case_file,
    ask_poster,
    ask_report,
    ask_sealed_file,
    ask_survey_paper,
    fetch,
    is_readable_by,
)
from reports.rights import ReportAct
from surveys.rights import SurveyAct
from surveys.rounds.models import Round
from surveys.standards.models import Counter

SHOWN = 50
LOOK_AGAIN_SECONDS = "4"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(ReportAct.READ_REPORTS)
def report_list(request: HttpRequest, more: Callable[[User], dict[str, Any]]) -> HttpResponse:
    """The reports that wait for this person (`more`), those that they asked for, and the form to ask for another."""
    user, now = staff(request), timezone.now()
    today = day_of(now)
    asked = request.POST if request.method == "POST" else None
    form = ReportAskForm(asked, user=user, today=today, initial={"language": get_language()})
    status, problem = 200, ""
    if asked is not None:
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                ask_report(data["period"], data["agency"], actor=user, now=now, language=data["language"])
            except NotAllowed:
                raise PermissionDenied from None
            except NotPossible:
                status, problem = 409, "many"
            else:
                return redirect("reports:report-list")
    reports = Document.objects.of(user).filter(kind=Document.Kind.REPORT)[:SHOWN]
    rows = [row for row in reports if is_readable_by(row, user)]
    context = {
        **more(user),
        "form": form,
        "documents": rows,
        "problem": problem,
        "is_waiting": any(row.state == DocumentState.WAITING for row in rows),
    }
    return render(request, "reports/report_list.html", context, status=status)


@require_POST
@staff_page(Act.READ_WORDS)
def case_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Asks for the file of a case; the answer leads to the page where it will be."""
    user = staff(request)
    case = case_or_404(user, number)
    try:
        document = ask_case_file(case, actor=user, now=timezone.now(), language=get_language() or "id")
    except NotAllowed:
        raise PermissionDenied from None
    except NotPossible:
        return render(request, "reports/document_wait.html", {"problem": "many", "case": case}, status=409)
    return redirect("reports:document", pk=document.pk)


@require_POST
@staff_page(SurveyAct.RUN_ROUNDS)
def round_poster(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for the poster of a round; the answer leads to the page where it will be."""
    user = staff(request)
    row = Round.objects.visible_to(user).filter(code=code.upper()).first()
    if row is None:
        raise Http404
    try:
        document = ask_poster(row, actor=user, now=timezone.now(), language=get_language() or "id")
    except NotPossible as why:
        messages.warning(request, str(why))
        return redirect("surveys:desk-round", row.code)
    return redirect("reports:document", pk=document.pk)


@require_POST
@staff_page(SurveyAct.SET_STANDARD)
def counter_poster(request: HttpRequest, code: str, counter: str) -> HttpResponse:
    """Asks for the poster of a counter; the answer leads to the page where it will be."""
    user = staff(request)
    service = Service.objects.filter(code=code, agency__in=user.agency_scope).select_related("agency").first()
    found = Counter.objects.filter(code=counter).first()
    if service is None or found is None:
        raise Http404
    try:
        document = ask_counter_poster(
            service, found, actor=user, now=timezone.now(), language=get_language() or "id"
        )
    except NotPossible as why:
        messages.warning(request, str(why))
        return redirect("surveys:standard-detail", code)
    return redirect("reports:document", pk=document.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(ReportAct.SEAL_FILE)
def case_seal(request: HttpRequest, number: str) -> HttpResponse:
    """Asks what the sealed file is for; the answer leads to the page where it will be."""
    user = staff(request)
    case = case_or_404(user, number)
    form = SealForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "reports/case_seal.html", {"form": form, "case": case}, status=status)
    said = form.cleaned_data
    try:
        document = ask_sealed_file(
            case,
            Purpose(said["purpose"]),
            words=said["words"],
            is_for_citizen=said["is_for_citizen"],
            actor=user,
            now=timezone.now(),
            language=get_language() or "id",
        )
    except NotAllowed:
        raise PermissionDenied from None
    except NotPossible:
        return render(request, "reports/document_wait.html", {"problem": "many", "case": case}, status=409)
    return redirect("reports:document", pk=document.pk)


@require_POST
@staff_page(SurveyAct.SEE_RESULTS)
def survey_paper(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Asks for the report or the poster of a survey round; the answer leads to the page where it will be."""
    user = staff(request)
    row = Round.objects.visible_to(user).public().filter(code=code).first()
    if row is None:
        raise Http404
    try:
        document = ask_survey_paper(
            row, Document.Kind(kind), actor=user, now=timezone.now(), language=get_language() or "id"
        )
    except NotAllowed:
        raise PermissionDenied from None
    except NotPossible as error:
        context = {"problem": "other", "why": str(error)}
        return render(request, "reports/document_wait.html", context, status=409)
    return redirect("reports:document", pk=document.pk)


@never_cache
@require_GET
@staff_page(Act.READ_WORDS)
def document(request: HttpRequest, pk: int) -> Any:
    """The file, or while it is being made a page that looks again by itself."""
    user = staff(request)
    row = Document.objects.select_related("agency", "complaint", "round").filter(pk=pk).first()
    if row is None or not is_readable_by(row, user):
        raise Http404
    if row.state != DocumentState.READY:
        response = render(request, "reports/document_wait.html", {"document": row, "case": row.complaint})
        if row.state == DocumentState.WAITING:
            response["Refresh"] = LOOK_AGAIN_SECONDS
        return response
    content = fetch(row)
    if content is None:
        context = {"problem": "gone", "document": row, "case": row.complaint}
        return render(request, "reports/document_wait.html", context, status=404)
    answer = FileResponse(
        BytesIO(content), as_attachment=True, filename=row.file_name, content_type=row.content_type
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer
