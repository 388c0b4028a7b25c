"""Unfinished forms of the desk, with the files that were chosen for them. They hold personal words: only whoever wrote
one reads it, and it is gone once it is of no use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from complaints.files.storage import discard, drafts_of
from complaints.models import Attachment, Complaint, Draft

LIFE = timedelta(days=30)
MOST_LETTERS = 20_000
MOST_OF_PAGES = 50  # a person, of forms that are on no case's page
Values = Mapping[str, str | list[str]]


def draft_of(person: User, case: Complaint | None, act: str) -> Draft | None:
    return Draft.objects.filter(person=person, complaint=case, act=act).first()


def drafts_of_pages(person: User) -> dict[str, Draft]:
    """Those of forms that are on no case's page, by where they stand."""
    return {draft.act: draft for draft in Draft.objects.filter(person=person, complaint=None)}


def keep(
    person: User,
    case: Complaint | None,
    act: str,
    values: Values,
    *,
    version: int,
    now: datetime,
    digest: str = "",
) -> Draft:
    """Keeps what stands in the form, in place of what was kept before; of what is too long the beginning. `digest`: of
    a form that has one of its own, under which its files are."""
    values = {name: value[:MOST_LETTERS] for name, value in values.items()}
    kept = {"values": values, "version": version, "saved_at": now} | ({"digest": digest} if digest else {})
    draft, is_new = Draft.objects.update_or_create(
        person=person,
        complaint=case,
        act=act,
        defaults=kept,
        create_defaults={"digest": token_hex(32)} | kept,
    )
    if is_new and case is None:  # no transaction is open: taking files away may ask the object store
        for old in Draft.objects.filter(person=person, complaint=None).order_by("-saved_at")[MOST_OF_PAGES:]:
            drop(old)
    return draft


@transaction.atomic
def move(draft: Draft, digest: str) -> None:
    """Gives a draft that is opened again, and its files, the digest of the form in which they are now."""
    Attachment.objects.filter(draft_digest=draft.digest, complaint=None).update(draft_digest=digest)
    Draft.objects.filter(pk=draft.pk).update(digest=digest)
    draft.digest = digest


def files_of(draft: Draft | None) -> list[Attachment]:
    return drafts_of(draft.digest) if draft else []


def drop(draft: Draft) -> None:
    """Deletes a draft and its files; those that have become a case's stay."""
    files = files_of(draft)
    draft.delete()
    for file in files:
        discard(file)


def drop_all_of(case: Complaint) -> None:
    """Of a case, whoever's they are; also of forms elsewhere whose place names it."""
    for draft in Draft.objects.filter(Q(complaint=case) | Q(complaint=None, act__contains=case.number)):
        drop(draft)


def sweep_drafts(now: datetime) -> int:
    """Deletes what nobody came back to; returns how many."""
    old = list(Draft.objects.filter(saved_at__lt=now - LIFE))
    for draft in old:
        drop(draft)
    return len(old)
