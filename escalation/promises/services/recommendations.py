"""What is done with a recommendation: issued, answered, judged, withdrawn. Each is a step that stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency
from complaints.ledger.recording import recording
from complaints.models import Attachment
from complaints.services.change import NotPossible
from escalation.days import PATIENCE, first_look
from escalation.promises import people
from escalation.promises.events import PromiseEvent
from escalation.promises.messages import PromiseMessage
from escalation.promises.models.obligation import StepKind
from escalation.promises.models.recommendation import (
    Maladministration,
    Recommendation,
    RecommendationCase,
    RecommendationState,
    Verdict,
)
from escalation.promises.services import obligations
from escalation.rights import EscalationAct

PREFIX = "REK"
STILL_OPEN = (RecommendationState.ISSUED, RecommendationState.ANSWERED)


@dataclass(frozen=True)
class Advice:
    """What is recommended to whom, and on which cases (their keys) it rests."""

    agency: Agency
    subject: str
    findings: str
    recommended: str
    maladministration: Maladministration
    due_on: date
    cases: tuple[int, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """How far the agency complied, in words. With `due_on` it has until then to do the rest."""

    verdict: Verdict
    words: str
    due_on: date | None = None


def issue(advice: Advice, *, actor: Actor, now: datetime, idempotency_key: str = "") -> Recommendation:
    """Sends a recommendation to an agency of the city; the same form (`idempotency_key`) again changes nothing."""
    person = obligations.check_right(actor, EscalationAct.RECOMMEND)
    obligations.check_day(advice.due_on, now)
    if advice.agency.is_external or not advice.agency.is_active:
        raise NotPossible(_("Recommendations go to agencies of the city only."))
    cases = obligations.check_cases(advice.cases, actor)

    def make(secret: str) -> Recommendation:
        pk, number = obligations.new_number(Recommendation, PREFIX, now)
        with recording(actor=actor, now=now) as record:
            row = Recommendation.objects.create(
                pk=pk,
                number=number,
                idempotency_key=secret,
                agency=advice.agency,
                subject=advice.subject,
                findings=advice.findings,
                recommended=advice.recommended,
                maladministration=advice.maladministration,
                due_on=advice.due_on,
                next_action_at=first_look(advice.due_on, now),
                issued_by=person,
                issued_at=now,
            )
            links = RecommendationCase.objects.bulk_create(
                RecommendationCase(recommendation=row, complaint_id=case) for case in cases
            )
            record.new(row, *links)
            obligations.add_step(
                record, row, StepKind.MADE, actor=actor, now=now, due_on=advice.due_on.isoformat()
            )
            _record(row, PromiseEvent.RECOMMENDED, actor, now, words=row.subject)
            obligations.tell(
                people.agency_heads_of(row, now), PromiseMessage.RECOMMENDATION, row, "made", now=now
            )
        return row

    return obligations.create_by_key(Recommendation, idempotency_key, make)


@transaction.atomic
def answer(
    pk: int, *, actor: Actor, now: datetime, accepts: bool, words: str, files: Iterable[Attachment] = ()
) -> Recommendation:
    """The agency says whether it accepts, what it does, and shows evidence; until it is judged it may say more.

    Recommendation.DoesNotExist out of scope, NotPossible once it has ended.
    """
    row: Recommendation = Recommendation.objects.visible_to(actor).get(pk=pk)
    obligations.check_right(actor, EscalationAct.ANSWER_RECOMMENDATION)
    with recording(actor=actor, now=now) as record:
        obligations.move(
            record,
            row,
            STILL_OPEN,
            state=RecommendationState.ANSWERED,
            accepted=accepts,
            answered_at=now,
            next_action_at=now + PATIENCE,
        )
        step = obligations.add_step(
            record, row, StepKind.ANSWERED, actor=actor, now=now, words=words, accepts=accepts
        )
        obligations.attach(record, step, files)
        _record(row, PromiseEvent.RECOMMENDATION_ANSWERED, actor, now, accepts=accepts)
        obligations.tell(
            people.supervisors(row, now),
            PromiseMessage.RECOMMENDATION_REPLY,
            row,
            "answered",
            now=now,
            cause=step.pk,
        )
    return row


@transaction.atomic
def judge(pk: int, *, actor: Actor, now: datetime, judgement: Judgement) -> Recommendation:
    """Says how far it was complied with: the end of it, or with a new day another round.

    An unanswered one can be judged too: an agency that stays silent has not complied.
    """
    row: Recommendation = Recommendation.objects.visible_to(actor).get(pk=pk)
    obligations.check_right(actor, EscalationAct.RECOMMEND)
    verdict, due_on = judgement.verdict, judgement.due_on
    with recording(actor=actor, now=now) as record:
        if due_on is None:
            obligations.move(record, row, STILL_OPEN, state=verdict.value, ended_at=now, next_action_at=None)
            kind = StepKind.JUDGED
        else:
            if verdict == Verdict.COMPLIED:
                raise NotPossible(_("What was complied with needs no new day."))
            obligations.check_day(due_on, now)
            obligations.move(
                record,
                row,
                STILL_OPEN,
                state=RecommendationState.ISSUED,
                due_on=due_on,
                next_action_at=first_look(due_on, now),
                level=0,
                round=row.round + 1,
            )
            kind = StepKind.RETURNED
        data = {"verdict": verdict.value, "due_on": due_on.isoformat() if due_on else ""}
        obligations.add_step(record, row, kind, actor=actor, now=now, words=judgement.words, **data)
        _record(row, PromiseEvent.RECOMMENDATION_JUDGED, actor, now, **data)
        obligations.tell(
            people.agency_heads_of(row, now), PromiseMessage.RECOMMENDATION, row, kind.value, now=now
        )
    return row


@transaction.atomic
def withdraw(pk: int, *, actor: Actor, now: datetime, words: str) -> Recommendation:
    """Takes back a recommendation that has not ended, and says why."""
    row: Recommendation = Recommendation.objects.visible_to(actor).get(pk=pk)
    obligations.check_right(actor, EscalationAct.RECOMMEND)
    with recording(actor=actor, now=now) as record:
        obligations.move(
            record, row, STILL_OPEN, state=RecommendationState.WITHDRAWN, ended_at=now, next_action_at=None
        )
        obligations.add_step(record, row, StepKind.WITHDRAWN, actor=actor, now=now, words=words)
        _record(row, PromiseEvent.RECOMMENDATION_JUDGED, actor, now, verdict="withdrawn")
        obligations.tell(
            people.agency_heads_of(row, now), PromiseMessage.RECOMMENDATION, row, "withdrawn", now=now
        )
    return row


def rests_on(row: Recommendation) -> list[int]:
    """Keys of the cases behind it, and of the wholes of parts."""
    cases = RecommendationCase.objects.filter(recommendation=row).values_list("complaint_id", flat=True)
    return obligations.with_wholes(cases)


def _record(
    row: Recommendation, kind: PromiseEvent, actor: Actor, now: datetime, *, words: str = "", **data: object
) -> None:
    codes = {"recommendation": row.number, "agency": row.agency.code} | data
    obligations.record(rests_on(row), kind, actor=actor, now=now, data=codes, words=words)
