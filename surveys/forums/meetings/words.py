"""The steps of a forum in words, for the component timeline."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.clock.dates import moment_words
from surveys.forums.meetings.models.record import ForumStep, ForumStepKind

STYLES: dict[ForumStepKind, tuple[str, str]] = {
    ForumStepKind.ANNOUNCED: ("flag", "info"),
    ForumStepKind.MOVED: ("calendar", "warning"),
    ForumStepKind.OPENED: ("chat", "info"),
    ForumStepKind.HELD: ("check-circle", "success"),
    ForumStepKind.CANCELLED: ("x-circle", "danger"),
    ForumStepKind.INVITED: ("mail", "info"),
    ForumStepKind.CIRCULATED: ("file", "info"),
    ForumStepKind.OBJECTED: ("alert", "warning"),
    ForumStepKind.OBJECTION_ANSWERED: ("chat", "info"),
    ForumStepKind.SIGNED: ("edit", "success"),
    ForumStepKind.PUBLISHED: ("check-circle", "success"),
    ForumStepKind.REMINDED: ("bell", "warning"),
    ForumStepKind.RAISED: ("up", "danger"),
}


def history(steps: Iterable[ForumStep]) -> list[dict[str, Any]]:
    return [_line(step) for step in steps]


def _line(step: ForumStep) -> dict[str, Any]:
    icon, tone = STYLES.get(ForumStepKind(step.kind), ("edit", "neutral"))
    return {
        "at": step.at,
        "title": title_of(step),
        "who": str(step.actor) if step.actor else ("" if step.kind in OUTSIDE else _("Tuntas, by itself")),
        "body": step.words,
        "icon": icon,
        "tone": tone,
        "files": [],
    }


# By somebody without an account: who that was is in no list.
OUTSIDE = frozenset({ForumStepKind.OBJECTED, ForumStepKind.SIGNED})


def title_of(step: ForumStep) -> str:
    data = step.data
    kind = ForumStepKind(step.kind)
    people = int(data.get("people", 0))
    if kind == ForumStepKind.INVITED:
        return ngettext("%(n)d person invited", "%(n)d people invited", people) % {"n": people}
    if kind == ForumStepKind.LIST_TYPED:
        words = ngettext(
            "%(n)d person added to the attendance list", "%(n)d people added to the attendance list", people
        )
        return words % {"n": people}
    if kind == ForumStepKind.MOVED:
        return _("Moved to %(day)s") % {"day": moment_words(datetime.fromisoformat(str(data["at"])))}
    if kind == ForumStepKind.DRAFTED:
        return _("Text %(n)s of the minutes") % {"n": data.get("version", "")}
    if kind == ForumStepKind.SIGNED:
        return _("Signed for the provider") if data.get("side") == "provider" else _("Signed for the public")
    if kind == ForumStepKind.RAISED and data.get("told") == 0:
        return _("Late: there was nobody who could be told")
    if kind == ForumStepKind.RAISED:
        return _raised(int(data.get("level", 1)))
    plain = {
        ForumStepKind.MADE: _("Prepared"),
        ForumStepKind.ANNOUNCED: _("Announced"),
        ForumStepKind.CHANGED: _("Changed"),
        ForumStepKind.OPENED: _("The doors were opened"),
        ForumStepKind.HELD: _("Closed as held"),
        ForumStepKind.CANCELLED: _("Cancelled"),
        ForumStepKind.PHOTOS: _("Photos added"),
        ForumStepKind.CIRCULATED: _("The minutes are open to objections"),
        ForumStepKind.OBJECTED: _("Objection to the minutes"),
        ForumStepKind.OBJECTION_ANSWERED: _("Objection answered"),
        ForumStepKind.NAMED: _("Representative of the public named"),
        ForumStepKind.PUBLISHED: _("Minutes published"),
        ForumStepKind.REMINDED: _("Reminder to the head of the agency"),
        ForumStepKind.HANDED_OVER: _("Handed over: the agency was closed"),
    }
    return plain[kind]


def _raised(level: int) -> str:
    return {
        1: _("Late: the head of the agency was told"),
        2: _("Late: the inspectorate or the city secretary was told"),
        3: _("Late: the ombudsman was told"),
    }.get(level, _("Late"))
