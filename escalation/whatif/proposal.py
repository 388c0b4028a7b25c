"""What somebody proposes, as data: from a TOML file or the form. Holds only what differs.

The shape is described in docs/what-if.md. A mistake is a ProposalError that names the place.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from complaints.clock.arithmetic import Target, Unit
from complaints.clock.working_calendar import WorkingCalendar
from escalation.whatif import policy
from escalation.whatif.policy import Rule
from escalation.whatif.replay import STAGES

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST = 999  # of any unit
LONGEST_NUMBER = 6  # digits; int() refuses thousands of them with an error of its own
# A day: over minutes a week a target would keep the worker counting through centuries.
LEAST_OPEN = timedelta(hours=1)
Hours = tuple[tuple[time, time], ...]
Read = TypeVar("Read")


class ProposalError(ValueError):
    """What cannot be understood, and where it stands."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}" if place else why)
        self.place, self.why = place, why


@dataclass(frozen=True)
class Known:
    """The codes that a proposal may name."""

    kinds: frozenset[str]
    categories: frozenset[str]


@dataclass(frozen=True)
class Proposal:
    """A proposal that was understood. `targets` are by kind, category (empty: the kind's general one) and stage."""

    title: str = ""
    as_on: date | None = None
    targets: Mapping[tuple[str, str, str], Target] = field(default_factory=dict)
    add_days_off: frozenset[date] = frozenset()
    remove_days_off: frozenset[date] = frozenset()
    hours: Mapping[int, Hours] = field(default_factory=dict)
    acknowledge: Mapping[int, Target] = field(default_factory=dict)
    rules: tuple[Rule, ...] | None = None

    @property
    def changes_nothing(self) -> bool:
        return self == Proposal(title=self.title)

    @property
    def changes_calendar(self) -> bool:
        return bool(self.add_days_off or self.remove_days_off or self.hours)


