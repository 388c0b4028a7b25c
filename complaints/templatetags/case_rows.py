"""The lines of a list of cases (templates/complaints/desk/_rows.html): the template's own walk through each of them
took longer than all that was asked for them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from complaints.templatetags.ui import icon, markup

register = template.Library()

NOTHING = SafeString("")
LINE = (
    '<tr role="row" class="queue__row tone-{}" data-row>{}<td role="cell">{}</td><td role="cell">'
    '<a class="queue__subject" href="{}">{}</a>{}<br><span class="muted small">{}</span></td>'
    '<td role="cell" data-label="{}"><span>{}{}</span></td><td role="cell" data-label="{}">{}</td></tr>\n'
)
TICK = (
    '<td role="cell" class="queue__tick"><input type="checkbox" name="cases" value="{}" aria-label="{}"></td>'
)


@register.simple_tag
def case_lines(rows: Iterable[Any], bulk: object = None) -> SafeString:
    """`rows`: complaints.desk.rows.Row; `bulk`: true where each has a box to tick."""
    turn, state = _("Whose turn"), _("State")
    return SafeString("".join(_line(row, bulk, turn, state) for row in rows))


def _line(row: Any, bulk: object, turn: str, state: str) -> SafeString:
    return markup(
        LINE,
        row.tone,
        markup(TICK, row.tick, row.tick_label) if bulk else NOTHING,
        row.due,
        row.url,
        row.title,
        _badges(row) if row.is_new or row.has_draft else NOTHING,
        row.under,
        turn,
        row.turn or "–",
        markup('<br><span class="muted small">{}</span>', row.beside) if row.beside else NOTHING,
        state,
        row.state,
    )


def _badges(row: Any) -> SafeString:
    new = markup(' <span class="badge tone-info">{} {}</span>', icon("bell"), _("New"))
    draft = markup(' <span class="badge tone-warning">{} {}</span>', icon("edit"), _("Your draft"))
    return markup("{}{}", new if row.is_new else NOTHING, draft if row.has_draft else NOTHING)
