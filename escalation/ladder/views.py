"""The list of what was escalated to this person, and their decisions."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from complaints.clock.calendars import calendars
from complaints.clock.words import time_left
from complaints.desk.access import refusals, staff, staff_page
from complaints.desk.perform import perform
from complaints.history.timeline import TimelineItem, timeline_for
from complaints.models import Complaint
from complaints.models.complaint import Conflict
from complaints.roster import Roster
from complaints.services.change import NotPossible
from complaints.services.system import contact
from escalation.ladder.decisions import acknowledge, decide
from escalation.ladder.forms import DecisionForm
from escalation.ladder.models import Escalation, levels_of, levels_seen_by
from escalation.ladder.swept import last_sweep
from escalation.rights import EscalationAct

SHOWN = 100  # cases
READ = 5 * SHOWN  # escalations: a case has a few


@require_safe
@staff_page(EscalationAct.ACKNOWLEDGE)
def escalation_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person, the most pressing first; `?all=1`: what waits for others too."""
    user = staff(request)
    sees_more = levels_seen_by(user) != levels_of(user)
    everyones = sees_more and request.GET.get("all") == "1"
    found = Escalation.objects.visible_to(user).open() if everyones else _waiting_for(user)
    context = _rows(found) | {"sees_more": sees_more, "everyones": everyones}
    context["last_sweep"] = last_sweep(timezone.now())
    if not sees_more:  # a supervisor has a list of its own
        context["ignored"] = _not_followed(user)
    return render(request, "escalation/list.html", context)


def _waiting_for(user: User) -> Any:
    return Escalation.objects.for_decision_by(user)


def _not_followed(user: User) -> list[Escalation]:
    """Instructions to this person's agencies, by whatever level, whose day has passed."""
    case = Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))
    found = Escalation.objects.filter(Exists(case)).unheeded(timezone.now())
    return list(found.select_related("complaint__agency", "decided_by").order_by("due_at", "id")[:SHOWN])


def _rows(found: Any) -> dict[str, Any]:
    """One row a case, by its most pressing escalation; the others of the case stand beside it."""
    now, offices = timezone.now(), calendars()
    by_case: dict[int, list[Escalation]] = {}
    related = found.select_related("complaint__agency", "complaint__category", "complaint__area")
    for escalation in related.order_by("due_at", "id")[:READ]:
        by_case.setdefault(escalation.complaint_id, []).append(escalation)
    rows = [
        {
            "escalation": first,
            "also": also,
            "left": time_left(first.due_at, offices.of(first.complaint.agency_id), now),
        }
        for first, *also in list(by_case.values())[:SHOWN]
    ]
    return {"rows": rows, "shown": SHOWN, "is_cut": len(by_case) > SHOWN}


@require_safe
@staff_page(EscalationAct.DECIDE)
def escalation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One escalation with the form of a decision, for whoever decides on its level."""
    user = staff(request)
    return _detail(request, _escalation_or_404(user, pk))


@require_POST
@staff_page(EscalationAct.ACKNOWLEDGE)
def escalation_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff(request)
    _escalation_or_404(user, pk)
    try:
        with refusals():
            acknowledge(pk, actor=user, now=timezone.now())
    except NotPossible as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Acknowledged. A decision is due in three working days."))
    return redirect("escalation:escalation-detail", pk)


@require_POST
@staff_page(EscalationAct.DECIDE)
def escalation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    user = staff(request)
    escalation = _escalation_or_404(user, pk)
    form = DecisionForm(request.POST, escalation=escalation, actor=user)
    try:
        return perform(
            request,
            form,
            partial(decide, pk),
            page=lambda status: _detail(request, escalation, form, status=status),
            to=lambda _decided: redirect("escalation:escalation-list"),
            done=_whom_it_reaches(escalation.complaint),
        )
    except Conflict:
        return _conflict(request, pk, form.cleaned_data["version"] or 0)


def _whom_it_reaches(case: Complaint) -> str:
    """Who is told of a decision, said only where it is so."""
    roster = Roster.read(timezone.now())
    roster.read_parties([case.pk])
    by_mail = case.parent_id is None and not case.is_anonymous and bool(contact(case).email)
    if roster.somebody_works(case):
        if by_mail:
            return _("Decided. The citizen and the agency are told.")
        if case.parent_id is not None:
            return _("Decided. The agency is told.")
        return _("Decided. The agency is told. The citizen reads it on the page of their report.")
    if by_mail:
        return _("Decided. The citizen is told. At the agency nobody is there: the next above is told.")
    return _("Decided. At the agency nobody is there: the next above is told.")


def _conflict(request: HttpRequest, pk: int, seen: int) -> HttpResponse:
    """409: what happened since `seen` beside what was typed; sending again is against the case as it is now."""
    user = staff(request)
    escalation = _escalation_or_404(user, pk)
    data = request.POST.copy()
    data["version"] = str(escalation.complaint.version)
    form = DecisionForm(data, escalation=escalation, actor=user)
    form.errors.clear()
    news = [item for item in timeline_for(escalation.complaint, user) if item.seq > seen]
    return _detail(request, escalation, form, status=409, news=news)


def _escalation_or_404(user: User, pk: int) -> Escalation:
    found = Escalation.objects.visible_to(user).select_related(
        "complaint__agency", "complaint__category", "complaint__area"
    )
    try:
        return found.get(pk=pk)
    except Escalation.DoesNotExist:
        raise Http404 from None


def _detail(
    request: HttpRequest,
    escalation: Escalation,
    form: DecisionForm | None = None,
    status: int = 200,
    news: list[TimelineItem] | None = None,
) -> HttpResponse:
    user, case = staff(request), escalation.complaint
    decides = escalation.is_open and escalation.level in levels_of(user)
    if decides and form is None:
        form = DecisionForm(escalation=escalation, actor=user)
    context = {
        "escalation": escalation,
        "case": case,
        "left": time_left(escalation.due_at, calendars().of(case.agency_id), timezone.now()),
        "form": form if decides else None,
        "news": news,
        "typed": form["words"] if form and not decides else None,
        "others": Escalation.objects.visible_to(user).open().filter(complaint=case).exclude(pk=escalation.pk),
    }
    return render(request, "escalation/detail.html", context, status=status)
