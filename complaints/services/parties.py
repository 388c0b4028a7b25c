"""Names whom a case is about, takes it out of their hands, and takes a name back (docs/decisions/0027)."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.clock.deadlines import Clockwork
from complaints.history.events import Drafted, draft_event
from complaints.history.rows import PARTY
from complaints.models import Complaint, EventKind, Message, ReportedParty, Stopped
from complaints.models.policy import Stage
from complaints.permissions import Act
from complaints.recusal import Recusal
from complaints.services.change import (
    REASON_NEEDED,
    Change,
    NotPossible,
    changing,
    finish,
    let_question_stand,
    locked,
    part_that_asks,
)
from complaints.services.telling import tell_agency
from complaints.states import ACTIVE, Verb


@dataclass(frozen=True)
class Party:
    """A person, a unit with all below it, or both: an agency's head and the line under them."""

    user: User | None
    agency: Agency | None

    @property
    def data(self) -> dict[str, Any]:
        """For the event: codes and keys only."""
        person = {"person": self.user.pk} if self.user else {}
        return person | ({"agency": self.agency.code} if self.agency else {})

    @property
    def rows(self) -> Q:
        """The rows that name this person, or this unit by itself."""
        return Q(user=self.user) if self.user else Q(user=None, agency=self.agency)


def name_party(
    pk: int,
    *,
    actor: Actor,
    now: datetime,
    why: str,
    user: User | None = None,
    agency: Agency | None = None,
    version: int | None = None,
) -> Complaint:
    """Names a person or a unit as the reported party. From now on they, with an agency's head or a unit all
    the line below, neither see nor handle the case nor get mail about it; if it lies with them, it is taken
    away at once and its promise runs on. The parts of a shared case and the cases merged with it go along.

    `actor` may name themselves and loses sight of the case. NotPossible when it names nobody, both, an
    outside body, or whom it names already.
    """
    if not why.strip():
        raise NotPossible(REASON_NEEDED)
    party = _party(user, agency)
    with changing(pk, actor, Act.NAME_PARTY, now=now, version=version) as change:
        if ReportedParty.objects.active().filter(party.rows, complaint=pk).exists():
            raise NotPossible(_("They are named already."))
        _name(change, party, why)
        change.afterwards.append(partial(_name_along, change, party, why))
    return change.case


def _name_along(change: Change, party: Party, why: str) -> None:
    """In the cases that tell the same matter, one after another: what is taken away in one may move the next."""
    for pk in _relatives(change.case):
        case = locked(None, pk)
        relative = Change(case, change.actor, change.now, Clockwork.load(case))
        _name(relative, party, why)
        finish(relative)


def _party(user: User | None, agency: Agency | None) -> Party:
    if (user is None) == (agency is None):
        raise NotPossible(_("Name either a person or a unit."))
    if agency is not None and agency.is_external:
        raise NotPossible(_("A body outside the city sees no cases here. Refer the case to another instead."))
    # Whoever answers to a head would be judging their own superior.
    is_head = user is not None and user.role == Role.AGENCY_HEAD
    return Party(user, user.agency if user is not None and is_head else agency)


def inherit_parties(change: Change, part: Complaint) -> list[Drafted]:
    """Names in a part of a shared case, which has the same words, whom the whole is about. The part and the events
    are stored by the caller, the part first."""
    named = []
    rows = ReportedParty.objects.active().filter(complaint=change.case).select_related("user", "agency")
    for row in rows:
        own = ReportedParty(
            complaint_id=part.pk,
            user=row.user,
            agency=row.agency,
            named_at=change.now,
            named_by_id=row.named_by_id,
        )
        data = Party(row.user, row.agency).data | {"rows": {"+party": [PARTY.whole(own)]}}
        named.append(draft_event(part, EventKind.PARTY_NAMED, actor=change.actor, at=change.now, data=data))
        own.save()
    return named


def clear_party(
    pk: int, *, actor: Actor, now: datetime, party: int, why: str, version: int | None = None
) -> Complaint:
    """Takes back the naming `party` (the key of its row), here and in the cases that go along.

    The case comes into the scope of those concerned again; nothing is given back to them.
    NotPossible when they are not named any more.
    """
    if not why.strip():
        raise NotPossible(REASON_NEEDED)
    with changing(pk, actor, Act.CLEAR_PARTY, now=now, version=version) as change:
        row = ReportedParty.objects.active().filter(pk=party, complaint=pk).first()
        if row is None:
            raise NotPossible(_("They are not named any more."))
        cleared = Party(row.user, row.agency)
        _clear(change, cleared, why)
        for relative in _relatives(change.case):
            case = locked(None, relative)
            along = Change(case, change.actor, change.now, Clockwork.load(case))
            if _clear(along, cleared, why):
                finish(along)
    return change.case


