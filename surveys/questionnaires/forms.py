"""The forms by which a questionnaire is written."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from complaints.desk.forms.actions import StaffForm
from complaints.form_fields import LineField, TextField
from surveys.questionnaires.asking import Asked
from surveys.questionnaires.editing import Wording, fingerprint
from surveys.questionnaires.models import Element, Question, Section, Survey, SurveyVersion

Type = Question.Type
MOST_OPTIONS = 12
TEXT_LENGTH, LABEL_LENGTH = 500, 120
STEP_WORDS = (_("1, the worst"), "2", "3", _("4, the best"))


class SeenForm(StaffForm):
    """Carries what its row looked like when it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)


class SurveyForm(StaffForm):
    name_id = LineField(label=_("Name (Indonesian)"), max_length=200)
    name_en = LineField(label=_("Name (English)"), max_length=200)
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Survey.Purpose.choices)


class RenameForm(StaffForm):
    name_id = LineField(label=_("Name (Indonesian)"), max_length=200)
    name_en = LineField(label=_("Name (English)"), max_length=200)
    is_active = forms.BooleanField(
        label=_("In use"), help_text=_("Only then new rounds can ask it."), required=False
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name_id": survey.name_id,
            "name_en": survey.name_en,
            "is_active": survey.is_active,
        }
        super().__init__(*args, **kwargs)


class IntroForm(SeenForm):
    intro_id = TextField(label=_("Introduction (Indonesian)"), max_length=2000, rows=4, required=False)
    intro_en = TextField(label=_("Introduction (English)"), max_length=2000, rows=4, required=False)

    def __init__(self, *args: Any, version: SurveyVersion, **kwargs: Any) -> None:
        values = {"intro_id": version.intro_id, "intro_en": version.intro_en}
        kwargs["initial"] = values | {"seen": fingerprint(version)}
        super().__init__(*args, **kwargs)


class SectionForm(SeenForm):
    name_id = LineField(label=_("Name (Indonesian)"), max_length=200)
    name_en = LineField(label=_("Name (English)"), max_length=200, required=False)
    is_profile = forms.BooleanField(
        label=_("About the respondent"),
        help_text=_("Groups are made by these questions. They are in no index."),
        required=False,
    )

    def __init__(self, *args: Any, section: Section | None = None, **kwargs: Any) -> None:
        if section is not None:
            names = ("name_id", "name_en", "is_profile")
            values = {name: getattr(section, name) for name in names}
            kwargs["initial"] = values | {"seen": fingerprint(section)}
        super().__init__(*args, **kwargs)
        if section is None:
            del self.fields["seen"]


