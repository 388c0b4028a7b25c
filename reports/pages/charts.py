"""Charts as inline SVG, the same bytes for the same figures: title, description, every value printed,
patterns beside colours. Sizes in CSS pixels; WeasyPrint applies no style sheet inside an SVG, so looks are attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FONT = "Noto Sans, DejaVu Sans, sans-serif"
INK, MUTED, LINE = "#1e1b17", "#5c5447", "#dfd6c6"
WIDTH = 660
LABEL_WIDTH = 250
LABEL_CHARS = 38  # on a line of this width
ROW, BAR = 16, 11


@dataclass(frozen=True)
class Colours:
    primary: str
    accent: str
    ochre: str


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how long it is, and the words printed beside it."""

    label: str
    value: float
    words: str


@dataclass(frozen=True)
class Column:
    """One column of two parts, the lower solid and the upper hatched, with the words printed above."""

    label: str
    solid: float
    hatched: float
    words: str


@dataclass(frozen=True)
class Interval:
    """A value with the stretch in which it lies."""

    label: str
    low: float
    value: float
    high: float
    words: str


@dataclass(frozen=True)
class Stack:
    """One bar of two parts."""

    label: str
    solid: int
    hatched: int


def bars(title: str, desc: str, rows: Sequence[Bar], colour: str, top: float | None = None) -> SafeString:
    """Horizontal bars, one below the other. `top` is the value of a full bar, the largest where missing."""
    whole = top or max((row.value for row in rows), default=0) or 1
    names, tops, height = _names([row.label for row in rows])
    room = WIDTH - LABEL_WIDTH - 110
    body = format_html_join(
        "",
        f'<rect x="{LABEL_WIDTH}" y="{{}}" height="{BAR}" width="{{}}" fill="{colour}"/>'
        f'<text x="{{}}" y="{{}}" font-size="11" fill="{INK}">{{}}</text>',
        (
            (
                top + 3,
                width := _px(room * row.value / whole),
                _px(LABEL_WIDTH + 5 + float(width)),
                top + BAR,
                row.words,
            )
            for row, top in zip(rows, tops, strict=True)
        ),
    )
    return frame(title, desc, height + 6, names + body)


