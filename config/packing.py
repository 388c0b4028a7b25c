"""Pages are packed by the site itself, where nothing about them can be learnt from their length.

Who sees how long a packed page is, and can put words of their own into it again and again, may guess what else stands
in it (BREACH). So a page is packed only when nothing in it is the visitor's to choose: docs/decisions/0083.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/html", "text/css", "text/javascript", "application/json", "application/atom+xml")


class PackedPages(GZipMiddleware):
    """As Django does it, with up to a hundred random bytes in front; proxies leave alone what is packed."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not may_be_packed(request, response):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


def may_be_packed(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Texts that were asked for by their address alone. What answers a form or a query says again what was sent; a page
    with a secret that lasts says so itself (`no-transform`)."""
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and response.status_code == 200
        and not response.streaming
        and str(response.get("Content-Type", "")).partition(";")[0] in TEXTS
        and "no-transform" not in response.get("Cache-Control", "")
    )
