"""The lines of both tables of agencies side by side (templates/oversight/agencies.html): nine cells a line, and a
template for each took longer than all that was counted for them."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from complaints.templatetags.ui import icon, markup
from escalation.oversight.comparison import Bar, Figure, ShownLine, ShownOffice

register = template.Library()

LINE = '<tr role="row"{}><th role="rowheader" scope="row">{}</th>{}</tr>\n'
CITY = SafeString(' class="agencies__city"')
SHARE = '<td role="cell" data-label="{}"><div>{}<span class="small">{}{}</span>{}{}</div></td>'
NUMBER = '<td role="cell" class="num" data-label="{}">{}</td>'
BAR = (
    '<svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}"><rect '
    'class="interval__scale" x="0" y="4.5" width="100" height="1"/>{}<rect class="interval__range" x="{}" y="2.5" '
    'width="{}" height="5"/><rect class="interval__share" x="{}" y="1" width="1.6" height="8"/></svg>{}{}'
)
BAR_OF_CITY = '<rect class="interval__city" x="{}" y="0" width=".8" height="10"/>'
BADGE = '<span class="badge tone-{}">{} {}</span><br>'
NOTHING = SafeString("")


@register.simple_tag
def agency_lines(lines: Iterable[ShownLine], total: ShownLine) -> SafeString:
    """Each agency's, and that of the whole city below them."""
    labels = _number_labels()
    rows = [_line(line, total.bar, _agency_cells(line), labels) for line in lines]
    return SafeString("".join([*rows, _line(total, None, _agency_cells(total), labels, CITY)]))


@register.simple_tag
def office_lines(lines: Iterable[ShownOffice], total: ShownOffice) -> SafeString:
    """Each agency's, and that of all together below them."""
    labels = _office_labels()
    rows = [_line(line, total.bar, _office_cells(line), labels) for line in lines]
    return SafeString("".join([*rows, _line(total, None, _office_cells(total), labels, CITY)]))


def _number_labels() -> list[str]:
    return [
        _("Received"),
        _("Not answered yet"),
        _("Overdue"),
        _("Days to the end (median)"),
        _("Disputed"),
        _("Escalated"),
        _("Handed back"),
        _("More time given"),
    ]


def _agency_cells(line: ShownLine) -> list[SafeString]:
    return [
        _figure(line.received),
        _figure(line.open),
        _figure(line.overdue),
        markup("{}", line.days or "–"),
        _figure(line.disputed),
        _figure(line.escalated),
        _figure(line.handed_back),
        _figure(line.extended),
    ]


def _office_labels() -> list[str]:
    return [
        _("Times with it"),
        _("Late"),
        _("Open in time"),
        _("Handed on"),
        _("Referred"),
        _("Days with it (median)"),
    ]


def _office_cells(line: ShownOffice) -> list[SafeString]:
    return [
        *map(_figure, (line.stays, line.late, line.open_in_time, line.handed_on, line.referred)),
        markup("{}", line.days or "–"),
    ]


def _line(
    line: ShownLine | ShownOffice,
    city: Bar | None,
    cells: Sequence[SafeString],
    labels: Sequence[str],
    kind: SafeString = NOTHING,
) -> SafeString:
    """`city`: what its share is held against."""
    numbers = "".join(markup(NUMBER, label, cell) for label, cell in zip(labels, cells, strict=True))
    return markup(LINE, kind, line.name, _share(line, city) + SafeString(numbers))


def _share(line: ShownLine | ShownOffice, city: Bar | None) -> SafeString:
    none_yet = markup('<span class="muted">{}</span>', _("no promise kept or past yet"))
    return markup(
        SHARE,
        _("In time"),
        _interval(line, city),
        line.in_time if line.counts.judged else none_yet,
        _late(line) if isinstance(line, ShownLine) else NOTHING,
        _below(line.in_time_extended),
        _below(line.identity),
    )


def _late(line: ShownLine) -> SafeString:
    if not line.late.url:
        return NOTHING
    return markup(' · <a href="{}">{}</a>', line.late.url, _("%(late)s late") % {"late": line.late.value})


def _below(words: str) -> SafeString:
    return markup('<br><span class="small muted">{}</span>', words) if words else NOTHING


def _interval(line: ShownLine | ShownOffice, city: Bar | None) -> SafeString:
    """The share with its range, held against that of the city."""
    bar = line.bar
    if bar is None:
        return NOTHING
    words = markup('<span class="small">{}</span><br>', bar.words) if bar.words != line.in_time else NOTHING
    mark = markup(BAR_OF_CITY, city.share) if city else NOTHING
    return markup(BAR, bar.words, mark, bar.low, bar.width, bar.share, words, _badge(line.differs))


def _badge(differs: int) -> SafeString:
    if differs < 0:
        return markup(BADGE, "danger", icon("late"), _("below the city"))
    return markup(BADGE, "success", icon("check"), _("above the city")) if differs else NOTHING


def _figure(figure: Figure) -> SafeString:
    """A number that leads to its cases."""
    value = markup('<a href="{}">{}</a>', figure.url, figure.value) if figure.url else figure.value
    note = markup('<br><span class="small muted figure-note">{}</span>', figure.note) if figure.note else ""
    return markup("<span>{}{}</span>", value, note)
