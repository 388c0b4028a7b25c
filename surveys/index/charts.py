"""Charts of an index as inline SVG, for page and paper: title, description, every value printed.

Sizes in CSS pixels. Looks are attributes, since WeasyPrint applies no style sheet inside an SVG; the classes let pages
set the colours of the reader's theme. Labels stand above their bars, so that a chart fits a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FONT = "Noto Sans, DejaVu Sans, sans-serif"
INK, MUTED, LINE, FILL, PALE = "#1e1b17", "#5c5447", "#b9ac95", "#1f2a5a", "#efe8da"
PHONE, PAPER = 340, 660
LOWEST, HIGHEST = 25.0, 100.0
EDGE = 12


@dataclass(frozen=True)
class Bar:
    """A named mean from 1 to 4 with its interval, and the words printed beside it."""

    label: str
    value: float
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True)
class Point:
    """An index at a time with its interval."""

    label: str
    value: float
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True)
class Zone:
    """A grade and from where to where it reaches."""

    name: str
    low: float
    high: float


def ruler(title: str, desc: str, mark: Point, zones: Sequence[Zone], width: int = PHONE) -> SafeString:
    """The index on a line from 25 to 100, with its interval, over the bands of the grades."""
    scale = (width - 2 * EDGE) / (HIGHEST - LOWEST)

    def x(value: float) -> str:
        return _px(EDGE + (value - LOWEST) * scale)

    bands = format_html_join(
        "",
        f'<rect class="ix-band" x="{{}}" y="30" width="{{}}" height="26" fill="{PALE}" stroke="{LINE}"/>'
        f'<text class="ix-muted" x="{{}}" y="48" text-anchor="middle" font-size="13" fill="{MUTED}">{{}}</text>',
        ((x(z.low), _px((z.high - z.low) * scale), x((z.low + z.high) / 2), z.name) for z in zones),
    )
    ticks = format_html_join(
        "",
        f'<text class="ix-muted" x="{{}}" y="72" text-anchor="{{}}" font-size="10" fill="{MUTED}">{{}}</text>',
        ((x(z.low), "start" if z.low <= LOWEST else "middle", _plain(z.low)) for z in zones),
    )
    spread = SafeString("")
    if mark.low is not None and mark.high is not None:
        spread = format_html(
            f'<path class="ix-line" d="M{{}} 20H{{}}M{{}} 15V25M{{}} 15V25" stroke="{FILL}" stroke-width="2"/>',
            x(mark.low),
            x(mark.high),
            x(mark.low),
            x(mark.high),
        )
    anchor = "start" if mark.value < 40 else "end" if mark.value > 85 else "middle"
    dot = format_html(
        f'<circle class="ix-fill" cx="{{}}" cy="20" r="5" fill="{FILL}"/>'
        f'<text class="ix-ink" x="{{}}" y="10" text-anchor="{{}}" font-size="12" fill="{INK}">{{}}</text>',
        x(mark.value),
        x(mark.value),
        anchor,
        mark.words,
    )
    return _frame(title, desc, width, 78, bands + ticks + spread + dot)


def bars(title: str, desc: str, rows: Sequence[Bar], width: int = PHONE) -> SafeString:
    """Means from 1 to 4, one below the other, each with its interval."""
    row, top = 40, 12
    scale = (width - 2 * EDGE) / 3
    drawn = format_html_join(
        "",
        f'<text class="ix-ink" x="{EDGE}" y="{{}}" font-size="12" fill="{INK}">{{}}</text>'
        f'<text class="ix-ink" x="{width - EDGE}" y="{{}}" text-anchor="end" font-size="12" fill="{INK}">{{}}</text>'
        f'<rect class="ix-band" x="{EDGE}" y="{{}}" width="{width - 2 * EDGE}" height="11" fill="{PALE}"/>'
        f'<rect class="ix-fill" x="{EDGE}" y="{{}}" width="{{}}" height="11" fill="{FILL}"/>',
        (
            (
                top + n * row,
                _short(each.label, (width - 2 * EDGE - 90) // 7),
                top + n * row,
                each.words,
                top + n * row + 6,
                top + n * row + 6,
                _px((each.value - 1) * scale),
            )
            for n, each in enumerate(rows)
        ),
    )
    spreads = format_html_join(
        "",
        f'<path class="ix-halo" d="{{}}" stroke="#ffffff" stroke-width="4"/>'
        f'<path class="ix-spread" d="{{}}" stroke="{INK}" stroke-width="1.5"/>',
        (
            (path, path)
            for n, each in enumerate(rows)
            if each.low is not None and each.high is not None
            for path in [
                _spread(EDGE + (each.low - 1) * scale, EDGE + (each.high - 1) * scale, top + n * row + 11.5)
            ]
        ),
    )
    return _frame(title, desc, width, len(rows) * row + 4, drawn + spreads)


@dataclass(frozen=True)
class _Plot:
    """Where a course is drawn: from `bottom` to 100 over `height` pixels."""

    bottom: float
    width: int
    height: int = 150
    top: int = 18
    left: int = 34

    def y(self, value: float) -> str:
        return _px(self.top + self.height * (HIGHEST - value) / (HIGHEST - self.bottom))


def course(
    title: str, desc: str, points: Sequence[Point], zones: Sequence[Zone], width: int = PHONE
) -> SafeString:
    """Indices over time with their intervals, and the lines at which a grade begins."""
    least = min([each.low if each.low is not None else each.value for each in points] + [60.0])
    plot = _Plot(max(LOWEST, 10.0 * (int(least) // 10)), width)
    pitch = (width - plot.left - EDGE) / max(len(points), 1)
    placed = [(plot.left + (n + 0.5) * pitch, each) for n, each in enumerate(points)]
    joined = format_html(
        f'<path class="ix-line" d="{{}}" fill="none" stroke="{FILL}" stroke-width="1.5"/>',
        "".join(f"{'L' if n else 'M'}{_px(x)} {plot.y(each.value)}" for n, (x, each) in enumerate(placed)),
    )
    body = _grid(plot, zones) + joined + _spreads(plot, placed) + _marks(plot, placed)
    return _frame(title, desc, width, plot.top + plot.height + 26, body)


def _grid(plot: _Plot, zones: Sequence[Zone]) -> SafeString:
    return format_html_join(
        "",
        f'<path class="ix-grid" d="M{plot.left} {{}}H{plot.width - 4}" stroke="{LINE}" stroke-dasharray="3 3"/>'
        f'<text class="ix-muted" x="{plot.left - 4}" y="{{}}" text-anchor="end" font-size="10" fill="{MUTED}">{{}}'
        "</text>",
        (
            (plot.y(each.low), _px(float(plot.y(each.low)) + shift), text)
            for each in zones
            if each.low > plot.bottom
            for shift, text in ((-1, each.name), (10, _plain(each.low)))
        ),
    )


def _spreads(plot: _Plot, placed: Sequence[tuple[float, Point]]) -> SafeString:
    return format_html_join(
        "",
        f'<path class="ix-line" d="M{{0}} {{1}}V{{2}}M{{3}} {{1}}H{{4}}M{{3}} {{2}}H{{4}}" stroke="{FILL}" '
        'stroke-width="1.5"/>',
        (
            (_px(x), plot.y(each.high), plot.y(each.low), _px(x - 4), _px(x + 4))
            for x, each in placed
            if each.low is not None and each.high is not None
        ),
    )


def _marks(plot: _Plot, placed: Sequence[tuple[float, Point]]) -> SafeString:
    return format_html_join(
        "",
        f'<circle class="ix-fill" cx="{{0}}" cy="{{1}}" r="4" fill="{FILL}"/>'
        f'<text class="ix-ink" x="{{0}}" y="{{2}}" text-anchor="middle" font-size="11" fill="{INK}">{{3}}</text>'
        f'<text class="ix-muted" x="{{0}}" y="{plot.top + plot.height + 18}" text-anchor="middle" font-size="10" '
        f'fill="{MUTED}">{{4}}</text>',
        (
            (
                _px(x),
                plot.y(each.value),
                _px(float(plot.y(each.high if each.high is not None else each.value)) - 7),
                each.words,
                each.label,
            )
            for x, each in placed
        ),
    )


def _spread(low: float, high: float, y: float) -> str:
    ends = "".join(f"M{_px(x)} {_px(y - 4)}V{_px(y + 4)}" for x in (low, high))
    return f"M{_px(low)} {_px(y)}H{_px(high)}{ends}"


def _frame(title: str, desc: str, width: int, height: int, body: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="ix-chart" role="img" width="{w}" height="{h}" '
        'viewBox="0 0 {w} {h}" font-family="{font}"><title>{title}: {desc}</title><desc>{desc}</desc>{body}</svg>',
        w=width,
        h=height,
        font=FONT,
        title=title,
        desc=desc,
        body=body,
    )


def _px(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _plain(value: float) -> str:
    """As the reader writes it, without needless noughts."""
    return str(number_format(_px(value), use_l10n=True))


def _short(text: str, limit: int) -> str:
    """Cut between words; the table beside the chart has the whole."""
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0].rstrip(" ,") + "…"
