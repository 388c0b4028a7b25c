"""The citizen files a report: form, summary, receipt.

A POST without `step` makes the case at once and is answered with its receipt, for scripts. The page's own button asks
for `step=review`, the summary for `send`, `edit` or `add`; each of these leads to a page that is asked for by GET
(filing_pages.py). All of it works without JavaScript; the one-time `form_token`, together with this browser's cookie,
makes the same form, sent twice, one case, and is the secret under which files wait until the form is sent.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Citizen
from complaints.catalogue import catalogue
from complaints.clock.city_time import day_of
from complaints.files.storage import StorageBusy, StorageFull, drafts_of, drop_drafts, receive_all
from complaints.models import Attachment, Complaint
from complaints.numbers import secret_digest
from complaints.public.forms.filing import FilingForm
from complaints.public.guards import enter, refused_for_now, takes_files, too_many_files
from complaints.public.kept import drop, forget_soon, keep
from complaints.public.views.filing_pages import (
    blank_page,
    bound,
    form_page,
    handle_of,
    review_page,
)
from complaints.public.views.receipt import receipt_page
from complaints.public.views.repeated import add_to, changes_of, filed_with, filing_of
from complaints.services import intake
from complaints.services.change import NotPossible

TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")
STEPS = ("review", "look", "edit", "send", "add", "fresh")  # "look": the Enter key


@dataclass
class Submission:
    """One POST of the form, on its way to becoming a case."""

    request: HttpRequest
    form: FilingForm
    token: str
    now: datetime
    problems: list[str] = field(default_factory=list)

    @cached_property
    def secret(self) -> str:
        """The token in this browser's hands: with the token alone nobody sees what came of it."""
        return bound(self.request, self.token)

    @property
    def digest(self) -> str:
        return secret_digest(self.secret, settings.RECEIPT_PEPPER)

    @cached_property
    def step(self) -> str:
        post = self.request.POST
        # What fills in the field that people do not see is asked to look again, as a person can.
        if post.get("website") or post.get("step") == "look":
            return "review"
        if post.get("language"):
            return "edit"
        return post.get("step", "") if self.is_of_page else ""

    @property
    def is_of_page(self) -> bool:
        """Whether a page of ours sent it; what a script sends is answered at once."""
        return self.request.POST.get("step", "") in STEPS or bool(self.request.POST.get("language"))

    def state(self, **more: Any) -> dict[str, Any]:
        """What the next page has to know."""
        typed = {name: self.request.POST.get(name, "") for name in FilingForm.base_fields}
        values = {name: value for name, value in typed.items() if value and name != "website"}
        return {
            "token": self.token,
            "secret": self.secret,
            "values": values,
            "problems": self.problems,
            "is_checked": True,
            "is_doubtful": bool(self.request.POST.get("website")),
        } | more


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files
def complaint_new(request: HttpRequest) -> HttpResponse:
    """The form (GET), and whatever is sent from it."""
    now = timezone.now()
    if request.method != "POST":
        return blank_page(request, now)
    refused = refused_for_now(request, "file", settings.SUBMISSIONS_PER_MINUTE, now)
    return refused or _take(request, now)


def _take(request: HttpRequest, now: datetime) -> HttpResponse:
    form = FilingForm(request.POST, request.FILES, lists=catalogue(), today=day_of(now))
    submission = Submission(request, form, _token_of(request, now), now)
    try:
        if submission.step == "fresh":
            return _afresh(submission)
        if dropped := request.POST.getlist("drop"):
            drop_drafts(submission.digest, dropped)
        if request.FILES:
            _keep_files(submission)
        if submission.step == "edit":
            return _edit(submission)
        if not form.is_valid():
            return _again(submission, status=422)
        if submission.step == "add":
            return _add(submission)
        return _review(submission) if submission.step == "review" else _send(submission)
    except StorageFull as full:
        later = _("Please send your report without files; you can add them later.")
        _refuse_files(submission, f"{full.reason} {later}")
        return _again(submission, status=full.status)
    except (OperationalError, InterfaceError):
        form.add_error(None, _("Your report could not be saved just now. Please send it again in a minute."))
        return _direct_form(submission, status=503, files=[])


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
    received = receive_all(uploads, digest=submission.digest, now=submission.now, may_wait=True)
    for problem in received.problems:
        _refuse_files(submission, problem)


def _refuse_files(submission: Submission, problem: str) -> None:
    submission.problems.append(problem)
    submission.form.add_error("attachments", problem)


