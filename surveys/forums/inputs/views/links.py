"""The links in mails to those who took part. What a link carries goes into the session and out of the address at once;
opening a link changes nothing, since mail programs open links by themselves: a button does."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from complaints.numbers import show_receipt
from surveys.forums import contacts
from surveys.forums.inputs.services import supporting
from surveys.forums.inputs.services.answering import receipt_of
from surveys.forums.models import Contact, ForumInput, Support

KEY = "voice"
CODE_LIFE = timedelta(days=30)


def _keep(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    request.session[KEY] = {"purpose": purpose, "token": token}
    return redirect(f"surveys:voice-{purpose}-page")


def _kept(request: HttpRequest, purpose: str) -> tuple[Contact, str] | None:
    kept = request.session.get(KEY) or {}
    return contacts.read_token(kept["token"], purpose) if kept.get("purpose") == purpose else None


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "forums/link_gone.html", status=404)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Also what a mail program sends for whoever presses its own button (RFC 8058)."""
    if request.method != "POST":
        return _keep(request, "stop", token)
    found = contacts.read_token(token, "stop")
    if found is not None:
        contacts.stop(found[0], timezone.now())
    return HttpResponse(status=200)


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def stop_page(request: HttpRequest) -> HttpResponse:
    found = _kept(request, "stop")
    if found is None:
        return _gone(request)
    contact = found[0]
    if request.method == "POST":
        again = request.POST.get("what") == "again"
        (contacts.hear_again if again else contacts.stop)(contact, timezone.now())
        return redirect("surveys:voice-stop-page")
    return render(request, "forums/stop.html", {"is_stopped": contact.stopped_at is not None})


@never_cache
@require_http_methods(["GET", "HEAD"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return _keep(request, "confirm", token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest) -> HttpResponse:
    found = _kept(request, "confirm")
    if found is None:
        return _gone(request)
    contact, about = found
    is_done = request.method == "POST"
    row, waiting = _about(contact, about), supporting.waits_for(contact)
    if is_done:
        asked = request.POST.getlist("asked")
        mine = request.POST.getlist("mine") if asked else [about]
        supporting.confirm(contact, mine, timezone.now(), asked)
    context = {"row": row, "waiting": waiting, "is_done": is_done}
    return render(request, "forums/confirm.html", context)


def _about(contact: Contact, about: str) -> ForumInput | None:
    if about.startswith("s"):
        made = (
            Support.objects.filter(pk=int(about[1:]), contact=contact).select_related("input__forum").first()
        )
        return made.input if made else None
    return contact.inputs.filter(pk=int(about[1:])).select_related("forum").first()


@never_cache
@require_http_methods(["GET", "HEAD"])
def code(request: HttpRequest, token: str) -> HttpResponse:
    return _keep(request, "code", token)


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """The receipt of the report that came of somebody's input, in this one answer only. It is derived anew each time,
    stored nowhere and in no mail; the link to it works for a while."""
    found = _kept(request, "code")
    rows = found[0].inputs.filter(pk=int(found[1]), complaint__isnull=False) if found else None
    row = rows.select_related("complaint").first() if rows is not None else None
    now = timezone.now()
    if row is None or row.answered_at is None or row.answered_at + CODE_LIFE < now:
        return _gone(request)
    shown = show_receipt(receipt_of(row)) if request.method == "POST" else ""
    return render(request, "forums/code.html", {"case": row.complaint, "code": shown})
