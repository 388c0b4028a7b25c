"""What people write, as far as the machine's fonts have it. What they lack is a box, and the paper says so at its end:
without this WeasyPrint prints a box that nobody explains and that no standard for PDFs permits.

Only in the child process: it asks Pango, which is there for WeasyPrint.
"""

import ctypes
import re
import unicodedata
from collections.abc import Iterable
from html import escape

BOX = "\N{WHITE SQUARE}"
PLACE = "<!-- lacking -->"  # where a page has its own place for the note
PLAIN = 0x250  # letters below this are in every font
MARKS = 3  # over or under one letter; a heap of them is drawn across the lines around
_HEAPED = re.compile(rf"[^\x00-\u02ff]{{{MARKS + 1},}}")
_PARTS = "\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"  # that make several signs one


def printable(html: str, note: str) -> str:
    """The page with a box for each sign that no font has, and with `note` at its end where there is one."""
    html = _HEAPED.sub(lambda found: _fewer_marks(found[0]), html)
    lacking = lacking_in_fonts(sign for sign in sorted(set(html)) if ord(sign) >= PLAIN)
    if not lacking:
        return html
    one = f"[{re.escape(''.join(lacking))}]"
    boxed = re.sub(f"{one}(?:[{_PARTS}]+{one}?)*", BOX, html)
    place = PLACE if PLACE in boxed else "</body>"
    return boxed.replace(place, f'<p class="note">{escape(note)}</p>{place}')


def _fewer_marks(text: str) -> str:
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MARKS:
            kept.append(sign)
    return "".join(kept)


def lacking_in_fonts(signs: Iterable[str]) -> list[str]:
    """Those that Pango has no glyph for, in any font of this machine."""
    waiting = list(signs)
    if not waiting:
        return []
    try:
        pango, with_fonts = ctypes.CDLL("libpango-1.0.so.0"), ctypes.CDLL("libpangoft2-1.0.so.0")
    except OSError:  # not Linux: printed as they come
        return []
    pointer = ctypes.c_void_p
    with_fonts.pango_ft2_font_map_new.restype = pointer
    for make in (pango.pango_font_map_create_context, pango.pango_layout_new):
        make.restype, make.argtypes = pointer, [pointer]
    pango.pango_layout_set_text.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int]
    pango.pango_layout_get_unknown_glyphs_count.argtypes = [pointer]
    layout = pango.pango_layout_new(pango.pango_font_map_create_context(with_fonts.pango_ft2_font_map_new()))

    def is_lacking(sign: str) -> bool:
        pango.pango_layout_set_text(layout, sign.encode(errors="replace"), -1)
        return bool(pango.pango_layout_get_unknown_glyphs_count(layout))

    return [sign for sign in waiting if is_lacking(sign)]
