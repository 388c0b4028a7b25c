"""What people said becomes a promise: the agency's head makes it, and everybody who led to it is told."""

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from escalation.promises.models.commitment import Commitment
from escalation.promises.services import commitments
from escalation.promises.services.commitments import NewCommitment
from surveys.forums.inputs.services import answering, gathering
from surveys.forums.models import Finding, ForumInput


@transaction.atomic
def promise(
    number: str, new: NewCommitment, *, actor: Actor, now: datetime, idempotency_key: str
) -> Commitment:
    """From a finding, or from one input, which then stands under a finding of its own. The same form again gives the
    promise that is there. DoesNotExist out of scope; NotPossible when it is decided already."""
    row = commitments.make(new, actor=actor, now=now, idempotency_key=idempotency_key)
    if ForumInput.objects.filter(commitment=row.number).exists():
        return row
    finding = _finding(number, new.title, actor, now)
    about = answering.about_finding(finding.pk, actor=actor)
    answering.become_commitment(about, row.number, actor=actor, now=now)
    return row


def _finding(number: str, title: str, actor: Actor, now: datetime) -> Finding:
    if number.startswith(gathering.PREFIX):
        found: Finding = Finding.objects.visible_to(actor).get(number=number)
        return found
    row = ForumInput.objects.visible_to(actor).get(number=number)
    return gathering.gather([row.pk], title, actor=actor, now=now)
