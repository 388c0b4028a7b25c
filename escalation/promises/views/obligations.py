"""What an agency owes, the search for a pattern behind it, and the files that show what was done."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.actors import role_of
from accounts.models import User
from complaints import choices
from complaints.catalogue import catalogue
from complaints.desk.access import staff, staff_page
from complaints.files.storage import FileDamaged, read
from complaints.files.views import as_download
from complaints.models import Attachment, Complaint
from complaints.models.complaint import Complaints
from complaints.names import with_names
from complaints.permissions import role_may
from escalation.promises.forms import PatternForm
from escalation.promises.models.commitment import Commitment, CommitmentEvidence, CommitmentState
from escalation.promises.models.recommendation import (
    Recommendation,
    RecommendationEvidence,
    RecommendationState,
)
from escalation.promises.services.obligations import MOST_CASES
from escalation.promises.views.lists import lines_of, reader
from escalation.rights import EscalationAct

SHOWN = 100
ENDED_SHOWN = 10


@require_safe
@staff_page(EscalationAct.SEE_OBLIGATIONS)
def obligation_list(request: HttpRequest) -> HttpResponse:
    """The agency's own page: recommendations to answer and commitments to keep, the most overdue first."""
    user, now = staff(request), timezone.now()
    recommendations = Recommendation.objects.visible_to(user).select_related("agency")
    commitments = Commitment.objects.visible_to(user).select_related("agency", "owner")
    open_states = (RecommendationState.ISSUED, RecommendationState.ANSWERED)
    promised = (CommitmentState.OPEN, CommitmentState.REPORTED)
    context = {
        "recommendations": lines_of(
            recommendations.filter(state__in=open_states).order_by("-state", "due_on", "id")[:SHOWN], now
        ),
        "commitments": lines_of(
            commitments.filter(state__in=promised).order_by("state", "due_on", "id")[:SHOWN], now
        ),
        "ended": lines_of(
            commitments.exclude(state__in=promised).order_by("-ended_at", "-id")[:ENDED_SHOWN], now
        ),
        "many_agencies": len(user.agency_scope) > 1,
        "may_commit": role_may(role_of(user), EscalationAct.COMMIT),
    }
    return render(request, "commitments/obligations.html", context)


@require_safe
@staff_page(EscalationAct.COMMIT)
def case_pattern(request: HttpRequest) -> HttpResponse:
    """Cases of the same matter, place and agency: ticked, they become a recommendation or a commitment."""
    user, now = staff(request), timezone.now()
    form = PatternForm(request.GET or {"days": "90"}, actor=user)
    cases: list[Complaint] = []
    if form.is_valid():
        found = _matching(Complaint.objects.visible_to(user), form.cleaned_data)
        found = found.filter(received_at__gte=now - form.since)
        if user.agency_id is None:
            found = found.filter(parent=None)  # the whole stands for its parts
        cases = with_names(found.for_list().order_by("-received_at", "-id")[:MOST_CASES])
    context = {
        "form": form,
        "cases": cases,
        "is_cut": len(cases) == MOST_CASES,
        "shown": MOST_CASES,
        "is_active": any(request.GET.get(name) for name in ("category", "area", "agency")),
        "may_recommend": role_may(role_of(user), EscalationAct.RECOMMEND),
    }
    return render(request, "commitments/pattern.html", context)


def _matching(cases: Complaints, data: dict[str, Any]) -> Complaints:
    if data["category"]:
        cases = cases.filter(category_id__in=choices.with_children(catalogue().categories, data["category"]))
    if data["area"]:
        cases = cases.filter(area_id__in=choices.with_children(catalogue().areas, data["area"]))
    if data.get("agency"):
        cases = cases.filter(agency__code=data["agency"])
    return cases


@require_safe
@staff_page()
def evidence(request: HttpRequest, key: str) -> HttpResponse:
    """A file that shows what was done; 404 for whoever does not read what it belongs to."""
    attachment = Attachment.objects.filter(key=key, complaint=None, draft_digest="").first()
    if attachment is None or not _may_read(reader(request), attachment):
        raise Http404
    try:
        data = read(attachment)
    except FileDamaged:
        return render(request, "complaints/public/file_damaged.html", status=500)
    return as_download(data, attachment)


def _may_read(user: User, attachment: Attachment) -> bool:
    promises = Commitment.objects.visible_to(user)
    if CommitmentEvidence.objects.filter(attachment=attachment, step__commitment__in=promises).exists():
        return True
    rows = Recommendation.objects.visible_to(user)
    return RecommendationEvidence.objects.filter(
        attachment=attachment, step__recommendation__in=rows
    ).exists()
