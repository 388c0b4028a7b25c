"""The panels of what agencies owe: answered and to be judged, reported and to be judged, overdue."""

from datetime import datetime
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.city_time import day_of
from escalation.oversight.panel import MOST, Line, Panel, panel_of
from escalation.promises.models.commitment import Commitment, CommitmentState
from escalation.promises.models.recommendation import Recommendation, RecommendationState
from escalation.promises.words import days_left


def recommendations_to_judge(user: User, now: datetime) -> Panel:
    """Recommendations that an agency has answered, the longest waiting first."""
    rows = Recommendation.objects.visible_to(user).filter(state=RecommendationState.ANSWERED)
    rows = rows.select_related("agency").order_by("answered_at", "id")[: MOST + 1]
    return panel_of(
        _("Answered recommendations to judge"),
        rows,
        lambda row: _recommendation(row, _("answered")),
        url=reverse("escalation:recommendation-list") + "?show=judge",
        empty=_("No answer waits for your judgement."),
    )


def commitments_to_judge(user: User, now: datetime) -> Panel:
    """Commitments that an agency reported as done, the longest waiting first."""
    rows = Commitment.objects.visible_to(user).filter(state=CommitmentState.REPORTED)
    rows = rows.select_related("agency").order_by("done_on", "id")[: MOST + 1]
    return panel_of(
        _("Reported commitments to judge"),
        rows,
        lambda row: _commitment(row, _("reported as done")),
        url=reverse("escalation:commitment-list") + "?show=judge",
        empty=_("No report waits for your judgement."),
    )


def overdue(user: User, now: datetime) -> Panel:
    """Recommendations and commitments past their day, the oldest first."""
    late: dict[str, Any] = {"due_on__lt": day_of(now)}
    first = Recommendation.objects.visible_to(user).filter(state=RecommendationState.ISSUED, **late)
    second = Commitment.objects.visible_to(user).filter(state=CommitmentState.OPEN, **late)
    found = [rows.select_related("agency").order_by("due_on", "id")[: MOST + 1] for rows in (first, second)]
    return panel_of(
        _("Overdue recommendations and commitments"),
        sorted(chain(*found), key=lambda row: (row.due_on, row.number))[: MOST + 1],
        lambda row: _owed(row, now),
        url=reverse("escalation:commitment-list") + "?show=overdue",
        empty=_("Nothing that agencies owe is overdue."),
    )


def _owed(row: Any, now: datetime) -> Line:
    words = days_left(row, now).words
    make = _recommendation if isinstance(row, Recommendation) else _commitment
    return make(row, words, "overdue")


def _recommendation(row: Recommendation, note: str, level: str = "soon") -> Line:
    url = reverse("escalation:recommendation-detail", args=[row.number])
    return Line(row.subject, url, f"{row.number} · {row.agency.short_name} · {note}", level)


def _commitment(row: Commitment, note: str, level: str = "soon") -> Line:
    url = reverse("escalation:commitment-detail", args=[row.number])
    return Line(row.title, url, f"{row.number} · {row.agency.short_name} · {note}", level)
