"""Mails about reports: asked for, confirmed by a link, ended by one. What a link carries goes into the session and out
of the address at once; opening one changes nothing, since mail programs open links by themselves: a button does."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from complaints.public.guards import refused_for_now
from reports.publication import subscribing
from reports.publication.face import language
from reports.publication.forms import SubscribeForm
from surveys.forums import contacts
from surveys.forums.models import Contact

KEY = "report_subscription"


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The answer says nothing of whether the address is known."""
    form, now = SubscribeForm(request.POST or None), timezone.now()
    if not form.is_bound:
        return render(request, "reports/publication/subscribe.html", {"form": form})
    if not form.is_valid():
        return render(request, "reports/publication/subscribe.html", {"form": form}, status=422)
    if refusal := refused_for_now(request, "subscribe", settings.SUBMISSIONS_PER_MINUTE, now):
        return refusal
    subscribing.subscribe(form.cleaned_data["email"], language=language(), now=now)
    messages.success(request, _("If we may write to this address, a mail with a link is on its way."))
    return redirect("reports:public-list")


def _keep(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    request.session[KEY] = {"purpose": purpose, "token": token}
    return redirect(f"reports:subscription-{purpose}-page")


def _kept(request: HttpRequest, purpose: str) -> Contact | None:
    kept = request.session.get(KEY) or {}
    if kept.get("purpose") != purpose:
        return None
    return _contact(kept["token"], purpose)


def _contact(token: str, purpose: str) -> Contact | None:
    found = contacts.read_token(token, f"report-{purpose}")
    return found[0] if found else None


@never_cache
@require_http_methods(["GET", "HEAD"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return _keep(request, "confirm", token)


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest) -> HttpResponse:
    contact = _kept(request, "confirm")
    is_done = (
        contact is not None and request.method == "POST" and subscribing.confirm(contact, timezone.now())
    )
    if contact is None or (request.method == "POST" and not is_done):
        return render(request, "forums/link_gone.html", status=404)
    return render(request, "reports/publication/confirm.html", {"is_done": is_done})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Also what a mail program sends for whoever presses its own button (RFC 8058)."""
    if request.method != "POST":
        return _keep(request, "stop", token)
    contact = _contact(token, "stop")
    if contact is not None:
        subscribing.end(contact)
    return HttpResponse(status=200)


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def stop_page(request: HttpRequest) -> HttpResponse:
    """Once it is done the address may be forgotten, and the page still says so."""
    contact, kept = _kept(request, "stop"), request.session.get(KEY) or {}
    if contact is not None and request.method == "POST":
        subscribing.end(contact)
        request.session[KEY] = {"purpose": "stopped"}
        return redirect("reports:subscription-stop-page")
    is_done = kept.get("purpose") == "stopped"
    if contact is None and not is_done:
        return render(request, "forums/link_gone.html", status=404)
    return render(request, "reports/publication/stop.html", {"is_done": is_done})
