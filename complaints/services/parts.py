"""The parts of a shared case: a case for each further agency, with the promise and the pauses of the lead."""

from accounts.models import Agency
from complaints.clock.city_time import year_of
from complaints.clock.deadlines import Clockwork
from complaints.history.events import draft_event, store_events
from complaints.history.rows import of_new_case
from complaints.ledger.numbering import new_keys
from complaints.models import Complaint, EventKind, Message, Stopped
from complaints.models.policy import Stage
from complaints.numbers import make_number
from complaints.services.change import Change
from complaints.services.parties import inherit_parties, stand_aside
from complaints.services.telling import tell_agency, tell_officers_of_part
from complaints.states import State, Verb

# What a part bears of the whole. Its words have no place of their own in the history.
BORNE = (
    "kind",
    "channel",
    "subject",
    "description",
    "category",
    "service",
    "area",
    "location",
    "latitude",
    "longitude",
    "happened_on",
    "is_anonymous",
    "is_confidential",
    "language",
    "received_at",
    "policy",
    "cycle",
    "disputed_at",
)


def make_part(change: Change, agency: Agency) -> Complaint:
    """A part of the case of `change` for a further agency: same words and promise, no receipt of its own."""
    lead, now = change.case, change.now
    pk = new_keys(1, now)[0]
    part = Complaint(
        pk=pk,
        number=make_number(lead.number.split("-")[0], year_of(lead.received_at), pk),
        parent=lead,
        agency=agency,
        assigned_at=now,
        next_level=1,
        watch_at=now,
        **{name: getattr(lead, name) for name in BORNE},
    )
    part.submit()
    part.assign()
    clockwork = Clockwork(part, [], [])
    clockwork.start(Stage.FIRST_RESPONSE, now)
    clockwork.follow(change.clockwork, now, begin=True)
    clockwork.settle()
    data = {
        "agency": agency.code,
        "parent": lead.number,
        "rows": of_new_case(part, clockwork.clocks, clockwork.pauses),
    }
    drafted = draft_event(part, EventKind.ASSIGNED, actor=change.actor, at=now, data=data)
    named = inherit_parties(change, part)
    part.save(force_insert=True)
    clockwork.store()
    store_events([drafted, *named])
    tell_officers_of_part(change, part, clockwork)
    return part


def reopen_parts(change: Change) -> None:
    """Whose answer was part of the answer that is disputed has to look again as well: in the lead's new round, and
    once, though it leads by now or had several parts."""
    at_work = {change.case.agency_id}
    for part in change.case.children.filter(state=State.RESOLVED).order_by("-pk"):
        if part.agency_id in at_work:
            continue
        at_work.add(part.agency_id)
        again = Change(part, None, change.now, Clockwork.load(part))
        again.move(Verb.DISPUTE)
        part.cycle, part.ended_at, part.disputed_at = change.case.cycle, None, change.case.disputed_at
        part.outside_answer = ""
        again.clockwork.stop(Stage.CONFIRMATION, at=again.now, why=Stopped.DONE)
        again.clockwork.follow(change.clockwork, again.now, begin=True)
        again.event(EventKind.DISPUTED, data={"cycle": part.cycle, "with": change.case.number})
        stand_aside(again)
        tell_agency(again, Message.Template.DISPUTE)
        change.endings.append(again)
