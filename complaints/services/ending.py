"""How a case ends, and what becomes of what hangs on it: the parts of a shared case, the cases merged into it.

Where it ends without an answer for them, the oldest merged case goes on in its place (docs/decisions/0037).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from accounts.actors import Actor
from accounts.models import Absence, Agency
from accounts.roles import Role
from complaints.accused import named_in
from complaints.clock.city_time import day_of
from complaints.clock.deadlines import Clockwork, office_moment, policy_for
from complaints.clock.following import is_heard
from complaints.models import Complaint, Event, EventKind, Message, Reader, Stopped
from complaints.models.policy import Stage
from complaints.recusal import Recusal, unblocked
from complaints.services.change import NOT_NOW, Change, NotPossible, changing
from complaints.services.parts import make_part
from complaints.states import OPEN, State, Verb

Data = dict[str, Any]


def end_case(change: Change, *, unanswered: bool = False) -> Data:
    """Stops the clocks of a case that has just come to an end; the moment of an answer already given stays the
    moment it ended. Returns what the event of the end has to say beside: which case goes on.

    `unanswered`: for reasons of its own citizen, so that those who reported the same still wait for an answer.
    """
    case = change.case
    was_answered = case.ended_at is not None
    change.clockwork.end(change.now, Stopped(case.state))
    case.ended_at = case.ended_at or change.now
    case.returns_to = ""
    parts = change.active_parts()
    heir = _succeed(change, parts) if unanswered and not was_answered else None
    change.endings += [_part_ending(change, part) for part in parts]
    return {"goes_on": heir.number} if heir else {}


def _part_ending(change: Change, part: Complaint) -> Change:
    """A part of a shared case ends with the whole: nobody works on what its citizen took back."""
    ending = Change(part, change.actor, change.now, Clockwork.load(part))
    ending.move(Verb.WITHDRAW)
    beside = end_case(ending, unanswered=True)
    ending.event(EventKind.WITHDRAWN, data={"with": change.case.number} | beside)
    return ending


def _succeed(change: Change, parts: list[Complaint]) -> Complaint | None:
    """Lets the oldest of those who wait go on, the others with it; None when nobody waits."""
    waiting = [case for case in change.followers() if _still_waits(case)]
    if not waiting:
        return None
    main, heir = change.case, waiting[0]
    taking = Change(heir, None, change.now, Clockwork.load(heir))
    _take_place(taking, main, _Round.since_merger(heir, main), parts)
    taking.tell_citizen(Message.Template.GOES_ON)
    _tell_successors(taking, main, Message.Template.SUCCESSOR)
    _bring_along(taking, main, waiting[1:])
    change.gone_on |= {case.pk for case in waiting}
    change.endings.append(taking)  # stored after the case that ends
    return heir


def _still_waits(case: Complaint) -> bool:
    """Whether its citizen can be answered and was not content with an answer before."""
    return case.receipt_digest is not None and last_word(case) is not True


def last_word(case: Complaint, cycle: int | None = None) -> bool | None:
    """What the citizen of a merged case said last of an answer (that of `cycle`) to the case it follows now."""
    merged = case.events.filter(kind=EventKind.MERGED).order_by("-seq").values_list("seq", flat=True)[:1]
    said = case.events.filter(kind=EventKind.RATED, seq__gt=next(iter(merged), 0)).order_by("-seq")
    if cycle is not None:
        said = said.filter(data__cycle=cycle)
    word = said.first()
    return None if word is None else bool(word.data.get("agrees"))


def may_leave(case: Complaint, main: Complaint) -> bool:
    """Whether the citizen of a merged case may take it back: while the main case is open, and unless they were content
    with its answer."""
    return main.state in OPEN and last_word(case, main.cycle) is not True


@dataclass(frozen=True)
class _Round:
    """Which answer the case waits for: the first was promised when it came, each next one at a dispute."""

    more: int = 0  # disputes since it was merged
    since: datetime | None = None

    @classmethod
    def since_merger(cls, case: Complaint, main: Complaint) -> "_Round":
        history = Event.objects.filter(complaint=main)
        took = history.filter(kind=EventKind.MERGE_RECEIVED, data__from=case.number).order_by("-seq").first()
        later = history.filter(seq__gt=took.seq if took else 0)
        disputes = later.filter(kind=EventKind.DISPUTED).count()
        return cls(disputes, main.disputed_at) if disputes else cls()


def _take_place(taking: Change, main: Complaint, round_: _Round, parts: list[Complaint]) -> None:
    """The heir is under way again, where the main case lay, with the promise made to its own citizen. Agencies that
    still work on a part of the main case get one of the heir."""
    heir, clockwork = taking.case, taking.clockwork
    corrected = _as_corrected(heir, main)
    if heir.ended_at and main.ombudsman_told_at and main.ombudsman_told_at >= heir.ended_at:
        heir.ombudsman_told_at = main.ombudsman_told_at  # when its citizen was told with the other's
    heir.agency = _agency_of(main, heir, taking.now)
    taking.move(Verb.GO_ON)
    heir.merged_into = heir.handler = heir.ended_at = None
    heir.assigned_at = taking.now if heir.agency else None
    if round_.since is None:
        clockwork.start_again(Stage.RESOLUTION, taking.now)
    else:
        heir.cycle += round_.more
        heir.disputed_at = round_.since
        clockwork.start(Stage.RESOLUTION, round_.since)
    if corrected:
        clockwork.correct(policy_for(heir.kind, heir.category_id, day_of(heir.received_at)), taking.now)
    clockwork.start(Stage.FIRST_RESPONSE if heir.agency else Stage.VERIFICATION, taking.now)
    others = _sharing(heir, parts, taking.now)
    taking.afterwards += [partial(make_part, taking, agency) for agency in others]
    shared = {"others": [agency.code for agency in others]} if others else {}
    taking.event(EventKind.WENT_ON, data=_told(taking, main) | corrected | shared)


def _sharing(heir: Complaint, parts: list[Complaint], now: datetime) -> list[Agency]:
    """The agencies of these parts that may have one of the heir; who leads, or had several, works on it once."""
    if heir.agency is None:
        return []
    found = dict.fromkeys(_agency_of(part, heir, now) for part in parts)
    return [agency for agency in found if agency is not None and agency != heir.agency]


def _told(taking: Change, main: Complaint) -> Data:
    heir = taking.case
    return {
        "from": main.number,
        "state": str(heir.state),
        "agency": heir.agency.code if heir.agency else "",
        "cycle": heir.cycle,
        "disputed_at": heir.disputed_at.isoformat() if heir.disputed_at else None,
    }


def _as_corrected(heir: Complaint, main: Complaint) -> Data:
    """What a verifier corrected in the main case meanwhile is so of the heir too: they tell the same matter."""
    if heir.kind == main.kind:
        return {}
    before, heir.kind = heir.kind, main.kind
    heir.category = main.category
    category = {"category": main.category.code} if main.category else {}
    return {"kind": heir.kind, "kind_before": before} | category


def _agency_of(main: Complaint, heir: Complaint, now: datetime) -> Agency | None:
    """Where the main case lay, or, where that agency was closed, with whoever took over; none, when it lay with the
    verifiers, nobody took over, that agency may not have the heir, or the heir's words complain about it: a verifier is
    asked first."""
    agency = main.agency
    if agency is not None and not agency.is_active:
        agency = agency.who_took_over()
    if agency is None or Recusal.of(heir.pk).refusal(agency, heir):
        return None
    return None if named_in(heir, [agency], now) else agency


def _tell_successors(taking: Change, main: Complaint, template: str) -> None:
    """Whoever worked on the main case, else whoever works on the heir; verifiers find it in their queue."""
    heir, known = taking.case, main.handler
    if heir.agency is None:
        return
    data = {"from": main.number, "agency": heir.agency.code}
    at = office_moment(taking.clockwork.calendar_row(), taking.now)
    stays = known is not None and known.is_active and known.agency_id == heir.agency_id
    is_there = known is not None and not Absence.objects.on(day_of(taking.now)).filter(user=known).exists()
    if known is not None and stays and is_there and known.role == Role.OFFICER and unblocked([known], heir):
        taking.tell_staff([known], template, data, at=at)
    else:
        taking.tell(Reader.WORKERS, template, data, at=at)


def _bring_along(taking: Change, main: Complaint, others: list[Complaint]) -> None:
    """The others hang on the heir from now on."""
    for case in others:
        following = Change(case, None, taking.now, Clockwork.load(case))
        case.merged_into = taking.case
        following.event(EventKind.MERGED, data={"into": taking.case.number, "from": main.number})
        following.tell_citizen(Message.Template.MERGER, {"again": True})
        taking.event(EventKind.MERGE_RECEIVED, data={"from": case.number})
        taking.endings.append(following)


def go_on_after_dissent(taking: Change, main: Complaint) -> None:
    """The citizen of the merged case does not accept the answer to `main`, which is over and stays so: their own
    case goes on, in a round of its own. Those who have not said anything of this answer, were not content with one
    before, and still may, go along."""
    others = [case for case in main.merged.order_by("received_at", "pk") if case.pk != taking.case.pk]
    answered = list(main.children.filter(state__in=[State.RESOLVED, State.CLOSED]).order_by("pk"))
    silent = [case for case in others if _goes_along(case, main) and is_heard(case, taking.now)]
    _take_place(taking, main, _Round(1, taking.now), answered)
    _tell_successors(taking, main, Message.Template.DISPUTE)
    _bring_along(taking, main, silent)


def _goes_along(case: Complaint, main: Complaint) -> bool:
    return last_word(case, main.cycle) is None and last_word(case) is not True


def go_on(pk: int, *, actor: Actor, now: datetime) -> Complaint:
    """Lets a merged case go on by itself, whatever became of the case it was merged into."""
    with changing(pk, actor, Verb.GO_ON, now=now) as change:
        main = change.case.merged_into
        if main is None:
            raise NotPossible(NOT_NOW)
        _take_place(
            change, main, _Round.since_merger(change.case, main), list(main.children.active().order_by("pk"))
        )
        change.tell_citizen(Message.Template.GOES_ON)
        _tell_successors(change, main, Message.Template.SUCCESSOR)
    return change.case
