"""The panels of what agencies owe: answered and to be judged, reported and to be judged, overdue."""

from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.city_time import day_of
from escalation.oversight.panel import MOST, Line, Panel, kept_rows, panel_of
from escalation.promises.models.commitment import Commitment, CommitmentState
from escalation.promises.models.recommendation import Recommendation, RecommendationState
from escalation.promises.words import days_left

Owed = TypeVar("Owed", Recommendation, Commitment)


def recommendations_to_judge(user: User, now: datetime) -> Panel:
    """Recommendations that an agency has answered, the longest waiting first."""

    def answered() -> QuerySet[Recommendation]:
        rows = Recommendation.objects.visible_to(user).filter(state=RecommendationState.ANSWERED)
        return _first(rows, "answered_at")

    return panel_of(
        _("Answered recommendations to judge"),
        kept_rows("answered", user, answered),
        lambda row: _recommendation(row, _("answered")),
        url=reverse("escalation:recommendation-list") + "?show=judge",
        empty=_("No answer waits for your judgement."),
    )


def commitments_to_judge(user: User, now: datetime) -> Panel:
    """Commitments that an agency reported as done, the longest waiting first."""

    def reported() -> QuerySet[Commitment]:
        return _first(Commitment.objects.visible_to(user).filter(state=CommitmentState.REPORTED), "done_on")

    return panel_of(
        _("Reported commitments to judge"),
        kept_rows("reported", user, reported),
        lambda row: _commitment(row, _("reported as done")),
        url=reverse("escalation:commitment-list") + "?show=judge",
        empty=_("No report waits for your judgement."),
    )


def overdue(user: User, now: datetime) -> Panel:
    """Recommendations and commitments past their day, the oldest first."""
    today = day_of(now)
    late: dict[str, Any] = {"due_on__lt": today}

    def recommended() -> QuerySet[Recommendation]:
        rows = Recommendation.objects.visible_to(user).filter(state=RecommendationState.ISSUED, **late)
        return _first(rows, "due_on")

    def promised() -> QuerySet[Commitment]:
        return _first(
            Commitment.objects.visible_to(user).filter(state=CommitmentState.OPEN, **late), "due_on"
        )

    first = kept_rows("recommended", user, recommended, today)
    second = kept_rows("promised", user, promised, today)
    return panel_of(
        _("Overdue recommendations and commitments"),
        sorted(chain(first, second), key=lambda row: (row.due_on, row.number))[: MOST + 1],
        lambda row: _owed(row, now),
        url=reverse("escalation:commitment-list") + "?show=overdue",
        empty=_("Nothing that agencies owe is overdue."),
    )


def _first(rows: QuerySet[Owed], by: str) -> QuerySet[Owed]:
    """Those that a panel reads."""
    return rows.select_related("agency").order_by(by, "id")[: MOST + 1]


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
