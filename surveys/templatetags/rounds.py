"""What pages of others show of rounds."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from surveys.rounds.models import Round
from surveys.rounds.public import asking_now

register = template.Library()


@register.simple_tag
def rounds_asking() -> list[Round]:
    return asking_now(timezone.now())


@register.simple_tag
def results_url(row: Round) -> str:
    try:
        return reverse("surveys:round-result", args=[row.code])
    except NoReverseMatch:
        return reverse("surveys:answer", args=[row.code])
