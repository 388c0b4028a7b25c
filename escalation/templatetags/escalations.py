"""The escalations of a case, for the case page of the app below, which does not know this app."""

from typing import Any

from django import template

from accounts.models import User
from complaints.models import Complaint
from complaints.permissions import may
from escalation.ladder.models import Escalation, levels_of
from escalation.rights import EscalationAct

register = template.Library()


@register.inclusion_tag("escalation/_escalations.html")
def case_escalations(case: Complaint, user: User) -> dict[str, Any]:
    """The levels this case was raised to, newest first; with a link on those this person decides on."""
    found = list(Escalation.objects.filter(complaint=case).order_by("-raised_at", "-id"))
    return {"escalations": found, "levels": levels_of(user) if may(user, EscalationAct.DECIDE, case) else ()}
