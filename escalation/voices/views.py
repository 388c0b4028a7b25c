"""An input or a finding becomes a promise; and the supervisors' view of what people said and nobody answered."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from escalation.rights import EscalationAct
from escalation.voices import standing
from escalation.voices.forms import GatherOneForm
from surveys.forums.inputs.services import gathering
from surveys.forums.inputs.services.gathering import PREFIX
from surveys.forums.models import Finding, ForumInput
from surveys.rights import SurveyAct


@require_safe
@staff_page(EscalationAct.COMMIT, SurveyAct.ANSWER_INPUT)
def promise_of_input(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a new promise, from a finding; from a single input, which is gathered under one first."""
    user = staff(request)
    if number.startswith(PREFIX):
        if not Finding.objects.visible_to(user).undecided().filter(number=number).exists():
            raise Http404
        return redirect(f"{reverse('escalation:commitment-new')}?{urlencode({'finding': number})}")
    return _gather_form(request, user, number, GatherOneForm())


@require_POST
@staff_page(EscalationAct.COMMIT, SurveyAct.ANSWER_INPUT)
def gather_one(request: HttpRequest, number: str) -> HttpResponse:
    user, form = staff(request), GatherOneForm(request.POST)
    row = _waiting(user, number)
    return perform(
        request,
        form,
        partial(gathering.gather, [row.pk]),
        page=lambda status: _gather_form(request, user, number, form, status),
        to=lambda finding: redirect("escalation:input-promise", finding.number),
    )


def _gather_form(
    request: HttpRequest, user: User, number: str, form: GatherOneForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "row": _waiting(user, number)}
    return render(request, "inputs/promise.html", context, status=status)


def _waiting(user: User, number: str) -> ForumInput:
    """An input that this person may still decide on by itself; else 404."""
    rows = ForumInput.objects.visible_to(user).waiting().filter(finding=None, number=number)
    row: ForumInput | None = rows.select_related("words", "forum").first()
    if row is None or not gathering.may_answer(user, row):
        raise Http404
    return row


@require_safe
@staff_page(EscalationAct.OVERSEE)
def oversight_inputs(request: HttpRequest) -> HttpResponse:
    """By agency: what waits, what is late and on which level; the oldest late ones; what nobody watches."""
    user, now = staff(request), timezone.now()
    context: dict[str, Any] = {
        "now": now,
        "agencies": standing.by_agency(user, now),
        "late": standing.late(user, now),
        "unwatched": standing.unwatched(user, now),
        "hidden": standing.hidden(user),
    }
    return render(request, "oversight/inputs.html", context)
