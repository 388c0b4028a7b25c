"""What the pages of inputs need from Python: words, reasons, and what became of an input."""

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.city_time import local
from complaints.models import Complaint
from complaints.templatetags.ui import icon
from surveys.forums.inputs.additions import commitment_page
from surveys.forums.inputs.choices import DeclineReason, HideReason
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.inputs.services.answering import BY_INPUTS
from surveys.forums.inputs.services.moderating import moderates
from surveys.forums.models import Forum, ForumInput, InputState

register = template.Library()
BECAME = {  # state: (icon, tone)
    InputState.WAITING: ("clock", "info"),
    InputState.CASE: ("arrow-right", "success"),
    InputState.COMMITMENT: ("flag", "success"),
    InputState.ANSWERED: ("check", "success"),
    InputState.DECLINED: ("x-circle", "neutral"),
    InputState.SHOWN: ("chat", "neutral"),
}


@register.filter
def said_words(row: ForumInput) -> str:
    """The words; where they were erased, that."""
    words = getattr(row, "words", None)
    if words is None:
        return _("The words were erased.")
    return words.text if words.text.strip() else _("Without words.")


@register.simple_tag
def said(row: ForumInput) -> SafeString:
    """An input or a reply as everybody sees it. A thread has some eighty: no template for each."""
    hidden = row.is_hidden
    return format_html(
        "{}{}{}",
        _parent_lost() if row.parent_lost else "",
        _hidden(row) if hidden else format_html('<p class="said__words">{}</p>', said_words(row)),
        _said_by(row, _("Somebody") if hidden else row.pseudonym or _("Somebody")),
    )


def _hidden(row: ForumInput) -> SafeString:
    because = _("Hidden because %(reason)s.") % {"reason": hide_reason(row.hidden_because)}
    more = f" {row.hidden_words}" if row.hidden_words else ""
    return format_html('<p class="said__hidden">{} {}{}</p>', icon("eye-off"), because, more)


def _parent_lost() -> SafeString:
    words = _("Replies to something that was not taken over: it was gone where this was discussed before.")
    return format_html('<p class="muted small">{} {}</p>', icon("info"), words)


def _said_by(row: ForumInput, name: str) -> SafeString:
    here = local(row.at)
    return format_html(
        '<p class="said__by muted small"><strong>{}</strong> · <time datetime="{}">{}</time>{}{}</p>',
        name,
        here.isoformat(),
        date_format(here, "j F Y, H:i"),
        "" if row.came_online else f" · {row.get_source_display()}",
        format_html(' · <span class="num">{}</span>', row.number) if row.parent_id is None else "",
    )


@register.filter
def hide_reason(code: str) -> str:
    return str(dict(HideReason.choices).get(code, code))


@register.filter
def decline_reason(code: str) -> str:
    return str(dict(DeclineReason.choices).get(code, code))


@register.filter
def became_icon(row: ForumInput) -> str:
    return "late" if row.level else BECAME[InputState(row.state)][0]


@register.filter
def became_tone(row: ForumInput) -> str:
    late = row.state == InputState.WAITING and row.level
    return "danger" if late else BECAME[InputState(row.state)][1]


@register.simple_tag
def commitment_url(number: str) -> str:
    return commitment_page(number)


@register.simple_tag
def moderation_words(step: InputStep) -> str:
    """A line of the public log: never the words of the contribution or of the moderator."""
    if step.kind == StepKind.SWITCHED:
        to = dict(Forum.Moderation.choices).get(step.data.get("to", ""), "")
        return _("From now on contributions are moderated %(when)s") % {"when": to}
    if step.kind == StepKind.HIDDEN:
        return _("Hidden because %(reason)s") % {"reason": hide_reason(step.data.get("reason", ""))}
    return str(StepKind(step.kind).label).capitalize()


@register.filter
def form_named(forms: dict[str, Any], name: str) -> Any:
    """A form whose name is no name in a template."""
    return forms.get(name)


@register.simple_tag
def may_moderate(forum: Forum, user: Any) -> bool:
    return isinstance(user, User) and moderates(user, forum)


@register.simple_tag
def inputs_of_case(case: Complaint, user: Any) -> list[ForumInput]:
    """Those that the reader may see of the inputs that became this case; nothing is asked of one that somebody typed
    in or that came another way."""
    if case.channel not in BY_INPUTS or case.entered_by_id is not None:
        return []
    rows = ForumInput.objects.visible_to(user).filter(complaint=case)
    return list(rows.select_related("forum").order_by("pk")[:50])
