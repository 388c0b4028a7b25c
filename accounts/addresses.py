"""Where a request comes from, as far as that can be believed."""

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
    return forwarded[-count] or direct if len(forwarded) >= count else direct
