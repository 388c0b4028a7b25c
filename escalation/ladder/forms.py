"""The form of a decision: what this person may decide about this case, each with its consequence and its fields."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from complaints import choices
from complaints.clock.dates import day_words
from complaints.desk.forms.actions import StaffForm
from complaints.desk.forms.asking import answer_field, ask_where_named
from complaints.form_fields import LineField, SaidField
from complaints.services.reassignment import eligible_agencies
from escalation.ladder.decisions import LONGEST_INSTRUCTION, SAY_HOW_MANY, Ruling, offered
from escalation.ladder.extending import allowance, too_many
from escalation.ladder.models import Decision, Escalation

FIELDS: dict[Decision, tuple[str, ...]] = {
    Decision.INSTRUCT: ("days",),
    Decision.EXTEND: ("more_days",),
    Decision.REASSIGN: ("agency", "answer"),
    Decision.REFER: ("body", "reference"),
    Decision.UNFOUNDED: (),
}


@dataclass(frozen=True)
class Option:
    """One decision on the page: its radio, what it does, and the fields that belong to it alone."""

    radio: BoundWidget
    label: str
    consequence: str
    fields: list[BoundField]


def _days(label: Any, at_most: int = LONGEST_INSTRUCTION) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=at_most, required=False)


class DecisionForm(StaffForm):
    """Of the fields beside `words` only those of the chosen decision count."""

    # Of the case as it was shown; a script that does not send it decides on the case as it is.
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    days = _days(gettext_lazy("Working days the agency has"))
    more_days = _days(gettext_lazy("Working days to add"))
    agency = forms.ChoiceField(label=gettext_lazy("Agency that gets the case"), required=False)
    answer = answer_field()
    body = forms.ChoiceField(label=gettext_lazy("Outside body"), required=False)
    reference = LineField(
        label=gettext_lazy("Its reference"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Under which number that body deals with the matter."),
    )
    words = SaidField(
        label=gettext_lazy("Reason, as citizen and agency will read it"), rows=4, max_length=4000
    )

    def __init__(self, *args: Any, escalation: Escalation, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.escalation, self.actor = escalation, actor
        self.about = escalation.complaint.number
        self.offered = offered(escalation, actor)
        self.agencies = {agency.code: agency for agency in eligible_agencies(escalation.complaint, actor)}
        self.allowance = allowance(escalation.complaint, actor)
        if self.allowance.days:
            self.fields["more_days"] = _days(self.fields["more_days"].label, self.allowance.days)
        self._choose("decision", [(d.value, d.label) for d in self.offered])
        labels = dict(choices.agency_choices_to_assign())
        self._choose(
            "agency", [(code, labels.get(code, row.local_name)) for code, row in self.agencies.items()]
        )
        self._choose("body", choices.agency_choices(external=True))
        # Asked only of a case that moves, of whom it moves to.
        moves = self.is_bound and self.data.get("decision") == Decision.REASSIGN
        agency = str(self.data.get("agency", "")) if moves else ""
        ask_where_named(self, escalation.complaint, [agency], may_redirect=False)
        self.initial.setdefault("decision", Decision.INSTRUCT.value)
        self.initial.setdefault("version", escalation.complaint.version)

    def _choose(self, name: str, found: list[tuple[str, Any]]) -> None:
        first = [] if name == "decision" else [("", gettext_lazy("Please choose"))]
        self.fields[name].choices = [*first, *found]  # type: ignore[attr-defined]

    def options(self) -> list[Option]:
        return [
            Option(
                radio,
                str(decision.label),
                self._consequence(decision),
                [self[name] for name in FIELDS[decision] if name in self.fields],
            )
            for radio, decision in zip(self["decision"], self.offered, strict=True)
        ]

    def _consequence(self, decision: Decision) -> str:
        clock = self.allowance.clock
        due = clock.due_at if clock else None
        return {
            Decision.INSTRUCT: _(
                "The agency gets a day by which it must answer. After that the case climbs."
            ),
            Decision.EXTEND: _(
                "The promised day, %(day)s, moves later. The citizen reads both days and your reason, and the level "
                "above hears of it. %(limit)s"
            )
            % {"day": day_words(due) if due else "", "limit": too_many(self.allowance)},
            Decision.REASSIGN: _("Another agency gets the case at once. The promised day stays."),
            Decision.REFER: _("The case ends here, and a body outside the city answers for the matter."),
            Decision.UNFOUNDED: _(
                "Nothing changes for the case. The agency goes on with it. While it is late it comes back next week, "
                "to the level above, or to you where there is none."
            ),
        }[decision]

    @property
    def why_no_more_time(self) -> str:
        """Why an extension is not among the decisions."""
        return "" if self.allowance.days else str(self.allowance.why_not)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        missing = {
            "days": SAY_HOW_MANY,
            "more_days": SAY_HOW_MANY,
            "agency": _("Choose the agency that gets the case."),
            "body": _("Choose the body."),
            "reference": _("Give its reference."),
        }
        wanted = FIELDS[Decision(data["decision"])] if data.get("decision") in Decision.values else ()
        for name, words in missing.items():
            if name not in wanted:
                self.errors.pop(name, None)  # what belongs to another decision does not count
            elif not data.get(name) and name not in self.errors:
                self.add_error(name, str(words))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        decision = Decision(data["decision"])
        wanted = {name: data.get(name) for name in FIELDS[decision]}
        body = Agency.objects.filter(code=wanted["body"]).first() if wanted.get("body") else None
        ruling = Ruling(
            decision,
            data["words"],
            days=wanted.get("days") or wanted.get("more_days") or 0,
            agency=self.agencies.get(str(wanted.get("agency"))),
            answer=wanted.get("answer") or "",
            body=body,
            reference=wanted.get("reference") or "",
        )
        return {"ruling": ruling, "version": data["version"]}
