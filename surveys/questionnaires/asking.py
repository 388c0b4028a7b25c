"""A version of a survey as it is asked: its questions in order, with the answers that they offer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext

from complaints.models import Service
from surveys.questionnaires.models import Question, Section, SurveyVersion

YES, NO = "yes", "no"


def local(text_id: str, text_en: str) -> str:
    """The text in the reader's language, in Indonesian where the English is missing."""
    return text_en if text_en and get_language() == "en" else text_id


@dataclass(frozen=True)
class Option:
    value: str
    id: str
    en: str = ""

    @property
    def label(self) -> str:
        return local(self.id, self.en)


@dataclass(frozen=True)
class Asked:
    """One question with what it offers."""

    question: Question
    options: tuple[Option, ...] = ()

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def text(self) -> str:
        return local(self.question.text_id, self.question.text_en)

    @property
    def help(self) -> str:
        return local(self.question.help_id, self.question.help_en)

    def label_of(self, value: object) -> str:
        """An answer in words; what is not offered (any more) as it stands."""
        return next((option.label for option in self.options if option.value == str(value)), str(value))


@dataclass(frozen=True)
class Page:
    """A section with its questions."""

    section: Section
    questions: tuple[Asked, ...]

    @property
    def name(self) -> str:
        return self.section.name


@dataclass
class Questionnaire:
    """What is asked, in the order in which it is asked. Iterating gives the questions."""

    version: SurveyVersion
    pages: list[Page]
    by_key: dict[str, Asked] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {asked.key: asked for page in self.pages for asked in page.questions}

    def __iter__(self) -> Iterator[Asked]:
        return iter(self.by_key.values())

    @property
    def intro(self) -> str:
        return local(self.version.intro_id, self.version.intro_en)

    def is_shown(self, asked: Asked, answers: Mapping[str, Any]) -> bool:
        """By its rule, to somebody who gave these answers so far."""
        rule = asked.question
        if not rule.show_if_key:
            return True
        given = answers.get(rule.show_if_key)
        values = {str(value) for value in (given if isinstance(given, list) else [given])}
        return bool(values & {str(value) for value in rule.show_if_values})

    def rule_words(self, asked: Asked) -> str:
        """For readers without scripts, who see every question."""
        source = self.by_key.get(asked.question.show_if_key)
        if source is None:
            return ""
        labels = gettext(" or ").join(
            f"“{source.label_of(value)}”" for value in asked.question.show_if_values
        )
        return gettext("Only if you answered %(labels)s to: %(question)s") % {
            "labels": labels,
            "question": source.text,
        }


def questionnaire(version: SurveyVersion, *, services: Iterable[Service] = ()) -> Questionnaire:
    """Reads a version whole, in two queries. `services` are offered where it asks which one was used, and without
    any that question is not asked: a round of one service knows."""
    offered = tuple(Option(row.code, row.name_id, row.name_en) for row in services)
    pages = []
    for section in version.sections.order_by("position", "pk").prefetch_related("questions"):
        rows = sorted(section.questions.all(), key=lambda row: (row.position, row.pk))
        asked = [Asked(row, options_of(row, offered)) for row in rows]
        kept = tuple(row for row in asked if row.options or row.question.type != Question.Type.SERVICE)
        if kept:
            pages.append(Page(section, kept))
    return Questionnaire(version, pages)


def options_of(question: Question, services: tuple[Option, ...] = ()) -> tuple[Option, ...]:
    if question.type == Question.Type.SERVICE:
        return services
    if question.type == Question.Type.YES_NO:
        return (Option(YES, "Ya", "Yes"), Option(NO, "Tidak", "No"))
    if question.type in Question.WITH_OPTIONS:
        return tuple(
            Option(str(row["value"]), str(row.get("id", "")), str(row.get("en", "")))
            for row in question.options
        )
    return ()
