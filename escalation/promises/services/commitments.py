"""What is done with a commitment: made, reported as done, judged. Who led to one that is kept is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, Role
from complaints.clock.city_time import day_of
from complaints.ledger.recording import Recorder, recording
from complaints.models import Attachment, Service
from complaints.permissions import role_may
from complaints.recusal import PERSON_STANDS_ASIDE
from complaints.services.change import NotAllowed, NotPossible
from escalation.days import PATIENCE, first_look, over_at
from escalation.promises import people
from escalation.promises.events import PromiseEvent
from escalation.promises.messages import PromiseMessage
from escalation.promises.models.commitment import Commitment, CommitmentKind, CommitmentState
from escalation.promises.models.obligation import StepKind
from escalation.promises.models.recommendation import Recommendation
from escalation.promises.services import obligations, planning, sources
from escalation.promises.services.planning import Plan
from escalation.promises.services.sources import Sources
from escalation.rights import EscalationAct
from surveys.forums.inputs.models import StepKind as InputStepKind
from surveys.forums.inputs.services import answering
from surveys.forums.models import Finding as ForumFinding
from surveys.rounds.models import Round

PREFIX = "KOM"


@dataclass(frozen=True)
class NewCommitment:
    """What an agency will change by when, who sees to it, what led to it, and what of a standard it will change."""

    agency: Agency
    kind: CommitmentKind
    title: str
    description: str
    owner: User
    due_on: date
    cases: tuple[int, ...] = ()
    recommendation: Recommendation | None = None
    elements: tuple[tuple[Round, str], ...] = ()
    findings: tuple[ForumFinding, ...] = ()
    service: Service | None = None
    plan: Plan | None = None

    @property
    def sources(self) -> Sources:
        return Sources(self.cases, self.recommendation, self.elements, self.findings)


class Finding(StrEnum):
    """What a supervisor finds: kept, broken for good, or not done yet and open again."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_YET = "not_yet"


def make(new: NewCommitment, *, actor: Actor, now: datetime, idempotency_key: str = "") -> Commitment:
    """An agency head promises for their own line; a supervisor records what was agreed on a recommendation.

    The same form (`idempotency_key`) again changes nothing.
    """
    person = obligations.check_right(actor, EscalationAct.COMMIT)
    obligations.check_day(new.due_on, now)
    _check_parties(new, person)
    cases = obligations.check_cases(new.cases, actor)
    if sources.owner_stands_aside(new.owner, cases, new.sources):
        raise NotPossible(PERSON_STANDS_ASIDE)
    planning.check(new.plan, new.agency, now)

    def store(secret: str) -> Commitment:
        pk, number = obligations.new_number(Commitment, PREFIX, now)
        with recording(actor=actor, now=now) as record:
            row = Commitment.objects.create(
                pk=pk,
                number=number,
                idempotency_key=secret,
                agency=new.agency,
                kind=new.kind,
                service=new.service or (new.plan.service if new.plan else None),
                title=new.title,
                description=new.description,
                owner=new.owner,
                due_on=new.due_on,
                next_action_at=first_look(new.due_on, now),
                made_by=person,
                made_at=now,
            )
            record.new(row, *sources.store(row, cases, new.sources), *planning.store(row, new.plan))
            obligations.add_step(
                record, row, StepKind.MADE, actor=actor, now=now, due_on=row.due_on.isoformat()
            )
            _record(row, PromiseEvent.COMMITMENT_MADE, actor, now, words=row.title)
            for finding in new.findings:
                about = answering.about_finding(finding.pk, actor=actor)
                answering.become_commitment(about, row.number, actor=actor, now=now)
            obligations.tell(_owner_of(row), PromiseMessage.COMMITMENT_DUE, row, "made", now=now)
        return row

    return obligations.create_by_key(Commitment, idempotency_key, store)


def _check_parties(new: NewCommitment, person: User) -> None:
    """Agency, owner and recommendation have to belong together, and to this person."""
    if person.role == Role.SUPERVISOR:
        if new.recommendation is None or new.cases or new.elements or new.findings:
            raise NotPossible(
                _("A supervisor records a commitment only where it was agreed on a recommendation.")
            )
    elif new.agency.pk not in person.agency_scope:
        raise NotAllowed(EscalationAct.COMMIT)
    sources.check(new.sources, new.agency, person)
    sources.check_service(new.service, new.agency)
    owner = new.owner
    if owner.agency_id != new.agency.pk or owner.role not in AGENCY_ROLES or not owner.is_active:
        raise NotPossible(_("This person does not work at the agency."))


def may_report(actor: Actor, row: Commitment) -> bool:
    """Its owner, and whoever may promise for the agency; a supervisor judges and does not report."""
    if not isinstance(actor, User) or actor.role not in AGENCY_ROLES:
        return False
    return actor.pk == row.owner_id or role_may(role_of(actor), EscalationAct.COMMIT)