def _next(submission: Submission, page: str, **state: Any) -> HttpResponse | None:
    """Leads to a page of this form; None where what it needs cannot be kept, or a script asks."""
    handle = handle_of(submission.secret)
    if not submission.is_of_page or not keep(
        submission.request, handle, submission.state(**state), submission.now
    ):
        return None
    return redirect(f"complaints:{page}", draft=handle)


def _afresh(submission: Submission) -> HttpResponse:
    """What was typed and the files of this form are forgotten."""
    drop_drafts(submission.digest, [draft.key for draft in drafts_of(submission.digest)])
    drop(submission.request, handle_of(submission.secret), submission.now)
    return redirect("complaints:complaint-new")


def _edit(submission: Submission) -> HttpResponse:
    """The form with what was typed, unjudged; in another language where that was asked for."""
    state = submission.state(is_checked=False)
    language = submission.request.POST.get("language", "")
    is_empty = not state["values"] and not drafts_of(submission.digest) and not submission.problems
    if is_empty and language:
        answer: HttpResponse | None = redirect("complaints:complaint-new")
    else:
        answer = _next(submission, "complaint-draft", is_checked=bool(submission.problems))
    if answer is None:
        form = FilingForm(initial=state["values"], lists=submission.form.lists, today=submission.form.today)
        answer = _direct_form(submission, status=200, form=form)
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
        )
    return answer


def _again(submission: Submission, *, status: int) -> HttpResponse:
    """The form with everything that was typed, the files kept so far, and what is wrong."""
    return _next(submission, "complaint-draft") or _direct_form(submission, status=status)


def _direct_form(
    submission: Submission,
    *,
    status: int,
    form: FilingForm | None = None,
    files: list[Attachment] | None = None,
) -> HttpResponse:
    kept_files = drafts_of(submission.digest) if files is None else files
    shown = form or submission.form
    return form_page(submission.request, shown, token=submission.token, files=kept_files, status=status)


def _review(submission: Submission) -> HttpResponse:
    """The summary before sending."""
    return _next(submission, "complaint-review") or review_page(
        submission.request, submission.form, submission.state()
    )


def _send(submission: Submission) -> HttpResponse:
    filing = filing_of(submission.form.cleaned_data)
    # Drafts come with this request or from an earlier step of the same form.
    may_have_files = bool(submission.step or submission.request.FILES)
    receipt = intake.submit(
        filing, actor=None, now=submission.now, secret=submission.secret, may_have_files=may_have_files
    )
    if not receipt.is_new and changes_of(receipt.case, filing, drafts_of(submission.digest)):
        return _ask_about_second(submission, receipt.case)
    sent = {"sent": receipt.case.pk, "is_new": receipt.is_new, "has_mail": receipt.has_mail, "values": {}}
    led_on = _next(submission, "complaint-receipt", **sent)
    if led_on is None:
        return receipt_page(submission.request, receipt)
    if receipt.case.is_anonymous:
        forget_soon(submission.request)
    return led_on


def _ask_about_second(submission: Submission, earlier: Complaint) -> HttpResponse:
    """The same form, sent again with something else in it: to be added to the first report, or another one."""
    other = token_urlsafe(16)
    digest = secret_digest(bound(submission.request, other), settings.RECEIPT_PEPPER)
    Attachment.objects.filter(draft_digest=submission.digest, complaint=None).update(draft_digest=digest)
    second = Submission(submission.request, submission.form, other, submission.now)
    return _show_second(second, submission.token, earlier)


def _show_second(second: Submission, first_token: str, earlier: Complaint) -> HttpResponse:
    """What is new in it beside the report that the form with `first_token` made."""
    more = {"first_token": first_token, "earlier": earlier.pk}
    if (answer := _next(second, "complaint-review", **more)) is not None:
        return answer
    changes = changes_of(earlier, filing_of(second.form.cleaned_data), drafts_of(second.digest))
    return review_page(second.request, second.form, second.state(**more), earlier=earlier, changes=changes)


def _add(submission: Submission) -> HttpResponse:
    """Adds what is new to the report that this form made first, and shows it."""
    first = submission.request.POST.get("first_token", "")
    secret = bound(submission.request, first) if TOKEN.fullmatch(first) else ""
    earlier = filed_with(secret)
    if earlier is None:
        return _review(submission)
    try:
        add_to(earlier, submission.form.cleaned_data, drafts_of(submission.digest), submission.now)
    except NotPossible:  # over since: what is new stays, and can be sent as another report
        return _show_second(submission, first, earlier)
    messages.success(submission.request, _("It has been added to your report."))
    drop(submission.request, handle_of(submission.secret), submission.now)
    enter(submission.request, Citizen(earlier.pk), submission.now)
    return redirect("complaints:mine")
