"""The office's side of a report: what waits for whom, and the page on which it is read, mended and published."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.desk.access import refusals, staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from complaints.files.views import download
from complaints.permissions import role_may
from complaints.services.change import NotPossible
from reports.documents.services import ask_report
from reports.publication import forms
from reports.publication.desk import page_of, waiting_for
from reports.publication.face import figure_choices, language
from reports.publication.models import Remark, Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.printing import content_of
from reports.publication.services import preparing, publishing, reviewing
from reports.rights import ReportAct


def desk_or_404(user: User, code: str) -> Report:
    rows = Report.objects.visible_to(user).select_related("agency", "replaces", "replaced_by")
    report: Report | None = rows.filter(code=code).first()
    if report is None:
        raise Http404
    return report


def list_context(user: User) -> dict[str, Any]:
    """What the desk's list of reports shows of this room."""
    may_prepare = role_may(role_of(user), ReportAct.PREPARE_REPORT)
    today = day_of(timezone.now())
    return {
        "reports": waiting_for(user),
        "prepare_form": forms.PrepareForm(user=user, today=today, auto_id="prepare-%s")
        if may_prepare
        else None,
    }


@never_cache
@require_safe
@staff_page(ReportAct.READ_REPORTS)
def report_detail(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, desk_or_404(staff(request), code))


