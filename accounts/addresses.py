"""Where a request comes from, as far as that can be believed."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address: what the outermost of TRUSTED_PROXY_COUNT proxies saw.

    Without proxies X-Forwarded-For is what anybody may write, so it is not read at all.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    count = settings.TRUSTED_PROXY_COUNT
    if not count:
        return direct
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    told = forwarded[-count] if len(forwarded) >= count else ""
    try:
        ip_address(told)
    except ValueError:  # of no proxy: words of a visitor who came past it
        return direct
    return told


def is_known(address: str, request: HttpRequest) -> bool:
    """Whether it is the visitor's, and not that of a proxy which did not say whose."""
    return not settings.TRUSTED_PROXY_COUNT or address != request.META.get("REMOTE_ADDR", "")