def read_toml(text: str) -> dict[str, Any]:
    """The file as plain data that JSON can hold. ProposalError with line and column."""
    try:
        return dict(_plain(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise ProposalError("", _("This is not TOML: %(why)s.") % {"why": error}) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
        raise ProposalError("", _("This is not TOML: %(why)s.") % {"why": type(error).__name__}) from error


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def parse(data: Mapping[str, Any], known: Known) -> Proposal:
    """Understands the data or raises ProposalError, which names the first place that does not fit."""
    top = _Table("", data)
    calendar, hours = top.table("calendar"), {}
    for name, value in calendar.table("hours").items(WEEKDAYS):
        hours[WEEKDAYS.index(name)] = _hours(value, f"calendar.hours.{name}")
    targets: dict[tuple[str, str, str], Target] = {}
    for kind in top.table("targets").names(known.kinds):
        _read_targets(top.table("targets").table(kind), kind, known, targets)
    levels = top.table("acknowledge").items([f"level_{level}" for level in (1, 2, 3)])
    proposal = Proposal(
        title=top.text("title")[:200],
        as_on=top.read("as_on", _day),
        targets=targets,
        add_days_off=frozenset(calendar.days("add_days_off")),
        remove_days_off=frozenset(calendar.days("remove_days_off")),
        hours=hours,
        acknowledge={int(name[-1]): _target(value, f"acknowledge.{name}") for name, value in levels},
        rules=_rules(data["rules"], known) if "rules" in data else None,
    )
    calendar.refuse_others("add_days_off", "remove_days_off", "hours")
    top.refuse_others("title", "as_on", "targets", "calendar", "acknowledge", "rules")
    if proposal.add_days_off & proposal.remove_days_off:
        raise ProposalError("calendar", _("A day is both added and removed."))
    return proposal


def _read_targets(
    table: "_Table", kind: str, known: Known, targets: dict[tuple[str, str, str], Target]
) -> None:
    for stage in ("citizen_answer", "confirmation"):
        if stage in table.data:
            why = _("The citizen's own time cannot be tried: it decides when a case ends.")
            raise ProposalError(table.at(stage), why)
    for stage in STAGES:
        if stage in table.data:
            targets[kind, "", stage] = _target(table.data[stage], table.at(stage))
    table.refuse_others(*STAGES, "categories")
    for category in table.table("categories").names(known.categories):
        inner = table.table("categories").table(category)
        for stage, value in inner.items(STAGES):
            targets[kind, category, stage] = _target(value, inner.at(stage))


class _Table:
    """A table of the proposal with the name by which an error finds it."""

    def __init__(self, place: str, data: Any) -> None:
        if not isinstance(data, Mapping):
            raise ProposalError(place, _("A table is expected here."))
        self.place, self.data = place, data

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def table(self, key: str) -> "_Table":
        return _Table(self.at(key), self.data.get(key, {}))

    def names(self, allowed: Any) -> list[str]:
        self.refuse_others(*allowed)
        return list(self.data)

    def items(self, allowed: Any) -> list[tuple[str, Any]]:
        self.refuse_others(*allowed)
        return list(self.data.items())

    def refuse_others(self, *allowed: str) -> None:
        for key in self.data:
            if key not in allowed:
                known = ", ".join(sorted(allowed)[:12])
                why = _("This is not known here. Known are: %(known)s.") % {"known": known}
                raise ProposalError(self.at(key), why)

    def text(self, key: str) -> str:
        value = self.data.get(key, "")
        if not isinstance(value, str) or "\0" in value:  # which PostgreSQL does not keep
            raise ProposalError(self.at(key), _("A text is expected here."))
        return value

    def read(self, key: str, convert: Callable[[Any, str], Read]) -> Read | None:
        return convert(self.data[key], self.at(key)) if key in self.data else None

    def number(self, key: str, least: int, most: int = MOST) -> int:
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            why = _("A whole number from %(least)d to %(most)d is expected here.")
            raise ProposalError(self.at(key), why % {"least": least, "most": most})
        return value

    def days(self, key: str) -> list[date]:
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise ProposalError(self.at(key), _("A list of days is expected here."))
        return [_day(each, self.at(key)) for each in value]


def _target(value: Any, place: str) -> Target:
    """ "10 working_days"."""
    words = value.split() if isinstance(value, str) else []
    is_number = len(words) == 2 and len(words[0]) <= LONGEST_NUMBER
    is_number = is_number and words[0].isascii() and words[0].isdigit()
    if is_number and words[1] in list(Unit) and 1 <= int(words[0]) <= MOST:
        return Target(int(words[0]), Unit(words[1]))
    units = ", ".join(Unit)
    why = _("A number and a unit are expected here, such as “10 working_days”. Units: %(units)s.")
    raise ProposalError(place, why % {"units": units})


def _day(value: Any, place: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        why = _("“%(value)s” is not a day; write 2026-12-28.") % {"value": value}
        raise ProposalError(place, why) from None


def _hours(value: Any, place: str) -> Hours:
    """["07:30-12:00", "13:00-16:00"]; an empty list is a day on which the office is shut."""
    why = _('A list such as ["07:30-12:00", "13:00-16:00"] is expected here.')
    if not isinstance(value, list):
        raise ProposalError(place, why)
    try:
        pairs = [each.split("-") for each in value]
        found = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)
        if found:
            # Refuses hours that overlap or run backwards.
            WorkingCalendar(tz=ZoneInfo("UTC"), hours={0: found}, days_off={})
            if sum((_on(closes) - _on(opens) for opens, closes in found), timedelta()) < LEAST_OPEN:
                raise ValueError
    except (AttributeError, TypeError, ValueError):
        raise ProposalError(place, why) from None
    return found


def _on(moment: time) -> datetime:
    return datetime.combine(date.min, moment)


RULE_KEYS = ("trigger", "level", "kind", "stage", "amount", "within_days", "acknowledge")


def _rules(value: Any, known: Known) -> tuple[Rule, ...]:
    if not isinstance(value, list):
        raise ProposalError("rules", _("Each rule begins with [[rules]]."))
    rules: dict[tuple[str, str, str, int], Rule] = {}
    for number, each in enumerate(value, start=1):
        rule = _rule(_Table(f"rules[{number}]", each), known)
        if rule.says_about in rules:
            why = _("There is a rule for the same kind, trigger, stage and level already.")
            raise ProposalError(f"rules[{number}]", why)
        rules[rule.says_about] = rule
    return tuple(rules.values())


def _rule(table: _Table, known: Known) -> Rule:
    table.refuse_others(*RULE_KEYS)
    trigger, kind, stage = table.text("trigger"), table.text("kind"), table.text("stage")
    for key, found, allowed in (
        ("trigger", trigger, policy.TRIGGERS),
        ("kind", kind, ("", *sorted(known.kinds))),
        ("stage", stage, ("", *STAGES)),
    ):
        if found not in allowed:
            names = ", ".join(name for name in allowed if name)
            why = _("This is not known here. Known are: %(known)s.") % {"known": names}
            raise ProposalError(table.at(key), why)
    amount, unit = _amount(table, trigger)
    return Rule(
        trigger=trigger,
        level=table.number("level", 1, policy.TOP),
        kind=kind,
        stage=stage,
        amount=amount,
        unit=unit,
        within_days=table.number("within_days", 1) if trigger == policy.REPEATED else 0,
        acknowledge=table.read("acknowledge", _target),
    )


def _amount(table: _Table, trigger: str) -> tuple[int, Unit]:
    """What the trigger counts: per cent, a time, or how often."""
    if trigger == policy.OVERDUE:
        target = _target(table.data.get("amount"), table.at("amount"))
        return target.amount, target.unit
    if trigger == policy.SHARE:
        return table.number("amount", 1, 99), Unit.WORKING_DAYS
    if trigger in policy.COUNTED:
        return table.number("amount", 1), Unit.WORKING_DAYS
    return 0, Unit.WORKING_DAYS
