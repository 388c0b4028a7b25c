"""What the components need from Python: icons, tones and the attributes that tie a control to its words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.clock.city_time import local
from complaints.states import State
from complaints.templatetags.icons import PATHS

register = template.Library()

SOON_SHARE = 75  # per cent of the time used from which a case counts as pressing
SOON_TIME = timedelta(hours=24)

STATE_STYLES: dict[str, tuple[str, str]] = {  # state: (icon, tone)
    State.SUBMITTED: ("inbox", "info"),
    State.ASSIGNED: ("arrow-right", "info"),
    State.IN_PROGRESS: ("half", "info"),
    State.AWAITING_CITIZEN: ("chat", "warning"),
    State.RESOLVED: ("check", "success"),
    State.CLOSED: ("check-circle", "success"),
    State.LAPSED: ("hourglass", "neutral"),
    State.REJECTED: ("x-circle", "neutral"),
    State.MERGED: ("merge", "neutral"),
    State.REFERRED: ("link-out", "neutral"),
    State.WITHDRAWN: ("undo", "neutral"),
}
URGENCY_STYLES: dict[str, tuple[str, str]] = {
    "calm": ("clock", "info"),
    "soon": ("alert", "warning"),
    "overdue": ("late", "danger"),
    "paused": ("pause", "neutral"),
    "done": ("check-circle", "success"),
}
URGENCY_WORDS = {
    "calm": pgettext_lazy("deadline", "In time"),
    "soon": pgettext_lazy("deadline", "Due soon"),
    "overdue": pgettext_lazy("deadline", "Overdue"),
    "paused": pgettext_lazy("deadline", "Clock paused"),
    "done": pgettext_lazy("deadline", "Done"),
}
NOTICE_STYLES = {  # tone: (icon, word)
    "info": ("info", pgettext_lazy("notice", "Note")),
    "success": ("check-circle", pgettext_lazy("notice", "Done")),
    "warning": ("alert", pgettext_lazy("notice", "Please note")),
    "danger": ("late", pgettext_lazy("notice", "Problem")),
    "neutral": ("info", pgettext_lazy("notice", "Note")),
}
TONE_OF_LEVEL = {"debug": "neutral", "error": "danger"}
STEP_WORDS = {"done": _("Done"), "current": _("Now"), "todo": _("Still to come")}


def markup(form: str, *parts: object) -> SafeString:
    """As `format_html`, several times as quick: for what stands in each line of a list."""
    return SafeString(
        form.format(*(part if isinstance(part, SafeString) else escape(str(part)) for part in parts))
    )


@register.simple_tag
def nav_lines(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """The lines of `nav`, which every page has some ten of."""
    return SafeString("".join(map(_nav_line, items)))


def _nav_line(item: Mapping[str, Any]) -> SafeString:
    here = SafeString(' aria-current="page"' if item["is_current"] else "")
    count = item.get("count")
    shown = SafeString("") if count in (None, "") else markup(' <span class="count">{}</span>', count)
    return markup('<li><a href="{}"{}>{}{}</a></li>\n', item["url"], here, item["label"], shown)


class Once(template.Node):
    """`{% once %}…{% endonce %}`: what is the same for everybody, rendered once a process and language. It is given
    nothing of the page, so that nothing of one page can stand on another."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.rendered: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        html = self.rendered.get(language)
        if html is None or settings.DEBUG:
            html = self.rendered[language] = self.nodelist.render(context.new())
        return html


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> Once:
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline icon; without a label it is decoration, unseen by screen readers. KeyError: no such icon."""
    return _drawn(name, str(label))


@lru_cache(maxsize=500)
def _drawn(name: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>',
            label,
            PATHS[name],
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        PATHS[name],
    )


@register.filter
def stamp(moment: datetime | None, form: str) -> SafeString:
    """A moment as a `time` element, in the form of Django's `date`; nothing where there is none."""
    if not moment:
        return SafeString("")
    here = local(moment)
    return format_html(
        '<time class="muted small" datetime="{}">{}</time>', here.isoformat(), date_format(here, form)
    )


@register.filter
def state_icon(state: str) -> str:
    return STATE_STYLES.get(state, ("info", "neutral"))[0]


@register.filter
def state_tone(state: str) -> str:
    return STATE_STYLES.get(state, ("info", "neutral"))[1]


@register.simple_tag
def urgency(
    due_at: datetime | None,
    now: datetime | None,
    share: float | None = None,
    paused: object = False,
    done: object = False,
) -> str:
    """How pressing a deadline is: done, paused, overdue, soon, calm. `share` is per cent of the time used."""
    if done:
        return "done"
    if paused:
        return "paused"
    if due_at and now and now > due_at:
        return "overdue"
    if (share or 0) >= SOON_SHARE or (due_at and now and due_at - now <= SOON_TIME):
        return "soon"
    return "calm"


@register.filter
def urgency_icon(level: str) -> str:
    return URGENCY_STYLES[level][0]


@register.filter
def urgency_tone(level: str) -> str:
    return URGENCY_STYLES[level][1]


@register.filter
def urgency_word(level: str) -> str:
    return str(URGENCY_WORDS[level])


@register.filter
def percent(share: float | str | None) -> str:
    """A share as an SVG width, "0%" to "100%", never with a decimal comma."""
    try:
        value = int(float(share or 0))
    except (TypeError, ValueError, OverflowError):
        value = 0
    return f"{min(max(value, 0), 100)}%"


@register.filter
def tone(level: str | None) -> str:
    """The tone of a message level ("error" is "danger"); what is unknown is "info"."""
    first = (level or "info").split()[-1]
    named = TONE_OF_LEVEL.get(first, first)
    return named if named in NOTICE_STYLES else "info"


@register.filter
def tone_icon(name: str) -> str:
    return NOTICE_STYLES[tone(name)][0]


@register.filter
def tone_word(name: str) -> str:
    return str(NOTICE_STYLES[tone(name)][1])


@register.filter
def step_word(state: str) -> str:
    return str(STEP_WORDS.get(state, STEP_WORDS["todo"]))


@register.simple_tag
def control(field: BoundField, **attrs: object) -> SafeString:
    """The widget of `field`, tied to its help, error and counter.

    Keywords become attributes (`_` reads as `-`; True writes a bare attribute, False or None or "" none). What is no
    text or number is none: a page that has a list `rows` does not say that its fields have so many.
    """
    extra = {
        key.rstrip("_").replace("_", "-"): True if value is True else str(value)
        for key, value in attrs.items()
        if isinstance(value, str | int | Promise) and value not in (False, "")
    }
    described = [
        field.field.widget.attrs.get("aria-describedby", ""),
        f"{field.auto_id}_helptext" if field.help_text else "",
        f"{field.auto_id}_error" if field.errors else "",
        f"{field.auto_id}_count" if extra.get("data-count") else "",
    ]
    if not field.use_fieldset and any(described):
        extra["aria-describedby"] = " ".join(part for part in described if part)
    return field.as_widget(attrs=extra)


@register.filter
def control_id(field: BoundField) -> str:
    """The id a link to this field leads to: of the first option where there are several."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return field.widget_type == "checkbox"


@register.filter
def item(values: Sequence[object], index: int) -> object:
    """The element at `index`, or "" where there is none."""
    try:
        return values[index]
    except (IndexError, TypeError):
        return ""
