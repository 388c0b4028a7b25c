"""What must hold between cases that hang together, said apart from the services: nobody who was merged is forgotten,
and a part of a shared case has its lead's promise."""

from collections.abc import Iterator

from complaints.models import Clock, Complaint, Event, EventKind, Message, Pause
from complaints.states import ACTIVE, TERMINAL, State

TOLD_OF_THE_END = ("followed", "referral", "rejection")


def forgotten() -> Iterator[str]:
    """Merged cases whose citizen has nobody, though nothing was said to them that could settle the matter."""
    for case in Complaint.objects.filter(state=State.MERGED).select_related("merged_into"):
        main = case.merged_into
        if main is None or main.parent_id is not None or main.state == State.MERGED:
            yield f"{case} hangs on no main case"
        elif main.state in TERMINAL:
            yield from _after_the_end(case, main)


def _after_the_end(case: Complaint, main: Complaint) -> Iterator[str]:
    told = Message.objects.filter(complaint=case, user=None, reader="", template__in=TOLD_OF_THE_END)
    if not case.is_anonymous and not told.exists():
        yield f"{case} did not hear that {main} is {main.state}"
    if main.state in (State.LAPSED, State.WITHDRAWN) and not _settled(case, main) and case.receipt_digest:
        yield f"{case} waits for an answer of {main}, which is {main.state}"


def _settled(case: Complaint, main: Complaint) -> bool:
    """Whether the last answer still stood when the main case ended, or its citizen had been content with one."""
    merged = Event.objects.filter(complaint=case, kind=EventKind.MERGED).latest("seq")
    said = (
        Event.objects.filter(complaint=case, kind=EventKind.RATED, seq__gt=merged.seq).order_by("seq").last()
    )
    if said is not None and said.data["agrees"]:
        return True
    words = Event.objects.filter(complaint=main, kind__in=[EventKind.RESOLVED, EventKind.DISPUTED])
    last = words.order_by("seq").last()
    return last is not None and last.kind == EventKind.RESOLVED


def going_on() -> Iterator[str]:
    """Cases that took another's place, with something else than their own promise."""
    for event in Event.objects.filter(kind=EventKind.WENT_ON).select_related("complaint"):
        case = event.complaint
        told = Message.objects.filter(complaint=case, user=None, reader="", template="goes_on")
        said = Event.objects.filter(complaint=case, kind=EventKind.RATED)
        if not case.is_anonymous and not told.exists() and not said.exists():
            yield f"{case} did not hear that it goes on"
        first = Clock.objects.filter(complaint=case, stage="resolution", cycle=1).order_by("pk").last()
        if first is None or first.started_at != case.received_at:
            yield f"{case} does not count from when it came"


def astray() -> Iterator[str]:
    """Parts that do not go with their lead."""
    for part in Complaint.objects.filter(parent__isnull=False, state__in=sorted(ACTIVE)).select_related(
        "parent"
    ):
        lead = part.parent
        assert lead is not None
        if lead.state in TERMINAL:
            yield f"{part} is still open, and {lead} is {lead.state}"
        if lead.state not in ACTIVE:
            continue
        if _promise(part) != _promise(lead):
            yield f"{part} is due {_promise(part)}, and {lead} {_promise(lead)}"


def asked_in_vain() -> Iterator[str]:
    """Wholes that wait for an answer nobody needs: the part through which it was asked is over, or with others."""
    for whole in Complaint.objects.filter(state=State.AWAITING_CITIZEN):
        events = Event.objects.filter(complaint=whole, kind=EventKind.QUESTION_ASKED).order_by("seq")
        last = events.last()
        if last is None or "part" not in last.data:
            continue
        part = Complaint.objects.get(number=last.data["part"])
        agency = part.agency.code if part.agency else ""
        if part.state not in ACTIVE or (last.data["agency"] and last.data["agency"] != agency):
            yield f"{whole} waits for {part}, which is {part.state} with {agency or 'the verifiers'}"


def _promise(case: Complaint) -> tuple[object, ...]:
    clock = Clock.objects.get(complaint=case, stage="resolution", stopped_at=None)
    pauses = Pause.objects.filter(complaint=case).order_by("started_at")
    return (
        clock.due_at,
        clock.promised_at,
        clock.amount,
        clock.cycle,
        list(pauses.values_list("started_at", "ended_at", "stops_clock")),
    )
