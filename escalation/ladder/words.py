"""A rule of the ladder in one sentence, and the ladder of each kind of case, lowest level first."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.admin.levels import amount_words
from complaints.models.catalogue import Kind
from complaints.models.policy import Stage
from escalation.ladder.models import EscalationRule, Trigger
from escalation.ladder.rules import DEFAULT_TARGET, rules_in_force


@dataclass(frozen=True)
class Ladder:
    """What is in force for one kind of case, in words."""

    kind: str
    sentences: list[str]


def in_words(rule: EscalationRule) -> str:
    """When it raises which cases, to whom, and how long they have. The rule need not be stored."""
    kind = rule.get_kind_display() if rule.kind else _("any kind of case")
    time = (
        amount_words(rule.acknowledge_amount, rule.acknowledge_unit)
        if rule.acknowledge_amount
        else amount_words(DEFAULT_TARGET.amount, DEFAULT_TARGET.unit)
    )
    return _("%(why)s (%(kind)s): to %(level)s, who has %(time)s to answer.") % {
        "why": _when(rule),
        "kind": kind,
        "level": rule.get_level_display(),
        "time": time,
    }


def _when(rule: EscalationRule) -> str:
    amount = rule.amount
    words = {
        Trigger.SHARE: _("When %(amount)d per cent of the time is used"),
        Trigger.BREACH: _("When a deadline has passed"),
        Trigger.OVERDUE: _("When a case is %(time)s late"),
        Trigger.DISPUTED: _("When the citizen does not accept the answer"),
        Trigger.HANDED_BACK: ngettext(
            "When a case was handed back %(amount)d time",
            "When a case was handed back %(amount)d times",
            amount,
        ),
        Trigger.UNACKNOWLEDGED: _("When nothing came of an escalation in time"),
        Trigger.OVERSIGHT_KIND: _("When an oversight complaint arrives"),
        Trigger.REPEATED: _(
            "When %(amount)d complaints about one agency and one matter arrive within %(days)d days"
        ),
    }[Trigger(rule.trigger)]
    told = words % {"amount": amount, "days": rule.within_days, "time": amount_words(amount, rule.unit)}
    if rule.stage:
        told = _("%(when)s, counted for: %(stage)s") % {"when": told, "stage": Stage(rule.stage).label}
    return told


def ladders(on: date) -> list[Ladder]:
    """For each kind of case who is told what, as the rules stand on `on`."""
    order = list(Trigger)
    rules = sorted(rules_in_force(on), key=lambda rule: (rule.level, order.index(Trigger(rule.trigger))))
    return [Ladder(str(kind.label), [in_words(rule) for rule in _of(kind, rules)]) for kind in Kind]


def _of(kind: Kind, rules: list[EscalationRule]) -> list[EscalationRule]:
    """Those that count for this kind: on one level its own before the general ones."""
    own = {(rule.trigger, rule.stage, rule.level) for rule in rules if rule.kind == kind}
    general = {
        rule.pk for rule in rules if rule.kind == "" and (rule.trigger, rule.stage, rule.level) not in own
    }
    fitting = [rule for rule in rules if rule.kind == kind or rule.pk in general]
    is_oversight = kind == Kind.OVERSIGHT
    return [rule for rule in fitting if is_oversight or rule.trigger != Trigger.OVERSIGHT_KIND]
