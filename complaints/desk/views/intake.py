"""Typing in what came by telephone, at the counter, by letter or in the suggestion box."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from complaints.clock.city_time import day_of, start_of
from complaints.clock.dates import day_words
from complaints.desk.access import refusals, staff, staff_page
from complaints.desk.forms.intake import IntakeForm
from complaints.desk.unsent import Unsent, attach
from complaints.files import drafts
from complaints.identity import Identity
from complaints.models import Complaint
from complaints.names import with_names
from complaints.numbers import secret_digest, show_receipt
from complaints.permissions import Act
from complaints.services import intake

LIST_MOST = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Act.ENTER)
def enter(request: HttpRequest) -> HttpResponse:
    """The form; after saving, the receipt of what was saved above an empty form for the next.

    The code is in this one answer only: not in an address, a session or the list below.
    """
    user, now = staff(request), timezone.now()
    receipt: dict[str, Any] | None = None
    form = _fresh(now, {})
    if request.method == "POST":
        form, unsent = _sent(request, now)
        if form.is_valid():
            receipt = _save(form, user, now)
            unsent.forget()
            form = _fresh(now, form.for_the_next())
    attach(request, form, reverse("complaints:intake"))
    if form.draft and not form.is_bound:  # the same report in a form with a secret of its own
        drafts.move(form.draft, _digest(form.initial["secret"]))
    context = {
        "form": form,
        "picked": form.picked,
        "receipt": receipt,
        "entries": _entries_of_today(user, now),
        "is_next": receipt is not None,
    }
    return render(request, "complaints/desk/intake.html", context, status=400 if form.errors else 200)


def _fresh(now: datetime, kept: dict[str, Any]) -> IntakeForm:
    today = day_of(now).isoformat()
    return IntakeForm(initial={"received_on": today, "secret": token_urlsafe(24)} | kept, now=now)


def _sent(request: HttpRequest, now: datetime) -> tuple[IntakeForm, Unsent]:
    """The form as it was sent, and its draft: words and scans stay while the form is put right. The scans lie under the
    form's own secret, so that what is typed in another window beside it takes none of them."""
    form = IntakeForm(request.POST, request.FILES, now=now)
    unsent = Unsent.at(staff(request), reverse("complaints:intake"))
    unsent.take(request, now)
    files = unsent.files
    form.full_clean()
    unsent.tell(form)
    gone = {*request.POST.getlist("kept")} - {*request.POST.getlist("drop")} - {file.key for file in files}
    if gone:
        form.add_error(
            "attachments", _("A file that was chosen before is not kept any more. Choose it again.")
        )
    form.check_covered(files)
    return form, unsent


def _digest(secret: str) -> str:
    return secret_digest(secret, settings.RECEIPT_PEPPER)


def _save(form: IntakeForm, user: User, now: datetime) -> dict[str, Any]:
    """Makes the case; the same form sent twice makes one and shows the same receipt."""
    data = form.cleaned_data
    filing = intake.Filing(
        subject=data["subject"],
        description=data["description"],
        category=data["category"],
        area=data["area"],
        location=data["location"],
        is_anonymous=data["is_anonymous"],
        is_confidential=data["is_confidential"],
        identity=Identity(
            data["name"], data["email"], data["phone"], few_mails=bool(data["email"] and data["few_mails"])
        ),
        kind=data["kind"],
        channel=data["channel"],
        language=settings.LANGUAGE_CODE,
        received_at=data["received_at"],
        is_personal=True,  # a letter bears the name of who wrote it
    )
    with refusals():
        made = intake.submit(filing, actor=user, now=now, secret=data["secret"])
    due = made.case.target_at
    return {
        "number": made.case.number,
        "code": show_receipt(made.code),
        "subject": made.case.subject,
        "answer_by": day_words(due) if due else "",
        "is_new": made.is_new,
    }


def _entries_of_today(user: User, now: datetime) -> list[Complaint]:
    """What this clerk typed in today, the last first."""
    mine = Complaint.objects.visible_to(user).filter(events__seq=1, events__at__gte=start_of(day_of(now)))
    return with_names(mine.for_list().order_by("-pk")[:LIST_MOST])
