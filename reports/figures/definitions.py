"""All figures of a report, by code, in the order in which they are read. Page, paper, file, command and recount take
name, unit and definition from here."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from reports.figures.catalogue import breakdowns, cases, course, offices, owed, staff, voices
from reports.figures.figure import Figure

SUBJECTS = (cases, breakdowns, offices, course, owed, voices, staff)
FIGURES: dict[str, Figure] = {figure.code: figure for subject in SUBJECTS for figure in subject.FIGURES}
LANGUAGES = ("id", "en")
# Of everything in a report, beside it.
PREVIOUS = (
    _("The period before"),
    _("The period of equal length just before, counted the same way on the same day."),
)


def name_of(code: str) -> str:
    return gettext(FIGURES[code].name)


def definition_of(code: str) -> str:
    return gettext(FIGURES[code].definition)


def in_both(text: str) -> dict[str, str]:
    """A text marked for translation, in each language: what is frozen is read without this version of the program."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = gettext(text)
    return said


def frozen_definitions() -> dict[str, dict[str, Any]]:
    """What a snapshot keeps of them."""
    return {
        code: {
            "place": place,
            "name": in_both(figure.name),
            "definition": in_both(figure.definition),
            "unit": figure.unit.value,
            "rule": figure.rule.value,
            "version": figure.version,
            "columns": [
                {"code": each.code, "name": in_both(each.name), "unit": each.unit.value, "group": each.group}
                for each in figure.columns
            ],
        }
        for place, (code, figure) in enumerate(FIGURES.items())
    }
