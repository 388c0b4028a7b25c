"""What services of recommendations and commitments share: numbers, files as evidence, events on cases, mails."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import User
from complaints.clock.calendars import calendar_for
from complaints.clock.city_time import day_of, year_of
from complaints.database.keys import reserve_ids
from complaints.ledger.recording import Recorder
from complaints.mail.drafting import draft_message, store_messages
from complaints.models import Attachment, Complaint
from complaints.permissions import Act, Right, role_may
from complaints.services.change import NotAllowed, NotPossible, changing
from escalation.days import LONGEST_DAYS
from escalation.promises.events import PromiseEvent
from escalation.promises.messages import PromiseMessage
from escalation.promises.models.obligation import Obligation, Step, StepKind

MOST_CASES = 50
AnyObligation = TypeVar("AnyObligation", bound=Obligation)


def check_right(actor: Actor, right: Right) -> User:
    """The person who acts; NotAllowed without the right."""
    if not isinstance(actor, User) or not role_may(role_of(actor), right):
        raise NotAllowed(right)
    return actor


def check_day(due_on: date, now: datetime) -> None:
    if not day_of(now) < due_on <= day_of(now) + timedelta(days=LONGEST_DAYS):
        raise NotPossible(_("Choose a day that lies ahead, within three years."))


def check_cases(cases: Iterable[int], actor: Actor) -> list[int]:
    """The keys, in order; Complaint.DoesNotExist when one is out of scope."""
    keys = sorted(set(cases))
    if len(keys) > MOST_CASES:
        raise NotPossible(_("These are too many reports at once. Choose at most 50."))
    if Complaint.objects.visible_to(actor).filter(pk__in=keys).count() != len(keys):
        raise Complaint.DoesNotExist
    return keys


def create_by_key(
    model: type[AnyObligation], idempotency_key: str, make: Callable[[str], AnyObligation]
) -> AnyObligation:
    """The row of the form with this secret, made by `make(secret)` unless it is there already."""
    found = (
        model._default_manager.filter(idempotency_key=idempotency_key).first() if idempotency_key else None
    )
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make(idempotency_key or token_hex(16))
    except IntegrityError:
        # The same form arrived twice at once, and the other was quicker.
        found = model._default_manager.filter(idempotency_key=idempotency_key).first()
        if found is None:
            raise
        return found


def new_number(model: type[Obligation], prefix: str, now: datetime) -> tuple[int, str]:
    """Key and number of a new row, such as REK-2026-0007. The serial is the key, which is never given twice."""
    (pk,) = reserve_ids(1, model)
    return pk, f"{prefix}-{year_of(now)}-{pk:04d}"


def move(record: Recorder, row: Obligation, from_states: Iterable[str], **values: Any) -> None:
    """A conditional update: of two people acting at once, one is told that it is done already."""
    rows: Any = type(row)._default_manager
    if not rows.filter(pk=row.pk, state__in=list(from_states)).update(**values):
        raise NotPossible(_("Somebody else was quicker: this is done already."))
    row.refresh_from_db()
    record.changed(row, *values)


def add_step(
    record: Recorder, row: Any, kind: StepKind, *, actor: Actor, now: datetime, words: str = "", **data: Any
) -> Any:
    """The next line of the row's history."""
    who = actor if isinstance(actor, User) else None
    step: Step = row.steps.create(kind=kind, at=now, actor=who, role=role_of(actor), words=words, data=data)
    record.new(step)
    return step


def attach(record: Recorder, step: Any, files: Iterable[Attachment]) -> None:
    """Ties draft files to a step: from now on they are no drafts, and only who reads the step reads them."""
    for file in files:
        kept = Attachment.objects.filter(pk=file.pk, complaint=None).exclude(draft_digest="")
        if kept.update(draft_digest="", is_public=False):
            record.new(step.evidence.create(attachment=file))


def record(
    cases: Iterable[int],
    kind: PromiseEvent,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, Any],
    words: str = "",
    tell: PromiseMessage | None = None,
) -> None:
    """An event on each of the cases, in the order of their keys; `tell` writes to their citizens.

    The right was checked over what the event tells of. A case outside the actor's scope (a recommendation may
    rest on an oversight case that its agency must not know) is written by the system.
    """
    keys = sorted(set(cases))
    mine = set(Complaint.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    for pk in keys:
        with changing(pk, actor if pk in mine else None, Act.READ_STAFF, now=now) as change:
            change.event(kind, data, {"text": words})
            case = change.case
            # The citizen of a part is that of the whole; of a merged case, told with the main one.
            if tell is not None and case.parent_id is None and case.merged_into_id not in keys:
                change.tell_citizen(tell, data)
                change.tell_merged(tell, data)


def with_wholes(cases: Iterable[int]) -> list[int]:
    """The cases, and of parts of a shared case the whole, whose citizen follows it."""
    keys = set(cases)
    found = Complaint.objects.visible_to(None).filter(pk__in=keys, parent__isnull=False)
    return sorted(keys | set(found.values_list("parent_id", flat=True)))


def tell(
    users: Iterable[User],
    template: PromiseMessage,
    row: Obligation,
    what: str,
    *,
    now: datetime,
    cause: object = "",
) -> None:
    """A line in the digest of each, in office hours: what happened to which number. One for each cause and round."""
    _calendar, hours = calendar_for(row.agency_id)
    about = f"{row.number}:{row.round}:{what}:{row.level}:{cause}"
    data = {"number": row.number, "what": what}
    at = hours.next_opening(now)
    people = {user.pk: user for user in users}.values()
    store_messages(
        [draft_message(template, case=None, cause=about, due_at=at, user=user, data=data) for user in people]
    )
