"""What comes by suggestion box and telephone, typed in a pile at a time: as an input or as a report, each slip once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from complaints.models import Attachment
from complaints.permissions import role_may
from complaints.services import intake
from complaints.services.change import NotAllowed, NotPossible
from complaints.states import Verb
from surveys.forums.inputs.models import Slip
from surveys.forums.inputs.services.saying import Said, say
from surveys.forums.inputs.services.steps import check_right
from surveys.forums.models import ForumInput
from surveys.rights import SurveyAct

NO_ROOM = _("There is no room for files at the moment. Try again later.")
PHOTO_REFUSED = _("The photo was not taken: send a JPEG, PNG, WebP, HEIC or PDF that is not too large.")
ENTERED = _("This slip was entered already.")


@dataclass(frozen=True)
class Place:
    """Where a slip was found: the box or line, the round of emptying, its number."""

    box: str
    batch: str
    number: str


@dataclass(frozen=True)
class Entered:
    """What a slip became; the receipt's code is nowhere else."""

    slip: Slip
    receipt: intake.Receipt | None = None


def enter_slip(
    place: Place,
    what: Said | intake.Filing,
    *,
    actor: Actor,
    now: datetime,
    secret: str,
    photo: Attachment | None = None,
) -> Entered:
    """The same form again gives what is there. NotPossible for a slip that another form entered."""
    person = check_right(actor, SurveyAct.ENTER_INPUT)
    if isinstance(what, intake.Filing) and not role_may(role_of(person), Verb.SUBMIT):
        raise NotAllowed(Verb.SUBMIT)
    try:
        with transaction.atomic():
            if isinstance(what, Said):
                row = say(what, actor=actor, now=now, idempotency_key=secret)
                return Entered(_slip(place, person, now, photo, input=row))
            receipt = intake.submit(what, actor=actor, now=now, secret=secret)
            return Entered(_slip(place, person, now, None, complaint=receipt.case), receipt)
    except IntegrityError:
        raise NotPossible(ENTERED) from None


def _slip(place: Place, person: Any, now: datetime, photo: Attachment | None, **became: Any) -> Slip:
    found = Slip.objects.filter(**became).first()
    if found is not None:
        if (found.box, found.batch, found.number) != (place.box, place.batch, place.number):
            raise NotPossible(ENTERED)
        return found
    kept = None
    if photo is not None:
        drafts = Attachment.objects.filter(pk=photo.pk, complaint=None).exclude(draft_digest="")
        kept = photo if drafts.update(draft_digest="", is_public=False, is_personal=True) else None
    return Slip.objects.create(
        box=place.box,
        batch=place.batch,
        number=place.number,
        photo=kept,
        entered_at=now,
        entered_by=person,
        **became,
    )


def slips_of(person: Any, since: datetime) -> list[Slip]:
    """What somebody typed in since then, the last first."""
    rows = Slip.objects.filter(entered_by=person, entered_at__gte=since)
    return list(rows.select_related("input__words", "complaint").order_by("-pk")[:50])


def readable_photo(row: ForumInput) -> Attachment | None:
    slip = Slip.objects.filter(input=row).select_related("photo").first()
    return slip.photo if slip else None
