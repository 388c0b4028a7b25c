"""Call-backs as the supervisors' pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from complaints.clock.periods import quarter_words
from complaints.models import Complaint
from complaints.shares import FEW, per_cent, share_of
from escalation.audits import sampling
from escalation.callbacks.models import CallBack, CallBackAnswer, CallBackItem
from escalation.callbacks.outcomes import TRIES, counting, is_settled, own_word, tries
from escalation.callbacks.seen import items_for, kept_from


@dataclass(frozen=True)
class Result:
    """What was said of a quarter, rounded, beside what the city counts. Without shares where too few answered."""

    population: int
    asked: int
    answered: int
    share: str
    between: str
    bounds: str
    rows: list[tuple[str, int]]


@dataclass(frozen=True)
class Shown:
    row: CallBack
    words: str
    result: Result | None


@dataclass(frozen=True)
class Line:
    """A report to call about. One whose citizen has answered on their own page is in no list: what they said is not for
    anybody to read, and how many there are would tell of those that are hidden from its reader."""

    item: CallBackItem
    status: str
    is_settled: bool


def shown(row: CallBack) -> Shown:
    return Shown(row, quarter_words(row.quarter), _result(row))


def _result(row: CallBack) -> Result | None:
    tally = row.tally
    if tally is None:
        return None
    share = tally.share_done(row.frame_size)
    counts = [
        (_("Did not want to answer"), tally.refused),
        (_("Not reached by telephone"), tally.not_reached),
        (_("Neither answered nor called"), tally.silent),
    ]
    if share is None:
        return Result(row.frame_size, tally.asked, tally.answered, "", "", "", counts)
    words = [
        (_("Yes, done"), tally.done),
        (_("Partly done"), tally.partly),
        (_("Not done"), tally.not_done),
        (_("Answers typed in after a call"), tally.typed),
    ]
    low, high = tally.bounds
    is_long = tally.asked >= FEW
    return Result(
        row.frame_size,
        tally.asked,
        tally.answered,
        share_of(tally.done, tally.answered),
        f"{per_cent(share[1])} – {per_cent(share[2])}" if row.frame_size >= FEW else "",
        f"{per_cent(low)} – {per_cent(high)}" if is_long and tally.unanswered else "",
        [*words, *counts],
    )


def call_backs() -> QuerySet[CallBack]:
    return CallBack.objects.defer("frame")


def lines(row: CallBack, user: User) -> list[Line]:
    """Of an open one what this person may call about, what is still to do first; two queries."""
    items = items_for(user).filter(call_back=row).select_related("complaint__agency").order_by("rank")
    found = []
    for item in items.prefetch_related("answers"):
        answers = list(item.answers.all())
        if own_word(answers) is None:
            found.append(Line(item, status_of(answers), is_settled(answers)))
    return sorted(found, key=lambda line: line.is_settled)


def status_of(answers: Sequence[CallBackAnswer]) -> str:
    word = counting(answers)
    if word is not None:
        return str(word.get_said_display())
    done = tries(answers)
    if not done:
        return _("to call")
    if done >= TRIES:
        return _("not reached on %(days)d days") % {"days": done}
    return ngettext("not reached on %(days)d day", "not reached on %(days)d days", done) % {"days": done}


def frame_for(row: CallBack, user: User) -> str:
    """The list that it was drawn from, with lines that say nothing in place of what does not exist for this reader."""
    among = Complaint.objects.visible_to(None).filter(number__in=row.numbers)
    hidden = frozenset(kept_from(user, among).values_list("number", flat=True))
    return sampling.without(row.frame_text, hidden)
