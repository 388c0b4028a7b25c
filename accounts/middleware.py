"""What each request of a signed-in member of staff goes through: its session's end, the second step."""

from collections.abc import Callable
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.devices import remember
from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
SEEN_STEP = 60  # seconds: the session is written once a minute, not at each request
# All that is left where a second step is compulsory and still missing.
ALWAYS_OPEN = ("/accounts/", "/language/", "/health/", "/city.css", settings.STATIC_URL)


class StaffSession:
    """Ends a session after STAFF_IDLE_MINUTES without a request, after STAFF_SESSION_HOURS in any case,
    and at once when the account was disabled. Signing out empties what the browser kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie nobody is signed in; public pages then never touch the session.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            check_session(request, timezone.now())
        signing_out = request.method == "POST" and request.path == reverse("account_logout")
        may_sign_in = request.method == "POST" and request.path.startswith("/accounts/")
        was_in = may_sign_in and request.user.is_authenticated
        response = self.get_response(request)
        if may_sign_in and not was_in and isinstance(request.user, User):
            remember(request, response, request.user.email)
        if signing_out and not request.user.is_authenticated:
            # Not "cookies": the language of the pages stays.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def check_session(request: HttpRequest, now: datetime) -> None:
    """Signs out whoever stayed away too long, is signed in too long, or has no account any more."""
    session, seconds = request.session, int(now.timestamp())
    if not request.user.is_authenticated:
        session.flush()  # disabled or changed: the old session must not revive with the account
        return
    signed_in_at = session.setdefault(SIGNED_IN_AT, seconds)
    seen_at = session.get(SEEN_AT, seconds)
    idle = seconds - seen_at >= settings.STAFF_IDLE_MINUTES * 60
    if idle or seconds - signed_in_at >= settings.STAFF_SESSION_HOURS * 3600:
        logout(request)
        messages.info(
            request, _("You were signed out because you had been away for long. Please sign in again.")
        )
    elif seconds - seen_at >= SEEN_STEP or SEEN_AT not in session:
        session[SEEN_AT] = seconds


class TwoStepRequired:
    """Where STAFF_TWO_STEP_REQUIRED says so, staff reach nothing before they have set up a second step."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.STAFF_TWO_STEP_REQUIRED
            and not request.path.startswith(ALWAYS_OPEN)
            and lacks_second_step(request)
        ):
            messages.warning(request, _("Please set up a second step first. Then you can go on."))
            return redirect("mfa_index")
        return self.get_response(request)


def lacks_second_step(request: HttpRequest) -> bool:
    """Whether somebody is signed in who has neither an authenticator app nor a passkey."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    return not is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
