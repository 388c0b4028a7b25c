"""What the pages of inputs need from Python: words, reasons, and what became of an input."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.models import Complaint
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
