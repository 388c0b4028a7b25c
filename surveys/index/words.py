"""What has to be said beside an index, aloud: how many answered, who they were, and what it does not say."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.shares import share_of
from surveys.index.numbers import decimal, grade_words, whole
from surveys.index.shown import Shown
from surveys.index.suppression import SMALL
from surveys.sample import LEAST, krejcie_morgan


@dataclass(frozen=True)
class Said:
    """A notice: its level, what it says in short, and in a sentence."""

    level: str
    title: str
    body: str


def notices(shown: Shown) -> list[Said]:
    """Everything to be said beside the index of a round, the gravest first."""
    if shown.index is None:
        return []
    return [*_of_sample(shown), *_of_grade(shown), *_of_channels(shown), *_of_answers(shown)]


def _of_sample(shown: Shown) -> list[Said]:
    sample, said = shown.sample, []
    if sample.is_more_than_population:
        body = _("More people answered than there are said to be users: one of both numbers is wrong.")
        said.append(Said("warning", _("The number of users does not fit"), body))
    if sample.is_too_small or sample.is_below_floor:
        body = _("%(respondents)s answered; %(target)s were asked for.") % {
            "respondents": whole(sample.respondents),
            "target": whole(sample.target if sample.is_known else LEAST),
        }
        said.append(Said("warning", _("The sample is too small"), body))
    if shown.round.target_is_own and sample.population:
        body = _(
            "%(target)s were asked for; by Krejcie and Morgan it would be %(formula)s of so many users."
        ) % {
            "target": whole(sample.target),
            "formula": whole(krejcie_morgan(sample.population)),
        }
        said.append(Said("info", _("The sample was set by hand"), body))
    if not sample.is_known and not sample.is_below_floor:
        body = _(
            "How many users the service has was not entered, so nobody can say whether enough of them answered."
        )
        said.append(Said("info", _("The number of users is not known"), body))
    return said


def _of_grade(shown: Shown) -> list[Said]:
    index = shown.index
    assert index is not None
    if index.margin is None:
        body = _(
            "There are too few answers for it, or all are alike, which says nothing of those who were not asked."
        )
        return [Said("warning", _("How sure this index is cannot be said"), body)]
    if not (index.is_uncertain and shown.is_national):
        return []
    body = _("With so many answers the index may lie in more than one grade. Neither is certain.")
    return [Said("warning", _("Grade uncertain: %(grades)s") % {"grades": grade_words(index.grades)}, body)]


def _of_channels(shown: Shown) -> list[Said]:
    said = []
    if shown.chose:
        body = _(
            "%(share)s answered by poster, link or mail, because they chose to. They are no random sample of the "
            "users; the interval does not say how far they differ from the others."
        ) % {"share": share_of(shown.chose, shown.responses)}
        said.append(Said("info", _("Who answered chose to"), body))
    if shown.typed:
        body = _("%(share)s were on paper or in a file, and typed in by staff.") % {
            "share": share_of(shown.typed, shown.responses)
        }
        if shown.corrected:
            body += " " + ngettext(
                "%(count)d of these slips was typed a second time to correct it; what was typed first is kept.",
                "%(count)d of these slips were typed a second time to correct them; what was typed first is kept.",
                shown.corrected,
            ) % {"count": shown.corrected}
        said.append(Said("info", _("Typed in by staff"), body))
    return said


def _of_answers(shown: Shown) -> list[Said]:
    index, said = shown.index, []
    assert index is not None
    if shown.flagged:
        body = _(
            "%(share)s look as if somebody should look at them: many at once from one place, or all alike. They are "
            "counted, since nobody can take answers away."
        ) % {"share": share_of(shown.flagged, shown.responses, 1)}
        if shown.unflagged is not None:
            body += " " + _("Without them the index would be %(index)s.") % {
                "index": decimal(shown.unflagged.value)
            }
        said.append(Said("info", _("Answers with a flag"), body))
    if index.partial:
        body = ngettext(
            "%(count)d person left questions open and counts where they answered.",
            "%(count)d people left questions open and count where they answered.",
            index.partial,
        ) % {"count": index.partial}
        said.append(Said("info", _("Questions left open"), body))
    if index.unanswered:
        names = ", ".join(shown.name_of(item) for item in index.unanswered)
        body = _("Nobody answered: %(names)s. The index is over the other elements.") % {"names": names}
        said.append(Said("warning", _("Not all elements are in it"), body))
    return said


def too_few() -> str:
    return _(
        "Fewer than %(count)d people have answered. So that nobody can be recognised, nothing is shown yet."
    ) % {"count": SMALL}
