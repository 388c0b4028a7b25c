"""The citizen follows their case: in by receipt code, out by a button, everything else on one page."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Citizen
from complaints.files.storage import StorageBusy, StorageFull, drafts_of, receive_all
from complaints.models import Attachment, Complaint, Event, EventKind
from complaints.models.complaint import Conflict
from complaints.numbers import is_number, secret_digest
from complaints.public.forms.tracking import (
    RECEIPT_LENGTH,
    AnswerForm,
    ConfirmForm,
    DisputeForm,
    FilesForm,
    LostCodeForm,
    MailForm,
    MergedReactionForm,
    OutsideForm,
    ReceiptForm,
    WithdrawForm,
)
from complaints.public.guards import (
    citizen_of,
    enter,
    leave,
    refused_for_now,
    session_ended,
    takes_files,
    too_many,
    too_many_files,
    who_acts,
)
from complaints.public.kept import drop, keep, kept
from complaints.public.standing import standing_of
from complaints.public.throttle import EVERYBODY, give_back, spend, visitor
from complaints.services import citizen, handling, referral
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.lost_code import ask_for_code, find_by_lost_code
from complaints.services.system import contact

MISS, MISS_ALL = "receipt", "receipt-all"
MISSED = gettext_lazy("We do not know this code. Please compare it with your receipt, sign by sign.")
NO_CODE = gettext_lazy(
    "This is the number of a report, which opens nothing. The code has 20 letters and digits and stands on the receipt."
)
LOST_CODE_ANSWER = gettext_lazy(
    "If there is a report with this number and this address, and this was allowed when it was filed, "
    "a code for one use is on its way there. Please look into your mail, and enter it below."
)
TRACK, LOST, MINE = "track", "lost", "mine"  # what is kept between two pages
# Our own pages send it, and are led on to a page; what a script sends is answered at once.
SENT_BY_PAGE = "step"
Slots = dict[str, forms.Form]


@require_http_methods(["GET", "HEAD", "POST"])
def complaint_track(request: HttpRequest) -> HttpResponse:
    """Asks for the code and lets in whoever has one; one and the same page for every code that fits nothing."""
    now = timezone.now()
    if request.method == "POST":
        form = ReceiptForm(request.POST)
        if not form.is_valid():
            return _ask_again(request, form, now)
        if form.symbols is None:  # cannot be a code: the database is not asked and nothing is used up
            return _miss(request, form, now)
        return _look_up(request, form, form.symbols, now)
    form = ReceiptForm()
    if typed := kept(request, TRACK, now):
        drop(request, TRACK, now)  # shown once: a code does not lie about
        form = ReceiptForm(typed)
        if form.is_valid():
            form.add_error("receipt", _missed(form))
    context = {"form": form, "was_here": citizen_of(request, now) is not None}
    return render(request, "complaints/public/track.html", context)


def _missed(form: ReceiptForm) -> str:
    """Whether there is such a report is not said."""
    return str(NO_CODE if is_number(form.cleaned_data["receipt"]) else MISSED)


@require_http_methods(["GET", "HEAD", "POST"])
def lost_code(request: HttpRequest) -> HttpResponse:
    """Asks for the number and the address, and says the same whatever they are."""
    now = timezone.now()
    form = LostCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        refused = refused_for_now(request, "lost", settings.RECEIPT_MISSES_PER_MINUTE, now)
        if refused:
            return refused
        if form.is_valid():
            ask_for_code(form.cleaned_data["number"], form.cleaned_data["email"], now=now)
            messages.success(request, LOST_CODE_ANSWER)
            return redirect("complaints:complaint-track")
        if SENT_BY_PAGE in request.POST and keep(request, LOST, request.POST.dict(), now):
            return redirect("complaints:lost-code")
    elif typed := kept(request, LOST, now):
        drop(request, LOST, now)
        form = LostCodeForm(typed)
    status = 422 if request.method == "POST" else 200
    return render(request, "complaints/public/lost_code.html", {"form": form}, status=status)


def _ask_again(request: HttpRequest, form: ReceiptForm, now: datetime) -> HttpResponse:
    """The page again, with what was typed; for a script as the answer itself."""
    typed = {"receipt": request.POST.get("receipt", "")[:RECEIPT_LENGTH]}
    if SENT_BY_PAGE in request.POST and keep(request, TRACK, typed, now):
        return redirect("complaints:complaint-track")
    return render(request, "complaints/public/track.html", {"form": form}, status=422)


def _look_up(request: HttpRequest, form: ReceiptForm, symbols: str, now: datetime) -> HttpResponse:
    """Only misses count: the attempt is taken first and given back on a hit, so that many at once gain nothing."""
    who = visitor(request, now)
    wait = spend(MISS, who, settings.RECEIPT_MISSES_PER_MINUTE, now=now)
    if wait:
        return too_many(request, wait)
    wait = spend(MISS_ALL, EVERYBODY, settings.RECEIPT_MISSES_PER_MINUTE_ALL, now=now)
    if wait:
        give_back(MISS, who)
        return too_many(request, wait)
    found = citizen.find(symbols) or find_by_lost_code(symbols, now=now)
    if found is None:
        return _miss(request, form, now)
    give_back(MISS, who)
    give_back(MISS_ALL, EVERYBODY)
    enter(request, found, now)
    return redirect("complaints:mine")


def _miss(request: HttpRequest, form: ReceiptForm, now: datetime) -> HttpResponse:
    form.add_error("receipt", _missed(form))
    return _ask_again(request, form, now)


@require_POST
def mine_leave(request: HttpRequest) -> HttpResponse:
    leave(request)
    return redirect("complaints:complaint-track")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The citizen's own case: where it stands, whose turn it is, what has happened, what they can do."""
    now = timezone.now()
    who = citizen_of(request, now)
    if who is None:
        return session_ended(request)
    again = kept(request, MINE, now)
    if again is None or again["case"] != who.complaint_id:
        return _page(request, who, now)
    form = _filled(again["slot"], QueryDict(again["typed"]), None, again["token"])
    for problem in again["problems"]:
        form.add_error("attachments", problem)
    shown = {"is_conflict": again["is_conflict"], "token": again["token"]}
    return _page(request, who, now, filled={again["slot"]: form}, **shown)


