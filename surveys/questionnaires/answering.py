"""From what somebody sends to what counts as their answer: the same for pages, tablets, paper and files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from complaints.form_fields import TextField
from surveys.questionnaires.asking import Asked, Questionnaire
from surveys.questionnaires.models import Question

Type = Question.Type
WORDS_LENGTH = 2000
WHOLE = ""  # the key of an error that is about the whole answer
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")


class _NotAnAnswer(Exception):
    """With the sentence for whoever sent it."""


@dataclass
class Reading:
    """`answers` by key: of a scale 1 to 4, of a choice its value, of several a list, "yes" or "no", a whole number.
    What was left open, or is not asked by the rules, is not among them. `words`: texts by key, which may name somebody.
    `errors`: a sentence by key in the reader's language, under "" where it is about the whole."""

    answers: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_answers(asked: Questionnaire, raw: Mapping[str, Any], *, needs_required: bool = True) -> Reading:
    """Reads `raw`, by key a text or a list of texts, question by question in the order in which they are asked.

    Other keys are not looked at. `needs_required=False`: what had to be answered may be missing, as on a slip of paper.
    """
    reading = Reading()
    for question in asked:
        if not asked.is_shown(question, reading.answers):
            continue
        try:
            value = _read(question, raw.get(question.key))
        except _NotAnAnswer as error:
            reading.errors[question.key] = str(error)
            continue
        if value in (None, "", []):
            if question.question.is_required and needs_required:
                reading.errors[question.key] = _("Please answer this question.")
        elif question.question.type == Type.TEXT:
            reading.words[question.key] = str(value)
        else:
            reading.answers[question.key] = value
    if not (reading.answers or reading.words or reading.errors):
        reading.errors[WHOLE] = _("Please answer at least one question.")
    return reading


def _read(asked: Asked, given: Any) -> Any:
    kind = asked.question.type
    if kind == Type.CHOICES:
        return _several(asked, given)
    if isinstance(given, list | tuple):
        given = given[-1] if given else None
    text = "" if given is None else str(given)
    if kind == Type.TEXT:
        return _words(text)
    text = text.strip()
    if not text:
        return None
    if kind == Type.NUMBER:
        return _number(asked.question, text)
    if kind == Type.SCALE:
        # Offices write 0 or a dash for what was not answered; as a number it would pull the mean down.
        return None if text in {"0", "-"} else int(_chosen(asked, text))
    return _chosen(asked, text)


def _words(text: str) -> str:
    words = TextField(required=False).to_python(text).strip()
    if len(words) > WORDS_LENGTH:
        raise _NotAnAnswer(_("Please use no more than %(count)d characters.") % {"count": WORDS_LENGTH})
    return words


def _number(question: Question, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _NotAnAnswer(_("Please enter a whole number."))
    number, least, most = int(text), question.minimum, question.maximum
    if least is not None and number < least:
        raise _NotAnAnswer(_("Please enter %(number)d or more.") % {"number": least})
    if most is not None and number > most:
        raise _NotAnAnswer(_("Please enter %(number)d or less.") % {"number": most})
    return number


def _chosen(asked: Asked, text: str) -> str:
    """By the value, or as files have it by the words of either language."""
    folded = text.casefold()
    for option in asked.options:
        if folded in {option.value.casefold(), option.id.casefold(), option.en.casefold()}:
            return option.value
    raise _NotAnAnswer(_("“%(text)s” is none of the answers offered.") % {"text": text[:40]})


def _several(asked: Asked, given: Any) -> list[str]:
    """In the order in which they are offered. One text may name several, parted by semicolons."""
    texts = given.split(";") if isinstance(given, str) else given or []
    chosen = {_chosen(asked, str(text).strip()) for text in texts if str(text).strip()}
    return [option.value for option in asked.options if option.value in chosen]


class AnswersForm(forms.Form):
    """The questions as a form; once valid, `reading` has the answers. Rendered by surveys/_questions.html."""

    use_required_attribute = False  # what is not shown by its rule need not be answered

    def __init__(self, asked: Questionnaire, *args: Any, needs_required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked, self.needs_required = asked, needs_required
        self.reading = Reading()
        for question in asked:
            self.fields[question.key] = _field(question)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.reading = read_answers(self.asked, cleaned, needs_required=self.needs_required)
        for key, words in self.reading.errors.items():
            self.add_error(key or None, words)
        return cleaned

    @property
    def all_may_stay_open(self) -> bool:
        """Then it is said once, above, and not beside each question."""
        return not any(question.question.is_required for question in self.asked)

    @property
    def pages(self) -> list[dict[str, Any]]:
        """For the template: each section with its questions, bound, and the rule that shows them."""
        return [
            {"section": page.section, "questions": [self._shown(question) for question in page.questions]}
            for page in self.asked.pages
        ]

    def _shown(self, asked: Asked) -> dict[str, Any]:
        return {
            "field": self[asked.key],
            "asked": asked,
            "show_if": asked.question.show_if_key,
            "show_values": "|".join(map(str, asked.question.show_if_values)),
            "rule": self.asked.rule_words(asked),
        }


class _Any(forms.Field):
    """Says whether it may stay open; what counts as an answer is decided once, by read_answers."""

    def clean(self, value: Any) -> Any:
        return value


def _field(asked: Asked) -> forms.Field:
    question = asked.question
    options = [(option.value, option.label) for option in asked.options]
    limits = {"min": question.minimum, "max": question.maximum}
    widget: forms.Widget
    match question.type:
        case Type.SCALE | Type.CHOICE | Type.YES_NO:
            widget = forms.RadioSelect(choices=options)
        case Type.SERVICE:
            widget = forms.Select(choices=[("", "–"), *options])
        case Type.CHOICES:
            widget = forms.CheckboxSelectMultiple(choices=options)
        case Type.NUMBER:
            widget = forms.NumberInput({name: limit for name, limit in limits.items() if limit is not None})
        case _:
            widget = forms.Textarea({"rows": 4, "data-max": WORDS_LENGTH})
    return _Any(label=asked.text, help_text=asked.help, required=question.is_required, widget=widget)
