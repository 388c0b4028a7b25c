"""Texts that people wrote into a survey: read by the unit once the round has closed, and erased where somebody asks for
it, since they may name a person. The answer stays, it counts as before, and that there was a text stays too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import Role
from complaints.ledger.entries import write_entry
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.rights import SurveyAct
from surveys.rounds.entries import RoundEntry
from surveys.rounds.models import ResponseWords, Round, RoundState

ERASED = ""  # in the place of a text
FEWEST = 10  # respondents, so that nobody is the only one who can have written it
SHORTEST_SEARCH = 4


@dataclass(frozen=True)
class Text:
    """One text: of which answer, under which question; `words` is empty where they were erased."""

    response: int
    key: str
    words: str


def rounds_of(actor: Actor) -> QuerySet[Round]:
    """Supervisors also those that ask after reports."""
    is_supervisor = isinstance(actor, User) and role_of(actor) == Role.SUPERVISOR
    return Round.objects.all() if is_supervisor else Round.objects.visible_to(actor)


def may_read(row: Round) -> bool:
    """While a round is open, a text that is new would show whose it is."""
    is_over = row.state in (RoundState.CLOSED, RoundState.ANNULLED)
    return is_over and row.responses.counting().count() >= FEWEST


def texts_of(row: Round, start: int, count: int) -> list[Text]:
    """Those of so many answers with texts, in the order of drawn keys, which is none."""
    return list(_texts(_words(row)[start : start + count]))


def texts_with(row: Round, search: str) -> list[Text]:
    """Those with these words, in whatever state the round is."""
    said = search.casefold()
    return [text for text in _texts(_words(row).iterator()) if said in text.words.casefold()]


def _words(row: Round) -> Any:
    return ResponseWords.objects.filter(response__round=row).order_by("pk").values_list("pk", "words")


def _texts(rows: Iterable[tuple[int, dict[str, str]]]) -> Iterator[Text]:
    return (Text(pk, key, text) for pk, words in rows for key, text in sorted(words.items()))


def erase_text(row: Round, response: int, key: str, *, actor: Actor, now: datetime) -> None:
    """NotAllowed for all but supervisors: a unit would erase what it does not like to read. NotPossible where there is
    no such text (any more)."""
    if not role_may(role_of(actor), SurveyAct.ERASE_WORDS):
        raise NotAllowed(SurveyAct.ERASE_WORDS)
    with transaction.atomic():
        rows = ResponseWords.objects.select_for_update().filter(response__round=row, pk=response)
        said = rows.first()
        if said is None or said.words.get(key, ERASED) == ERASED:
            raise NotPossible(_("This text was erased already."))
        rows.update(words=said.words | {key: ERASED})
        write_entry(RoundEntry.TEXT_ERASED, actor=actor, now=now, data={"round": row.code})
