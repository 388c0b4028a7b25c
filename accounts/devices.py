"""Devices from which somebody has signed in before: who guesses a password elsewhere does not lock these out.

A cookie says for which address, by a keyed digest. It opens nothing: failed sign-ins from such a device are counted
apart from those of its network, and as strictly.
"""

from hashlib import sha256
from ipaddress import IPv6Address

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from accounts.addresses import client_address
from accounts.forms import login_name

COOKIE = "device"
DAYS = 180
_SALT = "accounts.device"


def counted_address(request: HttpRequest) -> str:
    """Where a sign-in is counted: a known device of whoever is named has an address of its own, out of fd00::/8, which
    nobody comes from."""
    digest = _digest(login_name(request))
    device = _device(request)
    if not device or device[0] != digest:
        return client_address(request)
    return str(IPv6Address(b"\xfd" + sha256(f"{_SALT}|{device[1]}".encode()).digest()[:15]))


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Called when somebody has signed in, second step included."""
    digest = _digest(email)
    device = _device(request)
    name = device[1] if device and device[0] == digest else get_random_string(22)
    response.set_cookie(
        COOKIE,
        signing.dumps([digest, name], salt=_SALT),
        max_age=DAYS * 24 * 3600,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _digest(email: str) -> str:
    return salted_hmac(_SALT, email.strip().lower(), algorithm="sha256").hexdigest()


def _device(request: HttpRequest) -> tuple[str, str] | None:
    try:
        digest, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(digest), str(name)
