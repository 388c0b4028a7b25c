"""How a case begins: by the citizen's own form, or typed in by a clerk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.actors import Actor, Citizen, role_of
from accounts.models import User
from accounts.roles import Role
from complaints.clock.city_time import day_of, year_of
from complaints.clock.deadlines import Clockwork, policy_for
from complaints.database import bulk
from complaints.database.together import Row
from complaints.files.storage import name_plainly
from complaints.history import events
from complaints.history.rows import COMPLAINANT, of_new_case, words_of_case
from complaints.identity import Identity, seal
from complaints.ledger.numbering import new_key
from complaints.mail.drafting import draft_message
from complaints.models import (
    Area,
    Attachment,
    Category,
    Clock,
    Complainant,
    Complaint,
    Event,
    EventKind,
    Message,
    OfficeCalendar,
    Service,
)
from complaints.models.catalogue import Kind
from complaints.models.complaint import Channel
from complaints.models.policy import Stage
from complaints.numbers import make_number, receipt_digest, receipt_from_secret, secret_digest
from complaints.permissions import is_protected, role_may
from complaints.services.change import NotAllowed
from complaints.services.unconfirmed import mark_of, may_write, take_one
from complaints.states import Verb

RECEIPT = "receipt"  # what the mails of a day to an address are counted as


@dataclass(frozen=True)
class Filing:
    """What a complainant says, already validated by a form. `kind` empty: the category's."""

    subject: str
    description: str
    category: Category | None = None
    service: Service | None = None
    area: Area | None = None
    location: str = ""
    happened_on: Any = None
    is_anonymous: bool = False
    is_confidential: bool = False
    identity: Identity = field(default_factory=Identity)
    kind: str = ""
    channel: str = Channel.WEB
    language: str = "id"
    is_personal: bool = False  # the files show the complainant or their papers
    received_at: datetime | None = None  # a clerk enters a letter that came earlier


@dataclass(frozen=True)
class Receipt:
    """What the complainant is given; the code is nowhere else."""

    case: Complaint
    code: str
    is_new: bool
    calendar: OfficeCalendar | None = None  # by which a new case's time is counted
    has_mail: bool = False  # a mail goes to the address that was left


def submit(
    filing: Filing, *, actor: Actor, now: datetime, secret: str = "", may_have_files: bool = True
) -> Receipt:
    """Makes a case and its receipt. The same `secret` again returns the same case and receipt.

    `secret` is the form's one-time token (128 bits or more); draft files sent under it become the case's,
    unless the caller knows that there are none.
    `actor` is None for a citizen's own form, or the clerk. Raises NotAllowed for any other role.
    """
    role = role_of(actor)
    if not role_may(Role.CITIZEN if actor is None else role, Verb.SUBMIT):
        raise NotAllowed(Verb.SUBMIT)
    secret = secret or token_urlsafe(24)
    if settings.RECEIPT_FORMER_PEPPERS and (receipt := _of_former_pepper(secret)):
        return receipt
    digest = secret_digest(secret, settings.RECEIPT_PEPPER)
    code = receipt_from_secret(secret.encode(), settings.RECEIPT_PEPPER)
    try:
        with transaction.atomic():
            case, calendar, has_mail = _create(filing, actor, now, digest, code, may_have_files)
    except IntegrityError:
        earlier = Complaint.objects.filter(submission_digest=digest).first()
        if earlier is None:
            raise
        told = Message.objects.filter(complaint=earlier, template=Message.Template.RECEIPT)
        return Receipt(earlier, code, is_new=False, has_mail=told.exists())
    return Receipt(case, code, is_new=True, calendar=calendar, has_mail=has_mail)


def _of_former_pepper(secret: str) -> Receipt | None:
    """Of a form that was sent before the pepper was changed, and is sent again."""
    for pepper in settings.RECEIPT_FORMER_PEPPERS:
        earlier = Complaint.objects.filter(submission_digest=secret_digest(secret, pepper)).first()
        if earlier is not None:
            return Receipt(earlier, receipt_from_secret(secret.encode(), pepper), is_new=False)
    return None


