"""Asking what another policy would have done: the common changes as fields, everything else as a file's text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from complaints.clock.arithmetic import Target
from complaints.desk.filters import SENSIBLE_DAYS
from complaints.desk.forms.actions import StaffForm
from complaints.models import ServiceLevel
from complaints.models.catalogue import Kind
from complaints.models.policy import Stage, UnitChoice
from escalation.ladder.models import EscalationRule
from escalation.whatif import policy
from escalation.whatif.collect import known_codes, rules_on, targets_on
from escalation.whatif.policy import Rule
from escalation.whatif.proposal import MOST, ProposalError, parse, read_toml
from escalation.whatif.replay import FIRST_RESPONSE, RESOLUTION, VERIFICATION
from escalation.whatif.services import LONGEST_DAYS, NOTHING_DIFFERS, Asked
from escalation.whatif.words import rule_words, rung_words

SHOWN_STAGES = (VERIFICATION, FIRST_RESPONSE, RESOLUTION)
LONGEST_TEXT = 20_000


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=SENSIBLE_DAYS[:1], **kwargs)


def _number(label: str, value: int, most: int = MOST) -> forms.IntegerField:
    """An amount in force today; left empty it stays what it is."""
    return forms.IntegerField(label=label, initial=value, min_value=1, max_value=most, required=False)


@dataclass(frozen=True)
class Group:
    """Fields that belong together on the page."""

    title: str
    note: str
    fields: list[BoundField]


class WhatIfForm(StaffForm):
    """Filled with what is in force today; only what is changed becomes part of the proposal."""

    first = _day(gettext_lazy("From"))
    last = _day(gettext_lazy("To"), help_text=gettext_lazy("This day is still included."))
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"),
        queryset=Agency.objects.filter(is_active=True, is_external=False),
        required=False,
        empty_label=gettext_lazy("The whole city"),
    )
    title = forms.CharField(
        label=gettext_lazy("Name of this trial"),
        help_text=gettext_lazy("So that others find it again."),
        max_length=200,
        required=False,
    )
    as_on = forms.ChoiceField(label=gettext_lazy("Targets and rules entered for a later day"), required=False)
    add_days_off = forms.CharField(
        label=gettext_lazy("More days off"),
        help_text=gettext_lazy("Days such as 2026-12-28, separated by commas."),
        max_length=2000,
        required=False,
    )
    remove_days_off = forms.CharField(
        label=gettext_lazy("Days off that would be worked"),
        help_text=gettext_lazy("Days such as 2026-12-24, separated by commas."),
        max_length=2000,
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Proposal as TOML"),
        help_text=gettext_lazy(
            "Takes the place of all fields above but the period, the agency and the name."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=LONGEST_TEXT,
        required=False,
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        initial = {"first": today - timedelta(days=91), "last": today - timedelta(days=1)}
        super().__init__(data, initial=initial)
        self.today = today
        self.rules = rules_on(today)
        self.targets = targets_on(today)
        later = self.fields["as_on"]
        assert isinstance(later, forms.ChoiceField)
        later.choices = [
            ("", _("None")),
            *((day.isoformat(), date_format(day, "j F Y")) for day in _later(today)),
        ]
        for name, label, amount in self._target_fields():
            self.fields[name] = _number(label, amount)
        for number, rule in enumerate(self.rules):
            self.fields.update(_rule_fields(number, rule))

    def _target_fields(self) -> Iterator[tuple[str, str, int]]:
        for kind, targets in self.targets.items():
            for stage in SHOWN_STAGES:
                amount, unit = targets[stage]
                label = f"{Stage(stage).label} ({UnitChoice(unit).label})"
                yield f"target_{kind}_{stage}", label, amount

    def target_groups(self) -> list[Group]:
        """One group a kind."""
        return [
            Group(str(Kind(kind).label), "", [self[f"target_{kind}_{stage}"] for stage in SHOWN_STAGES])
            for kind in self.targets
        ]

    def rule_groups(self) -> list[Group]:
        """One group a rule of the ladder."""
        return [
            Group(
                rule_words(rule),
                rung_words(rule),
                [self[name] for name in self.fields if name.startswith(f"rule_{number}_")],
            )
            for number, rule in enumerate(self.rules)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_period(data.get("first"), data.get("last"))
        if self.errors:
            return data
        try:
            proposal = self._proposal(data)
            if parse(proposal, known_codes()).changes_nothing:
                raise ProposalError("", str(NOTHING_DIFFERS))
        except ProposalError as error:
            self.add_error(_field_of(error, data), str(error))
            return data
        data["asked"] = Asked(data["first"], data["last"], data["agency"], proposal)
        return data

    def arguments(self) -> dict[str, Any]:
        return {"asked": self.cleaned_data["asked"]}

    def _check_period(self, first: date | None, last: date | None) -> None:
        if first is None or last is None:
            return
        if last < first:
            self.add_error("last", _("The period ends before it begins."))
        elif first >= self.today:
            self.add_error("first", _("Only a period that is past can be replayed."))
        elif (last - first).days > LONGEST_DAYS:
            self.add_error("last", _("A trial covers three years at most."))

    def _proposal(self, data: dict[str, Any]) -> dict[str, Any]:
        """What differs, as docs/what-if.md has it."""
        if data["text"].strip():
            proposal = read_toml(data["text"])
        else:
            calendar = {
                key: _days(data[key]) for key in ("add_days_off", "remove_days_off") if data[key].strip()
            }
            parts = {
                "as_on": data["as_on"],
                "targets": self._changed_targets(data),
                "calendar": calendar,
                "rules": self._changed_rules(data),
            }
            proposal = {key: value for key, value in parts.items() if value not in (None, "", {})}
        return proposal | ({"title": data["title"]} if data["title"] else {})

    def _changed_targets(self, data: dict[str, Any]) -> dict[str, dict[str, str]]:
        changed: dict[str, dict[str, str]] = {}
        for kind, targets in self.targets.items():
            for stage in SHOWN_STAGES:
                before, unit = targets[stage]
                amount = data[f"target_{kind}_{stage}"]
                if amount not in (None, before):
                    changed.setdefault(kind, {})[stage] = f"{amount} {unit}"
        return changed

    def _changed_rules(self, data: dict[str, Any]) -> list[dict[str, Any]] | None:
        """The whole ladder when anything of it differs; else nothing."""
        as_it_is = [_as_data(rule) for rule in self.rules]
        wanted = [
            _as_data(rule, data.get(f"rule_{number}_amount"), data[f"rule_{number}_acknowledge"])
            for number, rule in enumerate(self.rules)
            if data[f"rule_{number}_keep"]
        ]
        return None if wanted == as_it_is else wanted


def _later(today: date) -> list[date]:
    """Days to come on which targets or rules that are already entered begin."""
    days = {*ServiceLevel.objects.filter(valid_from__gt=today).values_list("valid_from", flat=True)}
    rules = EscalationRule.objects.filter(valid_from__gt=today, is_active=True)
    return sorted(days | {*rules.values_list("valid_from", flat=True)})


def _rule_fields(number: int, rule: Rule) -> dict[str, forms.Field]:
    keep = forms.BooleanField(label=_("Keep this rule"), initial=True, required=False)
    fields: dict[str, forms.Field] = {f"rule_{number}_keep": keep}
    if rule.trigger in policy.COUNTED:
        label = {
            policy.SHARE: _("Per cent used"),
            policy.OVERDUE: _("Overdue by (%(unit)s)") % {"unit": UnitChoice(rule.unit).label},
            policy.HANDED_BACK: _("Times handed back"),
            policy.REPEATED: _("Complaints"),
        }.get(rule.trigger, _("How often"))
        most = 99 if rule.trigger == policy.SHARE else MOST
        fields[f"rule_{number}_amount"] = _number(label, rule.amount, most)
    unit = UnitChoice(rule.answered_within.unit).label
    label = _("Time to acknowledge (%(unit)s)") % {"unit": unit}
    fields[f"rule_{number}_acknowledge"] = _number(label, rule.answered_within.amount)
    return fields


def _as_data(rule: Rule, amount: int | None = None, acknowledge: int | None = None) -> dict[str, Any]:
    """A rule as a proposal writes it, with other numbers where given."""
    counted = max(rule.amount if amount is None else amount, rule.trigger in policy.COUNTED)
    within = rule.answered_within
    data = {
        "trigger": rule.trigger,
        "level": rule.level,
        "kind": rule.kind,
        "stage": rule.stage,
        "amount": _text(Target(counted, rule.unit)) if rule.trigger == policy.OVERDUE else counted,
        "within_days": rule.within_days,
        "acknowledge": _text(Target(acknowledge or within.amount, within.unit)),
    }
    return {key: value for key, value in data.items() if value}


def _text(target: Target) -> str:
    return f"{target.amount} {target.unit}"


def _days(text: str) -> list[str]:
    return [part for part in text.replace(",", " ").split() if part]


def _field_of(error: ProposalError, data: dict[str, Any]) -> str | None:
    """The field in which the mistake stands."""
    if data["text"].strip():
        return "text"
    name = error.place.rpartition(".")[2]
    return name if name in ("add_days_off", "remove_days_off") else None
