"""Unfinished forms of the desk, with the files that were chosen for them. They hold personal words: only whoever wrote
one reads it, and it is gone once it is of no use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from django.db import transaction

from accounts.models import User
from complaints.files.storage import discard, drafts_of
from complaints.models import Attachment, Complaint, Draft

LIFE = timedelta(days=30)
MOST_LETTERS = 20_000
Values = Mapping[str, str | list[str]]


def draft_of(person: User, case: Complaint, act: str) -> Draft | None:
    return Draft.objects.filter(person=person, complaint=case, act=act).first()


@transaction.atomic
def keep(person: User, case: Complaint, act: str, values: Values, *, version: int, now: datetime) -> Draft:
    """Keeps what stands in the form, in place of what was kept before; of what is too long the beginning."""
    values = {name: value[:MOST_LETTERS] for name, value in values.items()}
    kept = {"values": values, "version": version, "saved_at": now}
    draft, _is_new = Draft.objects.update_or_create(
        person=person,
        complaint=case,
        act=act,
        defaults=kept,
        create_defaults=kept | {"digest": token_hex(32)},
    )
    return draft


def files_of(draft: Draft | None) -> list[Attachment]:
    return drafts_of(draft.digest) if draft else []


def drop(draft: Draft) -> None:
    """Deletes a draft and its files; those that have become a case's stay."""
    files = files_of(draft)
    draft.delete()
    for file in files:
        discard(file)


def drop_all_of(case: Any) -> None:
    """Of a case, given by its row or key, whoever's they are."""
    for draft in Draft.objects.filter(complaint=case):
        drop(draft)


def sweep_drafts(now: datetime) -> int:
    """Deletes what nobody came back to; returns how many."""
    old = list(Draft.objects.filter(saved_at__lt=now - LIFE))
    for draft in old:
        drop(draft)
    return len(old)
