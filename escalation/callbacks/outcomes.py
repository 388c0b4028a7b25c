"""How it stands with each report that was drawn."""

from collections.abc import Iterable, Sequence

from complaints.clock.city_time import day_of
from escalation.callbacks import figures
from escalation.callbacks.models import CallBack, CallBackAnswer, CallBackItem, Said

TRIES = 3  # on as many days, before somebody counts as not to be reached


def own_word(answers: Sequence[CallBackAnswer]) -> CallBackAnswer | None:
    return next((each for each in answers if each.place == 0), None)


def calls(answers: Sequence[CallBackAnswer]) -> list[CallBackAnswer]:
    """In the order in which they were made."""
    return sorted((each for each in answers if each.place), key=lambda each: each.place)


def counting(answers: Sequence[CallBackAnswer]) -> CallBackAnswer | None:
    """The word that counts: the citizen's own, else what was said in the last call in which somebody was reached."""
    spoke = [each for each in calls(answers) if each.said != Said.NOT_REACHED]
    return own_word(answers) or (spoke[-1] if spoke else None)


def tries(answers: Sequence[CallBackAnswer]) -> int:
    """On how many days somebody tried in vain."""
    return len({day_of(each.at) for each in calls(answers) if each.said == Said.NOT_REACHED})


def is_settled(answers: Sequence[CallBackAnswer]) -> bool:
    return counting(answers) is not None or tries(answers) >= TRIES


def outcome(answers: Sequence[CallBackAnswer]) -> tuple[str, bool]:
    """As a tally takes it: what counts, and whether staff typed it."""
    word = counting(answers)
    if word is not None:
        return word.said, word.place > 0
    return (figures.NOT_REACHED if calls(answers) else figures.SILENT), False


def outcomes_of(row: CallBack) -> Iterable[tuple[str, bool]]:
    items = CallBackItem.objects.filter(call_back=row).prefetch_related("answers")
    return [outcome(list(item.answers.all())) for item in items]
