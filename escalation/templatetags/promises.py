"""What rests on a case: recommendations and commitments, for the case page of the app below."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

from django import template
from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import role_of
from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.database.kept_statements import rows_of
from complaints.history.timeline import TimelineItem
from complaints.models import Complaint, Service
from complaints.permissions import may, role_may
from escalation.promises.events import PromiseEvent
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.proposal import Proposal, ProposalState
from escalation.promises.models.recommendation import Recommendation
from escalation.promises.words import commitment_standing, recommendation_standing
from escalation.rights import EscalationAct

register = template.Library()
LED_TO = frozenset({PromiseEvent.RECOMMENDED, PromiseEvent.COMMITMENT_MADE})
MOST_LINES = 10
COLUMNS = ("what", "number", "name", "state", "due_on", "day")


@register.inclusion_tag("recommendations/_of_case.html", takes_context=True)
def case_promises(context: dict[str, Any], case: Complaint, user: User) -> dict[str, Any]:
    """Those this person may see, and where they start another one from this case.

    One query, and none where the page's timeline says that nothing rests on the case.
    """
    role = role_of(user)
    if not (role_may(role, EscalationAct.SEE_OBLIGATIONS) or role_may(role, EscalationAct.RECOMMEND)):
        return {}
    return {
        "case": case,
        "lines": _lines(case, user) if _led_to_any(context.get("timeline")) else [],
        "may_recommend": may(user, EscalationAct.RECOMMEND, case),
        "may_commit": may(user, EscalationAct.COMMIT, case) and case.agency_id in user.agency_scope,
    }


def _led_to_any(timeline: list[TimelineItem] | None) -> bool:
    return timeline is None or any(item.kind in LED_TO for item in timeline)


def _lines(case: Complaint, user: User) -> list[dict[str, Any]]:
    recommendations = Recommendation.objects.visible_to(user).filter(links__complaint=case)
    commitments = Commitment.objects.visible_to(user).filter(sources__complaint=case)
    both = recommendations.annotate(
        what=Value("recommendation"), name=F("subject"), day=Cast(Value(None), DateField())
    ).values_list(*COLUMNS)
    both = both.union(
        commitments.annotate(what=Value("commitment"), name=F("title"), day=F("done_on")).values_list(
            *COLUMNS
        )
    )
    on, lines = day_of(timezone.now()), []
    for what, number, name, state, due_on, day in both.order_by("due_on", "number"):
        row: Any = SimpleNamespace(state=state, due_on=due_on, done_on=day)
        standing = (
            recommendation_standing(row, on) if what == "recommendation" else commitment_standing(row, on)
        )
        url = reverse(f"escalation:{what}-detail", args=[number])
        lines.append({"number": number, "name": name, "url": url, "standing": standing})
    return lines


@register.inclusion_tag("commitments/_of_service.html")
def service_promises(service: Service) -> dict[str, Any]:
    """What was promised about a service, how much of it was kept, and what of a survey was declined."""
    on = day_of(timezone.now())
    rows = rows_of("promises of service", service.pk, 0, _promises_of)
    lines: list[dict[str, Any]] = [{"row": row, "standing": commitment_standing(row, on)} for row in rows]
    found = Counter(line["standing"].code for line in lines)
    counts = [
        (_("Kept"), found["kept"] + found["late"]),
        (_("Open"), found["open"] + found["reported"]),
        (_("Overdue, not kept so far"), found["overdue"]),
        (_("Broken"), found["broken"]),
    ]
    declined = rows_of("declined about service", service.pk, 0, _declined_of)
    return {
        "counts": [{"label": label, "value": value} for label, value in counts if value],
        "lines": lines[:MOST_LINES],
        "declined": declined,
    }


def _promises_of(service: int) -> QuerySet[Commitment]:
    rows: QuerySet[Commitment] = Commitment.objects.visible_to(None).filter(service=service)
    return rows.order_by("-made_at", "-id")


def _declined_of(service: int) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(service=service, state=ProposalState.DECLINED)
    return rows.order_by("-ended_at")[:MOST_LINES]
