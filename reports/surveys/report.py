"""The report of a survey round in the shape that offices know: put together from a snapshot alone."""

from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.csv_out import csv_text
from reports.pages import words
from reports.pages.labels import in_language
from reports.pages.pdf import Enclosed, Page, make_pdf
from reports.surveys.frozen import PRINTED_ROWS, SurveySnapshot
from reports.surveys.sections import all_sections
from surveys.index.files import answer_rows
from surveys.index.numbers import between, decimal, grade_words
from surveys.index.shown import Shown
from surveys.index.suppression import SMALL


def survey_report_pdf(snapshot: SurveySnapshot, *, language: str) -> bytes:
    """The PDF of a snapshot; the same snapshot gives the same bytes. Raises RenderFailed."""
    with translation.override(language):
        context = report_context(snapshot)
        files = enclosed(snapshot)
    colours = snapshot.data["city"]["colours"]
    return make_pdf(
        Page("reports/survey_report.html", context, language, colours, snapshot.digest[:32], files)
    )


def enclosed(snapshot: SurveySnapshot) -> tuple[Enclosed, ...]:
    """The answers as CSV, where they are too many to be printed."""
    if len(snapshot.lines) <= PRINTED_ROWS:
        return ()
    shown = snapshot.shown(for_staff=True)
    assert shown.moments is not None
    text = csv_text(shown.moments.items, answer_rows(shown, "\n".join(snapshot.lines)))
    name = f"{snapshot.data['round']['code']}-answers.csv"
    return (Enclosed(name, _("What each respondent answered to the elements"), text, snapshot.built_at),)


def head_of(snapshot: SurveySnapshot, shown: Shown) -> dict[str, Any]:
    """What cover and poster say of the round."""
    data, row = snapshot.data, shown.round
    return {
        "language": get_language(),
        "government": in_language(data["city"]["government"]),
        "city_name": in_language(data["city"]["name"]),
        "unit": in_language(data["agency"]),
        "service": row.service.name if row.service else _("all services of the unit"),
        "survey": row.version.survey.name,
        "period": _("%(first)s to %(last)s")
        % {"first": words.day(row.opens_on), "last": words.day(row.closes_on)},
        "built_iso": data["built_at"],
        "made_at": words.moment(snapshot.built_at, data["city"]["time_zone"], data["city"]["zone_label"]),
        "digest": snapshot.digest,
        "head": data["ledger"],
        "code": row.code,
    }


def report_context(snapshot: SurveySnapshot) -> dict[str, Any]:
    """Everything the template `reports/survey_report.html` shows."""
    shown = snapshot.shown(for_staff=True)
    sections = all_sections(snapshot, shown)
    respondents = shown.moments.respondents if shown.moments else 0
    return head_of(snapshot, shown) | {
        "index": _headline(shown),
        "not_public": respondents < SMALL,
        "is_final": shown.result is not None and shown.result.is_final,
        "sections": sections,
        "contents": [(section.key, section.title) for section in sections],
        "answers_digest": shown.round.digest,
    }


def _headline(shown: Shown) -> str:
    index = shown.index
    if index is None:
        return _("none: nobody has answered")
    said = decimal(index.value)
    if shown.is_national:
        said = _("%(what)s; grade %(grades)s") % {"what": said, "grades": grade_words(index.grades)}
    if index.margin is None:
        return said
    return _("%(said)s; at 95 %% between %(interval)s") % {
        "said": said,
        "interval": between(index.low, index.high),
    }
