"""Pick lists for who types: what is written in full is taken, what fits several asks which.

In a list of the browser's own the keys look for whatever begins so, from where it stands: who types "Oesapa" while
"Oesapa Barat" is kept stays with that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from complaints.catalogue import Choices
from complaints.plain_text import one_line
from complaints.searchable import words_of

NAMED = 6  # of what fits, in the question


@dataclass(frozen=True)
class Option:
    """A row to pick: `label` is unlike every other, `name` need not be."""

    code: str
    name: str
    label: str


def options_of(choices: Choices) -> list[Option]:
    """Of grouped choices as a catalogue has them; the group stands behind the name."""
    options = []
    for code, name in choices:
        if isinstance(name, list):
            options += [Option(inner, own, f"{own}, {code}") for inner, own in name]
        elif code:
            options.append(Option(code, name, name))
    return options


class PickField(forms.CharField):
    """Gives the code of the row whose label, name or code was typed; "" for nothing. `choices` is asked when a form is
    made."""

    def __init__(self, choices: Callable[[], Choices], **options: Any) -> None:
        super().__init__(**({"max_length": 200} | options))
        self.choices = choices

    @property
    def options(self) -> list[Option]:
        return options_of(self.choices())

    def prepare_value(self, value: Any) -> Any:
        """What was kept as a code is shown as its label; what was typed, as typed."""
        return next((each.label for each in self.options if each.code == value), value)

    def clean(self, value: Any) -> str:
        typed = super().clean(one_line(value) if isinstance(value, str) else value)
        if not typed:
            return ""
        exact, fitting = _found(typed, self.options)
        if len(exact) == 1:
            return exact[0].code
        if fitting := exact or fitting:
            names = "; ".join(each.label for each in fitting[:NAMED]) + "; …" * (len(fitting) > NAMED)
            raise ValidationError(_("Which one is meant? %(names)s") % {"names": names}, code="several")
        raise ValidationError(_("“%(typed)s” is not on the list.") % {"typed": typed}, code="unknown")


def _found(typed: str, options: list[Option]) -> tuple[list[Option], list[Option]]:
    """What is called so, whatever its capitals and accents; and what has these words or begins so."""
    wanted = set(words_of(typed).split())
    exact = [each for each in options if typed in (each.code, each.label)]
    exact = exact or [each for each in options if wanted in (_words(each.name), _words(each.label))]
    if not wanted:
        return exact, []
    begun = typed.casefold()
    return exact, [
        each for each in options if wanted <= _words(each.label) or each.label.casefold().startswith(begun)
    ]


def _words(text: str) -> set[str]:
    return set(words_of(text).split())
