"""What stands before the public forms: limits on size and number, and the citizen's short session."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.actors import Citizen
from complaints.public.throttle import spend, visitor

View = Callable[..., HttpResponse]

FORM_BYTES = 1_000_000  # the words of a form, beside its files
ENTRY = "citizen"


def takes_files(view: View) -> View:
    """Refuses (413) a body larger than all files together may be, before any of it is read.

    The check for forgery reads the body, so it comes after; the view is exempt from the site-wide one.
    """
    protected = csrf_protect(view)
    limit = settings.ATTACHMENT_MAX_FILES * settings.ATTACHMENT_MAX_BYTES + FORM_BYTES

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > limit:
            return render(request, "complaints/public/too_large.html", status=413)
        return protected(request, *args, **kwargs)

    return guarded


def refused_for_now(request: HttpRequest, name: str, per_minute: int, now: datetime) -> HttpResponse | None:
    """Takes one from the visitor's allowance; the answer to give when there is none left."""
    wait = spend(name, visitor(request, now), per_minute, now=now)
    return too_many(request, wait) if wait else None


def too_many_files(request: HttpRequest, uploads: Sequence[object], now: datetime) -> bool:
    """Whether the visitor's network has sent its files of the hour: each takes seconds to be made safe."""
    if not uploads:
        return False
    limit = settings.FILES_PER_HOUR
    return bool(spend("files", visitor(request, now), limit, now=now, count=len(uploads), seconds=3600))


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429, with the seconds after which it can be tried again."""
    response = render(request, "errors/429.html", status=429)
    response["Retry-After"] = str(wait)
    return response


def enter(request: HttpRequest, citizen: Citizen, now: datetime) -> None:
    """Begins the session of someone who showed a receipt code; the code itself is not kept.

    Its cookie goes when the browser is closed, its entry CITIZEN_SESSION_MINUTES after the last use.
    """
    request.session.cycle_key()
    request.session[ENTRY] = {"case": citizen.complaint_id, "until": _until(now)}


def citizen_of(request: HttpRequest, now: datetime) -> Citizen | None:
    """Whose case this browser is in, as long as its session lasts; each use lengthens it."""
    entry = request.session.get(ENTRY)
    if not entry:
        return None
    if entry["until"] < now.timestamp():
        del request.session[ENTRY]
        return None
    if _until(now) - entry["until"] > 60:
        request.session[ENTRY] = entry | {"until": _until(now)}
    return Citizen(entry["case"])


def who_acts(request: HttpRequest, now: datetime) -> Citizen | HttpResponse:
    """Before an act of the citizen: whose case this browser is in, or the answer to give instead, as the session has
    ended or too much was sent within a minute."""
    who = citizen_of(request, now)
    if who is None:
        return session_ended(request)
    return refused_for_now(request, "act", settings.SUBMISSIONS_PER_MINUTE, now) or who


def session_ended(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Please enter your receipt code to see your report."))
    return redirect("complaints:complaint-track")


def leave(request: HttpRequest) -> None:
    """Ends the citizen's session; a member of staff stays signed in."""
    request.session.pop(ENTRY, None)
    if SESSION_KEY not in request.session:
        request.session.flush()


def _until(now: datetime) -> float:
    return (now + timedelta(minutes=settings.CITIZEN_SESSION_MINUTES)).timestamp()
