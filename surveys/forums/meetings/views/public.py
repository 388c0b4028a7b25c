"""What everybody reads of forums: which come, which were, and each of them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from complaints.clock.city_time import zone
from complaints.clock.dates import moment_words
from complaints.files.storage import FileDamaged, read
from complaints.files.views import as_download
from surveys.forums.inputs.services.saying import asks_beforehand, is_thread_open
from surveys.forums.meetings.calendar_file import CalendarEvent, calendar_file
from surveys.forums.meetings.models.minutes import Minutes, MinutesState
from surveys.forums.meetings.models.record import ForumPhoto
from surveys.forums.meetings.services.attending import doors_are_open, places_left
from surveys.forums.meetings.views.shared import newest, paging, public_or_404, standing
from surveys.forums.models import Forum, ForumInput, ForumState

MOST_COMING = 50
READABLE = (MinutesState.OBJECTIONS, MinutesState.SIGNED, MinutesState.PUBLISHED)


@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    """Coming ones, those that can be discussed online, and those that were."""
    now = timezone.now()
    coming = list(Forum.objects.coming(now).select_related("agency")[:MOST_COMING])
    page = newest(Forum.objects.past(now).select_related("agency"), request)
    context = {
        "coming": [{"row": row, "standing": standing(row, now)} for row in coming],
        "past": [{"row": row, "standing": standing(row, now)} for row in page.rows],
        **paging(request, page),
    }
    return render(request, "forums/list.html", context)


@require_safe
def forum(request: HttpRequest, code: str) -> HttpResponse:
    row, now = public_or_404(code), timezone.now()
    minutes = Minutes.objects.filter(forum=row, state__in=READABLE).first()
    registers = row.state == ForumState.ANNOUNCED and row.starts_at > now and row.has_meeting
    left = places_left(row) if registers else None
    context = {
        "forum": row,
        "standing": standing(row, now),
        "starts": moment_words(row.starts_at),
        "ends": moment_words(row.ends_at, "H:i"),
        "agenda": [line for line in row.agenda.split("\n") if line.strip()],
        "agencies": row.agencies.order_by("name"),
        "services": row.services.order_by("code"),
        "registers": registers,
        "left": left,
        "is_full": left == 0,
        "doors_open": doors_are_open(row, now),
        "asks": asks_beforehand(row, now),
        "has_questions": row.inputs.public().filter(source=ForumInput.Source.BEFORE).exists(),
        "thread_open": is_thread_open(row, now),
        "minutes": minutes,
        "photos": row.photos.filter(is_public=True).select_related("attachment"),
    }
    return render(request, "forums/forum.html", context)


@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The meeting for one's own calendar. What was cancelled says so, under the same UID."""
    row = public_or_404(code)
    if not row.has_meeting:
        raise Http404
    address = f"{settings.BASE_URL}{reverse('surveys:forum', args=[row.code])}"
    held_by = _("Held by")
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    event = CalendarEvent(
        uid=f"forum-{row.pk}-{row.code}@{host}",
        sequence=row.sequence,
        changed_at=row.changed_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=row.title,
        place=row.place,
        words=f"{row.topic}\n\n{held_by}: {row.host.local_name}\n{address}",
        url=address,
        is_cancelled=row.state == ForumState.CANCELLED,
    )
    response = HttpResponse(calendar_file(event, zone()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{row.code}.ics") or "attachment"
    return response


@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponse:
    """A picture that may be shown to everybody; the office that runs the forum sees the others as well."""
    row = ForumPhoto.objects.select_related("attachment", "forum").filter(attachment__key=key).first()
    if row is None or not (_is_for_everybody(row) or _is_for(request, row)):
        raise Http404
    try:
        return as_download(read(row.attachment), row.attachment)
    except FileDamaged:
        return render(request, "complaints/public/file_damaged.html", status=500)


def _is_for_everybody(row: ForumPhoto) -> bool:
    return row.is_public and row.forum.announced_at is not None


def _is_for(request: HttpRequest, row: ForumPhoto) -> bool:
    user = request.user
    return isinstance(user, User) and Forum.objects.visible_to(user).filter(pk=row.forum_id).exists()
