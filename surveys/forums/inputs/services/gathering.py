"""Several inputs that say the same stand under one finding; what is decided on it is decided on each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Agency, User
from complaints.clock.city_time import year_of
from complaints.database.keys import reserve_ids
from complaints.models import Service
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.inputs.models import StepKind
from surveys.forums.inputs.services.steps import add_step, check_right
from surveys.forums.inputs.services.telling import tell_step
from surveys.forums.models import Finding, Forum, ForumInput, InputState
from surveys.rights import SurveyAct

PREFIX = "TEM"
MOST = 500
DECIDED = _("This finding is decided already.")
NOT_THESE = _("Some of these are answered or gathered already. Nothing was changed.")


@dataclass(frozen=True)
class NewFinding:
    """What several people say together."""

    title: str
    agency: Agency
    words: str = ""
    forum: Forum | None = None
    service: Service | None = None


def make_finding(new: NewFinding, *, now: datetime, idempotency_key: str | None = None) -> Finding:
    """A finding, once by its key; without inputs yet. Call it inside a transaction, and let its step record it."""
    if found := _earlier(idempotency_key):
        return found
    (pk,) = reserve_ids(1, Finding)
    made: Finding = Finding.objects.create(
        pk=pk,
        number=f"{PREFIX}-{year_of(now)}-{pk:04d}",
        forum=new.forum,
        agency=new.agency,
        service=new.service,
        title=new.title,
        words=new.words,
        made_at=now,
        idempotency_key=idempotency_key or token_hex(16),
    )
    return made


def may_answer(person: User, row: ForumInput) -> bool:
    """Of the agency that has it; what no agency has, that of its forum."""
    agency = row.agency_id or (row.forum.agency_id if row.forum is not None else None)
    return agency in person.agency_scope


def gather(
    inputs: Iterable[int],
    title: str,
    *,
    actor: Actor,
    now: datetime,
    words: str = "",
    idempotency_key: str = "",
) -> Finding:
    """A new finding of these inputs, all still without an answer and under no other. The same form again gives
    the finding that is there. ForumInput.DoesNotExist when one is out of scope."""
    person = check_right(actor, SurveyAct.ANSWER_INPUT)
    key = idempotency_key or None
    try:
        with transaction.atomic():
            if found := _earlier(key):
                return found
            rows = _rows(inputs, person)
            agency = rows[0].agency or (rows[0].forum.agency if rows[0].forum else None)
            assert agency is not None
            forums, services = {row.forum for row in rows}, {row.service for row in rows}
            new = NewFinding(
                title,
                agency,
                words,
                forum=forums.pop() if len(forums) == 1 else None,
                service=services.pop() if len(services) == 1 else None,
            )
            finding = make_finding(new, now=now, idempotency_key=key)
            _join(rows, finding, actor, now, is_new=True)
    except IntegrityError:
        found = _earlier(key)
        if found is None:
            raise
        return found
    return finding


def _earlier(key: str | None) -> Finding | None:
    """What the same form made before."""
    found: Finding | None = Finding.objects.filter(idempotency_key=key).first() if key else None
    return found


@transaction.atomic
def add(finding: Finding, inputs: Iterable[int], *, actor: Actor, now: datetime) -> Finding:
    """More inputs join a finding that is not decided yet. Finding.DoesNotExist out of scope."""
    person = check_right(actor, SurveyAct.ANSWER_INPUT)
    found: Finding = Finding.objects.visible_to(actor).get(pk=finding.pk)
    hold(found)
    _join(_rows(inputs, person), found, actor, now)
    return found


@transaction.atomic
def split(pk: int, *, actor: Actor, now: datetime) -> ForumInput:
    """Taken out again, before it is decided: it gets an answer of its own, by the day that it always had."""
    person = check_right(actor, SurveyAct.ANSWER_INPUT)
    row: ForumInput = ForumInput.objects.visible_to(actor).select_related("finding", "forum").get(pk=pk)
    if not may_answer(person, row):
        raise NotAllowed(SurveyAct.ANSWER_INPUT)
    finding = row.finding
    if finding is None:
        raise NotPossible(_("It is under no finding."))
    hold(finding)
    if not ForumInput.objects.waiting().filter(pk=row.pk, finding=finding).update(finding=None):
        raise NotPossible(DECIDED)
    told = [(row, "finding")]
    step = add_step(
        StepKind.SPLIT, row=row, actor=actor, now=now, changed=told, finding_number=finding.number
    )
    tell_step(step, [row.pk], now, only_authors=True)
    row.refresh_from_db()
    return row


def hold(finding: Finding) -> None:
    """Nobody decides on the finding while something joins or leaves it: on PostgreSQL the row is held until the end of
    the transaction, on SQLite nobody else writes. NotPossible when it is decided."""
    if not Finding.objects.undecided().filter(pk=finding.pk).update(made_at=F("made_at")):
        raise NotPossible(DECIDED)


def _rows(inputs: Iterable[int], person: User) -> list[ForumInput]:
    keys = sorted(set(inputs))
    if not keys:
        raise NotPossible(_("Choose at least one input."))
    if len(keys) > MOST:
        raise NotPossible(_("These are too many at once. Choose at most 500."))
    found = (
        ForumInput.objects.visible_to(person).filter(pk__in=keys).select_related("forum", "agency", "service")
    )
    rows = list(found.order_by("pk"))
    if len(rows) != len(keys):
        raise ForumInput.DoesNotExist
    if not all(may_answer(person, row) for row in rows):
        raise NotAllowed(SurveyAct.ANSWER_INPUT)
    return rows


def _join(
    rows: list[ForumInput], finding: Finding, actor: Actor, now: datetime, *, is_new: bool = False
) -> None:
    keys = [row.pk for row in rows]
    free = ForumInput.objects.filter(pk__in=keys, state=InputState.WAITING, finding=None, parent=None)
    if free.update(finding=finding, agency=finding.agency_id) != len(keys):
        raise NotPossible(NOT_THESE)
    numbers = [row.number for row in rows]
    step = add_step(
        StepKind.GATHERED,
        finding=finding,
        actor=actor,
        now=now,
        new=[finding] if is_new else [],
        changed=[(row, "finding", "agency") for row in rows],
        inputs=numbers,
    )
    tell_step(step, keys, now)