class QuestionForm(SeenForm):
    """A question of one type, new or there already; asks what that type needs."""

    text_id = TextField(label=_("Question (Indonesian)"), max_length=TEXT_LENGTH, rows=2)
    text_en = TextField(label=_("Question (English)"), max_length=TEXT_LENGTH, rows=2, required=False)
    help_id = TextField(label=_("Explanation (Indonesian)"), max_length=TEXT_LENGTH, rows=2, required=False)
    help_en = TextField(label=_("Explanation (English)"), max_length=TEXT_LENGTH, rows=2, required=False)
    is_required = forms.BooleanField(
        label=_("Has to be answered"),
        help_text=_("Whoever cannot judge will answer something. Leave it open where you can."),
        required=False,
    )

    def __init__(self, *args: Any, kind: Type, question: Question | None = None, **kwargs: Any) -> None:
        self.kind, self.question = kind, question
        kwargs["initial"] = self._initial() if question else {}
        super().__init__(*args, **kwargs)
        if question is None:
            self.fields["key"] = forms.SlugField(
                label=_("Key"),
                max_length=40,
                required=False,
                help_text=_(
                    "The name of its column in files, such as waiting-time. Made from the words if empty."
                ),
            )
        if kind == Type.SCALE:
            self.fields["element"] = forms.ChoiceField(
                label=_("Element of the national survey"),
                choices=[("", _("none")), *Element.choices],
                required=False,
            )
        if kind == Type.NUMBER:
            self.fields["minimum"] = _limit(_("Least"))
            self.fields["maximum"] = _limit(_("Most"))
        for place in range(1, self.places + 1):
            for name, label in (("id", _("Indonesian")), ("en", _("English"))):
                self.fields[f"option_{place}_{name}"] = LineField(
                    label=label, max_length=LABEL_LENGTH, required=False
                )
            self.fields[f"option_{place}_value"] = forms.SlugField(
                widget=forms.HiddenInput, max_length=40, required=False
            )

    @property
    def places(self) -> int:
        if self.kind == Type.SCALE:
            return 4
        return MOST_OPTIONS if self.kind in Question.WITH_OPTIONS else 0

    def _initial(self) -> dict[str, Any]:
        assert self.question is not None
        names = ("text_id", "text_en", "help_id", "help_en", "is_required", "element", "minimum", "maximum")
        found = {name: getattr(self.question, name) for name in names}
        for place, option in enumerate(self.question.options, start=1):
            for name in ("id", "en", "value"):
                found[f"option_{place}_{name}"] = option.get(name, "")
        return found | {"seen": fingerprint(self.question)}

    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("option_")]

    def option_rows(self) -> Iterator[dict[str, Any]]:
        for place in range(1, self.places + 1):
            yield {
                "title": STEP_WORDS[place - 1] if self.kind == Type.SCALE else str(place),
                "id": self[f"option_{place}_id"],
                "en": self[f"option_{place}_en"],
                "value": self[f"option_{place}_value"],
            }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for place in range(1, self.places + 1):
            indonesian, english = (cleaned.get(f"option_{place}_{name}", "") for name in ("id", "en"))
            if (english or self.kind == Type.SCALE) and not indonesian:
                self.add_error(f"option_{place}_id", _("Please enter the Indonesian words."))
        least, most = cleaned.get("minimum"), cleaned.get("maximum")
        if least is not None and most is not None and least > most:
            self.add_error("maximum", _("The least is more than the most."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        wording = Wording(
            text_id=data["text_id"],
            text_en=data["text_en"],
            help_id=data["help_id"],
            help_en=data["help_en"],
            element=data.get("element", ""),
            options=self._options(),
            minimum=data.get("minimum"),
            maximum=data.get("maximum"),
            is_required=data["is_required"],
        )
        if self.question is None:
            return {"kind": self.kind, "wording": wording, "key": data["key"]}
        return {"wording": wording, "seen": data["seen"]}

    def _options(self) -> list[dict[str, str]]:
        """A value once given stays, so that answers can be compared from version to version."""
        data, found, taken = self.cleaned_data, list[dict[str, str]](), set[str]()
        for place in range(1, self.places + 1):
            words = {name: data[f"option_{place}_{name}"] for name in ("id", "en")}
            if not words["id"]:
                continue
            value = str(place) if self.kind == Type.SCALE else data[f"option_{place}_value"]
            value = value or slugify(words["en"] or words["id"])[:36] or str(place)
            if value in taken:
                value = f"{value}-{place}"
            taken.add(value)
            found.append({"value": value} | words)
        return found


def _limit(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=-999_999_999, max_value=999_999_999, required=False)


class RuleForm(StaffForm):
    """Which answers to another question show this one."""

    key = forms.CharField(widget=forms.HiddenInput)
    values = forms.MultipleChoiceField(
        label=_("Shown to whoever answered"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, source: Asked, question: Question, **kwargs: Any) -> None:
        kept = question.show_if_values if question.show_if_key == source.key else []
        kwargs["initial"] = {"key": source.key, "values": kept}
        super().__init__(*args, **kwargs)
        self.fields["values"].choices = [(option.value, option.label) for option in source.options]  # type: ignore[attr-defined]


class PlainForm(StaffForm):
    """A button: there is nothing to fill in."""
