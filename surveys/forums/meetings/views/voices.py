"""What is said at a meeting, written down at typing speed, also without network; and questions sent in beforehand."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from complaints.desk.access import staff, staff_page
from complaints.numbers import secret_digest
from complaints.public.guards import refused_for_now
from complaints.services.change import NotAllowed, NotPossible
from complaints.sheets import address
from surveys.forums.inputs.forms import SayForm
from surveys.forums.inputs.services.saying import Said, asks_beforehand, say
from surveys.forums.inputs.thread import browser_of, thread_page
from surveys.forums.meetings.note_form import NoteForm
from surveys.forums.meetings.views.shared import desk_or_404, public_or_404
from surveys.forums.models import Forum, ForumInput, ForumState
from surveys.rights import SurveyAct

SHOWN = 50
SAY_PER_MINUTE = 6
PARTS = ("js/form.js", "js/send-later.js", "js/notes.js")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.RUN_FORUMS)
def notes(request: HttpRequest, code: str) -> HttpResponse:
    """One field; Enter saves, and the line stands above with its number. Without JavaScript an ordinary form."""
    user, now = staff(request), timezone.now()
    forum = desk_or_404(user, code)
    form = NoteForm(request.POST if request.method == "POST" else None, forum=forum)
    if form.is_bound and form.is_valid():
        try:
            _note(forum, form, user, now)
        except NotPossible as error:
            form.add_error(None, str(error))
            return _page(request, forum, form, HTTPStatus.CONFLICT)
        return redirect("surveys:desk-forum-notes", forum.code)
    return _page(request, forum, form, 422 if form.errors else 200)


def _page(request: HttpRequest, forum: Forum, form: NoteForm, status: int) -> HttpResponse:
    rows = ForumInput.objects.visible_to(staff(request)).filter(forum=forum, source=ForumInput.Source.MEETING)
    found = rows.select_related("words", "service").order_by("-pk")[:SHOWN]
    context = {"forum": forum, "form": form, "rows": found}
    response = render(request, "forums/desk/notes.html", context, status=status)
    if status == HTTPStatus.OK:
        response["X-Tablet"] = "1"  # what the worker keeps
    return response


@require_POST
@staff_page(SurveyAct.RUN_FORUMS)
def notes_say(request: HttpRequest, code: str) -> HttpResponse:
    """One line that the page kept: {"number"}, also when it came before. 422 of a line that says nothing."""
    user, now = staff(request), timezone.now()
    forum = desk_or_404(user, code)
    form = NoteForm(request.POST, forum=forum)
    if not form.is_valid():
        return JsonResponse({"number": ""}, status=422)
    try:
        row = _note(forum, form, user, now)
    except NotPossible as error:
        return JsonResponse({"number": "", "why": str(error)}, status=422)
    return JsonResponse({"number": row.number})


def _note(forum: Forum, form: NoteForm, user: User, now: datetime) -> ForumInput:
    """Stores a line once by its token. NotPossible of a meeting that has not begun or does not take place."""
    if forum.state in (ForumState.DRAFT, ForumState.CANCELLED) or now < forum.starts_at - timedelta(hours=1):
        raise NotPossible(form.NOT_YET)
    data = form.cleaned_data
    said = Said(
        text=data["text"],
        source=ForumInput.Source.MEETING,
        forum=forum,
        agency=form.agency,
        service=form.service,
        pseudonym=data["pseudonym"],
        language=(get_language() or "id")[:2],
        at=_said_at(data.get("at"), forum, now),
    )
    key = secret_digest(f"{forum.pk} {data['once']}", settings.RECEIPT_PEPPER)
    try:
        return say(said, actor=user, now=now, idempotency_key=key)
    except NotAllowed:
        raise PermissionDenied from None


def _said_at(typed: int | None, forum: Forum, now: datetime) -> datetime | None:
    """When a line was typed that waited for the network; nothing that cannot be."""
    if typed is None:
        return None
    at = datetime.fromtimestamp(typed / 1000, UTC)
    return at if forum.starts_at - timedelta(hours=1) <= at <= now else None


@require_safe
@staff_page(SurveyAct.RUN_FORUMS)
def notes_worker(request: HttpRequest, code: str) -> HttpResponse:
    """The script that lets the page of this one meeting open without network; it sees nothing beside it."""
    page = reverse("surveys:desk-forum-notes", args=[desk_or_404(staff(request), code).code])
    parts: list[Any] = [*(static(part) for part in PARTS), address("desk.css")]
    known = json.dumps({"page": page, "parts": parts})
    name = f"notes-{code}-{sha256(known.encode()).hexdigest()[:12]}"
    context = {"name": json.dumps(name), "page": json.dumps(page), "parts": json.dumps(parts)}
    script = render_to_string("surveys/rounds/tablet_worker.js", context)
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """What people want to ask at the meeting; the office reads it before."""
    forum, now = public_or_404(code), timezone.now()
    asks = asks_beforehand(forum, now)
    form = SayForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _questions(request, forum, form, asks, 422 if form.errors else 200)
    if not asks:
        raise Http404
    if refused := refused_for_now(request, "say", SAY_PER_MINUTE, now):
        return refused
    said = form.said(forum, ForumInput.Source.BEFORE, (get_language() or "id")[:2])
    row = say(said, actor=None, now=now, idempotency_key=form.cleaned_data["secret"])
    messages.success(request, _("Received under the number %(number)s.") % {"number": row.number})
    return redirect("surveys:forum-questions", forum.code)


def _questions(request: HttpRequest, forum: Forum, form: SayForm, asks: bool, status: int) -> HttpResponse:
    now, after = timezone.now(), request.GET.get("after", "")
    source = ForumInput.Source.BEFORE
    page = thread_page(forum, "support", after, now, browser_of(request), source)
    context = {"forum": forum, "form": form, "page": page, "asks": asks, "is_first": not after}
    return render(request, "forums/questions.html", context, status=status)
