"""Registering for a meeting, saying that one is there, and finding again what is one's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.clock.dates import moment_words
from complaints.public.guards import refused_for_now, too_many
from complaints.public.throttle import EVERYBODY, give_back, spend, visitor
from complaints.services.change import NotPossible
from surveys.forums import contacts
from surveys.forums.meetings import codes
from surveys.forums.meetings.models.minutes import Minutes
from surveys.forums.meetings.models.people import Attendance, Registration
from surveys.forums.meetings.public_forms import HereForm, ObjectionForm, RegisterForm, SignForm, YoursForm
from surveys.forums.meetings.services import attending, signing
from surveys.forums.meetings.views.shared import public_or_404
from surveys.forums.models import Forum

ENTRY = "forum"
MISS, MISS_ALL, WALL = "forum-code", "forum-code-all", "forum-wall"


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, code: str) -> HttpResponse:
    forum, now = public_or_404(code), timezone.now()
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if refused := refused_for_now(request, "forum-register", settings.SUBMISSIONS_PER_MINUTE, now):
            return refused
        try:
            row = attending.register(forum, form.guest, now=now, secret=form.cleaned_data["secret"])
        except NotPossible as error:
            form.add_error(None, str(error))
            return _register_page(request, forum, form, 409)
        # Whoever left an address gets the code by mail: it might be another's address.
        shown = "" if form.guest.identity.email else codes.shown(row.nonce, row.code_digest)
        context = {"forum": forum, "code": shown, "email": bool(form.guest.identity.email)}
        return render(request, "forums/registered.html", context)
    return _register_page(request, forum, form, 422 if form.errors else 200)


def _register_page(request: HttpRequest, forum: Forum, form: RegisterForm, status: int) -> HttpResponse:
    context = {"forum": forum, "form": form, "left": attending.places_left(forum)}
    return render(request, "forums/register.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest, code: str) -> HttpResponse:
    """The code on the wall. Only wrong codes count against a network: a whole hall shares one."""
    forum, now = public_or_404(code), timezone.now()
    form = HereForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _attend(request, forum, form, now)
    context = {"forum": forum, "form": form, "doors_open": attending.doors_are_open(forum, now)}
    return render(request, "forums/here.html", context, status=422 if form.errors else 200)


def _attend(request: HttpRequest, forum: Forum, form: HereForm, now: datetime) -> HttpResponse:
    who, data = visitor(request, now), form.cleaned_data
    if wait := _spend_miss(WALL, who, now):
        return too_many(request, wait)
    try:
        row = attending.be_there(forum, data["code"], form.guest, now=now, secret=data["secret"])
    except NotPossible as error:
        if error.reason is not attending.WRONG_CODE:
            _give_back(WALL, who)
        form.add_error("code", str(error))
        context = {"forum": forum, "form": form, "doors_open": attending.doors_are_open(forum, now)}
        return render(request, "forums/here.html", context, status=409)
    _give_back(WALL, who)
    by_mail = bool(form.guest.identity.email)
    context = {
        "forum": forum,
        "code": "" if by_mail else codes.shown(row.nonce, row.code_digest),
        "email": by_mail,
    }
    return render(request, "forums/was_here.html", context)


@dataclass(frozen=True)
class Yours:
    """What a code opened: a registration, that somebody was there, or a text to sign for the public."""

    registration: Registration | None = None
    attendance: Attendance | None = None
    minutes: Minutes | None = None

    @property
    def forum(self) -> Forum:
        row = self.registration or self.attendance or self.minutes
        assert row is not None
        forum: Forum = row.forum
        return forum


KINDS: dict[str, Any] = {"registration": Registration, "attendance": Attendance, "minutes": Minutes}


@require_http_methods(["GET", "HEAD", "POST"])
def yours(request: HttpRequest) -> HttpResponse:
    """Asks for the code of a mail, and shows what it opens. The code is in no address that a server sees."""
    now = timezone.now()
    form = YoursForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _look_up(request, form, now)
    found = yours_of(request, now)
    if found is None or form.errors:
        return render(request, "forums/yours.html", {"form": form}, status=422 if form.errors else 200)
    return yours_page(request, found, now)


def yours_page(
    request: HttpRequest, found: Yours, now: datetime, *, form: Any = None, status: int = 200
) -> HttpResponse:
    """What the code opened, with the form for it; `form` is the one that was refused."""
    may_call_off = found.registration is not None and found.registration.cancelled_at is None
    minutes = found.minutes or Minutes.objects.filter(forum=found.forum).first()
    context = {
        "yours": found,
        "forum": found.forum,
        "may_call_off": may_call_off and found.forum.state == "announced",
        "readable": minutes is not None and minutes.objections_until is not None,
        "form": form,
    }
    if minutes is not None and found.attendance is not None and minutes.objections_until is not None:
        is_open = minutes.is_open_to_objections and now <= minutes.objections_until
        context |= {"until": moment_words(minutes.objections_until), "may_object": is_open}
        context["form"] = form or ObjectionForm()
    if found.minutes is not None:
        context["not_now"] = signing.why_not(found.minutes, now)
        context["has_signed"] = found.minutes.signatures.filter(side="public").exists()
        context["representative"] = signing.representative_of(found.minutes)
        context["form"] = form or SignForm()
    return render(request, "forums/yours_found.html", context, status=status)


def _look_up(request: HttpRequest, form: YoursForm, now: datetime) -> HttpResponse:
    digests, who = codes.digests_of(form.cleaned_data["code"]), visitor(request, now)
    if digests:
        if wait := _spend_miss(MISS, who, now):
            return too_many(request, wait)
        for name, model in KINDS.items():
            row = model.objects.filter(code_digest__in=digests).first()
            if row is not None:
                _give_back(MISS, who)
                _enter(request, name, row.pk, now)
                _confirm_address(row, now)
                return redirect("surveys:forum-yours")
    form.add_error("code", _("We do not know this code. Please compare it with the mail, sign by sign."))
    return render(request, "forums/yours.html", {"form": form}, status=422)


def _confirm_address(row: Any, now: datetime) -> None:
    """Where an address was left, its code was mailed to it and shown to nobody: whoever has it has the address."""
    key = row.representative_contact_id if isinstance(row, Minutes) else row.contact_id
    if key is not None:
        contacts.confirm(key, now)


def _enter(request: HttpRequest, name: str, pk: int, now: datetime) -> None:
    """Begins the session of somebody who showed a code; the code itself is not kept."""
    request.session.cycle_key()
    until = now.timestamp() + settings.CITIZEN_SESSION_MINUTES * 60
    request.session[ENTRY] = {"kind": name, "pk": pk, "until": until}


def yours_of(request: HttpRequest, now: datetime) -> Yours | None:
    """What this browser's code has opened, for half an hour."""
    entry = request.session.get(ENTRY)
    if not entry:
        return None
    if entry["until"] < now.timestamp():
        del request.session[ENTRY]
        return None
    row = KINDS[entry["kind"]].objects.select_related("forum__agency").filter(pk=entry["pk"]).first()
    return Yours(**{entry["kind"]: row}) if row is not None else None


@require_POST
def yours_cancel(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = yours_of(request, now)
    if found is None or found.registration is None:
        raise Http404
    try:
        attending.call_off(found.registration, now=now)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You are no longer registered. Thank you for telling us."))
    return redirect("surveys:forum-yours")


@require_POST
def yours_leave(request: HttpRequest) -> HttpResponse:
    request.session.pop(ENTRY, None)
    return redirect("surveys:forums")


def _spend_miss(name: str, who: str, now: datetime) -> int:
    """Taken first and given back on a hit, so that many at once gain nothing."""
    wait = spend(name, who, settings.RECEIPT_MISSES_PER_MINUTE, now=now)
    if wait:
        return wait
    wait = spend(f"{name}-all", EVERYBODY, settings.RECEIPT_MISSES_PER_MINUTE_ALL, now=now)
    if wait:
        give_back(name, who)
    return wait


def _give_back(name: str, who: str) -> None:
    give_back(name, who)
    give_back(f"{name}-all", EVERYBODY)