def _names(labels: Sequence[str]) -> tuple[SafeString, list[int], int]:
    """The labels of rows, each on as many lines as it needs; where each bar stands, and how high all are."""
    tops, lines, height = [], [], 0
    for label in labels:
        parts = wrap(label, LABEL_CHARS) or [""]
        tall = max(ROW, len(parts) * 12 + 4)
        tops.append(height + (tall - ROW) // 2)
        first = height + BAR + (tall - ROW - (len(parts) - 1) * 12) // 2
        lines += [(first + 12 * n, part) for n, part in enumerate(parts)]
        height += tall
    drawn = format_html_join(
        "",
        f'<text x="{LABEL_WIDTH - 8}" y="{{}}" text-anchor="end" font-size="11" fill="{INK}">{{}}</text>',
        lines,
    )
    return drawn, tops, height


def columns(
    title: str, desc: str, rows: Sequence[Column], legend: tuple[str, str], colours: Colours
) -> SafeString:
    """Columns of two parts side by side, with a legend."""
    height, base = 140, 164
    whole = max((row.solid + row.hatched for row in rows), default=0) or 1
    pitch = (WIDTH - 10) / max(len(rows), 1)
    size = 11 if pitch >= 40 else 8
    pattern = f"h{sha256(title.encode()).hexdigest()[:8]}"
    body = format_html_join(
        "",
        f'<rect x="{{}}" y="{{}}" width="{{}}" height="{{}}" fill="{colours.primary}"/>'
        f'<rect x="{{}}" y="{{}}" width="{{}}" height="{{}}" fill="url(#{pattern})" '
        f'stroke="{colours.ochre}" stroke-width="1"/>'
        f'<text x="{{}}" y="{{}}" text-anchor="middle" font-size="{size}" fill="{INK}">{{}}</text>'
        f'<text x="{{}}" y="{base + 14}" text-anchor="middle" font-size="{size}" fill="{MUTED}">{{}}</text>',
        (_column(n, row, pitch, height / whole, base) for n, row in enumerate(rows)),
    )
    axis = format_html('<path d="M5 {}H{}" stroke="{}" stroke-width="1"/>', base, WIDTH - 5, MUTED)
    return frame(
        title,
        desc,
        base + 46,
        _hatch(pattern, colours.ochre) + axis + body + _legend(legend, pattern, base + 28, colours),
    )


def _column(n: int, row: Column, pitch: float, scale: float, base: float) -> tuple[object, ...]:
    x, width = 5 + n * pitch + pitch * 0.15, pitch * 0.7
    solid, hatched = row.solid * scale, row.hatched * scale
    middle = _px(5 + (n + 0.5) * pitch)
    return (
        *(_px(x), _px(base - solid), _px(width), _px(solid)),
        *(_px(x), _px(base - solid - hatched), _px(width), _px(hatched)),
        *(middle, _px(base - solid - hatched - 4), row.words),
        *(middle, row.label),
    )


def line(
    title: str, desc: str, points: Sequence[tuple[str, float | None, str]], colours: Colours
) -> SafeString:
    """Shares from 0 to 100 per cent over time: (label, value, words); a gap where there is no value."""
    height, base = 90, 112
    pitch = (WIDTH - 60) / max(len(points), 1)
    size = 11 if pitch >= 40 else 8
    placed = [
        (
            _px(40 + (n + 0.5) * pitch),
            None if value is None else _px(base - height * value / 100),
            label,
            words,
        )
        for n, (label, value, words) in enumerate(points)
    ]
    grid = format_html_join(
        "",
        f'<path d="M40 {{}}H{WIDTH - 5}" stroke="{LINE}" stroke-width="1"/>'
        f'<text x="34" y="{{}}" text-anchor="end" font-size="9" fill="{MUTED}">{{}} %</text>',
        ((base - height * share / 100, base - height * share / 100 + 3, share) for share in (0, 50, 100)),
    )
    body = format_html_join(
        "",
        f'<circle cx="{{}}" cy="{{}}" r="3" fill="{colours.accent}"/>'
        f'<text x="{{}}" y="{{}}" text-anchor="middle" font-size="{size}" fill="{INK}">{{}}</text>',
        ((x, y, x, _px(float(y) - 7), words) for x, y, _label, words in placed if y is not None),
    )
    names = format_html_join(
        "",
        f'<text x="{{}}" y="{base + 16}" text-anchor="middle" font-size="{size}" fill="{MUTED}">{{}}</text>',
        ((x, label) for x, _y, label, _words in placed),
    )
    path = format_html(
        '<path d="{}" fill="none" stroke="{}" stroke-width="1.5"/>', _path(placed), colours.accent
    )
    return frame(title, desc, base + 24, grid + path + body + names)


def intervals(title: str, rows: Sequence[Interval], span: tuple[float, float], colour: str) -> SafeString:
    """A dot on a line for each row, from the left end of the span to its right one."""
    low, high = span
    room = WIDTH - LABEL_WIDTH - 110

    def x(value: float) -> str:
        return _px(LABEL_WIDTH + room * (min(max(value, low), high) - low) / (high - low))

    names, tops, height = _names([row.label for row in rows])
    body = format_html_join(
        "",
        f'<path d="M{LABEL_WIDTH} {{}}H{LABEL_WIDTH + room}" stroke="{LINE}" stroke-width="1"/>'
        f'<path d="M{{}} {{}}H{{}}" stroke="{colour}" stroke-width="3"/>'
        f'<circle cx="{{}}" cy="{{}}" r="4.5" fill="{colour}"/>'
        f'<text x="{LABEL_WIDTH + room + 8}" y="{{}}" font-size="11" fill="{INK}">{{}}</text>',
        (
            (top + 7, x(row.low), top + 7, x(row.high), x(row.value), top + 7, top + BAR, row.words)
            for row, top in zip(rows, tops, strict=True)
        ),
    )
    ends = format_html_join(
        "",
        f'<text x="{{}}" y="{height + 10}" text-anchor="middle" font-size="9" fill="{MUTED}">{{}}</text>',
        ((x(end), f"{end:g}") for end in span),
    )
    desc = "; ".join(f"{row.label} {row.words}" for row in rows)
    return frame(title, desc, height + 16, names + body + ends)


def stacks(title: str, rows: Sequence[Stack], legend: tuple[str, str], colours: Colours) -> SafeString:
    """Horizontal bars of two parts, all of the same length, with both numbers beside."""
    room = WIDTH - LABEL_WIDTH - 110
    pattern = f"h{sha256(title.encode()).hexdigest()[:8]}"

    names, tops, height = _names([row.label for row in rows])

    def place(row: Stack, top: int) -> tuple[object, ...]:
        part = room * row.solid / ((row.solid + row.hatched) or 1)
        rest = room - part if row.hatched else 0
        said = f"{row.solid} : {row.hatched}"
        return top + 3, _px(part), _px(LABEL_WIDTH + part), top + 3, _px(rest), top + BAR, said

    body = format_html_join(
        "",
        f'<rect x="{LABEL_WIDTH}" y="{{}}" height="{BAR}" width="{{}}" fill="{colours.primary}"/>'
        f'<rect x="{{}}" y="{{}}" height="{BAR}" width="{{}}" fill="url(#{pattern})" stroke="{colours.ochre}"/>'
        f'<text x="{LABEL_WIDTH + room + 8}" y="{{}}" font-size="11" fill="{INK}">{{}}</text>',
        (place(row, top) for row, top in zip(rows, tops, strict=True)),
    )
    desc = "; ".join(f"{row.label} {row.solid} : {row.hatched}" for row in rows)
    drawn = _hatch(pattern, colours.ochre) + names + body + _legend(legend, pattern, height + 8, colours)
    return frame(title, desc, height + 26, drawn)


def _path(placed: Sequence[tuple[str, str | None, str, str]]) -> str:
    parts, is_pen_down = [], False
    for x, y, _label, _words in placed:
        if y is None:
            is_pen_down = False
            continue
        parts.append(f"{'L' if is_pen_down else 'M'}{x} {y}")
        is_pen_down = True
    return "".join(parts)


def _hatch(name: str, colour: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<path d="M0 5L5 0" stroke="{}" stroke-width="1.2"/></pattern></defs>',
        name,
        colour,
    )


def _legend(words: tuple[str, str], pattern: str, y: int, colours: Colours) -> SafeString:
    return format_html(
        '<rect x="5" y="{y}" width="12" height="12" fill="{solid}"/>'
        '<text x="22" y="{below}" font-size="11" fill="{ink}">{first}</text>'
        '<rect x="330" y="{y}" width="12" height="12" fill="url(#{pattern})" stroke="{edge}"/>'
        '<text x="347" y="{below}" font-size="11" fill="{ink}">{second}</text>',
        y=y,
        below=y + 10,
        solid=colours.primary,
        edge=colours.ochre,
        ink=INK,
        pattern=pattern,
        first=words[0],
        second=words[1],
    )


def frame(title: str, desc: str, height: int, body: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
        'font-family="{font}"><title>{title}: {desc}</title><desc>{desc}</desc>{body}</svg>',
        w=WIDTH,
        h=height,
        font=FONT,
        title=title,
        desc=desc,
        body=body,
    )


def _px(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
