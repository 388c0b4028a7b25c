"""What the panel of the citizen's page needs."""

from dataclasses import dataclass
from datetime import datetime

from django import template

from complaints.models import Complaint
from escalation.callbacks.models import CallBackAnswer, CallBackItem, Said
from escalation.callbacks.outcomes import counting, own_word
from escalation.callbacks.services import item_of

register = template.Library()


@dataclass(frozen=True)
class Asked:
    """`own`: what the citizen has answered here; `noted`: what was typed after a call, which they can put right."""

    item: CallBackItem
    own: CallBackAnswer | None
    noted: CallBackAnswer | None
    choices: list[Said]


@register.simple_tag
def call_back(case: Complaint, now: datetime) -> Asked | None:
    item = item_of(case, now)
    if item is None:
        return None
    answers = list(item.answers.all())
    own = own_word(answers)
    noted = None if own else counting(answers)
    return Asked(item, own, noted, [Said.DONE, Said.PARTLY, Said.NOT_DONE])
