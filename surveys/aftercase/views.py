"""Pages after a report: the citizen's, the clerk's who types for one, and what came of it for all and for staff."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor, Citizen
from complaints.clock.periods import quarter_words
from complaints.desk.access import staff, staff_page
from complaints.models import Complaint
from complaints.public.forms.tracking import DisputeForm
from complaints.public.guards import citizen_of, refused_for_now
from complaints.public.standing import possible
from complaints.services.change import NotAllowed, NotPossible
from surveys.aftercase import figures, services
from surveys.aftercase.models import AfterCaseRound
from surveys.questionnaires.answering import AnswersForm
from surveys.questionnaires.asking import NO, questionnaire
from surveys.rights import SurveyAct
from surveys.rounds.models import ResponseWords, RoundState

SAID_NO = "after_case_not_solved"  # in the session, until the page that offers the way on was shown
MOST_WORDS = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The questions to the citizen who showed the receipt code; afterwards thanks, and the way on for whom it is not
    solved."""
    now = timezone.now()
    who = citizen_of(request, now)
    if who is None:
        messages.info(request, _("Please enter your receipt code to see your report."))
        return redirect("complaints:complaint-track")
    case = _case(who)
    if request.method != "POST":
        return _page(request, case, who, now)
    refused = refused_for_now(request, "act", settings.SUBMISSIONS_PER_MINUTE, now)
    return refused or _answered(request, case, who, now, lambda: redirect("surveys:mine-after-case"))


def _case(actor: Actor, **which: Any) -> Complaint:
    cases = Complaint.objects.visible_to(actor).select_related("agency", "merged_into__agency", "referred_to")
    try:
        case: Complaint = cases.get(**which)
    except Complaint.DoesNotExist:
        raise Http404 from None
    return case


def _answered(
    request: HttpRequest, case: Complaint, who: Actor, now: datetime, to: Callable[[], HttpResponse]
) -> HttpResponse:
    asking = services.asking_of(case, now)
    if asking is None or asking.row.is_answered:
        return _page(request, case, who, now, status=409)
    form = AnswersForm(questionnaire(asking.version), request.POST)
    if not form.is_valid():
        return _page(request, case, who, now, form=form, status=422)
    try:
        services.answer(case.pk, actor=who, now=now, reading=form.reading)
    except NotPossible as why:
        messages.warning(request, str(why))
        return to()
    except NotAllowed:
        raise PermissionDenied from None
    if form.reading.answers.get("solved") == NO and isinstance(who, Citizen):
        request.session[SAID_NO] = case.pk
    messages.success(request, _("Thank you. Your answers were kept apart from the report."))
    return to()


def _page(
    request: HttpRequest,
    case: Complaint,
    who: Actor,
    now: datetime,
    *,
    form: AnswersForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asking = services.asking_of(case, now)
    is_answered = bool(asking and asking.row.is_answered)
    if asking is not None and not is_answered and form is None:
        form = AnswersForm(questionnaire(asking.version))
    context: dict[str, Any] = {"case": case, "form": form, "is_answered": is_answered, "number": case.number}
    if isinstance(who, Citizen):
        template = "surveys/after_case/mine.html"
        said_no = request.session.pop(SAID_NO, None) == case.pk if request.method == "GET" else False
        context |= {
            "not_solved": said_no,
            "can": possible(case, who, now),
            "dispute_form": DisputeForm(auto_id="dispute_%s"),
            "seen": [{"name": "cycle", "value": (case.merged_into or case).cycle}],
        }
    else:
        template = "surveys/after_case/type.html"
    return render(request, template, context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.TYPE_AFTER_CASE)
def type_in(request: HttpRequest, number: str) -> HttpResponse:
    """For a citizen without the net, by the clerk who took the report in."""
    user, now = staff(request), timezone.now()
    case = _case(user, number=number)
    if request.method != "POST":
        return _page(request, case, user, now)
    return _answered(request, case, user, now, lambda: redirect("surveys:after-case-type", number))


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/after_case/results.html", _results(request))


@require_safe
@staff_page(SurveyAct.SEE_RESULTS)
def desk_results(request: HttpRequest) -> HttpResponse:
    """The same figures, and what people wrote about the reader's own line."""
    context = _results(request)
    shown = context["quarter"]
    visible = AfterCaseRound.objects.visible_to(staff(request))
    context["words"] = _words(shown, visible) if shown is not None and shown.is_complete else []
    return render(request, "surveys/after_case/desk.html", context)


def _results(request: HttpRequest) -> dict[str, Any]:
    known = figures.quarters()
    chosen = request.GET.get("quarter", "")
    complete = set(
        AfterCaseRound.objects.filter(round__state=RoundState.CLOSED).values_list("quarter", flat=True)
    )
    first = next((day for day in known if day.isoformat() == chosen), None)
    first = first or next((day for day in known if day in complete), next(iter(known), None))
    quarter = figures.quarter(first) if first else None
    return {
        "quarter": quarter,
        "tables": _tables(quarter) if quarter is not None and quarter.is_complete else [],
        "quarters": [
            {
                "url": f"?quarter={day.isoformat()}",
                "label": capfirst(quarter_words(day)),
                "is_current": day == first,
            }
            for day in known[:12]
        ],
        "label": quarter_words(first) if first else "",
    }


def _tables(quarter: figures.Quarter) -> list[dict[str, Any]]:
    return [
        _table(_("By unit"), _("Unit"), quarter.units, with_asked=True),
        _table(_("By how the report had ended"), _("How it had ended"), quarter.endings, with_asked=False),
    ]


def _table(title: str, head: str, lines: list[figures.Line], *, with_asked: bool) -> dict[str, Any]:
    """Rows that say nothing are named below it, not printed."""
    return {
        "title": title,
        "head": head,
        "with_asked": with_asked,
        "lines": [line for line in lines if line.is_told],
        "silent": "; ".join(line.name for line in lines if not line.is_told),
    }


def _words(shown: figures.Quarter, visible: Any) -> list[dict[str, str]]:
    """In the order of drawn keys, which is none; of rounds with so many answers that nobody is the only one."""
    rounds = visible.filter(quarter=shown.first, round__state=RoundState.CLOSED)
    names = {row.round_id: row.agency.local_name for row in rounds.select_related("agency")}
    shown_units = {line.name for line in shown.units if line.tally is not None}
    chosen = [pk for pk, name in names.items() if name in shown_units]
    rows = ResponseWords.objects.filter(response__round__in=chosen).order_by("pk")
    return [
        {"term": names[round_id], "value": str(text)}
        for round_id, words in rows.values_list("response__round", "words")[:MOST_WORDS]
        for text in words.values()
    ]
