"""Pages of the installation itself: health, the city's colours, errors."""

from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from complaints import sheets
from config.start import is_held_as_older_copy
from config.watch import holds, watched
from escalation.ladder.models import Hold, HoldCode


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. Whether the worker goes on by itself, `ok` says, and a short code
    why not: the site serves all the same, so no balancer shall take it away. Says nothing else to strangers."""
    try:
        if is_held_as_older_copy():
            return JsonResponse({"ok": False, "reason": HoldCode.OLDER_COPY})
        reason = Hold.objects.order_by("pk").values_list("code", flat=True).first()
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True} if reason is None else {"ok": False, "reason": reason})


@require_safe
@never_cache
def worker_health(request: HttpRequest) -> JsonResponse:
    """200 when all that the worker does is in time, else 503; by check its age and limit in seconds."""
    now = timezone.now()
    try:
        checks = {
            each.code: {
                "ok": not each.is_late(now),
                "seconds": None if each.since is None else max(0, round(each.age(now).total_seconds())),
                "limit": round(each.limit.total_seconds()),
            }
            for each in watched(now)
        }
        reason = next(holds(), None)
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    ok = reason is None and all(check["ok"] for check in checks.values())
    told = {"ok": ok, "checks": checks} | ({} if reason is None else {"reason": reason})
    return JsonResponse(told, status=200 if ok else 503)


@require_safe
@cache_control(public=True, max_age=3600)
def city_css(request: HttpRequest) -> HttpResponse:
    """The city's colours, for pages that are printed; on screen they are part of the side's sheet."""
    return HttpResponse(sheets.colours(), content_type="text/css")


@require_safe
def sheet(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """A side's style sheet or script (complaints/sheets.py), to be kept for good; under the address of an earlier one
    as it is now, for a page that was open during an upgrade."""
    try:
        found = sheets.sheet(name)
    except KeyError:
        raise Http404 from None
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.packed if packed else found.text, content_type=found.type)
    if packed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    kept = {"max_age": 31_536_000, "immutable": True} if digest == found.digest else {"max_age": 60}
    patch_cache_control(response, public=True, **kept)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)
