"""What came of a what-if in sentences, and what a proposal changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.clock.arithmetic import Target, Unit
from complaints.models import Category
from complaints.models.catalogue import Kind
from complaints.models.policy import OpeningHours, Stage
from escalation.ladder.models import Level, Trigger
from escalation.whatif import policy
from escalation.whatif.policy import Rule
from escalation.whatif.proposal import Proposal
from escalation.whatif.replay import FIRST_RESPONSE, RESOLUTION, STAGES, VERIFICATION

NOT_MODELLED = gettext_lazy(
    "People's behaviour is not modelled: what they did stays as it was, and only the deadlines and escalations are "
    "worked out anew. With other deadlines people would have worked differently."
)


def headline(result: Mapping[str, Any]) -> list[str]:
    """The answer in two or three sentences: the proposal beside the same computation with the policy in force."""
    now, then = result["columns"]["in_force"], result["columns"]["proposed"]
    differing = [stage for stage in STAGES if now["late"][stage] != then["late"][stage]]
    said = [late_words(stage, now["late"][stage], then["late"][stage]) for stage in differing]
    if not said:
        said = [_("With this proposal as many cases would have been late as with the policy in force.")]
    return [*said, _heads(now["to_heads_a_week"], then["to_heads_a_week"])]


def late_words(stage: str, now: int, then: int) -> str:
    words = {
        RESOLUTION: ngettext(
            "With this proposal %(then)d case instead of %(now)d would have missed the promised resolution.",
            "With this proposal %(then)d cases instead of %(now)d would have missed the promised resolution.",
            then,
        ),
        FIRST_RESPONSE: ngettext(
            "With this proposal %(then)d first response instead of %(now)d would have been late.",
            "With this proposal %(then)d first responses instead of %(now)d would have been late.",
            then,
        ),
        VERIFICATION: ngettext(
            "With this proposal %(then)d case instead of %(now)d would have been verified late.",
            "With this proposal %(then)d cases instead of %(now)d would have been verified late.",
            then,
        ),
    }
    return words[stage] % {"now": now, "then": then}


def _heads(now: float, then: float) -> str:
    if number(now) == number(then):
        words = _("The heads of agencies would have got as many escalations: %(now)s a week.")
    else:
        words = _("The heads of agencies would have got %(then)s instead of %(now)s escalations a week.")
    return words % {"now": number(now), "then": number(then)}


def number(value: float, places: int = 1) -> str:
    """One decimal as the language writes it, none for a whole number."""
    return str(number_format(round(value, places), 0 if round(value, places) % 1 == 0 else places))


@dataclass(frozen=True)
class Difference:
    """One thing that a proposal changes."""

    what: str
    now: str
    then: str


def amount_words(target: Target) -> str:
    """ "3 working days"."""
    amount = target.amount
    words = {
        Unit.WORKING_DAYS: ngettext("%(amount)d working day", "%(amount)d working days", amount),
        Unit.WORKING_HOURS: ngettext("%(amount)d working hour", "%(amount)d working hours", amount),
        Unit.CALENDAR_DAYS: ngettext("%(amount)d calendar day", "%(amount)d calendar days", amount),
    }
    return words[target.unit] % {"amount": amount}


def rule_words(rule: Rule) -> str:
    """Why and for which cases; the level is said apart."""
    why = {
        policy.SHARE: _("%(amount)d per cent of the target used"),
        policy.OVERDUE: _("Overdue by %(time)s"),
        policy.HANDED_BACK: _("Handed back %(amount)d times"),
        policy.REPEATED: _("%(amount)d complaints about one agency within %(days)d days"),
    }.get(rule.trigger)
    values = {
        "amount": rule.amount,
        "days": rule.within_days,
        "time": amount_words(Target(max(rule.amount, 1), rule.unit)),
    }
    label = str(Trigger(rule.trigger).label)
    about = [Kind(rule.kind).label] if rule.kind else []
    about += [Stage(rule.stage).label] if rule.stage else []
    return " · ".join([why % values if why else label[:1].upper() + label[1:], *map(str, about)])


def rung_words(rule: Rule) -> str:
    """To whom it goes and how long they have."""
    words = _("to %(level)s, who has %(time)s to acknowledge")
    return words % {"level": Level(rule.level).label, "time": amount_words(rule.answered_within)}


def differences(
    proposal: Proposal, targets: Mapping[tuple[str, str, str], Target], rules: tuple[Rule, ...]
) -> list[Difference]:
    """What the proposal changes, beside the targets and rules that are in force today."""
    found: list[Difference] = []
    if proposal.as_on:
        what = _("What is entered for %(day)s") % {"day": date_format(proposal.as_on, "j F Y")}
        found.append(Difference(what, "", _("targets and rules of that day")))
    categories = dict(Category.objects.values_list("code", "pk")) if proposal.targets else {}
    names = {row.pk: row.name for row in Category.objects.filter(pk__in=categories.values())}
    for (kind, category, stage), target in proposal.targets.items():
        name = names.get(categories.get(category, 0), "")
        what = " · ".join(filter(None, [str(Kind(kind).label), name, str(Stage(stage).label)]))
        now = targets.get((kind, category, stage)) or targets.get((kind, "", stage))
        found.append(Difference(what, amount_words(now) if now else "", amount_words(target)))
    return [*found, *_of_calendar(proposal), *_of_ladder(proposal, rules)]


def _of_calendar(proposal: Proposal) -> list[Difference]:
    shut, open_ = _("day off"), _("working day")
    days = [(day, open_, shut) for day in proposal.add_days_off]
    days += [(day, shut, open_) for day in proposal.remove_days_off]
    found = [Difference(date_format(day, "j F Y"), now, then) for day, now, then in sorted(days)]
    weekdays = dict(OpeningHours._meta.get_field("weekday").flatchoices)
    for weekday, hours in sorted(proposal.hours.items()):
        then = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in hours) or _("shut")
        found.append(Difference(str(weekdays[weekday]), "", then))
    return found


def _of_ladder(proposal: Proposal, rules: tuple[Rule, ...]) -> list[Difference]:
    found = []
    for level, target in sorted(proposal.acknowledge.items()):
        what = _("Time to acknowledge: %(level)s") % {"level": Level(level).label}
        found.append(Difference(what, "", amount_words(target)))
    if proposal.rules is None:
        return found
    now, then = {rule.says_about: rule for rule in rules}, {rule.says_about: rule for rule in proposal.rules}
    for key in [*now, *(key for key in then if key not in now)]:
        before, after = _rung(now.get(key)), _rung(then.get(key))
        if before != after:
            found.append(Difference(_("Rule of the ladder"), before, after))
    return found


def _rung(rule: Rule | None) -> str:
    return f"{rule_words(rule)}: {rung_words(rule)}" if rule else _("no such rule")