@transaction.atomic
def report(
    pk: int, *, actor: Actor, now: datetime, words: str, files: Iterable[Attachment] = ()
) -> Commitment:
    """The agency says that it is done, and shows it. Commitment.DoesNotExist out of scope."""
    row: Commitment = Commitment.objects.visible_to(actor).get(pk=pk)
    if not may_report(actor, row):
        raise NotAllowed(EscalationAct.COMMIT)
    with recording(actor=actor, now=now) as record:
        obligations.move(
            record,
            row,
            [CommitmentState.OPEN],
            state=CommitmentState.REPORTED,
            done_on=day_of(now),
            next_action_at=now + PATIENCE,
        )
        step = obligations.add_step(record, row, StepKind.REPORTED, actor=actor, now=now, words=words)
        obligations.attach(record, step, files)
        obligations.tell(
            people.supervisors(row, now),
            PromiseMessage.COMMITMENT_DUE,
            row,
            "reported",
            now=now,
            cause=step.pk,
        )
    return row


def made_it(person: User, row: Commitment) -> bool:
    """Whoever recorded a promise does not judge it too."""
    return person.pk == row.made_by_id


@transaction.atomic
def judge(pk: int, *, actor: Actor, now: datetime, finding: Finding, words: str) -> Commitment:
    """Kept (only what was reported), broken, or not yet: then it is owed again by the same day.

    Broken before its day is past is for what was reported or given up; the words say which.
    """
    row: Commitment = Commitment.objects.visible_to(actor).get(pk=pk)
    person = obligations.check_right(actor, EscalationAct.JUDGE_COMMITMENT)
    if made_it(person, row):
        raise NotPossible(_("You recorded this promise yourself. Another supervisor judges it."))
    with recording(actor=actor, now=now) as record:
        if finding == Finding.NOT_YET:
            _give_back(record, row, actor, now, words)
        else:
            _end(record, row, actor, now, finding, words)
    return row


def _end(
    record: Recorder, row: Commitment, actor: Actor, now: datetime, finding: Finding, words: str
) -> None:
    kept = finding == Finding.KEPT
    states = [CommitmentState.REPORTED] if kept else [CommitmentState.REPORTED, CommitmentState.OPEN]
    end = CommitmentState.KEPT if kept else CommitmentState.BROKEN
    obligations.move(record, row, states, state=end, ended_at=now, next_action_at=None)
    obligations.add_step(
        record, row, StepKind.JUDGED, actor=actor, now=now, words=words, finding=finding.value
    )
    if kept:
        planning.carry_out(record, row, actor=actor, now=now)
    kind = PromiseEvent.COMMITMENT_KEPT if kept else PromiseEvent.COMMITMENT_BROKEN
    tell = PromiseMessage.COMMITMENT_KEPT if kept else None
    _record(row, kind, actor, now, words=f"{row.title}\n\n{words}", tell=tell)
    ended = InputStepKind.KEPT if kept else InputStepKind.BROKEN
    answering.promise_ended(row.number, ended, actor=actor, now=now)
    obligations.tell(people_of(row, now), PromiseMessage.COMMITMENT_DUE, row, finding.value, now=now)


def _give_back(record: Recorder, row: Commitment, actor: Actor, now: datetime, words: str) -> None:
    """Open again. The day stays: a promise is not moved. What is overdue already climbs after a while."""
    first = first_look(row.due_on, now)
    obligations.move(
        record,
        row,
        [CommitmentState.REPORTED],
        state=CommitmentState.OPEN,
        done_on=None,
        next_action_at=first if over_at(row.due_on) > now else now + PATIENCE,
        round=row.round + 1,
    )
    obligations.add_step(record, row, StepKind.RETURNED, actor=actor, now=now, words=words)
    obligations.tell(people_of(row, now), PromiseMessage.COMMITMENT_DUE, row, "returned", now=now)


def people_of(row: Commitment, now: datetime) -> list[User]:
    """The owner as long as they work there, and the heads."""
    return [*_owner_of(row), *people.agency_heads_of(row, now)]


def _owner_of(row: Commitment) -> list[User]:
    owner = row.owner
    still = owner.is_active and owner.agency_id == row.agency_id
    return people.readers_among([owner], row) if still else []


def _record(
    row: Commitment,
    kind: PromiseEvent,
    actor: Actor,
    now: datetime,
    *,
    words: str,
    tell: PromiseMessage | None = None,
) -> None:
    data = {"commitment": row.number, "agency": row.agency.code, "due_on": row.due_on.isoformat()}
    obligations.record(sources.led_to(row), kind, actor=actor, now=now, data=data, words=words, tell=tell)
