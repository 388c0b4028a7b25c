"""Where a case stands, whose turn it is and by when, and what its citizen can do now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_fsm import can_proceed

from accounts.roles import Citizen
from complaints.models import Complaint, EventKind
from complaints.models.complaint import StateChoice
from complaints.moments import day_words
from complaints.permissions import Act, may
from complaints.states import TERMINAL, WITH_AGENCY, State, Verb
from complaints.timeline import TimelineItem, timeline_for, timeline_of_main

SOON = timedelta(days=3)
GONE = frozenset({State.LAPSED, State.REJECTED, State.MERGED, State.REFERRED, State.WITHDRAWN})


@dataclass(frozen=True)
class Due:
    """As the component due takes it."""

    label: str
    words: str
    due_at: datetime | None
    turn: str
    level: str


@dataclass
class Standing:
    """All that the citizen's page says of a case beside its own words."""

    steps: list[dict[str, Any]]
    due: Due | None
    timeline: list[TimelineItem]
    question: TimelineItem | None = None
    answer: TimelineItem | None = None
    main: Complaint | None = None
    can: dict[str, bool] = field(default_factory=dict)


def standing_of(case: Complaint, who: Citizen, now: datetime) -> Standing:
    own = timeline_for(case, who)
    followed = timeline_of_main(case)
    items = sorted([*own, *followed], key=lambda item: item.at)
    answers = [item for item in items if item.kind == EventKind.RESOLVED]
    questions = [item for item in own if item.kind == EventKind.QUESTION_ASKED]
    return Standing(
        steps=steps_of(case),
        due=due_of(case, now),
        timeline=items[::-1],
        question=questions[-1] if questions and case.state == State.AWAITING_CITIZEN else None,
        answer=answers[-1] if answers else None,
        main=case.merged_into,
        can=possible(case, who, own),
    )


def possible(case: Complaint, who: Citizen, own: list[TimelineItem]) -> dict[str, bool]:
    """Which of the page's forms to show: the right, and the state as it is."""

    def verb(name: Verb) -> bool:
        return may(who, name, case) and can_proceed(getattr(case, name.value))

    return {
        "answer": verb(Verb.ANSWER),
        "confirm": verb(Verb.CONFIRM),
        "dispute": verb(Verb.DISPUTE),
        "withdraw": verb(Verb.WITHDRAW),
        "files": may(who, Act.ADD_FILE, case) and case.is_open,
        "second": _can_second(case, own),
    }


def _can_second(case: Complaint, own: list[TimelineItem]) -> bool:
    main = case.merged_into
    if case.state != State.MERGED or main is None or main.state != State.RESOLVED:
        return False
    return not any(item.kind == EventKind.RATED and item.data.get("cycle") == main.cycle for item in own)


def steps_of(case: Complaint) -> list[dict[str, Any]]:
    """The way of a case for the component steps, with what is done, what is now and what is to come."""
    labels = [
        _("Received"),
        _("Checked by a verifier"),
        _("Worked on by %(agency)s") % {"agency": case.agency.local_name}
        if case.agency
        else _("Worked on by the agency"),
        _("Answered"),
        _("Closed"),
    ]
    reached = _reached(case)
    if case.state in GONE:
        labels = [*labels[: min(reached, 3)], str(StateChoice(case.state).label)]
        reached = len(labels)
    notes = {0: day_words(case.received_at)}
    if case.assigned_at and reached > 1:
        notes[1] = day_words(case.assigned_at)
    if case.ended_at and case.state in TERMINAL | {State.RESOLVED}:
        notes[len(labels) - 1 if case.state in GONE else 3] = day_words(case.ended_at)
    if case.state == State.AWAITING_CITIZEN:
        notes[reached] = _("waits for your answer")
    return [
        {"label": label, "state": _step_state(index, reached), "note": notes.get(index, "")}
        for index, label in enumerate(labels)
    ]


def _reached(case: Complaint) -> int:
    """The number of the step that is now: those before it are done."""
    if case.state == State.CLOSED:
        return 5
    if case.state == State.RESOLVED:
        return 4
    if case.state in WITH_AGENCY or case.agency_id:
        return 2
    return 1


def _step_state(index: int, reached: int) -> str:
    if index < reached:
        return "done"
    return "current" if index == reached else "todo"


def due_of(case: Complaint, now: datetime) -> Due | None:
    """What falls due next for the citizen to know, and whose turn it is; None once the case is over."""
    if case.state == State.SUBMITTED:
        return _city_due(_("Checked by"), case.due_at, _("The city's verifiers"), now)
    if case.state in WITH_AGENCY:
        agency = case.agency.local_name if case.agency else ""
        return _city_due(_("Answer promised by"), case.target_at, agency, now)
    if case.state == State.AWAITING_CITIZEN:
        return _your_due(_("Your answer is needed by"), case.due_at, now)
    if case.state == State.RESOLVED:
        return _your_due(_("Please say whether it is solved, by"), case.due_at, now)
    return None


def _city_due(label: str, due_at: datetime | None, who: str, now: datetime) -> Due:
    turn = _("Whose turn: %(who)s") % {"who": who} if who else ""
    if due_at is None:
        return Due(label, _("no date"), None, turn, "calm")
    if now > due_at:
        return Due(label, _("late since %(day)s") % {"day": day_words(due_at)}, due_at, turn, "overdue")
    return Due(label, day_words(due_at), due_at, turn, "calm")


def _your_due(label: str, due_at: datetime | None, now: datetime) -> Due:
    turn = _("Whose turn: yours")
    if due_at is None:
        return Due(label, _("no date"), None, turn, "soon")
    days = (due_at.astimezone(settings.CITY.tz).date() - now.astimezone(settings.CITY.tz).date()).days
    left = ngettext("%(days)d day left", "%(days)d days left", max(days, 0)) % {"days": max(days, 0)}
    return Due(
        label, f"{day_words(due_at)} ({left})", due_at, turn, "soon" if due_at - now < SOON else "calm"
    )
