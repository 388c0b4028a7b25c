"""What becomes of an input, or of all under one finding: a report, a promise, an answer, or a reason why not.

Each is decided once: of two people at once the second is told that it is done.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency, User
from complaints.clock.city_time import day_of
from complaints.clock.dates import day_words
from complaints.identity import Identity
from complaints.ledger.recording import Written
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Category, Complaint
from complaints.models.complaint import Channel
from complaints.peppers import code_behind
from complaints.permissions import role_may
from complaints.services import intake
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.contacts import digest_of, identity_of
from surveys.forums.inputs.choices import DeclineReason
from surveys.forums.inputs.messages import VoiceMessage
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.inputs.services.gathering import DECIDED, may_answer
from surveys.forums.inputs.services.moderating import DONE_ALREADY
from surveys.forums.inputs.services.steps import add_step, check_right
from surveys.forums.inputs.services.telling import tell_step
from surveys.forums.models import Finding, ForumInput, InputState, InputWords
from surveys.rights import SurveyAct

CHANNELS = {ForumInput.Source.BOX: Channel.BOX, ForumInput.Source.CALL: Channel.PHONE}
BY_INPUTS = frozenset({Channel.FORUM, *CHANNELS.values()})  # how reports come that `become_case` files
IN_FINDING = _("It stands under a finding: decide on that, or take it out first.")
TAKES_NONE = _("This agency takes no inputs. Choose another.")


@dataclass(frozen=True)
class About:
    """On what is decided: one input, or a finding with all that stand under it."""

    rows: list[ForumInput]
    finding: Finding | None = None

    @property
    def keys(self) -> list[int]:
        return [row.pk for row in self.rows]


@dataclass(frozen=True)
class NewCase:
    """What an officer adds so that words become a report."""

    subject: str
    category: Category | None = None
    kind: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def about_input(pk: int, *, actor: Actor) -> About:
    """ForumInput.DoesNotExist out of scope, NotAllowed for who does not answer it."""
    person = check_right(actor, SurveyAct.ANSWER_INPUT)
    row: ForumInput = _rows(actor).get(pk=pk)
    if not may_answer(person, row):
        raise NotAllowed(SurveyAct.ANSWER_INPUT)
    if row.finding_id is not None and row.state == InputState.WAITING:
        raise NotPossible(IN_FINDING)
    return About([row])


def about_finding(pk: int, *, actor: Actor) -> About:
    """Finding.DoesNotExist out of scope, also where one of the inputs is about the actor."""
    person = check_right(actor, SurveyAct.ANSWER_INPUT)
    finding: Finding = Finding.objects.visible_to(actor).select_related("agency", "forum").get(pk=pk)
    if finding.agency_id not in person.agency_scope:
        raise NotAllowed(SurveyAct.ANSWER_INPUT)
    return About(list(_rows(None).filter(finding=finding).order_by("pk")), finding)


def _rows(actor: Actor) -> Any:
    return ForumInput.objects.visible_to(actor).select_related(
        "forum", "agency", "contact", "service", "finding"
    )


@transaction.atomic
def answer(about: About, *, actor: Actor, now: datetime, words: str) -> InputStep:
    """Answered there: everybody reads the words."""
    values = {"state": InputState.ANSWERED, "answer": words}
    return _decide(about, StepKind.ANSWERED, values, actor, now, words)


@transaction.atomic
def decline(about: About, *, actor: Actor, now: datetime, reason: DeclineReason, words: str) -> InputStep:
    values = {"state": InputState.DECLINED, "declined_because": reason, "answer": words}
    return _decide(about, StepKind.DECLINED, values, actor, now, words, reason=str(reason))


@transaction.atomic
def become_commitment(about: About, number: str, *, actor: Actor, now: datetime) -> InputStep:
    """It became the promise of this number, which an app above has just made in the same transaction."""
    values = {"state": InputState.COMMITMENT, "commitment": number}
    return _decide(about, StepKind.COMMITMENT, values, actor, now, commitment=number)


@transaction.atomic
def become_case(about: About, new: NewCase, *, actor: Actor, now: datetime) -> InputStep:
    """A report, in the name of who wished it and with a receipt of their own; where several did, one each, which the
    verifiers may merge. All others follow the first; where nobody wished, it is anonymous."""
    if not about.rows:
        raise NotPossible(_("There is no input under it."))
    own = [row for row in about.rows if row.in_own_name and row.contact is not None]
    made: dict[int, Complaint] = {}
    values = {"state": InputState.CASE}
    for row in own or about.rows[:1]:
        made[row.pk] = _file(row, about, new, now, in_own_name=bool(own))
    first = next(iter(made.values()))
    # Each row is linked before it is decided: the database holds that a report is there.
    for row in about.rows:
        ForumInput.objects.filter(pk=row.pk).update(complaint=made.get(row.pk, first))
    numbers = sorted({case.number for case in made.values()})
    told: dict[str, Any] = {"case": first.number, "cases": numbers}
    step = _decide(about, StepKind.CASE, values, actor, now, also=("complaint",), **told)
    for row in own:
        assert row.contact is not None
        data = {"contact": row.contact.pk, "input": row.number, "case": made[row.pk].number}
        cause = f"{row.contact.pk}:{row.number}"
        message = draft_message(VoiceMessage.CODE, case=None, cause=cause, due_at=now, data=data)
        if row.contact.stopped_at is None:
            store_messages([message])
    return step


def receipt_secret(row: ForumInput, pepper: str = "") -> str:
    """From which the receipt of the report that came of an input is derived, so that it is stored nowhere."""
    return digest_of("case of an input", f"{row.pk}\0{row.idempotency_key}", pepper)


def receipt_of(row: ForumInput) -> str:
    """The receipt code of the report that came of it, for whoever spoke."""
    assert row.complaint is not None
    return code_behind(row.complaint.receipt_digest, lambda pepper: receipt_secret(row, pepper))


def _file(row: ForumInput, about: About, new: NewCase, now: datetime, *, in_own_name: bool) -> Complaint:
    contact = row.contact if in_own_name else None
    filing = intake.Filing(
        subject=new.subject,
        description=_description(row, about, alone=in_own_name),
        category=new.category,
        service=row.service,
        is_anonymous=contact is None,
        identity=identity_of(contact) if contact else Identity(),
        kind=new.kind,
        channel=CHANNELS.get(ForumInput.Source(row.source), Channel.FORUM),
        language=contact.language if contact else "id",
    )
    # The system files it: who decided so stands in the input's own history.
    made = intake.submit(filing, actor=None, now=now, secret=receipt_secret(row), may_have_files=False)
    if not made.is_new:
        raise NotPossible(DONE_ALREADY)
    return made.case


def _description(row: ForumInput, about: About, *, alone: bool) -> str:
    """Their own words, with where and when they were said."""
    rows = [row] if alone else about.rows[:20]
    texts = dict(InputWords.objects.filter(input__in=rows).values_list("input", "text"))
    parts = []
    for each in rows:
        place = each.forum.title if each.forum else str(each.get_source_display())
        parts.append(
            f"[{each.number} · {place} · {day_words(day_of(each.at))}]\n{texts.get(each.pk, '')}".strip()
        )
    return "\n\n".join(parts)[:5000]


def _decide(
    about: About,
    kind: StepKind,
    values: dict[str, Any],
    actor: Actor,
    now: datetime,
    words: str = "",
    also: tuple[str, ...] = (),
    **data: Any,
) -> InputStep:
    """`also`: columns of the inputs that were written already."""
    if about.finding is not None:
        undecided = Finding.objects.undecided().filter(pk=about.finding.pk)
        if not undecided.update(decided_at=now):
            raise NotPossible(DECIDED)
        # What joined or left meanwhile: those that stand under it now are decided.
        waiting = _rows(None).waiting().filter(finding=about.finding)
        about = About(list(waiting.order_by("pk")), about.finding)
    who = actor if isinstance(actor, User) else None
    settled = values | {"answered_at": now, "answered_by": who, "next_action_at": None}
    rows = ForumInput.objects.waiting().filter(pk__in=about.keys, finding=about.finding)
    if rows.update(**settled) != len(about.rows):
        raise NotPossible(DONE_ALREADY)
    row = None if about.finding else about.rows[0]
    written: list[Written] = [(each, *settled, *also) for each in about.rows]
    if about.finding is not None:
        written.append((about.finding, "decided_at"))
    step = add_step(
        kind, row=row, finding=about.finding, actor=actor, now=now, words=words, changed=written, **data
    )
    tell_step(step, about.keys, now)
    return step


@transaction.atomic
def promise_ended(
    number: str, kind: StepKind, *, actor: Actor, now: datetime, **data: Any
) -> list[InputStep]:
    """Whoever led to this promise hears that it was kept or broken, or whether its effect can be seen; each person
    once, also where they spoke for several of its findings."""
    rows = list(ForumInput.objects.filter(commitment=number, commitment__gt="").select_related("finding"))
    told: list[InputStep] = []
    hears: set[int] = set()
    for finding in {row.finding_id: row.finding for row in rows}.values():
        mine = [row for row in rows if row.finding_id == (finding.pk if finding else None)]
        done = InputStep.objects.filter(kind=kind, data__commitment=number)
        if done.filter(finding=finding).exists() if finding else done.filter(input=mine[0]).exists():
            continue
        row = None if finding else mine[0]
        step = add_step(kind, row=row, finding=finding, actor=actor, now=now, commitment=number, **data)
        hears |= tell_step(step, [each.pk for each in mine], now, but_not=hears)
        told.append(step)
    return told


@transaction.atomic
def pass_on(pk: int, *, actor: Actor, now: datetime, agency: Agency) -> ForumInput:
    """Given to the agency that can answer it. The day stays: whoever waits does not wait longer for that."""
    person = check_right(actor, SurveyAct.ROUTE_INPUT)
    row: ForumInput = _rows(actor).get(pk=pk)
    by_agency = role_may(person.role, SurveyAct.ANSWER_INPUT)  # type: ignore[arg-type]
    if by_agency and not may_answer(person, row):
        raise NotAllowed(SurveyAct.ROUTE_INPUT)
    if not agency.is_active or agency.is_external:
        raise NotPossible(TAKES_NONE)
    if row.finding_id is not None:
        raise NotPossible(IN_FINDING)
    rows = ForumInput.objects.waiting().filter(pk=row.pk, finding=None, agency=row.agency_id)
    if row.agency_id == agency.pk or not rows.update(agency=agency):
        raise NotPossible(DONE_ALREADY)
    told = [(row, "agency")]
    step = add_step(StepKind.PASSED_ON, row=row, actor=actor, now=now, changed=told, agency=agency.code)
    tell_step(step, [row.pk], now, only_authors=True)
    row.refresh_from_db()
    return row
