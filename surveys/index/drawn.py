"""The charts of a round, in words and lines, for page and paper alike."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from surveys.index.bands import Bands
from surveys.index.charts import HIGHEST, PHONE, Bar, Point, Zone, bars, course, ruler
from surveys.index.figures import Index
from surveys.index.numbers import between, decimal, grade_words
from surveys.index.shown import Shown, TrendPoint


def zones(bands: Bands) -> list[Zone]:
    """The grades from the lowest index to the highest."""
    starts = [(grade, float(least)) for grade, least in reversed(bands.grades)]
    ends = [least for _grade, least in starts[1:]] + [HIGHEST]
    return [Zone(grade, least, end) for (grade, least), end in zip(starts, ends, strict=True)]


def index_chart(index: Index, *, is_graded: bool, width: int = PHONE) -> SafeString:
    value = float(index.value or 0)
    mark = Point("", value, index.low, index.high, decimal(index.value))
    desc = _("%(index)s, at 95 %% between %(interval)s") % {
        "index": decimal(index.value),
        "interval": between(index.low, index.high),
    }
    if is_graded:
        desc = _("%(what)s; grade %(grades)s") % {"what": desc, "grades": grade_words(index.grades)}
    return ruler(
        _("The index"), desc, mark, zones(index.bands) if is_graded else [Zone("", 25.0, 100.0)], width
    )


def element_chart(shown: Shown, width: int = PHONE) -> SafeString:
    rows = [
        Bar(shown.name_of(each.key), float(each.mean or 0), each.low, each.high, decimal(each.mean))
        for each in shown.lowest_first
    ]
    desc = "; ".join(f"{row.label} {row.words}" for row in rows)
    return bars(_("Elements, the lowest first"), desc, rows, width)


def trend_chart(points: list[TrendPoint], *, is_graded: bool, width: int = PHONE) -> SafeString:
    rows = [
        Point(
            each.label,
            float(each.index.value or 0),
            each.index.low,
            each.index.high,
            decimal(each.index.value, 1),
        )
        for each in points
    ]
    desc = "; ".join(f"{row.label} {row.words} ({between(row.low, row.high, 1)})" for row in rows)
    lines = zones(points[-1].index.bands)[1:] if is_graded else []
    return course(_("The index over the rounds"), desc, rows, lines, width)
