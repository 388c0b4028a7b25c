"""The one-page poster of a survey round: what is asked, the QR picture and the short link, in both languages."""

from hashlib import sha256
from typing import Any

from django.conf import settings

from reports.pages.pdf import Page, make_pdf
from reports.pages.qr import qr_svg
from surveys.models import Round


def poster_pdf(row: Round) -> bytes:
    """A4, in the city's colours. Raises RenderFailed."""
    city = settings.CITY
    colours = {"primary": city.primary, "accent": city.accent, "ochre": city.ochre}
    context = poster_context(row)
    identifier = sha256(f"poster:{row.code}:{row.closes_on}".encode()).hexdigest()[:32]
    return make_pdf(Page("reports/round_poster.html", context, "id", colours, identifier))


def poster_context(row: Round) -> dict[str, Any]:
    short = f"{settings.BASE_URL}/s/{row.code}/"
    return {
        "row": row,
        "city": settings.CITY,
        "service": row.service,
        "short_url": short.split("://", 1)[-1],
        "qr": qr_svg(f"{short}qr/"),
    }
