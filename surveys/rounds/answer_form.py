"""The questions of a round as a form, whole or section by section; what was answered before goes along hidden."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from complaints.models import Service
from surveys.questionnaires.answering import AnswersForm
from surveys.questionnaires.asking import Page, Questionnaire, questionnaire
from surveys.rounds.models import Round
from surveys.rounds.tokens import normalise

CODE = "personal_code"


def services_of(row: Round) -> list[Service]:
    """Offered where the questionnaire asks which service was used: those of the unit, unless the round is of one."""
    if row.service_id is not None:
        return []
    return list(Service.objects.filter(agency_id=row.agency_id, is_active=True))


def asked_in(row: Round) -> Questionnaire:
    return questionnaire(row.version, services=services_of(row))


class StepForm(AnswersForm):
    """`step`: the section that was shown, where the round asks section by section. What a rule does not show, also a
    whole section, is passed over."""

    def __init__(
        self, row: Round, whole: Questionnaire, data: QueryDict | None = None, *, step: str = ""
    ) -> None:
        self.row, self.whole, self.sent = row, whole, data
        self.is_stepped = row.in_steps and len(whole.pages) > 1
        self.step = min(int(step), len(whole.pages) - 1) if step.isdecimal() and len(step) < 4 else 0
        if not self.is_stepped:
            self.step = len(whole.pages) - 1
        so_far = Questionnaire(whole.version, whole.pages[: self.step + 1])
        super().__init__(so_far, data, auto_id="q-%s")
        if row.needs_token and self.is_last:
            self.fields[CODE] = forms.CharField(
                label=_("Your personal code"),
                help_text=_(
                    "It stands on the paper that you were given. Nobody learns which answer came with it."
                ),
                max_length=40,
                widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false"}),
            )

    @property
    def personal_code_field(self) -> Any:
        return self[CODE] if CODE in self.fields else None

    @property
    def is_last(self) -> bool:
        return self.step == len(self.whole.pages) - 1

    @property
    def number(self) -> int:
        return self.step + 1

    @property
    def count(self) -> int:
        return len(self.whole.pages)

    def clean_personal_code(self) -> str:
        code: str = self.cleaned_data[CODE]
        if normalise(code) is None:
            raise forms.ValidationError(_("A code has twelve letters and digits, as XXXX-XXXX-XXXX."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "" in self.reading.errors and not self.is_last:
            # Nothing of a section answered is no error: that all was left open is found out at the end.
            self.errors.pop("__all__", None)
        return cleaned

    @property
    def pages(self) -> list[dict[str, Any]]:
        found = super().pages
        return found[-1:] if self.is_stepped else found

    @cached_property
    def carried(self) -> list[tuple[str, str]]:
        """What was sent from the sections that are not shown."""
        if not self.is_stepped or self.sent is None:
            return []
        shown = {question["asked"].key for page in self.pages for question in page["questions"]}
        keys = [key for key in self.whole.by_key if key not in shown]
        return [(key, value) for key in keys for value in self.sent.getlist(key)]

    def after(self) -> "StepForm":
        """The next section with something to ask, not judged yet."""
        step = self.step + 1
        while step < len(self.whole.pages) - 1 and not self._asks(self.whole.pages[step]):
            step += 1
        return self._at(step)

    def before(self) -> "StepForm":
        self.full_clean()  # what was answered before says which sections ask something
        step = max(0, self.step - 1)
        while step > 0 and not self._asks(self.whole.pages[step]):
            step -= 1
        return self._at(step)

    def _asks(self, page: Page) -> bool:
        answers = self.reading.answers if self.is_bound else {}
        return any(self.whole.is_shown(asked, answers) for asked in page.questions)

    def _at(self, step: int) -> "StepForm":
        """With what was answered there before, and no word on what is still open."""
        form = StepForm(self.row, self.whole, self.sent, step=str(step))
        form.is_bound = False
        form.initial = {key: self._was(key) for key in self.whole.by_key}
        return form

    def _was(self, key: str) -> Any:
        values = self.sent.getlist(key) if self.sent is not None else []
        is_list = self.whole.by_key[key].question.type == "choices"
        return values if is_list else (values[-1] if values else None)
