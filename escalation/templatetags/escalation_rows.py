"""The lines of the list of escalations (templates/oversight/escalations.html), and what became of one so far."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from complaints.clock.city_time import local
from complaints.templatetags.due import due_block
from complaints.templatetags.ui import icon, markup, urgency_tone
from escalation.ladder.models import Escalation

register = template.Library()

LINE = (
    '<tr role="row" class="queue__row tone-{}" data-row><td role="cell">{}</td><td role="cell">'
    '<a class="queue__subject" href="{}">{}</a><br><span class="muted small"><a href="{}">{}</a> · {} · {}</span></td>'
    '<td role="cell" data-label="{}"><span>{}{}</span></td><td role="cell" data-label="{}"><span>'
    '<span class="badge tone-{}">{} {}</span><br><span class="muted small">{}</span></span></td></tr>\n'
)
NOTHING = SafeString("")


@register.simple_tag
def escalation_lines(rows: Iterable[Any], now: datetime) -> SafeString:
    """`rows`: escalation.oversight.escalated.EscalatedRow."""
    who, state, unassigned = _("Who answers"), _("State"), _("not assigned")
    return SafeString("".join(_line(row, now, who, state, unassigned) for row in rows))


def _line(row: Any, now: datetime, who: str, state: str, unassigned: str) -> SafeString:
    escalation, case, left = row.escalation, row.escalation.complaint, row.left
    due_at = escalation.due_at
    return markup(
        LINE,
        urgency_tone(left.level) if left else "neutral",
        due_block(words=left.words, level=left.level, due_at=due_at, now=now, compact=True)
        if left
        else SafeString('<span class="muted">–</span>'),
        reverse("escalation:escalation-detail", args=[escalation.pk]),
        case.subject,
        reverse("escalation:oversight-case", args=[case.number]),
        case.number,
        (case.agency.short_name if case.agency else "") or unassigned,
        escalation.get_trigger_display(),
        who,
        escalation.get_level_display(),
        _people(row),
        state,
        "warning" if left else "neutral",
        icon("up" if left else "check"),
        escalation.get_state_display(),
        escalation_course(escalation),
    )


def _people(row: Any) -> SafeString:
    if row.answers:
        return markup('<br><span class="muted small">{}</span>', row.answers)
    if not row.left:
        return NOTHING
    nobody = _("nobody is on this level")
    return markup('<br><span class="small tone-danger">{} {}</span>', icon("late"), nobody)


@register.simple_tag
def escalation_course(escalation: Escalation) -> SafeString:
    """In a line, what became of it so far."""
    said = [_("raised %(at)s") % {"at": _day(escalation.raised_at)}]
    if escalation.acknowledged_at:
        told = {"at": _day(escalation.acknowledged_at), "name": escalation.acknowledged_by}
        said.append(_("acknowledged %(at)s by %(name)s") % told)
    if escalation.decided_at:
        told = {"at": _day(escalation.decided_at), "name": escalation.decided_by}
        said.append(_("%(what)s, %(at)s, %(name)s") % (told | {"what": escalation.get_decision_display()}))
    if escalation.lifted_at:
        because = f" ({escalation.get_lifted_because_display()})" if escalation.lifted_because else ""
        said.append(_("lifted %(at)s") % {"at": _day(escalation.lifted_at)} + because)
    return markup("{}", " · ".join(said))


def _day(moment: datetime) -> str:
    return date_format(local(moment), "j M Y")
