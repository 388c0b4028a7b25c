"""What every template may rely on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def city(request: HttpRequest) -> dict[str, Any]:
    """`city`: the City of this installation; `incident`: the id an error page shows."""
    return {"city": settings.CITY, "incident": getattr(request, "incident", "")}
