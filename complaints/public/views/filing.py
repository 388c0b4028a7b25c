"""The citizen files a report: form, summary, receipt.

A POST without `step` makes the case at once, for scripts. The page's own button asks for `step=review`, the
summary for `send` or `edit`. All of it works without JavaScript; the one-time `form_token` makes the same
form, sent twice, one case, and is the secret under which files wait until the form is sent.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.catalogue import catalogue
from complaints.clock.city_time import day_of
from complaints.files.storage import StorageBusy, StorageFull, drafts_of, drop_drafts, receive_all
from complaints.identity import Identity
from complaints.models import Attachment, Complaint
from complaints.numbers import secret_digest
from complaints.public.forms.filing import PERSONAL, FilingForm, page_language
from complaints.public.guards import refused_for_now, takes_files, too_many_files
from complaints.public.summary import summary_rows
from complaints.public.views.receipt import receipt_page
from complaints.services import intake

PAGE = "complaints/public/filing.html"
TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")
CSRF_MARK, TOKEN_MARK = "0csrf0token0comes0here0", "0form0token0comes0here0"


@dataclass
class Submission:
    """One POST of the form, on its way to becoming a case."""

    request: HttpRequest
    form: FilingForm
    token: str
    now: datetime

    @property
    def digest(self) -> str:
        return secret_digest(self.token, settings.RECEIPT_PEPPER)

    @property
    def step(self) -> str:
        # What fills in the field that people do not see is asked to look again, as a person can.
        if self.request.POST.get("website"):
            return "review"
        return self.request.POST.get("step", "")


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files
def complaint_new(request: HttpRequest) -> HttpResponse:
    """The form (GET), and whatever is sent from it."""
    now = timezone.now()
    if request.method != "POST":
        return _blank(request, now)
    refused = refused_for_now(request, "file", settings.SUBMISSIONS_PER_MINUTE, now)
    return refused or _take(request, now)


def _blank(request: HttpRequest, now: datetime) -> HttpResponse:
    """The empty form: rendered once a minute, language and day; the tokens are put in last."""
    lists, today = catalogue(), day_of(now)
    chosen = {name: request.GET[name] for name in ("category", "service", "area") if request.GET.get(name)}
    if chosen:
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


def _take(request: HttpRequest, now: datetime) -> HttpResponse:
    form = FilingForm(request.POST, request.FILES, lists=catalogue(), today=day_of(now))
    submission = Submission(request, form, _token_of(request, now), now)
    try:
        if drop := request.POST.getlist("drop"):
            drop_drafts(submission.digest, drop)
        if request.FILES:
            _keep_files(submission)
        if submission.step == "edit":
            initial = {name: request.POST.get(name) for name in form.fields}
            blank = FilingForm(initial=initial, lists=form.lists, today=form.today)
            return _again(submission, status=200, form=blank)
        if not form.is_valid():
            return _again(submission, status=422)
        return _review(submission) if submission.step == "review" else _send(submission)
    except StorageFull as full:
        later = _("Please send your report without files; you can add them later.")
        form.add_error("attachments", f"{full.reason} {later}")
        return _again(submission, status=503 if isinstance(full, StorageBusy) else 507)
    except (OperationalError, InterfaceError):
        form.add_error(None, _("Your report could not be saved just now. Please send it again in a minute."))
        return _again(submission, status=503, files=[])


def _token_of(request: HttpRequest, now: datetime) -> str:
    """The form's one-time token. A script that sends none gets one made from its cookie and what it says,
    so that a doubled request still makes one case; without a cookie nobody could be told from a stranger."""
    token = request.POST.get("form_token", "")
    if TOKEN.fullmatch(token):
        return token
    secret = request.META.get("CSRF_COOKIE")
    if not secret:
        return token_urlsafe(32)
    values = [(name, request.POST.get(name, "")) for name in sorted(FilingForm.base_fields)]
    files = [(upload.name, upload.size) for upload in request.FILES.getlist("attachments")]
    return sha256(repr((secret, day_of(now).isoformat(), values, files)).encode()).hexdigest()


def _keep_files(submission: Submission) -> None:
    """Makes the uploads drafts of this form; what is wrong with one is said beside the field."""
    uploads = submission.request.FILES.getlist("attachments")
    if too_many_files(submission.request, uploads, submission.now):
        raise StorageBusy
    received = receive_all(uploads, digest=submission.digest, now=submission.now)
    for problem in received.problems:
        submission.form.add_error("attachments", problem)


def _again(
    submission: Submission,
    *,
    status: int,
    form: FilingForm | None = None,
    files: list[Attachment] | None = None,
) -> HttpResponse:
    """The form with everything that was typed, the files kept so far, and what is wrong."""
    context = {
        "form": (form or submission.form).offer(),
        "form_token": submission.token,
        "is_again": True,
        "kept_files": drafts_of(submission.digest) if files is None else files,
    }
    response = render(submission.request, PAGE, context, status=status)
    if status == 503:
        response["Retry-After"] = "60"
    return response


def _review(submission: Submission, *, token: str = "", earlier: Complaint | None = None) -> HttpResponse:
    """The summary before sending; `earlier` is the case that this form has made already."""
    token = token or submission.token
    files = drafts_of(secret_digest(token, settings.RECEIPT_PEPPER))
    typed = [
        (name, submission.request.POST.get(name, "")) for name in FilingForm.base_fields if name != "website"
    ]
    context = {
        "rows": summary_rows(submission.form.cleaned_data, files),
        "hidden": [(name, value) for name, value in typed if value],
        "form_token": token,
        "earlier": earlier,
        "is_doubtful": bool(submission.request.POST.get("website")),
    }
    status = 409 if earlier else 200
    return render(submission.request, "complaints/public/review.html", context, status=status)


def _send(submission: Submission) -> HttpResponse:
    filing = filing_of(submission.form.cleaned_data)
    # Drafts come with this request or from an earlier step of the same form.
    may_have_files = bool(submission.step or submission.request.FILES)
    receipt = intake.submit(
        filing, actor=None, now=submission.now, secret=submission.token, may_have_files=may_have_files
    )
    if not receipt.is_new and not _says_the_same(receipt.case, filing):
        return _ask_about_second(submission, receipt.case)
    return receipt_page(submission.request, receipt, filing, submission.now)


def _says_the_same(case: Complaint, filing: intake.Filing) -> bool:
    """Words, place and switches: someone who now wants to be anonymous must not be shown the old receipt."""
    names = ("subject", "description", "location", "happened_on", "is_anonymous", "is_confidential")
    return all(getattr(case, name) == getattr(filing, name) for name in names)


def _ask_about_second(submission: Submission, earlier: Complaint) -> HttpResponse:
    """Somebody went back and sent the same form with other words: another report, if they want it."""
    token = token_urlsafe(16)
    digest = secret_digest(token, settings.RECEIPT_PEPPER)
    Attachment.objects.filter(draft_digest=submission.digest, complaint=None).update(draft_digest=digest)
    return _review(submission, token=token, earlier=earlier)


def filing_of(values: dict[str, Any]) -> intake.Filing:
    """What the form says, as the service takes it. Who chose to be anonymous leaves nothing."""
    identity = Identity() if values["anonymous"] else Identity(*(values[name] for name in PERSONAL))
    return intake.Filing(
        subject=values["subject"],
        description=values["description"],
        category=values["category"],
        service=values["service"],
        area=values["area"],
        location=values["location"],
        happened_on=values["happened_on"],
        is_anonymous=values["anonymous"],
        is_confidential=values["confidential"],
        identity=identity,
        language=page_language(),
        is_personal=values["personal_files"],
    )