def _clear(change: Change, party: Party, why: str) -> int:
    rows = list(ReportedParty.objects.active().filter(party.rows, complaint=change.case))
    for row in rows:
        row.cleared_at = change.now
        row.save(update_fields=["cleared_at"])
    if rows:
        data = party.data | {"rows": {"party": [PARTY.named(row, ["cleared_at"]) for row in rows]}}
        change.event(EventKind.PARTY_CLEARED, data=data, words={"text": why})
    return len(rows)


def share_parties(change: Change, main: Change) -> None:
    """After a merger both cases are about the same people: what is named in one is named in the other, and in what
    hangs on that. Neither is stored yet.
    """
    ours, theirs = _named_in(change.case), _named_in(main.case)
    for party in theirs - ours:
        _name(change, party, "")
    for party in ours - theirs:
        _name(main, party, "")
        main.afterwards.append(partial(_name_along, main, party, ""))


def _named_in(case: Complaint) -> set[Party]:
    rows = ReportedParty.objects.active().filter(complaint=case).select_related("user", "agency")
    return {Party(row.user, row.agency) for row in rows}


def _name(change: Change, party: Party, why: str) -> None:
    case, actor = change.case, change.actor
    if ReportedParty.objects.active().filter(party.rows, complaint=case).exists():
        return
    row = ReportedParty.objects.create(
        complaint=case,
        user=party.user,
        agency=party.agency,
        named_at=change.now,
        named_by=actor if isinstance(actor, User) else None,
    )
    data = party.data | {"rows": {"+party": [PARTY.whole(row)]}}
    change.event(EventKind.PARTY_NAMED, data=data, words={"text": why})
    stand_aside(change)


def _relatives(case: Complaint) -> list[int]:
    """The other cases that tell the same matter: parts and whole, repetitions and main case; parts before their whole,
    whose clock they follow."""
    found, fresh = {case.pk: case}, [case]
    while fresh:
        keys = [each.pk for each in fresh]
        up = [pk for each in fresh for pk in (each.parent_id, each.merged_into_id) if pk]
        near = Q(parent__in=keys) | Q(merged_into__in=keys) | Q(pk__in=up)
        # As the system: who names somebody need not see every part.
        rows = Complaint.objects.visible_to(None).filter(near).exclude(pk__in=found)
        fresh = list(rows.order_by("pk"))
        found |= {each.pk: each for each in fresh}
    others = sorted(found.values(), key=lambda each: each.parent_id is None)
    return [each.pk for each in others if each.pk != case.pk]


def stand_aside(change: Change) -> None:
    """Takes the case out of the hands of whom it is about, should it lie there.

    An answered case stays as it is until its citizen disputes the answer.
    """
    case = change.case
    if not case.is_live or case.agency_id is None or case.state not in ACTIVE:
        return
    recusal = Recusal.of(case.pk)
    if recusal.blocks_agency(case.agency_id, case.pk):
        take_back(change, {"taken": True})
    elif case.handler is not None and recusal.blocks(case.handler, case.pk):
        _to_another_handler(change)


def _take_away(change: Change, why: Stopped = Stopped.STOOD_ASIDE) -> bool:
    """As by a decision: an unanswered question of those who had it no longer holds the case up. Whether there is one
    through a part, which has to go on."""
    is_a_parts = bool(part_that_asks(change.case))
    change.move(Verb.REASSIGN)
    change.case.returns_to = ""
    change.case.handler = None
    if not is_a_parts:
        change.clockwork.resume(change.now, why)
    change.clockwork.stop(Stage.FIRST_RESPONSE, at=change.now, why=why)
    return is_a_parts


def take_back(change: Change, more: dict[str, Any], why: Stopped = Stopped.STOOD_ASIDE) -> None:
    """Gives the case back to the verifiers. Not counted as handed back: nobody passed it on."""
    case, agency = change.case, change.case.agency
    is_asked = _take_away(change, why)
    change.move(Verb.HAND_BACK)
    case.agency = case.assigned_at = None
    change.clockwork.start(Stage.VERIFICATION, change.now)
    data = {"agency": agency.code if agency else "", "times": case.hand_backs}
    change.event(EventKind.HANDED_BACK, data=data | more)
    if is_asked:
        let_question_stand(change)


def _to_another_handler(change: Change) -> None:
    """The agency keeps the case and names somebody else."""
    case, agency = change.case, change.case.agency
    is_asked = _take_away(change)
    case.assigned_at = change.now
    change.clockwork.start(Stage.FIRST_RESPONSE, change.now)
    change.event(
        EventKind.REASSIGNED, data={"agency": agency.code if agency else "", "from": "", "taken": True}
    )
    tell_agency(change, Message.Template.ASSIGNMENT)
    if is_asked:
        let_question_stand(change)
