"""One-page posters, in both languages: of a survey round what is asked, of a counter where to complain; with the QR
picture and the short link."""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse

from complaints.models import Service
from reports.pages.pdf import Page, make_pdf
from reports.pages.qr import qr_svg
from surveys.models import Round
from surveys.standards.models import Counter

LONG = 120  # letters of all names, which would push the rest from the page


def poster_pdf(row: Round) -> bytes:
    """A4, in the city's colours. Raises RenderFailed."""
    return _print("reports/round_poster.html", poster_context(row), f"poster:{row.code}:{row.closes_on}")


def counter_poster_pdf(service: Service, counter: Counter) -> bytes:
    """The same of a counter. Raises RenderFailed."""
    context = counter_poster_context(service, counter)
    return _print("reports/counter_poster.html", context, f"counter:{counter.code}:{service.code}")


def _print(template: str, context: dict[str, Any], what: str) -> bytes:
    city = settings.CITY
    colours = {"primary": city.primary, "accent": city.accent, "ochre": city.ochre}
    return make_pdf(Page(template, context, "id", colours, sha256(what.encode()).hexdigest()[:32]))


def _is_long(*names: str) -> bool:
    return sum(map(len, names)) > LONG


def poster_context(row: Round) -> dict[str, Any]:
    short = f"{settings.BASE_URL}/s/{row.code}/"
    return {
        "row": row,
        "is_long": _is_long(row.agency.name, row.service.name_id if row.service else ""),
        "city": settings.CITY,
        "service": row.service,
        "short_url": short.split("://", 1)[-1],
        "qr": qr_svg(f"{short}qr/"),
    }


def counter_poster_context(service: Service, counter: Counter) -> dict[str, Any]:
    short = settings.BASE_URL + reverse("surveys:counter-report", args=[counter.code, service.code])
    return {
        "service": service,
        "is_long": _is_long(service.name_id, counter.name_id, counter.place, service.agency.name),
        "counter": counter,
        "agency": service.agency,
        "city": settings.CITY,
        "short_url": short.split("://", 1)[-1],
        "qr": qr_svg(short),
    }