def _create(
    filing: Filing, actor: Actor, now: datetime, digest: str, code: str, may_have_files: bool
) -> tuple[Complaint, OfficeCalendar, bool]:
    address = "" if filing.is_anonymous else filing.identity.email
    mail = [take_one(RECEIPT, address, now)] if address else []
    pk, event_pk, known, taken = new_key(now, *mail)
    city = known.row_of(None)
    case = _new_case(filing, actor, now, digest, code, city)
    case.pk, case.number = pk, make_number(settings.CITY.prefix, year_of(case.received_at), pk)
    case.submit()
    clockwork = Clockwork(case, [], [], city)
    clockwork.start(Stage.VERIFICATION, case.received_at)
    clockwork.start(Stage.RESOLUTION, case.received_at)
    clockwork.settle()
    files = _draft_files(digest) if may_have_files else {}
    rows = of_new_case(case, clockwork.clocks, clockwork.pauses)
    complainant = _identity(case, filing)
    if complainant is not None:
        rows["+complainant"] = [COMPLAINANT.whole(complainant)]
    data = {"channel": str(filing.channel), "kind": str(case.kind), "files": list(files), "rows": rows}
    if files and filing.is_personal:
        data["personal"] = list(files)
    by = Citizen(case.pk) if actor is None else actor
    said = words_of_case(case)
    drafted = events.draft_event(case, EventKind.SUBMITTED, actor=by, at=now, data=data, words=said)
    mails = _receipt_mail(case, address, now) if address and _may_tell(address, now, taken) else []
    bulk.insert_together(
        (Complaint, [case]),
        (Clock, clockwork.clocks),
        *events.rows_of(drafted, event_pk),
        (Complainant, [complainant] if complainant else []),
        (Message, mails),
    )
    case.stored_version = case.version
    if files:
        _take_files(case, files.values(), drafted.event, filing)
    return case, city, bool(mails)


def _new_case(
    filing: Filing, actor: Actor, now: datetime, digest: str, code: str, city: OfficeCalendar
) -> Complaint:
    received_at = filing.received_at or now
    kind = filing.kind or (filing.category.kind if filing.category else Kind.COMPLAINT)
    return Complaint(
        receipt_digest=receipt_digest(code, settings.RECEIPT_PEPPER),
        submission_digest=digest,
        kind=kind,
        channel=filing.channel,
        subject=filing.subject,
        description=filing.description,
        category=filing.category,
        service=filing.service,
        area=filing.area,
        location=filing.location,
        happened_on=filing.happened_on,
        is_anonymous=filing.is_anonymous,
        is_confidential=filing.is_confidential,
        language=filing.language,
        entered_by=actor if isinstance(actor, User) else None,
        received_at=received_at,
        policy=policy_for(kind, filing.category.pk if filing.category else None, day_of(received_at), city),
        next_level=1,
        watch_at=now,  # the next sweep plans when the ladder has to look
    )


def _draft_files(digest: str) -> dict[str, int]:
    """SHA-256 and key of the files sent under this form's secret; one sent twice, by a doubled request, counts once."""
    drafts = Attachment.objects.filter(draft_digest=digest, complaint=None).order_by("-pk")
    once = dict(drafts.values_list("sha256", "pk"))
    return dict(sorted(once.items(), key=lambda draft: draft[1])[: settings.ATTACHMENT_MAX_FILES])


def _may_tell(address: str, now: datetime, taken: Sequence[Row | None]) -> bool:
    """Whether one of the mails of the day to this address was taken with the key, or can be now."""
    return any(taken) or may_write(RECEIPT, address, now, tried=len(taken))


def _receipt_mail(case: Complaint, address: str, now: datetime) -> list[Message]:
    """The confirmation to who left an address."""
    to = {"to": mark_of(case, address)}
    return [draft_message(Message.Template.RECEIPT, case=case, cause="1", due_at=now, data=to)]


def _take_files(case: Complaint, files: Iterable[int], event: Event, filing: Filing) -> None:
    """The drafts with these keys become the case's."""
    drafts = Attachment.objects.filter(pk__in=files, complaint=None)
    if is_protected(case):
        name_plainly(drafts)
    drafts.update(complaint=case, event=event, draft_digest="", is_personal=filing.is_personal)


def _identity(case: Complaint, filing: Filing) -> Complainant | None:
    if not filing.identity or filing.is_anonymous:
        return None
    return Complainant(complaint=case, sealed=seal(filing.identity))