def _again(
    request: HttpRequest, who: Citizen, now: datetime, slot: str, form: forms.Form, token: str, *, status: int
) -> HttpResponse:
    """The citizen's page with the form that could not be taken as it was, and with what was typed."""
    is_conflict = status == 409
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "form_token"):
        typed.pop(name, None)
    problems = [str(problem) for problem in form.errors.get("attachments", [])]
    what = {"case": who.complaint_id, "slot": slot, "typed": typed.urlencode(), "problems": problems}
    what |= {"is_conflict": is_conflict, "token": token}
    if SENT_BY_PAGE in request.POST and keep(request, MINE, what, now):
        return redirect(reverse("complaints:mine"))
    return _page(request, who, now, filled={slot: form}, status=status, is_conflict=is_conflict, token=token)


def _page(
    request: HttpRequest,
    who: Citizen,
    now: datetime,
    *,
    filled: Slots | None = None,
    status: int = 200,
    is_conflict: bool = False,
    token: str = "",
) -> HttpResponse:
    try:
        case = (
            Complaint.objects.visible_to(who)
            .with_everything()
            .select_related(
                "referred_to", "merged_into__agency", "merged_into__category", "merged_into__referred_to"
            )
            .get()
        )
    except Complaint.DoesNotExist:
        raise Http404 from None
    standing = standing_of(case, who, now)
    context: dict[str, Any] = {
        "case": case,
        "now": now,
        "standing": standing,
        "is_conflict": is_conflict,
        "seen": [
            {"name": "cycle", "value": (case.merged_into or case).cycle},
            {"name": SENT_BY_PAGE, "value": "page"},
        ],
        "form_token": token or token_urlsafe(16),
        "forms": _blank(case, can_choose=standing.can["mail"]) | (filled or {}),
    }
    if token:
        context["kept_files"] = drafts_of(_digest(token))
    return render(request, "complaints/public/mine.html", context, status=status)


def _blank(case: Complaint, *, can_choose: bool) -> Slots:
    """The page's forms, that for mail as its citizen chose."""
    shown: Slots = {name: make(auto_id=f"{name}_%s") for name, make in FORMS.items()}
    if can_choose:
        shown["mail"].initial = {"few_mails": contact(case).few_mails}
    return shown


FORMS: dict[str, Callable[..., forms.Form]] = {
    "answer": AnswerForm,
    "confirm": ConfirmForm,
    "dispute": DisputeForm,
    "withdraw": WithdrawForm,
    "files": FilesForm,
    "second": MergedReactionForm,
    "outside": OutsideForm,
    "mail": MailForm,
}
Doing = Callable[[Citizen, dict[str, Any], list[Attachment], datetime], object]


def _act(request: HttpRequest, slot: str, do: Doing, done: str | Callable[[Citizen], str]) -> HttpResponse:
    """One act of the citizen: session, form, files, service; what cannot be done comes back with the words typed."""
    now = timezone.now()
    who = who_acts(request, now)
    if isinstance(who, HttpResponse):
        return who
    token = request.POST.get("form_token", "")
    token = token if 22 <= len(token) <= 64 else token_urlsafe(16)
    form = _filled(slot, request.POST, request.FILES, token)
    files = _files(request, form, token, now)
    if not form.is_valid():
        return _again(request, who, now, slot, form, token, status=422)
    try:
        do(who, form.cleaned_data, files, now)
    except Complaint.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        raise PermissionDenied from None
    except (NotPossible, Conflict):
        return _again(request, who, now, slot, form, token, status=409)
    drop(request, MINE, now)
    messages.success(request, done(who) if callable(done) else done)
    return redirect(reverse("complaints:mine"))


