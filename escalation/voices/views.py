"""An input or a finding becomes a promise; and the supervisors' view of what people said and nobody answered."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Agency, User
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.desk.perform import perform
from complaints.services.change import NotPossible
from escalation.days import COMMITMENT_DAYS
from escalation.promises.forms import CommitmentForm
from escalation.rights import EscalationAct
from escalation.voices import standing
from escalation.voices.promising import promise
from surveys.forums.inputs.services import answering
from surveys.forums.inputs.services.gathering import PREFIX
from surveys.forums.models import Finding, ForumInput
from surveys.rights import SurveyAct


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(EscalationAct.COMMIT, SurveyAct.ANSWER_INPUT)
def promise_of_input(request: HttpRequest, number: str) -> HttpResponse:
    user, now = staff(request), timezone.now()
    title = _title(user, number)
    scope = Agency.objects.filter(pk__in=user.agency_scope, is_active=True, is_external=False)
    initial = {"due_on": day_of(now) + timedelta(days=COMMITMENT_DAYS), "title": title[:150]}
    form = CommitmentForm(
        request.POST or None, cases=[], agencies=list(scope), recommendation=None, initial=initial
    )

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "number": number, "title": title}
        return render(request, "inputs/promise.html", context, status=status)

    if not form.is_bound:
        return page()
    try:
        return perform(
            request,
            form,
            partial(promise, number),
            page=page,
            to=lambda row: redirect("escalation:commitment-detail", row.number),
            done=_("The promise was made. Whoever led to it is told."),
        )
    except (ForumInput.DoesNotExist, Finding.DoesNotExist):
        raise Http404 from None


def _title(user: User, number: str) -> str:
    """Of what may still become a promise; 404 for what is out of scope or decided."""
    try:
        if number.startswith(PREFIX):
            finding = Finding.objects.visible_to(user).undecided().get(number=number)
            answering.about_finding(finding.pk, actor=user)
            return str(finding.title)
        row = ForumInput.objects.visible_to(user).waiting().get(number=number)
        answering.about_input(row.pk, actor=user)
    except (ForumInput.DoesNotExist, Finding.DoesNotExist, NotPossible):
        raise Http404 from None
    words = getattr(row, "words", None)
    return " ".join(words.text.split())[:100] if words is not None else ""


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
