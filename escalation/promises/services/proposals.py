"""What the lowest elements of a survey ask of a unit: opened when a round has closed, accepted as a promise, or
declined with a reason that everybody can read."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency, User
from complaints.clock.city_time import day_of
from complaints.ledger.recording import Recorder, recording
from complaints.services.change import NotAllowed, NotPossible
from escalation.days import first_look
from escalation.promises import people
from escalation.promises.choosing import ElementMean, lowest
from escalation.promises.elements import counted_rounds, elements_of
from escalation.promises.messages import PromiseMessage
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.obligation import StepKind
from escalation.promises.models.proposal import Proposal, ProposalRule, ProposalState, RoundLooked
from escalation.promises.services import commitments, obligations
from escalation.rights import EscalationAct
from surveys.questionnaires.models import Survey
from surveys.rounds.models import Round, RoundState

logger = logging.getLogger(__name__)
PREFIX = "USU"
BATCH = 50
MOST_ROUNDS_AGO = timedelta(days=180)  # an older round is history, not something to act on


def of_annulled_rounds() -> models.QuerySet[Proposal]:
    return Proposal.objects.filter(state=ProposalState.PROPOSED, survey_round__state=RoundState.ANNULLED)


def not_looked_at() -> models.QuerySet[Round]:
    return counted_rounds().filter(looked=None, version__survey__purpose=Survey.Purpose.NATIONAL)


def open_due(now: datetime) -> int:
    """Looks once at each round of the national survey that has closed and is counted; voids what an annulled round
    asked for. How many proposals were opened."""
    for row in of_annulled_rounds():
        _void(row, now)
    rounds, opened = not_looked_at(), 0
    for survey_round in rounds.select_related("agency", "service").order_by("pk")[:BATCH]:
        try:
            opened += _look(survey_round, now)
        except IntegrityError:
            continue  # another sweep was quicker
        except Exception as error:  # noqa: BLE001 - one bad round must not stop the rest
            logger.error("proposals: round left for the next sweep (%s)", type(error).__name__)
    return opened


def _look(survey_round: Round, now: datetime) -> int:
    found = elements_of(survey_round)
    if found is None:
        return 0  # not counted yet
    with recording(actor=None, now=now) as record:
        record.new(RoundLooked.objects.create(survey_round=survey_round, at=now))
        chosen = _chosen(survey_round, found, now)
        for each, rule, agency in chosen:
            _open(record, survey_round, each, rule, agency, now)
    return len(chosen)


def _chosen(
    survey_round: Round, found: list[ElementMean], now: datetime
) -> list[tuple[ElementMean, ProposalRule, Agency]]:
    day = survey_round.closes_on
    rule = ProposalRule.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    agency = _who_answers(survey_round.agency)
    if rule is None or agency is None or day < day_of(now) - MOST_ROUNDS_AGO:
        return []
    chosen = lowest(
        found,
        most=rule.most,
        below=rule.band_below,
        always=rule.always_lowest,
        fewest=rule.fewest_answers,
    )
    return [(each, rule, agency) for each in chosen]


def _who_answers(agency: Agency) -> Agency | None:
    return agency if agency.is_active else agency.who_took_over()


def _open(
    record: Recorder,
    survey_round: Round,
    found: ElementMean,
    rule: ProposalRule,
    agency: Agency,
    now: datetime,
) -> None:
    pk, number = obligations.new_number(Proposal, PREFIX, now)
    due_on = day_of(now) + timedelta(days=rule.answer_days)
    row = Proposal.objects.create(
        pk=pk,
        number=number,
        idempotency_key=f"{survey_round.pk}-{found.element}"[:32],
        agency=agency,
        survey_round=survey_round,
        service=survey_round.service,
        element=found.element,
        mean=found.mean,
        low=found.low,
        high=found.high,
        answered=found.answered,
        due_on=due_on,
        opened_at=now,
        next_action_at=first_look(due_on, now),
    )
    record.new(row)
    obligations.add_step(record, row, StepKind.MADE, actor=None, now=now, due_on=due_on.isoformat())
    obligations.tell(
        people.agency_heads_of(row, now) or people.supervisors(row, now),
        PromiseMessage.PROPOSAL,
        row,
        "made",
        now=now,
    )


def may_answer(actor: Actor) -> bool:
    """The head of the unit, or one above; supervisors look on."""
    return isinstance(actor, User) and actor.agency_id is not None


def _answering(pk: int, actor: Actor) -> Proposal:
    """Proposal.DoesNotExist out of scope, NotAllowed for who looks on."""
    row: Proposal = Proposal.objects.visible_to(actor).select_related("survey_round").get(pk=pk)
    obligations.check_right(actor, EscalationAct.COMMIT)
    if not may_answer(actor):
        raise NotAllowed(EscalationAct.COMMIT)
    return row


@transaction.atomic
def accept(
    pk: int, *, actor: Actor, now: datetime, new: commitments.NewCommitment, idempotency_key: str = ""
) -> Commitment:
    """Makes the promise, with the element among its sources, and ends the proposal with it."""
    row = _answering(pk, actor)
    if row.commitment is not None and row.commitment.idempotency_key == idempotency_key:
        return row.commitment
    source = (row.survey_round, row.element)
    elements = (
        source,
        *(each for each in new.elements if (each[0].pk, each[1]) != (source[0].pk, source[1])),
    )
    with recording(actor=actor, now=now) as record:
        made = commitments.make(
            replace(new, elements=elements), actor=actor, now=now, idempotency_key=idempotency_key
        )
        obligations.move(
            record,
            row,
            [ProposalState.PROPOSED],
            state=ProposalState.ACCEPTED,
            commitment=made,
            ended_at=now,
            next_action_at=None,
        )
        said: dict[str, Any] = {"accepts": True, "commitment": made.number}
        obligations.add_step(record, row, StepKind.ANSWERED, actor=actor, now=now, **said)
    return made


@transaction.atomic
def decline(pk: int, *, actor: Actor, now: datetime, words: str) -> Proposal:
    """Says why nothing is promised. Everybody can read it, and supervisors are told."""
    row = _answering(pk, actor)
    if not words.strip():
        raise NotPossible(_("Say why."))
    with recording(actor=actor, now=now) as record:
        obligations.move(
            record,
            row,
            [ProposalState.PROPOSED],
            state=ProposalState.DECLINED,
            reason=words,
            ended_at=now,
            next_action_at=None,
        )
        step = obligations.add_step(
            record, row, StepKind.ANSWERED, actor=actor, now=now, words=words, accepts=False
        )
        told = people.supervisors(row, now)
        obligations.tell(told, PromiseMessage.PROPOSAL, row, "declined", now=now, cause=step.pk)
    return row


def _void(row: Proposal, now: datetime) -> None:
    with recording(actor=None, now=now) as record:
        obligations.move(
            record, row, [ProposalState.PROPOSED], state=ProposalState.VOID, ended_at=now, next_action_at=None
        )
        obligations.add_step(record, row, StepKind.WITHDRAWN, actor=None, now=now)
