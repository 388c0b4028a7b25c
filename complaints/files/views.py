"""Hands out a file, through the scope of whoever asks, and so that no browser ever runs it."""

from datetime import datetime

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.actors import Actor
from accounts.models import User
from complaints.files.storage import FileDamaged, read
from complaints.files.thumbnails import CONTENT_TYPE, thumbnail
from complaints.history.timeline import (
    Audience,
    audience_of,
    follower_may_read,
    may_read_file,
    part_may_read,
)
from complaints.models import Attachment, Complaint, EventKind
from complaints.models.complaint import Complaints
from complaints.public.guards import citizen_of


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponse:
    """The bytes as they were stored; 404 out of scope as for a file that never was, 500 when damaged."""
    attachment = _asked_for(request, key)
    try:
        data = read(attachment)
    except FileDamaged:
        return render(request, "complaints/public/file_damaged.html", status=500)
    return as_download(data, attachment)


@require_safe
def file_small(request: HttpRequest, key: str) -> HttpResponse:
    """A small picture of a photo, for a page; 404 for all else and for one that is damaged."""
    return small_picture(_asked_for(request, key))


def small_picture(attachment: Attachment) -> HttpResponse:
    """The answer with a small picture of a photo that may be seen. Http404 where there is none."""
    if not attachment.content_type.startswith("image/"):
        raise Http404
    try:
        data = thumbnail(read(attachment))
    except FileDamaged:
        raise Http404 from None
    return _guarded(HttpResponse(data, content_type=CONTENT_TYPE))


def _asked_for(request: HttpRequest, key: str) -> Attachment:
    safe = Attachment.objects.filter(key=key, complaint__isnull=False, is_waiting=False)
    attachment = safe.select_related("event").first()
    if attachment is None or not any(_may(actor, attachment) for actor in _actors(request, timezone.now())):
        raise Http404
    return attachment


def _actors(request: HttpRequest, now: datetime) -> list[Actor]:
    """As whom this browser may ask: the citizen of a case, a member of staff, or both."""
    found: list[Actor] = []
    if who := citizen_of(request, now):
        found.append(who)
    if isinstance(request.user, User):
        found.append(request.user)
    return found


def _may(actor: Actor, attachment: Attachment) -> bool:
    cases = Complaint.objects.visible_to(actor)
    case = cases.filter(attachments=attachment).first()
    if case is not None:
        return may_read_file(actor, case, attachment)
    if isinstance(actor, User):
        parts = cases.filter(parent=attachment.complaint)
        return part_may_read(attachment) and any(audience_of(actor, part) == Audience.STAFF for part in parts)
    return _follows(cases, attachment) and follower_may_read(attachment)


def _follows(cases: Complaints, attachment: Attachment) -> bool:
    """The citizen of a merged case follows the case it was merged into, and saw what it goes on in place of; both
    read the answers of the parts of a shared case."""
    main = attachment.complaint
    if main is None:
        return False
    if main.parent is not None:
        main = main.parent
        if cases.filter(pk=main.pk).exists():
            return True
    went_on = Q(events__kind=EventKind.WENT_ON, events__data__from=main.number)
    return cases.filter(Q(merged_into=main) | went_on).exists()


def as_download(data: bytes, attachment: Attachment) -> HttpResponse:
    return download(data, attachment.name, attachment.content_type)


def download(data: bytes, name: str, content_type: str) -> HttpResponse:
    """Bytes to be kept, not shown: no browser runs them, none remembers them."""
    response = _guarded(HttpResponse(data, content_type=content_type))
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    add_never_cache_headers(response)
    return response
