"""Where a case stands, whose turn it is and by when, and what its citizen can do now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_fsm import can_proceed

from accounts.actors import Citizen
from complaints.clock.city_time import day_of
from complaints.clock.dates import day_words
from complaints.clock.following import heard_until, is_heard
from complaints.history.timeline import TimelineItem, answers_of, timeline_for, timeline_of_main
from complaints.models import Complaint, EventKind
from complaints.models.clock import answer_due, runs_on
from complaints.models.complaint import StateChoice
from complaints.permissions import Act, may
from complaints.services.citizen import gets_mail
from complaints.services.ending import last_word, may_leave
from complaints.services.referral import may_speak
from complaints.services.system import may_go_to_ombudsman
from complaints.states import TERMINAL, WITH_AGENCY, State, Verb

SOON = timedelta(days=3)
TAKEN_BACK = frozenset({State.LAPSED, State.WITHDRAWN})  # by what its own citizen did or did not do
GONE = frozenset({State.LAPSED, State.REJECTED, State.MERGED, State.REFERRED, State.WITHDRAWN})


@dataclass(frozen=True)
class Due:
    """As the component due takes it."""

    label: str
    words: str
    due_at: datetime | None
    turn: str
    level: str


@dataclass(frozen=True)
class PartAnswer:
    """What another agency, which worked on a part, answered."""

    agency: str
    item: TimelineItem


@dataclass
class Standing:
    """All that the citizen's page says of a case beside its own words."""

    state: str
    steps: list[dict[str, Any]]
    due: Due | None
    timeline: list[TimelineItem]
    question: TimelineItem | None = None
    runs_until: datetime | None = None  # the promised day, where the question does not stop the clock
    answer: TimelineItem | None = None
    parts_answers: list["PartAnswer"] = field(default_factory=list)
    main: Complaint | None = None
    joined: str = ""  # how the main case stands, to the citizen of the merged one
    ombudsman: bool = False  # not answered in the time that the law gives
    can: dict[str, bool] = field(default_factory=dict)


def standing_of(case: Complaint, who: Citizen, now: datetime) -> Standing:
    """Of a case merged into another: how that other one stands, which the citizen follows."""
    own = timeline_for(case, who)
    items = sorted([*own, *timeline_of_main(case, own)], key=lambda item: item.at)
    answers = [item for item in items if item.kind == EventKind.RESOLVED]
    questions = [item for item in own if item.kind == EventKind.QUESTION_ASKED]
    can = possible(case, who, now)
    followed = case.merged_into or case
    parts = list(followed.children.select_related("agency").order_by("pk"))
    shared = [(part, answers_of(part)) for part in parts]
    items += [item for _part, given in shared for item in given]
    items.sort(key=lambda item: item.at)
    return Standing(
        state=state_words(case),
        steps=steps_of(followed, parts, follows=followed is not case),
        due=_second_due(case, now) if can["second"] else due_of(followed, now, is_yours=followed is case),
        timeline=items[::-1],
        question=questions[-1] if questions and case.state == State.AWAITING_CITIZEN else None,
        runs_until=case.target_at if case.state == State.AWAITING_CITIZEN and runs_on(case) else None,
        answer=answers[-1] if answers else None,
        parts_answers=[PartAnswer(agency_words(part), given[-1]) for part, given in shared if given],
        main=case.merged_into,
        joined=joined_words(case.merged_into) if case.merged_into else "",
        ombudsman=may_go_to_ombudsman(case),
        can=can,
    )


def state_words(case: Complaint) -> str:
    """The state as its citizen would say it."""
    words = {
        State.SUBMITTED: _("Being checked"),
        State.AWAITING_CITIZEN: _("Waiting for your answer"),
        State.IN_PROGRESS: _("Being worked on"),
        State.RESOLVED: _("Answered: is it solved?"),
        State.MERGED: _("Joined with another report"),
        State.REFERRED: _("With another body"),
        State.REJECTED: _("Not taken up"),
    }
    return words.get(State(case.state)) or str(StateChoice(case.state).label)


def joined_words(main: Complaint) -> str:
    """What the citizen of a merged case is told of the case that theirs follows."""
    if main.state == State.REJECTED:
        words = _(
            "Your report follows report %(number)s about the same matter, which the city does not take up."
        )
    elif main.state == State.REFERRED:
        words = _("Your report follows report %(number)s about the same matter, which is now with %(body)s.")
    elif main.state == State.CLOSED:
        words = _(
            "Your report follows report %(number)s about the same matter. The city has answered it, and it is closed."
        )
    elif main.state in TERMINAL:
        words = _(
            "Report %(number)s about the same matter, which yours follows, has ended. Nobody works on it any further."
        )
    else:
        words = _(
            "Somebody reported the same before you. Your report follows theirs, number %(number)s: what the city does "
            "and answers there is shown below."
        )
    return words % {"number": main.number, "body": main.referred_to.local_name if main.referred_to else ""}


