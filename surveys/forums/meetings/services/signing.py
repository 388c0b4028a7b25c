"""Both sides sign the minutes: the head of the agency with their account, whom the forum named by a mailed
link, either of them on paper. How it was done stands beside the name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Citizen
from accounts.models import User
from complaints.identity import Identity, seal, unseal
from complaints.ledger.entries import write_entry
from complaints.models import Attachment
from complaints.services.change import NotPossible
from surveys.forums.contacts import keep_contact
from surveys.forums.meetings import codes
from surveys.forums.meetings.entries import ForumEntry
from surveys.forums.meetings.models.minutes import Minutes, MinutesState, Signature
from surveys.forums.meetings.models.record import ForumStepKind
from surveys.forums.meetings.services import telling
from surveys.forums.meetings.services.frame import QUICKER, add_step, allowed, move, working_days_later
from surveys.forums.meetings.services.minutes import NOT_WRITTEN, minutes_of
from surveys.forums.meetings.text import changed_since_signing, digest_of
from surveys.rights import SurveyAct

Side, How = Signature.Side, Signature.How
OPEN_OBJECTIONS = _("Objections wait for their answer first.")
STILL_OPEN = _("It can be signed once the time for objections is over.")
ALTERED = _("The text is not what the other side has signed. Ask a supervisor.")


@dataclass(frozen=True)
class Signer:
    """Who signed and for whom, as it stands on the paper."""

    name: str
    capacity: str


@transaction.atomic
def name_representative(
    pk: int, *, actor: Actor, now: datetime, name: str, capacity: str, email: str = ""
) -> Minutes:
    """Whom the forum named to sign for the public. With an address they get a link once the text can be signed; without
    one they sign on paper."""
    forum, _person = allowed(pk, actor)
    minutes = minutes_of(forum)
    if minutes.signatures.filter(side=Side.PUBLIC).exists():
        raise NotPossible(_("The public has signed already."))
    identity = Identity(name=name, email=email.lower())
    language = (get_language() or "id")[:2]
    contact = keep_contact(identity, language=language, now=now) if email else None
    code = codes.new_code()
    move(
        minutes,
        [MinutesState.DRAFT, MinutesState.OBJECTIONS],
        representative=seal(Identity(name=name)),
        representative_for=capacity,
        representative_contact=contact,
        nonce=code.nonce,
        code_digest=code.digest,
    )
    add_step(forum, ForumStepKind.NAMED, actor=actor, now=now)
    telling.ask_to_sign(minutes, now=now)
    return minutes


def representative_of(minutes: Minutes) -> str:
    """Their name; empty when none was named."""
    return unseal(bytes(minutes.representative)).name if minutes.representative else ""


def why_not(minutes: Minutes, now: datetime) -> Any:
    """Why it cannot be signed now; None when it can."""
    if minutes.latest is None:
        return NOT_WRITTEN
    if minutes.state != MinutesState.OBJECTIONS or minutes.objections_until is None:
        return QUICKER if minutes.state != MinutesState.DRAFT else STILL_OPEN
    if minutes.objections.filter(answered_at=None).exists():
        return OPEN_OBJECTIONS
    return STILL_OPEN if now <= minutes.objections_until else None


@transaction.atomic
def sign_for_provider(pk: int, *, actor: Actor, now: datetime) -> Signature:
    """The head of the agency, or of one above it, with their account."""
    forum, person = allowed(pk, actor, SurveyAct.SIGN_MINUTES)
    agency = person.agency.name if person.agency else ""
    signer = Signer(person.name, f"{person.get_role_display()}, {agency}")
    return _sign(minutes_of(forum), Side.PROVIDER, How.ACCOUNT, signer, actor, now)


@transaction.atomic
def sign_by_link(minutes: Minutes, *, now: datetime) -> Signature:
    """The representative of the public, by their code; it works once."""
    name = representative_of(minutes)
    if not name:
        raise NotPossible(QUICKER)
    signer = Signer(name, minutes.representative_for)
    return _sign(minutes, Side.PUBLIC, How.LINK, signer, None, now)


@transaction.atomic
def sign_on_paper(
    pk: int, *, actor: Actor, now: datetime, side: str, name: str, capacity: str, files: list[Attachment]
) -> Signature:
    """What was signed on paper, with the scan of the sheet."""
    forum, _person = allowed(pk, actor)
    if len(files) != 1:
        raise NotPossible(_("Attach one file: the scan of the signed sheet."))
    kept = Attachment.objects.filter(pk=files[0].pk, complaint=None).exclude(draft_digest="")
    if not kept.update(draft_digest="", is_public=False):
        raise NotPossible(QUICKER)
    return _sign(minutes_of(forum), Side(side), How.PAPER, Signer(name, capacity), actor, now, scan=files[0])


def _sign(
    minutes: Minutes,
    side: Signature.Side,
    how: Signature.How,
    signer: Signer,
    actor: Actor,
    now: datetime,
    scan: Attachment | None = None,
) -> Signature:
    move(
        minutes, [MinutesState.OBJECTIONS], level=minutes.level
    )  # before a text or an objection, or after it
    reason = why_not(minutes, now)
    if reason is not None:
        raise NotPossible(reason)
    if changed_since_signing(minutes):
        raise NotPossible(ALTERED)
    version = minutes.latest
    assert version is not None
    try:
        with transaction.atomic():
            row = Signature.objects.create(
                minutes=minutes,
                version=version,
                side=side,
                how=how,
                name=signer.name,
                capacity=signer.capacity,
                digest=digest_of(minutes, version),
                at=now,
                by=actor if isinstance(actor, User) else None,
                scan=scan,
            )
    except IntegrityError:
        raise NotPossible(QUICKER) from None
    _record(minutes, row, actor, now, _if_both(minutes, now))
    return row


def _record(minutes: Minutes, row: Signature, actor: Actor, now: datetime, written: Iterable[str]) -> None:
    who: Actor = actor if isinstance(actor, User) else Citizen(0)
    told = {"side": row.side, "how": row.how}
    kind, changed = ForumStepKind.SIGNED, [(minutes, *written)]
    add_step(minutes.forum, kind, actor=actor, now=now, new=[row], changed=changed, **told)
    data = {"forum": minutes.forum.code, "version": row.version.number, "digest": row.digest}
    write_entry(ForumEntry.SIGNED, actor=who, now=now, data=data | {"side": row.side, "how": row.how})


def _if_both(minutes: Minutes, now: datetime) -> list[str]:
    """The columns that were written: none before both have signed."""
    if minutes.signatures.count() < len(Side.choices):
        return []
    due = working_days_later(minutes.forum.agency_id, now, minutes.policy["publishing_days"])
    values: dict[str, Any] = {"due_at": due, "next_action_at": due, "level": 0}
    move(minutes, [MinutesState.OBJECTIONS], state=MinutesState.SIGNED, **values)
    return ["state", *values]
