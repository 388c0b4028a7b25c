"""Erasing somebody who took part, when they ask for it (UU 27/2022): who they are, and if they wish what they said.

The chain stays: the ledger holds a salted digest of the words, and the salt goes with them.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from complaints.files.storage import discard
from complaints.ledger.recording import recording
from complaints.models import Attachment
from complaints.services.change import REASON_NEEDED, NotPossible
from surveys.forums.inputs.additions import ERASERS
from surveys.forums.inputs.models import Slip, StepKind
from surveys.forums.inputs.services.steps import add_step
from surveys.forums.models import Contact, ForumInput, InputWords


@dataclass
class Erased:
    """What went; and the numbers of the reports that hold an identity of their own, which is erased there."""

    inputs: int = 0
    words: int = 0
    photos: int = 0
    cases: tuple[str, ...] = ()


def erase_contact(contact: Contact, *, actor: Actor, now: datetime, reason: str, with_words: bool) -> Erased:
    """The address and name, wherever they took part; with `with_words` also what they said and photos of their slips,
    and what they objected to minutes.

    Supports stay as counts. NotPossible without a reason, which is kept.
    """
    if not reason.strip():
        raise NotPossible(REASON_NEEDED)
    with recording(actor=actor, now=now) as record:
        rows = list(ForumInput.objects.filter(contact=contact).select_related("complaint").order_by("pk"))
        keys = [row.pk for row in rows]
        photos = _photos(keys) if with_words else []
        said = InputWords.objects.filter(input__in=keys if with_words else ())
        record.gone(*said)
        gone = said.delete()[0]
        ForumInput.objects.filter(pk__in=keys).update(pseudonym="", in_own_name=False)
        for row in rows:
            add_step(StepKind.ERASED, row=row, actor=actor, now=now, words=reason, with_words=with_words)
        for erase in ERASERS:
            erase(contact, with_words)
        contact.delete()
    for photo in photos:
        discard(photo)
    cases = sorted({row.complaint.number for row in rows if row.complaint is not None})
    return Erased(len(rows), gone, len(photos), tuple(cases))


def _photos(keys: list[int]) -> list[Attachment]:
    slips = Slip.objects.filter(input__in=keys, photo__isnull=False).select_related("photo")
    return [slip.photo for slip in slips if slip.photo is not None]
