"""What every response carries, and what no request may bring."""

import logging
from collections.abc import Callable
from functools import cache
from secrets import token_hex
from typing import Any
from urllib.parse import unquote

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from complaints.files.object_store import StoreAway
from complaints.ledger.standing import OlderCopy
from config.start import is_held_as_older_copy

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
PERMISSIONS_POLICY = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


class Incident:
    """Gives each request the id by which the log and an error page name it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.incident = token_hex(4)  # type: ignore[attr-defined]
        return self.get_response(request)


class OnePolicy(CSPMiddleware):
    """The content policy as django-csp spells it: the same on each page, and so spelled once a process."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG:  # Django's own pages of errors have none
            kept: HttpResponseBase = super().process_response(request, response)
            return kept
        response.headers.setdefault(HEADER, policy())
        return response


@cache
def policy() -> str:
    return str(build_policy())


class RefuseNul:
    """Refuses NUL in the path and query, which PostgreSQL cannot store. Stands below what guards each answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return HttpResponseBadRequest("Bad request")
        return self.get_response(request)


class ChosenLanguage(LocaleMiddleware):
    """The language that the visitor chose by the switch, else Indonesian.

    The browser's own languages are not asked: most phones in the two cities speak English to their owners.
    """

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class DatabaseAway:
    """While the database does not answer, every page says so with 503 and when to come back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logger.error("the database does not answer %s", request.incident, exc_info=exception)  # type: ignore[attr-defined]
        context = {"city": settings.CITY, "incident": request.incident}  # type: ignore[attr-defined]
        response = HttpResponse(render_to_string("errors/503.html", context), status=503)
        response["Retry-After"] = "30"
        return response


class FileStoreAway:
    """While the object store does not answer, whoever asks for a file is told so: it is not missing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StoreAway):
            return None
        logger.error("%s %s", exception, request.incident)  # type: ignore[attr-defined]
        response = render(request, "errors/files_away.html", status=503)
        response["Retry-After"] = "30"
        return response


class OlderCopyServesReaders:
    """While the database is an older copy of what was signed outside, people read, and nothing is accepted: what is
    filed now might take a number that somebody holds, and be lost with the copy."""

    # They change nothing that was promised: looking up a receipt, signing in and out, the language.
    MAY = frozenset(
        {
            "complaints:complaint-track",
            "complaints:mine-leave",
            "account_login",
            "account_logout",
            "set_language",
        }
        | {"mfa_authenticate", "mfa_login_webauthn"}
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        where = request.resolver_match.view_name if request.resolver_match else ""
        if request.method in SAFE_METHODS or where in self.MAY:
            return None
        try:
            is_held = is_held_as_older_copy()
        except (OperationalError, InterfaceError):  # the view finds out by itself
            return None
        return _older_copy(request) if is_held else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _older_copy(request) if isinstance(exception, OlderCopy) else None


def _older_copy(request: HttpRequest) -> HttpResponse:
    logger.error("refused %s: the database is an older copy", request.incident)  # type: ignore[attr-defined]
    context = {"city": settings.CITY, "incident": request.incident}  # type: ignore[attr-defined]
    response = HttpResponse(render_to_string("errors/older_copy.html", context), status=503)
    response["Retry-After"] = "3600"
    return response


class SecurityHeaders:
    """Permissions policy for every page; personal pages are never kept by a browser or a proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
