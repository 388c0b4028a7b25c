"""What a closed agency owes goes to whoever took over, by the system on the administration's order (decision 0055)."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import ngettext

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.ledger.recording import Recorder, recording
from escalation.promises import people
from escalation.promises.events import PromiseEvent
from escalation.promises.messages import PromiseMessage
from escalation.promises.models.commitment import Commitment, CommitmentState
from escalation.promises.models.obligation import Obligation, StepKind
from escalation.promises.models.proposal import Proposal, ProposalState
from escalation.promises.models.recommendation import Recommendation
from escalation.promises.services import obligations, recommendations, sources

logger = logging.getLogger(__name__)


def missing(now: datetime) -> dict[str, str]:
    """For the administration: what agencies owe that are closed and have no successor (accounts/leaving.py)."""
    found = {}
    for agency in Agency.objects.filter(is_active=False, is_external=False).select_related("successor"):
        count = sum(1 for _row in _owed_by(agency)) if agency.who_took_over() is None else 0
        if count:
            words = ngettext(
                "%(agency)s owes an answer: %(count)d recommendation or commitment is open.",
                "%(agency)s owes answers: %(count)d recommendations and commitments are open.",
                count,
            )
            found[f"owed:{agency.pk}"] = words % {"agency": agency.local_name, "count": count}
    return found


def hand_over_obligations(now: datetime) -> int:
    """How many it moved."""
    moved = 0
    for agency in Agency.objects.handed_over().select_related("successor"):
        successor = agency.who_took_over()
        if successor is None:
            continue
        for row in _owed_by(agency):
            try:
                _hand_over(row, agency, successor, now)
                moved += 1
            except Exception as error:  # noqa: BLE001 - one bad row must not stop the rest
                logger.error("what a closed agency owes was not handed over (%s)", type(error).__name__)
    return moved


def _owed_by(agency: Agency) -> Iterator[Obligation]:
    yield from Recommendation.objects.filter(agency=agency, ended_at=None).order_by("pk")
    yield from Commitment.objects.filter(agency=agency, ended_at=None).order_by("pk")
    yield from Proposal.objects.filter(agency=agency, ended_at=None).order_by("pk")


def _hand_over(row: Obligation, agency: Agency, successor: Agency, now: datetime) -> None:
    with recording(actor=None, now=now) as record:
        _move(record, row, agency, successor, now)


def _move(record: Recorder, row: Obligation, agency: Agency, successor: Agency, now: datetime) -> None:
    """The day stays: a promise is not moved. A commitment has the successor's head for an owner, unless they stand
    aside from it; then nobody there has it by name, and the next above hears of it."""
    data = {"agency": successor.code, "from": agency.code}
    if isinstance(row, Proposal):
        obligations.move(record, row, [ProposalState.PROPOSED], agency=successor)
        step = obligations.add_step(record, row, StepKind.HANDED_OVER, actor=None, now=now, **data)
        told = people.agency_heads_of(row, now) or people.supervisors(row, now)
        obligations.tell(told, PromiseMessage.PROPOSAL, row, "handed_over", now=now, cause=step.pk)
        return
    if isinstance(row, Commitment):
        states = [CommitmentState.OPEN, CommitmentState.REPORTED]
        obligations.move(record, row, states, agency=successor)
        if head := _head_of(successor, row, now):  # asked once it is the successor's to read
            obligations.move(record, row, states, owner=head)
        data["commitment"] = row.number
        kind, template = PromiseEvent.COMMITMENT_MOVED, PromiseMessage.COMMITMENT_DUE
        cases = sources.led_to(row)
    else:
        assert isinstance(row, Recommendation)
        obligations.move(record, row, recommendations.STILL_OPEN, agency=successor)
        data["recommendation"] = row.number
        kind, template = PromiseEvent.RECOMMENDATION_MOVED, PromiseMessage.RECOMMENDATION
        cases = recommendations.rests_on(row)
    step = obligations.add_step(record, row, StepKind.HANDED_OVER, actor=None, now=now, **data)
    obligations.record(cases, kind, actor=None, now=now, data=data)
    told = people.agency_heads_of(row, now) or people.supervisors(row, now)
    obligations.tell(told, template, row, "handed_over", now=now, cause=step.pk)


def _head_of(successor: Agency, row: Commitment, now: datetime) -> User | None:
    heads = User.objects.filter(agency=successor, role=Role.AGENCY_HEAD, is_active=True).order_by("pk")
    able = people.readers_among(heads, row)
    return next(iter(people.there(able, now) or able), None)