def possible(case: Complaint, who: Citizen, now: datetime) -> dict[str, bool]:
    """Which of the page's forms to show: the right, and the state as it is."""

    def verb(name: Verb) -> bool:
        return may(who, name, case) and can_proceed(getattr(case, name.value))

    return {
        "answer": verb(Verb.ANSWER),
        "confirm": verb(Verb.CONFIRM),
        "dispute": verb(Verb.DISPUTE),
        "withdraw": verb(Verb.WITHDRAW) and (case.merged_into is None or may_leave(case, case.merged_into)),
        "files": may(who, Act.ADD_FILE, case) and case.is_open,
        "second": _can_second(case, now),
        "outside": may_speak(case),
        "mail": may(who, Act.CHOOSE_MAIL, case) and gets_mail(case),
    }


def _can_second(case: Complaint, now: datetime) -> bool:
    main = case.merged_into
    return main is not None and is_heard(case, now) and last_word(case, main.cycle) is None


def _second_due(case: Complaint, now: datetime) -> Due:
    return _your_due(_("Please say whether it is solved by"), heard_until(case), now)


def agency_words(case: Complaint) -> str:
    return case.agency.local_name if case.agency else _("the agency")


def steps_of(
    case: Complaint, parts: Iterable[Complaint] = (), *, follows: bool = False
) -> list[dict[str, Any]]:
    """The way of a case for the component steps, with what is done, what is now and what is to come."""
    shares = [
        case,
        *(part for part in parts if part.agency is not None),
    ]  # one that was handed back is nobody's
    agency = _(" and ").join(dict.fromkeys(map(agency_words, shares)))
    labels = [
        _("Received"),
        _("Checked by a verifier"),
        _("Worked on by %(agency)s") % {"agency": agency},
        _("Answered"),
        _("Closed") if case.state == State.CLOSED else _("You say whether it is solved"),
    ]
    reached = _reached(case)
    if case.state in GONE:
        labels = [
            *labels[: min(reached, 3)],
            _("Ended") if follows and case.state in TAKEN_BACK else state_words(case),
        ]
        reached = len(labels)
    notes = {0: day_words(case.received_at)}
    if case.assigned_at and reached > 1:
        notes[1] = day_words(case.assigned_at)
    if case.ended_at and case.state in TERMINAL | {State.RESOLVED}:
        notes[len(labels) - 1 if case.state in GONE else 3] = day_words(case.ended_at)
    if case.state == State.AWAITING_CITIZEN:
        notes[reached] = _("waits for an answer")
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
    return 2 if case.agency_id else 1


def _step_state(index: int, reached: int) -> str:
    if index < reached:
        return "done"
    return "current" if index == reached else "todo"


def due_of(case: Complaint, now: datetime, *, is_yours: bool = True) -> Due | None:
    """What falls due next for the citizen to know, and whose turn it is; None once the case is over."""
    if case.state == State.SUBMITTED:
        return _city_due(_("Checked by"), case.due_at, _("The city's verifiers"), now)
    if case.state in WITH_AGENCY:
        agency = case.agency.local_name if case.agency else ""
        return _city_due(_("Answer promised by"), case.target_at, agency, now)
    if case.state == State.AWAITING_CITIZEN and is_yours:
        return _your_due(_("Your answer is needed by"), answer_due(case), now)
    if case.state == State.RESOLVED and is_yours:
        return _your_due(_("Please say whether it is solved by"), case.due_at, now)
    return None


def _city_due(label: str, due_at: datetime | None, who: str, now: datetime) -> Due:
    turn = _("whose turn: %(who)s") % {"who": who} if who else ""
    if due_at is None:
        return Due(label, _("no date"), None, turn, "calm")
    if now > due_at:
        late = _days_between(due_at, now)
        words = ngettext("%(days)d day late", "%(days)d days late", late) if late else _("late since today")
        return Due(label, words % {"days": late}, due_at, turn, "overdue")
    return Due(label, _days_left(due_at, now), due_at, turn, "calm")


def _your_due(label: str, due_at: datetime | None, now: datetime) -> Due:
    turn = _("whose turn: yours")
    if due_at is None:
        return Due(label, _("no date"), None, turn, "soon")
    level = "soon" if due_at - now < SOON else "calm"
    return Due(label, _days_left(due_at, now), due_at, turn, level)


def _days_left(due_at: datetime, now: datetime) -> str:
    days = _days_between(now, due_at)
    if days <= 0:
        return _("today")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def _days_between(first: datetime, last: datetime) -> int:
    """Days by the calendar on the wall, as people count them."""
    return (day_of(last) - day_of(first)).days
