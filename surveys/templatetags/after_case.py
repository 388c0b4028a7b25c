"""What the panel of the citizen's page needs."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.formats import number_format

from complaints.models import Complaint
from surveys.aftercase.services import Asking, asking_of

register = template.Library()


@register.simple_tag
def after_case(case: Complaint, now: datetime) -> Asking | None:
    return asking_of(case, now)


@register.filter
def decimals(value: float | Decimal | None) -> str:
    """With one digit, as the reader's language writes it; a dash where there is none."""
    if value is None:
        return "–"
    return number_format(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP), 1)
