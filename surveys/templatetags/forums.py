"""The forums that are coming, for the public page /take-part/."""

from typing import Any

from django import template
from django.utils import timezone

from complaints.clock.dates import moment_words
from surveys.forums.models import Forum

register = template.Library()
SHOWN = 5


@register.simple_tag
def coming_forums() -> list[dict[str, Any]]:
    """The next ones, with their moment in words."""
    rows = Forum.objects.coming(timezone.now()).select_related("agency")[:SHOWN]
    return [{"row": row, "starts": moment_words(row.starts_at)} for row in rows]


@register.filter
def city_moment(moment: Any) -> str:
    """`Tuesday, 24 November 2026, 16:00 WITA`."""
    return moment_words(moment) if moment else ""
