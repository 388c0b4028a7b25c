"""Recommendations: the supervisors' list and form, and the page that both sides read."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.forms.actions import StaffForm
from complaints.desk.perform import perform
from complaints.permissions import role_may
from escalation.days import RECOMMENDATION_DAYS
from escalation.promises.forms import (
    AnswerForm,
    JudgeRecommendationForm,
    RecommendationForm,
    WithdrawForm,
)
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.recommendation import Recommendation, RecommendationState
from escalation.promises.services import recommendations as service
from escalation.promises.views.lists import (
    cases_of,
    found_or_404,
    lines_of,
    linked_cases,
    listed,
    reader,
    steps_of,
    who_is_told,
)
from escalation.promises.words import history, recommendation_standing
from escalation.rights import EscalationAct

OPEN = (RecommendationState.ISSUED, RecommendationState.ANSWERED)


@require_safe
@staff_page(EscalationAct.RECOMMEND)
def recommendation_list(request: HttpRequest) -> HttpResponse:
    """All recommendations by what they wait for."""
    now = timezone.now()
    sets = _sets(Recommendation.objects.visible_to(staff(request)).select_related("agency"), day_of(now))
    context = listed(request, sets, "issued_at", reverse("escalation:recommendation-list"), now)
    return render(request, "recommendations/list.html", context)


def _sets(rows: QuerySet[Recommendation], on: Any) -> dict[str, tuple[str, QuerySet[Recommendation]]]:
    return {
        "judge": (_("To judge"), rows.filter(state=RecommendationState.ANSWERED)),
        "overdue": (_("Overdue"), rows.filter(state=RecommendationState.ISSUED, due_on__lt=on)),
        "agency": (_("With the agency"), rows.filter(state=RecommendationState.ISSUED)),
        "ended": (_("Ended"), rows.exclude(state__in=OPEN)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.RECOMMEND)
def recommendation_new(request: HttpRequest) -> HttpResponse:
    """A recommendation, from the cases named by `?case=` or from none."""
    user, now = staff(request), timezone.now()
    cases = cases_of(request, user)
    initial = {
        "due_on": day_of(now) + timedelta(days=RECOMMENDATION_DAYS),
        "agency": request.GET.get("agency"),
    }
    form = RecommendationForm(request.POST or None, cases=cases, initial=initial)
    if not form.is_bound:
        return _form(request, form)
    return perform(
        request,
        form,
        service.issue,
        page=partial(_form, request, form),
        to=partial(_issued, request),
    )


def _issued(request: HttpRequest, row: Recommendation) -> HttpResponse:
    messages.success(
        request, " ".join([_("The recommendation was issued."), who_is_told(row, timezone.now())])
    )
    return redirect("escalation:recommendation-detail", row.number)


def _form(request: HttpRequest, form: RecommendationForm, status: int = 200) -> HttpResponse:
    return render(request, "recommendations/new.html", {"form": form}, status=status)


@require_safe
@staff_page()
def recommendation_detail(request: HttpRequest, number: str) -> HttpResponse:
    user = reader(request)
    return _detail(request, found_or_404(Recommendation, user, number), user)


@require_POST
@staff_page(EscalationAct.ANSWER_RECOMMENDATION)
def recommendation_answer(request: HttpRequest, number: str) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES, auto_id="answer-%s")
    done = _("Your answer was sent. The supervisors judge it.")
    return _act(request, number, service.answer, done, answer_form=form)


@require_POST
@staff_page(EscalationAct.RECOMMEND)
def recommendation_judge(request: HttpRequest, number: str) -> HttpResponse:
    form = JudgeRecommendationForm(request.POST, auto_id="judge-%s")
    return _act(request, number, service.judge, _("Judged."), tells=True, judge_form=form)


@require_POST
@staff_page(EscalationAct.RECOMMEND)
def recommendation_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    form = WithdrawForm(request.POST, auto_id="withdraw-%s")
    done = _("The recommendation was withdrawn.")
    return _act(request, number, service.withdraw, done, tells=True, withdraw_form=form)


def _act(
    request: HttpRequest,
    number: str,
    do: Callable[..., object],
    done: str,
    *,
    tells: bool = False,
    **sent: StaffForm,
) -> HttpResponse:
    """`sent`: the form by its name on the page, which shows it again when it is refused. `tells`: the agency hears."""
    user, (form,) = staff(request), sent.values()
    row = found_or_404(Recommendation, user, number)
    if tells:
        done = f"{done} {who_is_told(row, timezone.now())}"
    return perform(
        request,
        form,
        partial(do, row.pk),
        page=lambda status: _detail(request, row, user, status=status, **sent),
        to=lambda _row: redirect("escalation:recommendation-detail", number),
        done=done,
    )


def _detail(
    request: HttpRequest, row: Recommendation, user: User, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """The page with the forms of what this person may do now; `bound` is the form that was refused."""
    row.refresh_from_db()
    now, role, is_open = timezone.now(), role_of(user), row.state in OPEN
    may_answer = is_open and role_may(role, EscalationAct.ANSWER_RECOMMENDATION)
    recommends = role_may(role, EscalationAct.RECOMMEND)
    context = {
        "row": row,
        "recommends": recommends,
        "shows_findings": row.shows_findings_to(user),
        "standing": recommendation_standing(row, day_of(now)),
        "line": lines_of([row], now)[0],
        "steps": history(steps_of(row)),
        "cases": linked_cases(row, user),
        "commitments": lines_of(
            Commitment.objects.visible_to(user).filter(sources__recommendation=row).order_by("due_on"), now
        ),
        "may_commit": is_open and role_may(role, EscalationAct.COMMIT),
        "answer_form": AnswerForm(auto_id="answer-%s") if may_answer else None,
        "judge_form": JudgeRecommendationForm(auto_id="judge-%s") if recommends and is_open else None,
        "withdraw_form": WithdrawForm(auto_id="withdraw-%s") if recommends and is_open else None,
        **bound,
    }
    return render(request, "recommendations/detail.html", context, status=status)
