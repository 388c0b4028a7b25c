"""The component `due` (templates/components/due.html): a list has one in each row, and a template for each costs more
than the row."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from complaints.clock.city_time import local
from complaints.templatetags.ui import (
    icon,
    markup,
    percent,
    urgency,
    urgency_icon,
    urgency_tone,
    urgency_word,
)

register = template.Library()

NOTHING = SafeString("")


@register.simple_tag
def due_block(
    *,
    label: str = "",
    words: str = "",
    level: str = "",
    due_at: datetime | str | None = None,
    now: datetime | None = None,
    share: float | None = None,
    paused: object = False,
    done: object = False,
    turn: str = "",
    compact: object = False,
    url: str = "",
    url_label: str = "",
) -> SafeString:
    """What the component's first line says of each."""
    at = due_at or None
    assert at is None or isinstance(at, datetime)
    level = level or urgency(at, now, share or None, paused, done)
    return markup(
        '<div class="due{} due--{} tone-{}">{}<p class="due__words">{} <span>{}</span></p>{}{}{}</div>',
        " due--row" if compact else "",
        level,
        urgency_tone(level),
        markup('<p class="due__label">{}</p>', label) if label else "",
        icon(urgency_icon(level)),
        _words(level, words),
        _bar(level, share),
        _meta(at, turn),
        markup('<p class="due__meta"><a href="{}">{}</a></p>', url, url_label) if url else "",
    )


def _words(level: str, words: str) -> str:
    """How pressing it is stands before words that do not say so by themselves, for who sees no colour."""
    if not words:
        return urgency_word(level)
    if level not in ("overdue", "paused"):
        return words
    return markup('<span class="visually-hidden">{}: </span>{}', urgency_word(level), words)


def _bar(level: str, share: float | str | None) -> SafeString:
    if share in (None, "") or level == "done":
        return NOTHING
    return markup(
        '<svg class="due__bar" aria-hidden="true" focusable="false"><rect class="due__track" width="100%"'
        ' height="100%"/><rect class="due__fill" width="{}" height="100%"/></svg>',
        "100%" if level == "overdue" else percent(share),
    )


def _meta(at: datetime | None, turn: str) -> SafeString:
    if at is None:
        return markup('<p class="due__meta">{}</p>', turn) if turn else NOTHING
    moment = _moment(local(at).isoformat(), settings.CITY.zone_label, get_language())
    return markup('<p class="due__meta">{}{}</p>', moment, f" · {turn}" if turn else "")


@lru_cache(maxsize=1000)  # the same cases stand at the head of a queue again and again
def _moment(here: str, zone: str, _language: str | None) -> SafeString:
    shown = date_format(datetime.fromisoformat(here), "D j M Y, H:i")
    return markup('<time datetime="{}">{}</time>{}', here, shown, f" {zone}" if zone else "")
