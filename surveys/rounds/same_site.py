"""Forms that answer a survey come without a cookie, so that nothing ties two answers of one person: that they were
sent from a page of ours, the browser itself says."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_from_here(request: HttpRequest) -> bool:
    """Whether the request began on a page of this site; true of what is no browser and says nothing."""
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched is not None:
        return fetched in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
