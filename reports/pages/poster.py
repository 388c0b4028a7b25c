"""The one-page poster of a survey round: what is asked, the QR picture and the short link, in both languages."""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from reports.pages.pdf import Page, make_pdf
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


def qr_svg(text: str) -> SafeString:
    """As an SVG element; read from two metres when it is 9 cm wide."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="poster__qr" role="img" aria-label="QR: {}" '
        'viewBox="0 0 {} {}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{}v{}H0z"/><path d="{}"/></svg>',
        text,
        *[len(rows)] * 4,
        dots,
    )
