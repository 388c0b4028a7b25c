"""Typing in a pile of slips by keyboard; the photo of a slip; the table of a forum's inputs."""

from datetime import datetime
from secrets import token_hex, token_urlsafe
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from complaints.clock.city_time import day_of, start_of
from complaints.csv_out import csv_response
from complaints.desk.access import refusals, staff, staff_page
from complaints.files import storage
from complaints.files.views import as_download
from complaints.models import Attachment
from complaints.numbers import secret_digest, show_receipt
from complaints.services.change import NotPossible
from complaints.services.intake import Filing
from surveys.forums.inputs import desk
from surveys.forums.inputs.batch_forms import BatchForm
from surveys.forums.inputs.desk_forms import InputFilterForm
from surveys.forums.inputs.services import slips
from surveys.forums.inputs.views.desk import input_or_404
from surveys.rights import SurveyAct

EXPORT_MOST = 20_000
COLUMNS = (
    "number",
    "forum",
    "source",
    "at",
    "agency",
    "service",
    "state",
    "finding",
    "commitment",
    "supports",
    "supports_confirmed",
    "due_at",
    "answered_at",
    "declined_because",
    "visibility",
    "hidden_because",
    "level",
    "text",
    "answer",
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SurveyAct.ENTER_INPUT)
def batch(request: HttpRequest) -> HttpResponse:
    """The form; after saving, what the slip became above an empty form for the next."""
    user, now = staff(request), timezone.now()
    form = _fresh(user, now, {})
    saved: dict[str, Any] | None = None
    if request.method == "POST":
        form = BatchForm(request.POST, request.FILES, actor=user, now=now)
        if form.is_valid():
            saved = _save(form, user, now)
            form = _fresh(user, now, form.kept()) if saved else form
    context = {"form": form, "saved": saved, "slips": slips.slips_of(user, start_of(day_of(now)))}
    return render(request, "inputs/batch.html", context, status=400 if form.errors else 200)


def _fresh(user: User, now: datetime, kept: dict[str, Any]) -> BatchForm:
    first = {"received_on": day_of(now).isoformat(), "secret": token_urlsafe(24)}
    return BatchForm(initial=first | kept, actor=user, now=now)


def _save(form: BatchForm, user: User, now: datetime) -> dict[str, Any] | None:
    """What it became, once for the same form; None with the reason on the form."""
    what, secret = form.what(), form.cleaned_data["secret"]
    is_case = isinstance(what, Filing)
    digest = secret_digest(secret, settings.RECEIPT_PEPPER) if is_case else token_hex(32)
    try:
        photo = _photo(form, digest, user, now)
        with refusals():
            made = slips.enter_slip(form.place, what, actor=user, now=now, secret=secret, photo=photo)
    except NotPossible as error:
        form.add_error(None, str(error))
        return None
    if made.receipt is not None:
        return {
            "number": made.receipt.case.number,
            "code": show_receipt(made.receipt.code),
            "slip": made.slip,
        }
    assert made.slip.input is not None
    return {"number": made.slip.input.number, "code": "", "slip": made.slip}


def _photo(form: BatchForm, digest: str, user: User, now: datetime) -> Attachment | None:
    upload = form.cleaned_data["photo"]
    if upload is None:
        return None
    try:
        received = storage.receive_all([upload], digest=digest, now=now, added_by=user)
    except storage.StorageFull:
        raise NotPossible(slips.NO_ROOM) from None
    if received.problems:
        raise NotPossible(slips.PHOTO_REFUSED)
    return received.kept[-1]


@require_safe
@staff_page(SurveyAct.SEE_INPUTS)
def slip_photo(request: HttpRequest, number: str) -> HttpResponse:
    photo = slips.readable_photo(input_or_404(staff(request), number))
    if photo is None:
        raise Http404
    try:
        data = storage.read(photo)
    except storage.FileDamaged:
        return render(request, "complaints/public/file_damaged.html", status=500)
    return as_download(data, photo)


@require_safe
@staff_page(SurveyAct.SEE_INPUTS)
def export(request: HttpRequest) -> HttpResponse:
    """What the queue shows under its filters, as a table: no name, no address, no nickname. What is hidden or erased
    has no words in it."""
    user, now = staff(request), timezone.now()
    form = InputFilterForm(request.GET, actor=user)
    rows = desk.narrowed(user, form, now).order_by("pk")
    if not form.is_valid():
        raise Http404
    return csv_response("masukan.csv", COLUMNS, desk.exported(rows[:EXPORT_MOST]))
