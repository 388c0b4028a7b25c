"""What people paste and files hold, put right: invisible and control characters vanish. Pure: no Django."""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
# In one line these would rearrange the text around them; in a text of several lines they stay as written.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n|\r|\u2028|\u2029|\x85")


def one_line(text: str) -> str:
    """Line ends become spaces, other control characters vanish."""
    return _DIRECTIONS.sub("", _CONTROLS.sub("", re.sub(r"\s+", " ", text)))


def several_lines(text: str) -> str:
    """With plain line feeds; kept as written otherwise."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
