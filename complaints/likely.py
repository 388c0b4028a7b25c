"""Which agencies a report most likely is for, and by which words. Pure: no Django, no database.

A phrase is found where its words stand in order, with up to GAP others between ("jalan … sudah rusak"). A longer phrase
says more than a word, the title more than the text, and a phrase that many agencies have less than one of a single
agency. Each is counted once, however often it stands there, so that everybody can reckon it out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from complaints.mentions import Words, phrase_of, words_of

GAP = 2
IN_TITLE = 2  # times as much as in the text


@dataclass(frozen=True)
class Likely:
    """An agency by its code, how much speaks for it, and the phrases of its list that were found, the weightiest
    first."""

    code: str
    score: float
    phrases: tuple[str, ...]


def likely(title: str, text: str, lists: Mapping[str, Iterable[str]]) -> list[Likely]:
    """The agencies of `lists` (code → phrases, a "*" stands for any ending) of which something was found, the likeliest
    first; of equal ones in the order of `lists`."""
    phrases = {code: list(dict.fromkeys(map(_plain, those))) for code, those in lists.items()}
    owners = Counter(phrase for those in phrases.values() for phrase in those)
    heading, body = words_of(title), words_of(text)
    weights = {phrase: _weight(phrase.split(), heading, body) / owners[phrase] for phrase in owners}
    found = []
    for code, those in phrases.items():
        hits = sorted((each for each in those if weights[each]), key=lambda each: -weights[each])
        if hits:
            shown = tuple(each.replace("*", "") for each in hits)
            found.append(Likely(code, sum(weights[each] for each in hits), shown))
    return sorted(found, key=lambda each: -each.score)


def _plain(phrase: str) -> str:
    return " ".join(phrase_of(phrase))


def _weight(phrase: Sequence[str], heading: Words, body: Words) -> int:
    if not phrase:
        return 0
    if _stands_in(phrase, heading):
        return IN_TITLE * len(phrase)
    return len(phrase) if _stands_in(phrase, body) else 0


def _stands_in(phrase: Sequence[str], words: Words) -> bool:
    if phrase[0] not in words and not phrase[0].endswith("*"):
        return False  # as most do not
    return any(_from(phrase, words, at) for at, word in enumerate(words) if _is(word, phrase[0]))


def _from(phrase: Sequence[str], words: Words, at: int) -> bool:
    """Whether it stands there, its first word at `at`."""
    for wanted in phrase[1:]:
        following = words[at + 1 : at + 2 + GAP]
        step = next((n for n, word in enumerate(following, 1) if _is(word, wanted)), None)
        if step is None:
            return False
        at += step
    return True


def _is(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
