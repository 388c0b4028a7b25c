"""Whether the words of a complaint name an office or its people. Pure: no Django, no database.

People write "dinas PU", "Dukcapil", "pkm Oesapa", "pak Okto". An office that is asked for something is named in half of
all complaints and means nothing; it counts where a phrase about conduct (the city's own, `ConductPhrase`) stands within
NEAR words of it. A person counts wherever two words of their name stand together, or one rare word after a form of
address.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

UNIT, HEAD, STAFF = "unit", "head", "staff"
NEAR = 20  # words between an office and what is said of its conduct; few people use full stops
LONGEST_TITLE = 3  # words in front of the office's own: "kepala dinas", "direktur"
RARE = 5  # letters of a single name that may stand alone
Words = tuple[str, ...]

WORD = re.compile(r"[^\W_]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# In front of a name, or of a title; "S.H." and "M.Si." stand behind a comma.
TITLES = _set(
    "bapak bpk bp pak ibu bu sdr sdri saudara saudari mas mbak bang kakak tuan nyonya om tante h hj haji hajah "
    "ir drs dra dr drg prof apt ns kh ust ustad ustadz st sh se mm msi sip skm skep mt mh"
)
# After these a single name is a person's.
ADDRESSED = _set(
    "bapak bpk bp pak ibu bu sdr sdri saudara saudari mas mbak bang dr drg dokter suster perawat bidan bernama "
    "nama namanya oknum petugas pegawai staf staff kepala kadis lurah camat mr mrs ms"
)
STREET = _set("jalan jl jln gang gg lorong lr taman lapangan masjid gereja sd smp sma sdn toko warung")
# So frequent that alone they name nobody.
FREQUENT = _set(
    "agus budi siti sri dewi maria yohanes petrus paulus yosef muhammad mohammad ahmad abdul putra putri wahyu "
    "andi rina indah ratna bagus ketua kepala warga rumah ketut wayan nyoman made"
)


@dataclass(frozen=True)
class Unit:
    """An office and how it is called; `code` is what is given back."""

    code: str
    name: str
    short_name: str = ""


class Person(NamedTuple):
    """Who works at the office with this code, as its head or not."""

    name: str
    code: str
    is_head: bool = False


def words_of(text: str) -> Words:
    """Small letters without accents, digits kept: "marah2", "sdn 3"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))


def phrase_of(text: str) -> Words:
    """A phrase about conduct as it is looked for: small letters without accents; a "*" behind a word stays, and stands
    for any ending."""
    return tuple(
        "".join(words_of(word)) + "*" * word.endswith("*") for word in text.split() if words_of(word)
    )


def mentions(
    text: str, units: Iterable[Unit], people: Iterable[Person], conduct_phrases: Iterable[Words]
) -> dict[str, list[str]]:
    """Code of each office that is named, with how: of UNIT, HEAD, STAFF, in this order."""
    words, found = words_of(text), dict[str, set[str]]()
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    conduct = sorted(_all_places(words, places, conduct_phrases))
    for unit in units if conduct else ():
        heads = _near(_all_places(words, places, head_titles(unit)), conduct)
        if heads:
            found.setdefault(unit.code, set()).add(HEAD)
        if any(not _within(at, heads) for at in _near(_all_places(words, places, unit_names(unit)), conduct)):
            found.setdefault(unit.code, set()).add(UNIT)
    for person in _named(words, list(people)):
        found.setdefault(person.code, set()).add(HEAD if person.is_head else STAFF)
    return {code: [kind for kind in (UNIT, HEAD, STAFF) if kind in kinds] for code, kinds in found.items()}


def _within(at: int, titles: Iterable[int]) -> bool:
    """Whether the office is named as a part of its head's title."""
    return any(0 <= at - title < LONGEST_TITLE for title in titles)


def _near(places: Iterable[int], conduct: Sequence[int]) -> set[int]:
    return {at for at in places if any(abs(at - other) <= NEAR for other in conduct)}


def _all_places(words: Words, places: dict[str, list[int]], phrases: Iterable[Words]) -> set[int]:
    """Where a phrase begins; a last "*" of a word stands for any ending."""
    found = set[int]()
    for phrase in phrases:
        first, rest = phrase[0], phrase[1:]
        starts = places.get(first, [])
        if first.endswith("*"):
            starts = [at for word, where in places.items() if _is(word, first) for at in where]
        for at in starts:
            following = words[at + 1 : at + len(phrase)]
            if len(following) == len(rest) and all(map(_is, following, rest)):
                found.add(at)
    return found


