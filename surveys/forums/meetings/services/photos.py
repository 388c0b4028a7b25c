"""Pictures of a meeting: made harmless like every upload, shown to everybody only when somebody has ticked that."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from complaints.models import Attachment
from surveys.forums.meetings.models.record import ForumPhoto, ForumStepKind
from surveys.forums.meetings.services.frame import add_step, allowed


@transaction.atomic
def add_photos(
    pk: int, *, actor: Actor, now: datetime, files: Iterable[Attachment], caption: str = ""
) -> list[ForumPhoto]:
    """Ties draft files to the forum: from now on they are no drafts. Only the office sees them."""
    forum, _person = allowed(pk, actor)
    kept = [
        ForumPhoto.objects.create(forum=forum, attachment=file, caption=caption)
        for file in files
        if Attachment.objects.filter(pk=file.pk, complaint=None)
        .exclude(draft_digest="")
        .update(draft_digest="", is_public=False)
    ]
    if kept:
        add_step(forum, ForumStepKind.PHOTOS, actor=actor, now=now, photos=len(kept))
    return kept


@transaction.atomic
def show_photo(pk: int, photo: int, is_public: bool, *, actor: Actor, now: datetime) -> None:
    """Shows a picture to everybody, or takes it back. ForumPhoto.DoesNotExist for one of another forum."""
    forum, _person = allowed(pk, actor)
    row = ForumPhoto.objects.get(pk=photo, forum=forum)
    ForumPhoto.objects.filter(pk=row.pk).update(is_public=is_public)
