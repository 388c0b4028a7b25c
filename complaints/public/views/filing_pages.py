"""The pages of a report on its way: the empty form, the form with what was typed, the summary.

Their addresses hold a handle that opens nothing: what was typed is kept with the visitor's session (kept.py).
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.catalogue import catalogue
from complaints.clock.city_time import day_of
from complaints.files.storage import drafts_of
from complaints.files.views import small_picture
from complaints.models import Attachment, Complaint
from complaints.numbers import secret_digest
from complaints.public.forms.filing import FilingForm
from complaints.public.kept import kept, kept_names
from complaints.public.summary import summary_rows
from complaints.public.views.repeated import Change, changes_of, filed_with, filing_of

PAGE = "complaints/public/filing.html"
CSRF_MARK, TOKEN_MARK = "0csrf0token0comes0here0", "0form0token0comes0here0"


@dataclass(frozen=True)
class Picture:
    """A file that waits with a form."""

    name: str
    key: str
    size: int
    small_url: str


def bound(request: HttpRequest, token: str) -> str:
    """The secret that a form's token is in this browser's hands."""
    cookie = request.META.get("CSRF_COOKIE")
    return sha256(f"{token}\0{cookie}".encode()).hexdigest() if cookie else token


def handle_of(secret: str) -> str:
    """How addresses name a form on its way."""
    return "f" + sha256(b"handle\0" + secret.encode()).hexdigest()[:15]


def blank_page(request: HttpRequest, now: datetime) -> HttpResponse:
    """The empty form: rendered once a minute, language and day; the tokens are put in last. Where this browser has one
    that was not sent, that one."""
    chosen = {
        name: request.GET[name]
        for name in ("category", "service", "area", "location")
        if request.GET.get(name)
    }
    if not chosen:
        for name in kept_names(request, now):
            state = kept(request, name, now)
            if state is not None and "token" in state and "sent" not in state:
                return redirect("complaints:complaint-draft", draft=name)
    lists, today = catalogue(), day_of(now)
    if chosen or "messages" in request.COOKIES:
        form = FilingForm(initial=chosen, lists=lists, today=today)
        return render(request, PAGE, {"form": form.offer(), "form_token": token_urlsafe(16)})
    key = (PAGE, get_language(), today)
    page = lists.pages.get(key)
    if page is None:
        # A request of nobody, so that nothing of this visitor can be kept for the next.
        nobody = HttpRequest()
        nobody.path = nobody.path_info = request.path
        context = {
            "form": FilingForm(lists=lists, today=today).offer(),
            "csrf_token": CSRF_MARK,
            "form_token": TOKEN_MARK,
        }
        page = lists.pages[key] = render_to_string(PAGE, context, nobody)
    page = page.replace(CSRF_MARK, get_token(request)).replace(TOKEN_MARK, token_urlsafe(16))
    return HttpResponse(page)


@require_safe
def complaint_draft(request: HttpRequest, draft: str) -> HttpResponse:
    """The form with what was typed, the files kept so far, and what is wrong with it."""
    now = timezone.now()
    state = kept(request, draft, now)
    if state is None:
        return _gone(request)
    if "sent" in state:
        return redirect("complaints:complaint-receipt", draft=draft)
    form = _form_of(state, now)
    if not state["is_checked"]:
        form = FilingForm(initial=state["values"], lists=form.lists, today=form.today)
    for problem in state["problems"] if state["is_checked"] else ():
        form.add_error("attachments", problem)
    return form_page(request, form, token=state["token"], files=_files_of(state), is_kept=True)


@require_safe
def complaint_review(request: HttpRequest, draft: str) -> HttpResponse:
    """The summary before sending; of a form that was sent already, what is new in it."""
    now = timezone.now()
    state = kept(request, draft, now)
    if state is None:
        return _gone(request)
    if "sent" in state:
        return redirect("complaints:complaint-receipt", draft=draft)
    form = _form_of(state, now)
    if not form.is_valid():
        return redirect("complaints:complaint-draft", draft=draft)
    earlier = filed_with(bound(request, state["first_token"])) if state.get("first_token") else None
    changes: list[Change] = []
    if earlier is not None:
        changes = changes_of(earlier, filing_of(form.cleaned_data), _files_of(state))
    return review_page(request, form, state, earlier=earlier, changes=changes, status=200)


@require_safe
def draft_file(request: HttpRequest, draft: str, key: str) -> HttpResponse:
    """A small picture of a photo that waits with a form, for who chose it."""
    state = kept(request, draft, timezone.now())
    files = _files_of(state) if state is not None and "secret" in state else []
    found = next((file for file in files if file.key == key), None)
    if found is None:
        raise Http404
    return small_picture(found)


def pictures_of(secret: str, files: list[Attachment]) -> list[Picture]:
    """The files with where a small picture of each is shown, "" for what is none."""
    handle = handle_of(secret)
    return [
        Picture(
            file.name,
            file.key,
            file.size,
            reverse("complaints:draft-file", args=[handle, file.key])
            if file.content_type.startswith("image/") and not file.is_waiting
            else "",
        )
        for file in files
    ]


def _form_of(state: dict[str, Any], now: datetime) -> FilingForm:
    return FilingForm(state["values"], lists=catalogue(), today=day_of(now))


def _files_of(state: dict[str, Any]) -> list[Attachment]:
    return drafts_of(secret_digest(state["secret"], settings.RECEIPT_PEPPER))


def _gone(request: HttpRequest) -> HttpResponse:
    words = _(
        "This form was sent, or left alone for more than %(minutes)d minutes. Please look over what is still here."
    )
    messages.info(request, words % {"minutes": settings.CITIZEN_SESSION_MINUTES})
    return redirect("complaints:complaint-new")


def form_page(
    request: HttpRequest,
    form: FilingForm,
    *,
    token: str,
    files: list[Attachment],
    status: int = 200,
    is_kept: bool = False,
) -> HttpResponse:
    """The form with everything that was typed. `is_kept`: it was asked for, so it can be left and found again."""
    context = {
        "form": form.offer(),
        "form_token": token,
        "is_again": True,
        "is_kept": is_kept,
        "kept_files": pictures_of(bound(request, token), files),
    }
    response = render(request, PAGE, context, status=status)
    if status == 503:
        response["Retry-After"] = "60"
    add_never_cache_headers(response)
    return response


def review_page(
    request: HttpRequest,
    form: FilingForm,
    state: dict[str, Any],
    *,
    earlier: Complaint | None = None,
    changes: list[Change] | None = None,
    status: int = 0,
) -> HttpResponse:
    """The summary; `earlier` is the case that this form has made already, `changes` what is new since."""
    files = _files_of(state)
    context = {
        "rows": summary_rows(form.cleaned_data, files),
        "pictures": [picture for picture in pictures_of(state["secret"], files) if picture.small_url],
        "hidden": list(state["values"].items()),
        "form_token": state["token"],
        "first_token": state.get("first_token", ""),
        "earlier": earlier,
        "changes": changes or [],
        "can_add": earlier is not None
        and earlier.is_open
        and all(change.can_be_added for change in changes or []),
        "is_doubtful": state["is_doubtful"],
    }
    status = status or (409 if earlier else 200)
    response = render(request, "complaints/public/review.html", context, status=status)
    add_never_cache_headers(response)
    return response
