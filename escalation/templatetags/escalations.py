"""The escalations of a case, for the case page of the app below, which does not know this app."""

from typing import Any

from django import template

from accounts.models import User
from complaints.models import Complaint
from complaints.permissions import Act, may
from escalation.models import Escalation

register = template.Library()


@register.inclusion_tag("escalation/_case_block.html")
def case_escalations(case: Complaint, user: User) -> dict[str, Any]:
    """The rungs this case was raised to, newest first; with a link for whoever may decide."""
    found = list(Escalation.objects.filter(complaint=case).order_by("-raised_at", "-id"))
    mine = may(user, Act.DECIDE, case)
    levels = (
        set(Escalation.objects.visible_to(user).filter(complaint=case).values_list("level", flat=True))
        if mine and found
        else set()
    )
    return {"escalations": found, "levels": levels}