def _is(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


# How an office is called

SMALL = frozenset({"dan", "serta"})
# Short names that are common words or abbreviations of such.
WORDS_TOO = frozenset({("org",), ("dkk",), ("umum",), ("pu",), ("kota",), ("daerah",)})
CALLED: dict[str, tuple[str, ...]] = {
    "kecamatan": ("kec", "kantor camat"),
    "kelurahan": ("kel", "kantor lurah"),
    "puskesmas": ("pkm", "pusk"),
    "bagian": ("bag",),
    "inspektorat": ("itkot",),
}
LED_BY: dict[str, tuple[str, ...]] = {
    "dinas": ("kepala dinas", "kadis"),
    "badan": ("kepala badan", "kaban"),
    "kecamatan": ("camat",),
    "kelurahan": ("lurah",),
    "puskesmas": ("kapus", "kepala pkm"),
    "bagian": ("kabag",),
    "rumah": ("direktur rumah",),
    "rsud": ("direktur rsud",),
    "perumda": ("dirut perumda", "direktur perumda"),
}


def unit_names(unit: Unit) -> set[Words]:
    """Every way in which people call it that is not also a common word."""
    name, found = words_of(unit.name), set[Words]()
    own = _without_city(name)
    found |= {name, own}
    shorts = {words_of(part) for part in re.split(r"[/()]", unit.short_name)}
    if own[0] not in CALLED or own[0] == "inspektorat":  # there the code names a place
        shorts |= {words_of(unit.code.rpartition("-")[2])}
    shorts = {short for short in shorts if short and not short[0].isdigit()}
    for short in list(shorts):
        if len(short) > 1 and len(short[0]) > len("satpo"):
            shorts |= {("".join(short),), short[:1]}  # Satpol PP, satpolpp, satpol
        if len(short) == 1 and short[0][:3] in ("dis", "din") and len(short[0]) >= len("disperkim"):
            shorts.add((short[0][3:],))  # Disdukcapil, dukcapil
    if own[0] == "dinas":
        initials = _initials(unit.name)
        found |= {("dinas", *short) for short in shorts | initials}
        shorts |= {
            letters for letters in initials if len(letters[0]) >= len("pupr")
        }  # "DPR" is somebody else
        found.add(("dinas", *_first_part(unit.name)))
    found |= shorts | {(*words_of(other), *own[1:]) for other in CALLED.get(own[0], ()) if len(own) > 1}
    return {each for each in found if each and each not in WORDS_TOO and each != own[:1]} | {own}


def head_titles(unit: Unit) -> set[Words]:
    """How its head is called by the office: "Kadis PUPR", "kadishub", "lurah Oesapa"."""
    own = _without_city(words_of(unit.name))
    names = unit_names(unit)
    found = {("kepala", *name) for name in names} | {("direktur", *name) for name in names}
    found |= {("ka" + name[0],) for name in names if len(name) == 1 and name[0].startswith(("dis", "din"))}
    for title in LED_BY.get(own[0], ()):
        found |= {(*words_of(title), *name[1:]) for name in names if name[0] == own[0] and len(name) > 1}
        found |= {
            (*words_of(title), *name) for name in names if len(name) == 1 and own[0] in ("dinas", "badan")
        }
    return found


def _without_city(name: Words) -> Words:
    """ "inspektorat kota kupang" and "… daerah kota kupang" without where; "kecamatan kota raja" is its name."""
    if name[:1] == ("kecamatan",) or name[:1] == ("kelurahan",) or "kota" not in name[1:-1]:
        return name
    cut = name[: name.index("kota", 1)]
    return cut[:1] if cut[0] == "inspektorat" else cut


def _first_part(name: str) -> Words:
    """ "pekerjaan umum" of "Dinas Pekerjaan Umum dan Penataan Ruang"."""
    return words_of(re.split(r",|\bdan\b", name, maxsplit=1)[0])[1:]


def _initials(name: str) -> set[Words]:
    """PU and PUPR; DPU and DPUPR."""
    whole = [word for word in words_of(name)[1:] if word not in SMALL]
    short = {"".join(word[0] for word in part) for part in (whole, _first_part(name))}
    return {(letters,) for letters in short if len(letters) > 1} | {("d" + s,) for s in short if len(s) > 1}


# How people are called


def name_words(name: str) -> Words:
    """The words of a name without titles and what is written behind a comma."""
    return tuple(word for word in words_of(name.split(",")[0]) if word not in TITLES and len(word) > 1)


def _named(words: Words, people: list[Person]) -> list[Person]:
    own = {person: name_words(person.name) for person in people}
    bearers: dict[str, int] = {}
    for name in own.values():
        for word in set(name):
            bearers[word] = bearers.get(word, 0) + 1
    return [
        person for person, name in own.items() if _has_two(words, name) or _has_rare(words, name, bearers)
    ]


def _has_two(words: Words, name: Words) -> bool:
    """Two words of the name, at most one other between them, and not the name of a street."""
    wanted, last = set(name), -len(words) - 3
    for at, word in enumerate(words):
        if word not in wanted:
            continue
        begin = last if last >= 0 else at
        if 0 < at - last <= 2 and words[last] != word and not _is_street(words, begin):
            return True
        last = at
    return False


def _has_rare(words: Words, name: Words, bearers: dict[str, int]) -> bool:
    """After a form of address: the only word of a name, or a rare one that nobody else has."""
    alone = {word for word in name if len(word) >= RARE and word not in FREQUENT and bearers[word] == 1}
    alone |= set(name) if len(name) == 1 and len(name[0]) > 2 else set()
    return any(
        word in alone and at > 0 and words[at - 1] in ADDRESSED and not _is_street(words, at - 1)
        for at, word in enumerate(words)
    )


def _is_street(words: Words, at: int) -> bool:
    return at > 0 and words[at - 1] in STREET
