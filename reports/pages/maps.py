"""The map of districts as inline SVG, the same bytes for the same figures."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.pages.charts import INK, LINE, WIDTH, Colours, frame
from reports.statistics.circles import FONT, Circle, Place, circles

HEIGHT, EDGE = 300, 48


def district_map(title: str, places: Sequence[Place], colours: Colours) -> SafeString | None:
    """A circle a district; a hollow one is hidden. None where a map would say nothing."""
    drawn = circles(places, WIDTH, HEIGHT, EDGE)
    if not drawn:
        return None
    ground = format_html(
        '<rect x="1" y="1" width="{}" height="{}" rx="6" fill="none" stroke="{}"/>',
        WIDTH - 2,
        HEIGHT - 2,
        LINE,
    )
    desc = "; ".join(circle.label for circle in drawn)
    return frame(title, desc, HEIGHT, ground + _spots(drawn, colours) + _names(drawn))


def _spots(drawn: Sequence[Circle], colours: Colours) -> SafeString:
    return format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="1.2"{}/>',
        (
            (
                circle.x,
                circle.y,
                circle.r,
                "none" if circle.is_hidden else colours.primary,
                INK if circle.is_hidden else "#ffffff",
                format_html(' stroke-dasharray="{}"', "3 2") if circle.is_hidden else "",
            )
            for circle in drawn
        ),
    )


def _names(drawn: Sequence[Circle]) -> SafeString:
    return format_html_join(
        "",
        f'<text x="{{}}" y="{{}}" text-anchor="{{}}" font-size="{FONT}" fill="{INK}">{{}}</text>',
        ((circle.label_x, circle.label_y, circle.anchor, circle.label) for circle in drawn),
    )
