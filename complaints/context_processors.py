"""The desk's navigation, by what the person's role may do."""

from typing import Any

from django.http import HttpRequest


def desk_nav(request: HttpRequest) -> dict[str, Any]:
    """`desk_nav`: a list of {url, label, count, is_current}; empty on public pages."""
    return {"desk_nav": []}