def _filled(slot: str, data: Any, files: Any, token: str) -> forms.Form:
    """The form with what was sent; files that were sent with it before wait under its token."""
    form = FORMS[slot](data, files, auto_id=f"{slot}_%s")
    if isinstance(form, FilesForm | AnswerForm):
        form.has_files = bool(drafts_of(_digest(token)))
    return form


def _files(request: HttpRequest, form: forms.Form, token: str, now: datetime) -> list[Attachment]:
    """The drafts under the form's token, with the uploads of this request among them."""
    if "attachments" not in form.fields:
        return []
    if not request.FILES:
        return drafts_of(_digest(token))
    uploads = request.FILES.getlist("attachments")
    try:
        if too_many_files(request, uploads, now):
            raise StorageBusy
        received = receive_all(uploads, digest=_digest(token), now=now, may_wait=True)
    except StorageFull as full:
        later = _("Please try again later.")
        form.add_error("attachments", f"{full.reason} {later}")
        return []
    for problem in received.problems:
        form.add_error("attachments", problem)
    return received.kept


def _digest(token: str) -> str:
    return secret_digest(f"mine:{token}", settings.RECEIPT_PEPPER)


def _answer_seen(request: HttpRequest) -> int | None:
    """Which answer the page showed: nobody confirms one they have not read."""
    cycle = request.POST.get("cycle", "")
    return int(cycle) if cycle.isascii() and cycle.isdecimal() and len(cycle) < 6 else None


@require_POST
@takes_files
def mine_answer(request: HttpRequest) -> HttpResponse:
    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        said: dict[str, Any] = {"text": data["text"], "is_personal": data["personal_files"]}
        return citizen.answer(who.complaint_id, actor=who, now=now, files=files, **said)

    return _act(request, "answer", do, _("Your answer has arrived. The city goes on with your report."))


@require_POST
@takes_files
def mine_files(request: HttpRequest) -> HttpResponse:
    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        return handling.add_files(
            who.complaint_id, actor=who, now=now, files=files, is_personal=data["personal_files"]
        )

    return _act(request, "files", do, _("Your files have arrived."))


@require_POST
def mine_confirm(request: HttpRequest) -> HttpResponse:
    seen = _answer_seen(request)

    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        return citizen.confirm(
            who.complaint_id, actor=who, now=now, rating=data["rating"], comment=data["comment"], cycle=seen
        )

    return _act(request, "confirm", do, _("Thank you. Your report is closed."))


@require_POST
def mine_dispute(request: HttpRequest) -> HttpResponse:
    seen = _answer_seen(request)

    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        return citizen.dispute(who.complaint_id, actor=who, now=now, why=data["why"], cycle=seen)

    return _act(request, "dispute", do, _("Your objection has arrived. The agency has to look again."))


@require_POST
def mine_withdraw(request: HttpRequest) -> HttpResponse:
    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        return citizen.withdraw(who.complaint_id, actor=who, now=now, why=data["why"])

    def done(who: Citizen) -> str:
        said = Event.objects.filter(complaint=who.complaint_id, kind=EventKind.WITHDRAWN).latest("seq").data
        if main := said.get("from"):
            return _("You have withdrawn your report. Report %(number)s goes on.") % {"number": main}
        return _("You have withdrawn your report. Nobody works on it any further.")

    return _act(request, "withdraw", do, done)


@require_POST
def mine_react(request: HttpRequest) -> HttpResponse:
    seen = _answer_seen(request)

    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        return citizen.react_as_merged(
            who.complaint_id, actor=who, now=now, agrees=data["agrees"], words=data["words"], cycle=seen
        )

    return _act(request, "second", do, _("Thank you. What you said has been noted."))


@require_POST
def mine_outside(request: HttpRequest) -> HttpResponse:
    seen = _answer_seen(request)

    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        said = {"answered": data["answered"], "words": data["words"]}
        return referral.speak_of_referral(who.complaint_id, actor=who, now=now, cycle=seen, **said)

    return _act(request, "outside", do, _("Thank you. What you said has been noted."))


@require_POST
def mine_mail(request: HttpRequest) -> HttpResponse:
    def do(who: Citizen, data: dict[str, Any], files: list[Attachment], now: datetime) -> object:
        return citizen.choose_mail(who.complaint_id, actor=who, now=now, few=data["few_mails"])

    return _act(request, "mail", do, _("Noted. From now on you get as much mail as you chose."))
