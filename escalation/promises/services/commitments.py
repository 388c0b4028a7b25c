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
from complaints.models import Attachment
from complaints.permissions import role_may
from complaints.recusal import PERSON_STANDS_ASIDE
from complaints.services.change import NotAllowed, NotPossible
from escalation.days import PATIENCE, first_look, over_at
from escalation.promises import people
from escalation.promises.events import PromiseEvent
from escalation.promises.messages import PromiseMessage
from escalation.promises.models.commitment import (
    Commitment,
    CommitmentKind,
    CommitmentSource,
    CommitmentState,
    SourceKind,
)
from escalation.promises.models.obligation import StepKind, parties_against
from escalation.promises.models.recommendation import Recommendation, RecommendationCase
from escalation.promises.services import obligations
from escalation.rights import EscalationAct

PREFIX = "KOM"


@dataclass(frozen=True)
class NewCommitment:
    """What an agency will change by when, who sees to it, and what led to it (keys of cases)."""

    agency: Agency
    kind: CommitmentKind
    title: str
    description: str
    owner: User
    due_on: date
    cases: tuple[int, ...] = ()
    recommendation: Recommendation | None = None


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
    if _stands_aside(new.owner, cases, new.recommendation):
        raise NotPossible(PERSON_STANDS_ASIDE)

    def store(secret: str) -> Commitment:
        pk, number = obligations.new_number(Commitment, PREFIX, now)
        with recording(actor=actor, now=now) as record:
            row = Commitment.objects.create(
                pk=pk,
                number=number,
                idempotency_key=secret,
                agency=new.agency,
                kind=new.kind,
                title=new.title,
                description=new.description,
                owner=new.owner,
                due_on=new.due_on,
                next_action_at=first_look(new.due_on, now),
                made_by=person,
                made_at=now,
            )
            record.new(row, *_store_sources(row, cases, new.recommendation))
            obligations.add_step(
                record, row, StepKind.MADE, actor=actor, now=now, due_on=row.due_on.isoformat()
            )
            _record(row, PromiseEvent.COMMITMENT_MADE, actor, now, words=row.title)
            obligations.tell(_owner_of(row), PromiseMessage.COMMITMENT_DUE, row, "made", now=now)
        return row

    return obligations.create_by_key(Commitment, idempotency_key, store)


def _check_parties(new: NewCommitment, person: User) -> None:
    """Agency, owner and recommendation have to belong together, and to this person."""
    if person.role == Role.SUPERVISOR:
        if new.recommendation is None or new.cases:
            raise NotPossible(
                _("A supervisor records a commitment only where it was agreed on a recommendation.")
            )
    elif new.agency.pk not in person.agency_scope:
        raise NotAllowed(EscalationAct.COMMIT)
    source = new.recommendation
    if source is not None:
        if not Recommendation.objects.visible_to(person).filter(pk=source.pk).exists():
            raise Recommendation.DoesNotExist
        if source.agency_id not in new.agency.with_descendants() and (
            new.agency.pk not in source.agency.with_descendants()
        ):
            raise NotPossible(_("The recommendation is to another agency."))
    owner = new.owner
    if owner.agency_id != new.agency.pk or owner.role not in AGENCY_ROLES or not owner.is_active:
        raise NotPossible(_("This person does not work at the agency."))


def _stands_aside(owner: User, cases: list[int], recommendation: Recommendation | None) -> bool:
    """Whether a case behind the promise, its own or one of its recommendation, is about its owner or their line."""
    if recommendation is not None and not people.readers_among([owner], recommendation):
        return True
    return parties_against(owner).filter(complaint__in=cases).exists()


def _store_sources(
    row: Commitment, cases: list[int], recommendation: Recommendation | None
) -> list[CommitmentSource]:
    sources = [CommitmentSource(commitment=row, kind=SourceKind.CASE, complaint_id=case) for case in cases]
    if recommendation is not None:
        kind = SourceKind.RECOMMENDATION
        sources.append(CommitmentSource(commitment=row, kind=kind, recommendation=recommendation))
    return CommitmentSource.objects.bulk_create(sources)


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
    kind = PromiseEvent.COMMITMENT_KEPT if kept else PromiseEvent.COMMITMENT_BROKEN
    tell = PromiseMessage.COMMITMENT_KEPT if kept else None
    _record(row, kind, actor, now, words=f"{row.title}\n\n{words}", tell=tell)
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


def led_to(row: Commitment) -> list[int]:
    """Keys of the cases whose citizens led to this new: its own and those of its recommendation.

    Whoever answered a survey or spoke at a forum joins here once those are sources.
    """
    sources = CommitmentSource.objects.filter(commitment=row)
    cases = set(sources.filter(kind=SourceKind.CASE).values_list("complaint_id", flat=True))
    recommended = sources.filter(kind=SourceKind.RECOMMENDATION).values("recommendation")
    links = RecommendationCase.objects.filter(recommendation__in=recommended)
    return obligations.with_wholes(
        pk for pk in cases | set(links.values_list("complaint_id", flat=True)) if pk
    )


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
    obligations.record(led_to(row), kind, actor=actor, now=now, data=data, words=words, tell=tell)
