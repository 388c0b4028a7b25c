"""How much two reports look like one matter, and by what. Pure: no Django, no database.

Points are added so that everybody can reckon them out: the same category 3, the same ward 2, at most 100 m apart 4, at
most 500 m 2, up to 2 for how soon one came after the other, up to 6 for words that both have. A word counts the more
the fewer of the reports beside it have it; numbers, short words and those of every sentence count nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import asin, cos, log, radians, sin, sqrt

RECENT = timedelta(days=60)
LEAST = 5.0  # below, two reports are two
CATEGORY, WARD, CLOSE_BY, NEAR_BY, SOON, WORDS = 3.0, 2.0, 4.0, 2.0, 2.0, 6.0
CLOSE, NEAR = 100, 500  # metres
SHORTEST = 4  # letters of a word that says something
MOST_WORDS = 4  # that are shown
EARTH = 6_371_000  # metres


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OF_EVERY_SENTENCE = _set(
    "yang dengan untuk dari pada atau juga akan sudah belum tidak agar karena saya kami kita mereka anda bapak ibu "
    "mohon tolong harap segera terima kasih selamat pagi siang sore malam sangat sekali banyak sampai masih setiap "
    "hari minggu bulan tahun lalu sini sana situ depan dekat sekitar daerah jalan kota kupang balikpapan warga laporan "
    "pemerintah dinas ditindak lanjuti tersebut seperti oleh bisa dapat lagi saja sering selalu supaya telah "
    "this that with from have been please there here which since very street road near report city were"
)


@dataclass(frozen=True)
class Traits:
    """What of a report is compared. `words` None: whoever looks may not read them; `position` in degrees."""

    key: int
    received_at: datetime
    category: int | None = None
    area: int | None = None
    position: tuple[float, float] | None = None
    words: frozenset[str] | None = None


@dataclass(frozen=True)
class Alike:
    """How much a report looks like the one that is asked about."""

    key: int
    points: float
    same_category: bool = False
    same_ward: bool = False
    metres: int | None = None  # where they are near
    words: tuple[str, ...] = field(default=())  # the rarest first
    days: int = 0  # after the one that is asked about; before it where negative


def telling_words(text: str) -> frozenset[str]:
    """The words of a text, as the search has them, that tell what it is about."""
    words = (word for word in text.split() if len(word) >= SHORTEST and word.isalpha())
    return frozenset(word for word in words if word not in _OF_EVERY_SENTENCE)


def alike(one: Traits, others: Iterable[Traits], most: int) -> list[Alike]:
    """Those of `others` that may be the same matter, the likeliest first."""
    others = list(others)
    rarity = _rarity([one, *others])
    found = [_compare(one, other, rarity) for other in others]
    return sorted(
        (each for each in found if each.points >= LEAST), key=lambda each: (-each.points, each.key)
    )[:most]


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """On a sphere; two positions in a city need no better."""
    (lat, lon), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def _rarity(traits: Sequence[Traits]) -> dict[str, float]:
    """A word that only two of many have says much; one that all have, little."""
    counts = Counter(word for each in traits for word in each.words or ())
    return {word: 1 + log(len(traits) / count) for word, count in counts.items()}


def _compare(one: Traits, other: Traits, rarity: dict[str, float]) -> Alike:
    same_category = one.category is not None and one.category == other.category
    same_ward = one.area is not None and one.area == other.area
    metres = metres_between(one.position, other.position) if one.position and other.position else None
    shared = (one.words or frozenset()) & (other.words or frozenset())
    after = other.received_at - one.received_at
    points = CATEGORY * same_category + WARD * same_ward + SOON * max(0.0, 1 - abs(after) / RECENT)
    if metres is not None and metres <= NEAR:
        points += CLOSE_BY if metres <= CLOSE else NEAR_BY
    if shared and one.words and other.words:
        fewer = min(_weight(one.words, rarity), _weight(other.words, rarity))
        points += WORDS * _weight(shared, rarity) / fewer
    return Alike(
        other.key,
        points,
        same_category,
        same_ward,
        round(metres) if metres is not None and metres <= NEAR else None,
        tuple(sorted(shared, key=lambda word: (-rarity[word], word))[:MOST_WORDS]),
        round(after / timedelta(days=1)),
    )


def _weight(words: Iterable[str], rarity: dict[str, float]) -> float:
    return sum(rarity[word] for word in words)
