"""The one-page poster of a survey round: what everybody may see, from a snapshot alone."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from reports.pages import words
from reports.pages.pdf import Page, make_pdf
from reports.surveys.frozen import SurveySnapshot
from reports.surveys.report import head_of
from surveys.index.charts import FILL, PAPER
from surveys.index.drawn import index_chart
from surveys.index.figures import ElementFigure, Index
from surveys.index.numbers import HIDDEN, between, decimal, grade_words, performance, whole
from surveys.index.shown import Shown
from surveys.index.words import too_few

BEST = 3
PROFILE = ("gender", "education")
PROMISES = 4  # what a sheet has room for


def survey_poster_pdf(snapshot: SurveySnapshot, *, language: str) -> bytes:
    """The PDF of a snapshot; the same snapshot gives the same bytes. Raises RenderFailed."""
    with translation.override(language):
        context = poster_context(snapshot)
    colours = snapshot.data["city"]["colours"]
    return make_pdf(Page("reports/survey_poster.html", context, language, colours, snapshot.digest[:32]))


def poster_context(snapshot: SurveySnapshot) -> dict[str, Any]:
    """Everything the template `reports/survey_poster.html` shows: of fewer than ten respondents no figure."""
    shown = snapshot.shown(for_staff=False)
    context = head_of(snapshot, shown) | {"index": None, "too_few": too_few()}
    if shown.index is None:
        return context
    drawn = index_chart(shown.index, is_graded=shown.is_national, width=PAPER)
    colour = snapshot.data["city"]["colours"]["primary"]
    return (
        context
        | {
            "index": decimal(shown.index.value),
            "is_national": shown.is_national,
            "grade": _grade(shown.index),
            "interval": between(shown.index.low, shown.index.high) if shown.index.margin is not None else "",
            "chart": mark_safe(drawn.replace(FILL, colour)),  # noqa: S308 - drawn by charts.py, which escapes
            "respondents": whole(shown.index.respondents),
            "sample": _sample(shown),
            "chose": bool(shown.chose),
            "profile": _profile(shown),
            "best": _elements(shown, shown.lowest_first[::-1][:BEST]),
            "worst": _elements(shown, shown.lowest_first[:BEST]),
            "promises": _promises(snapshot),
        }
    )


def _grade(index: Index) -> str:
    if index.is_uncertain:
        return _("Grade uncertain: %(grades)s") % {"grades": grade_words(index.grades)}
    return _("Grade %(grade)s, %(words)s") % {"grade": index.grade, "words": performance(index.grade)}


def _sample(shown: Shown) -> str:
    sample = shown.sample
    if sample.is_too_small or sample.is_below_floor:
        return _("The sample is too small: %(target)s were asked for.") % {"target": whole(sample.target)}
    return ""


def _profile(shown: Shown) -> list[tuple[str, str]]:
    """Question and how many of each group, where one is large enough to be told."""
    said = []
    for breakdown in shown.breakdowns:
        if breakdown.key in PROFILE and any(group.index is not None for group in breakdown.groups):
            parts = [
                f"{group.label} {HIDDEN if group.index is None else whole(group.index.respondents)}"
                for group in breakdown.groups
            ]
            said.append((breakdown.name, " · ".join(parts)))
    return said


def _elements(shown: Shown, figures: list[ElementFigure]) -> list[tuple[str, str]]:
    return [(shown.name_of(each.key), decimal(each.mean)) for each in figures]


def _promises(snapshot: SurveySnapshot) -> list[str]:
    once = {plan["number"]: plan for plan in snapshot.data["plans"]["now"]}
    return [
        _("%(title)s, by %(day)s")
        % {"title": plan["title"], "day": words.day(date.fromisoformat(plan["due_on"]))}
        for plan in list(once.values())[:PROMISES]
    ]
