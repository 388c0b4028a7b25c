"""What a search compares: one form of words for what is stored and what is asked, on both databases.

Letters without accents and capitals, digits apart from letters, no punctuation, nothing invisible. A number written in
groups (0812-3456-7890, 1.500.000, +62 812 …) is also one number, and 003 also 3. The number of a case is found whole
or by its serial, and no other way: with 9 or 12 somebody means a house or an RT. Pure: no Django.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from complaints.numbers import NUMBER_PATTERN, SERIAL_DIGITS

LONGEST = 40  # characters of a word; nobody types more of one
SHORT_NUMBER = 3  # RT 003: up to here zeros before a number say nothing

_APOSTROPHES = re.compile("(?<=\\w)['`\u2018\u2019\u02bc\u00b4](?=\\w)")
_RUN = re.compile(r"[^\W\d_]+|\d+")
# Digits in groups: by single signs, or in thousands by commas.
_GROUPED = re.compile(r"(?<!\d)(?:\d{1,3}(?:,\d{3})+|\d+(?:[ .\-/()]{1,2}\d+)+)(?!\d)")
_FEWEST_DIGITS = 5
_COUNTRY, _TRUNK = "62", "0"  # +62 812 … is 0812 …
_PHONE_DIGITS = range(10, 15)
_YEAR_DIGITS = 4
_CASE = "\u2116"  # before the digits of a case's number; whoever types it has typed "No"


@dataclass(frozen=True)
class Term:
    """One thing that is asked for: any of these, each of them all of its words. A word ends where it ends, or is a
    beginning (`is_beginning`)."""

    ways: tuple[tuple["Word", ...], ...]


@dataclass(frozen=True)
class Word:
    text: str
    is_beginning: bool = True


def words_of(*texts: str) -> str:
    """The words of these texts as they are stored: each once, in order, with blanks between."""
    return _listed(word for text in texts for word in _stored(_plain(text)))


def words_of_case(number: str, *texts: str) -> str:
    """The words by which a case is found, as they are stored: those of its texts, and its number apart from them."""
    return _listed((*words_of(*texts).split(), *_of_number(number)))


def asked(text: str, most: int) -> list[Term]:
    """What somebody asks for, at most so many things; none where there is neither letter nor digit."""
    plain, terms, at = _plain(text), list[Term](), 0
    for found in _GROUPED.finditer(plain):
        terms += _single(plain[at : found.start()])
        terms.append(_grouped(found.group()))
        at = found.end()
    return list(dict.fromkeys(terms + _single(plain[at:])))[:most]


def _listed(words: Iterable[str]) -> str:
    return " ".join(sorted(set(words)))


def _plain(text: str) -> str:
    if text.isascii():
        return _APOSTROPHES.sub("", text.lower())
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text)  # what folding brought forth
    kept = (sign for sign in text if sign.isascii() or unicodedata.category(sign) not in ("Mn", "Cf"))
    return _APOSTROPHES.sub("", "".join(kept))


def _stored(plain: str) -> Iterable[str]:
    for word in _RUN.findall(plain):
        yield word[:LONGEST]
        if word[0] == "0" and word.isdecimal():
            yield word.lstrip("0")[:LONGEST] or "0"
        yield from _national(word)
    for found in _GROUPED.findall(plain):
        if len(joined := _digits(found)) >= _FEWEST_DIGITS:
            yield joined[:LONGEST]
            yield from _national(joined)


def _national(number: str) -> Iterable[str]:
    """A telephone number as it is dialled within the country."""
    if number.startswith(_COUNTRY) and number.isdecimal() and len(number) in _PHONE_DIGITS:
        yield _TRUNK + number[len(_COUNTRY) :]


def _of_number(number: str) -> Iterable[str]:
    """The city; year, serial and check digit as one; the serial as people say it. The year or the check digit alone
    say nothing of a case."""
    if found := NUMBER_PATTERN.match(number):
        city, year, serial, check = found.groups()
        yield from (city.lower(), f"{_CASE}{year}{serial}{check}", f"{_CASE}{int(serial)}")
    else:
        yield from _stored(_plain(number))


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def _single(plain: str) -> list[Term]:
    return [Term(tuple((way,) for way in _ways(word[:LONGEST]))) for word in _RUN.findall(plain)]


def _ways(word: str) -> Iterable[Word]:
    yield Word(word)
    if word[0] == "0" and word.isdecimal() and len(word) <= SHORT_NUMBER:
        yield Word(word.lstrip("0") or "0", is_beginning=False)
    for national in _national(word):
        yield Word(national)
    if word.isdecimal():
        yield from _as_number(word)


def _as_number(digits: str) -> Iterable[Word]:
    """The case whose serial this is, and from five digits on those whose number begins so."""
    serial = digits.lstrip("0") if len(digits) >= SERIAL_DIGITS else digits  # RT 03 is not case 3
    yield Word(f"{_CASE}{serial}", is_beginning=False)
    if len(digits) >= _FEWEST_DIGITS:
        yield Word(f"{_CASE}{digits}")


def _grouped(text: str) -> Term:
    """As one number, or group by group: `12 2026` may be two numbers, and `2026 4211` a case without its zeros."""
    parts, joined = _RUN.findall(text), _digits(text)[:LONGEST]
    words = [Word(joined), *(Word(national) for national in _national(joined)), *_as_number(joined)]
    if len(parts[0]) == _YEAR_DIGITS:
        words.append(Word(_CASE + parts[0] + parts[1].zfill(SERIAL_DIGITS) + "".join(parts[2:])))
    return Term((*((word,) for word in words), tuple(Word(part) for part in parts)))
