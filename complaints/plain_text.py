"""What people paste and files hold, put right: invisible and control characters vanish. Pure: no Django."""

import re
import unicodedata

# The last two are no characters: XML, and so a feed, may not hold them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# In one line these would rearrange the text around them; in a text of several lines they stay as written.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_JOINER = "\u200d"
_REGIONAL = "".join(chr(0x1F1E6 + letter) for letter in range(26))  # two of them are a flag
_LINE_ENDS = re.compile("\r\n|\r|\u2028|\u2029|\x85")


def one_line(text: str) -> str:
    """Line ends become spaces, other control characters vanish."""
    return _DIRECTIONS.sub("", _CONTROLS.sub("", re.sub(r"\s+", " ", text)))


def several_lines(text: str) -> str:
    """With plain line feeds; kept as written otherwise."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


# What a standard reply leaves to be written, [write finding], or what nobody put in, {due_date}. A bracket that holds
# no letter, as a footnote, is one.
_LEFT_OPEN = re.compile(r"\[[^\[\]]*[^\W\d_][^\[\]]*\]|\[[\s.…_-]*\]|\{[a-z_]+\}")
_WORD = re.compile(r"[^\W\d_]{2,}")
FEWEST_WORDS = 2  # different ones: Indonesian says in two what English says in four
FEWEST_LETTERS = 8


def left_open(text: str, quoted: str = "") -> list[str]:
    """The places of a text that are still to be filled in, as they stand there. What stands so in `quoted`, which the
    text may repeat, is somebody's own."""
    return [place for place in dict.fromkeys(_LEFT_OPEN.findall(text)) if place not in quoted]


def says_too_little(text: str) -> bool:
    """Whether a text tells its reader nothing: "x", "ok ok", "...". The one rule for words that somebody is owed."""
    words = {word.lower() for word in _WORD.findall(text)}
    return len(words) < FEWEST_WORDS or sum(map(len, words)) < FEWEST_LETTERS


def as_dialled(text: str) -> str:
    """A telephone number in plain signs: digits of any script as 0 to 9, any dash as "-", any blank as " "; what is
    invisible, such as the marks around a number that was copied from a list of contacts, vanishes."""
    return " ".join("".join(map(_dialled, unicodedata.normalize("NFKC", text))).split())


def _dialled(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Pd":
        return "-"
    if category.startswith("Z") or sign.isspace():
        return " "
    return "" if category in ("Cc", "Cf", "Mn") else sign


def whole_signs(text: str, end: int) -> int:
    """Where to cut `text` at `end` or before it, so that no sign of several characters (a flag, a family, a letter with
    its accent) is torn."""
    while 0 < end < len(text) and _is_inside(text, end):
        end -= 1
    return end


def _is_inside(text: str, at: int) -> bool:
    after = text[at]
    if text[at - 1] == _JOINER or _belongs_to_the_one_before(after):
        return True
    flags = len(text[:at]) - len(text[:at].rstrip(_REGIONAL))
    return after in _REGIONAL and flags % 2 == 1


def _belongs_to_the_one_before(sign: str) -> bool:
    skin, tag = "\U0001f3fb" <= sign <= "\U0001f3ff", "\U000e0020" <= sign <= "\U000e007f"
    return sign == _JOINER or skin or tag or unicodedata.category(sign) in ("Mn", "Me", "Mc")