def _page(request: HttpRequest, report: Report, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page with the forms of what this person may do now; `bound` is the form that was refused."""
    report = desk_or_404(staff(request), report.code)
    context = page_of(report, staff(request), timezone.now()) | bound
    return render(request, "reports/publication/desk/report.html", context, status=status)


@require_POST
@staff_page(ReportAct.PREPARE_REPORT)
def report_prepare(request: HttpRequest) -> HttpResponse:
    form = forms.PrepareForm(request.POST, user=staff(request), today=day_of(timezone.now()))
    return perform(
        request,
        form,
        preparing.prepare,
        page=partial(_refused, request, form),
        to=_to,
        done=_("Begun. It is counted within a minute or two."),
    )


def _refused(request: HttpRequest, form: StaffForm, status: int) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return redirect("reports:report-list")


def _to(report: Report) -> HttpResponse:
    return redirect("reports:desk-report", report.code)


Service = Callable[..., Any]


def _act(
    request: HttpRequest, report: Report, do: Service, done: str | Promise, name: str, form: StaffForm
) -> HttpResponse:
    """`name`: what the form is called on the page, which shows it again when it is refused."""
    return perform(
        request,
        form,
        partial(do, report.pk),
        page=lambda status: _page(request, report, status=status, **{name: form}),
        to=lambda _result: _to(report),
        done=done,
    )


@require_POST
@staff_page(ReportAct.PREPARE_REPORT)
def report_sentence(request: HttpRequest, code: str) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.SentenceForm(request.POST)
    return _act(request, report, preparing.edit_sentence, _("Sentence kept."), "refused_form", form)


@require_POST
@staff_page(ReportAct.PREPARE_REPORT)
def report_foreword(request: HttpRequest, code: str) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.ForewordForm(request.POST, auto_id="foreword-%s")
    return _act(request, report, preparing.write_foreword, _("Foreword kept."), "foreword_form", form)


@require_POST
@staff_page(ReportAct.REMARK_REPORT)
def report_recipients(request: HttpRequest, code: str) -> HttpResponse:
    report = desk_or_404(staff(request), code)
    form = forms.RecipientsForm(request.POST, auto_id="recipients-%s")
    return _act(request, report, preparing.set_recipients, _("Recipients kept."), "recipients_form", form)


@require_POST
@staff_page(ReportAct.REMARK_REPORT)
def report_remark(request: HttpRequest, code: str) -> HttpResponse:
    report = desk_or_404(staff(request), code)
    snapshot = report.latest_snapshot
    if snapshot is None:
        raise Http404
    figures = figure_choices(snapshot.face)
    form = forms.RemarkForm(request.POST, figures=figures, auto_id="remark-%s")
    return _act(request, report, reviewing.remark, _("Remark made."), "remark_form", form)


@require_POST
@staff_page(ReportAct.PREPARE_REPORT)
def remark_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.AnswerForm(request.POST)
    return _on_remark(request, report, pk, reviewing.answer, _("Remark answered."), form)


@require_POST
@staff_page(ReportAct.REMARK_REPORT)
def remark_settle(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.SettleForm(request.POST)
    return _on_remark(request, report, pk, reviewing.settle, _("Remark settled."), form)


def _on_remark(
    request: HttpRequest, report: Report, pk: int, do: Service, done: str | Promise, form: StaffForm
) -> HttpResponse:
    def service(report_pk: int, **given: Any) -> Any:
        return do(report_pk, pk, **given)

    try:
        return _act(request, report, service, done, "refused_form", form)
    except Remark.DoesNotExist:
        raise Http404 from None


@require_POST
@staff_page(ReportAct.REVIEW_REPORT)
def report_review(request: HttpRequest, code: str) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.SeenForm(request.POST)
    done = _("Reviewed. Figures and words are frozen, and the PDF is being made.")
    return _act(request, report, reviewing.review, done, "refused_form", form)


@require_POST
@staff_page(ReportAct.REVIEW_REPORT)
def report_give_back(request: HttpRequest, code: str) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.GiveBackForm(request.POST, auto_id="back-%s")
    return _act(request, report, reviewing.give_back, _("Given back."), "give_back_form", form)


@require_POST
@staff_page(ReportAct.PUBLISH_REPORT)
def report_publish(request: HttpRequest, code: str) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.SeenForm(request.POST)
    done = _("Published. Everybody can read it now.")
    return _act(request, report, publishing.publish, done, "refused_form", form)


@require_POST
@staff_page(ReportAct.PUBLISH_REPORT)
def report_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.WithdrawForm(request.POST, auto_id="withdraw-%s")
    done = _("Withdrawn. The page says why, and the next version is begun.")
    return _act(request, report, publishing.withdraw, done, "withdraw_form", form)


@require_POST
@staff_page(ReportAct.PREPARE_REPORT)
def report_drop(request: HttpRequest, code: str) -> HttpResponse:
    report, form = desk_or_404(staff(request), code), forms.DropForm(request.POST, auto_id="drop-%s")
    return _act(
        request,
        report,
        preparing.drop,
        _("Dropped. It stays in the list, with the reason."),
        "drop_form",
        form,
    )


@require_POST
@staff_page(ReportAct.REMARK_REPORT)
def report_again(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """What a worker does once more: count, or print."""
    report = desk_or_404(staff(request), code)
    services: dict[str, Service] = {"count": preparing.count_again, "print": publishing.print_again}
    if what not in services:
        raise Http404
    try:
        with refusals():
            services[what](report.pk, actor=staff(request), now=timezone.now())
    except NotPossible as why:
        messages.error(request, str(why))
    return _to(report)


@require_POST
@staff_page(ReportAct.READ_REPORTS)
def report_internal(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for the internal edition of the same period and scope, of what this person may see."""
    report, user = desk_or_404(staff(request), code), staff(request)
    try:
        with refusals():
            document = ask_report(
                report.period, report.agency, actor=user, now=timezone.now(), language=language()
            )
    except NotPossible as why:
        messages.error(request, str(why))
        return _to(report)
    return redirect("reports:document", pk=document.pk)


@never_cache
@require_safe
@staff_page(ReportAct.READ_REPORTS)
def report_paper(request: HttpRequest, code: str, paper_language: str) -> HttpResponse:
    """The PDF before it is published, for those who read it."""
    report = desk_or_404(staff(request), code)
    papers = ReportPaper.objects.filter(
        text=report.latest_text, state=PaperState.READY, language=paper_language
    )
    paper = papers.first()
    if paper is None:
        raise Http404
    content = content_of(paper)
    if content is None:
        messages.error(
            request, str(_("The file is missing or is another; whoever runs the server can put it back."))
        )
        return _to(report)
    return download(content, f"{report.code}-{paper_language}.pdf", "application/pdf")
