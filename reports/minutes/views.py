"""The printed minutes, for everybody."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from complaints.files import keeping
from complaints.files.views import download
from reports.minutes.models import MinutesPaper, PaperState
from reports.minutes.printing import shown_in
from surveys.forums.meetings.models.minutes import Minutes

logger = logging.getLogger(__name__)


def address_of(minutes: Minutes) -> str:
    """Where the PDF of these minutes is; "" until it is printed."""
    is_there = MinutesPaper.objects.filter(minutes=minutes, state=PaperState.READY).exists()
    return reverse("reports:minutes-pdf", args=[minutes.forum.code]) if is_there else ""


@require_safe
def minutes_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The file exactly as it was made; 404 before. Where it is gone or is another, the page with the text says so."""
    rows = MinutesPaper.objects.filter(minutes__in=Minutes.objects.public(), state=PaperState.READY)
    paper = rows.filter(minutes__forum__code=code).select_related("minutes").first()
    # Words were taken out: it is printed once more without them.
    if paper is None or paper.shown not in (None, shown_in(paper.minutes)):
        raise Http404
    content = keeping.read_as(paper.stored, paper.sha256)
    if content is None:
        logger.error("printed minutes %d are gone, or not what was stored", paper.pk)
        return render(request, "reports/minutes_missing.html", {"code": code}, status=404)
    return download(content, f"berita-acara-{code}.pdf", "application/pdf")
