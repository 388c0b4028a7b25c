"""The row of a paper that somebody asks for: the same question, while it waits, is the same row."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.services.change import NotPossible
from reports.documents.models import Document

MOST_WAITING = 10  # per person: a worker's time is everybody's


@transaction.atomic
def find_or_ask(
    kind: Document.Kind, about: dict[str, object], actor: User, now: datetime, language: str
) -> tuple[Document, bool]:
    """The row, and whether it is new. NotPossible when too many wait."""
    waiting = Document.objects.waiting().of(actor)
    same = waiting.filter(kind=kind, language=language, **about).first()
    if same is not None:
        return same, False
    if waiting.count() >= MOST_WAITING:
        raise NotPossible(_("Several papers are still being prepared. Please wait until one is ready."))
    document = Document.objects.create(
        kind=kind, language=language, requested_by=actor, requested_at=now, due_at=now, **about
    )
    return document, True
