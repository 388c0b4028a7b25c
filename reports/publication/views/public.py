"""What everybody reads of reports: which there are, each of them, how to check it, and the feed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.models import Agency
from complaints.database.kept_statements import rows_of
from complaints.files.views import download
from complaints.ledger.entries import sentence_of
from complaints.models import LedgerEntry
from reports.publication.additions import files_of
from reports.publication.entries import ReportEntry
from reports.publication.face import figure_title, language, told
from reports.publication.models import Report, ReportPaper, ReportText
from reports.publication.models.frozen import PaperState
from reports.publication.models.report import LANGUAGES, Kind
from reports.publication.periods import years_of
from reports.publication.printing import content_of
from reports.publication.text import read
from reports.publication.words import days_words, period_name, standing, title_of

MOST = 200
IN_FEED = 50
NAMES = {"id": "Bahasa Indonesia", "en": "English"}


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """All that were published, by year and scope; the newest period first."""
    rows = (
        Report.objects.public()
        .select_related("agency", "replaced_by")
        .order_by("-period_to", "kind", "-version")
    )
    years = years_of(rows.order_by().values_list("period_to", flat=True).distinct())
    agencies = Agency.objects.filter(pk__in=rows.order_by().exclude(agency=None).values("agency")).order_by(
        "name"
    )
    year, scope = request.GET.get("year", ""), request.GET.get("scope", "")
    kind = request.GET.get("kind", "")
    if year:
        rows = rows.filter(period_to__year=int(year)) if year in map(str, years) else rows.none()
    if scope == "city":
        rows = rows.filter(agency=None)
    elif scope:
        rows = rows.filter(agency__code=scope[:40])
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    found = list(rows[: MOST + 1])
    context = {
        "rows": [_row(row) for row in found[:MOST]],
        "is_cut": len(found) > MOST,
        "years": years,
        "agencies": agencies,
        "kinds": Kind.choices,
        "chosen": {"year": year, "scope": scope, "kind": kind},
        "is_filtered": bool(year or scope or kind),
    }
    return render(request, "reports/publication/list.html", context)


def _row(report: Report) -> dict[str, Any]:
    next_one = getattr(report, "replaced_by", None)
    return {
        "report": report,
        "title": period_name(report),
        "scope": report.agency_words,
        "days": days_words(report),
        "standing": standing(report),
        "replaced_by": next_one if next_one is not None and next_one.is_public else None,
    }


def public_or_404(code: str) -> Report:
    found = rows_of("report", code, "", _public)
    if not found:
        raise Http404
    return found[0]


def _public(code: str) -> QuerySet[Report]:
    rows: QuerySet[Report] = Report.objects.public().select_related("agency", "replaces", "replaced_by")
    return rows.filter(code=code)


def _versions(stem: str) -> QuerySet[Report]:
    rows: QuerySet[Report] = Report.objects.public().filter(stem=stem)
    return rows.order_by("version")


def _texts(pk: int) -> QuerySet[ReportText]:
    rows = ReportText.objects.filter(report=pk).select_related("snapshot")
    return rows.order_by("-number")[:1]


def _papers(pk: int) -> QuerySet[ReportPaper]:
    return ReportPaper.objects.filter(text=pk).order_by("-language")


@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    row = public_or_404(code)
    (text,) = rows_of("text of report", row.pk, 0, _texts)
    said, face = read(text.content), text.snapshot.face
    shown = language()
    sentences, answers = ([], []) if row.hides_files else (said["sentences"][shown], said["answers"])
    details, not_shown = told([] if row.hides_files else face[shown]["details"])
    context = _common(row) | {
        "sentences": [
            each | {"behind": [figure_title(face, figure) for figure in each["figures"]]}
            for each in sentences
        ],
        "figures": [] if row.hides_files else face[shown]["figures"],
        "details": details,
        "not_shown": not_shown,
        "foreword": {} if row.hides_files else _foreword(said["foreword"], shown),
        "answers": [each | {"title": figure_title(face, each["figure"])} for each in answers],
        "papers": papers_of(row, text),
        "files": files_of(row),
        "counted_at": text.snapshot.counted_at,
    }
    return render(request, "reports/publication/report.html", context)


def _foreword(said: dict[str, str], shown: str) -> dict[str, str]:
    """In the reader's language; in the other one, where nobody wrote it in theirs."""
    other = next(each for each in LANGUAGES if each != shown)
    used = shown if said[shown] else other
    return {"text": said[used], "by": said["by"], "language": used if used != shown else ""}


def _common(row: Report) -> dict[str, Any]:
    next_one = getattr(row, "replaced_by", None)
    versions = rows_of("versions of report", row.stem, "", _versions)
    return {
        "report": row,
        "title": title_of(row),
        "days": days_words(row),
        "standing": standing(row),
        "replaced_by": next_one if next_one is not None and next_one.is_public else None,
        "is_being_replaced": next_one is not None and not next_one.is_public,
        "versions": [{"report": each, "standing": standing(each)} for each in versions],
    }


def papers_of(row: Report, text: ReportText) -> list[dict[str, Any]]:
    """Its PDFs, one a language: ready, still to be printed, or failed."""
    if row.hides_files:
        return []
    return [
        {"paper": paper, "name": NAMES[paper.language], "is_ready": paper.state == PaperState.READY}
        for paper in rows_of("papers of report", text.pk, 0, _papers)
    ]


@require_safe
def report_pdf(request: HttpRequest, code: str, paper_language: str) -> HttpResponse:
    """The file exactly as it was made; 404 before, and where it is not handed out any more. Where it is gone or is
    another, a page that says so."""
    row = public_or_404(code)
    papers = ReportPaper.objects.filter(text=row.latest_text, language=paper_language, state=PaperState.READY)
    paper = None if row.hides_files else papers.first()
    if paper is None:
        raise Http404
    content = content_of(paper)
    if content is None:
        context = {"report": row, "title": title_of(row), "paper": paper, "name": NAMES[paper_language]}
        return render(request, "reports/publication/file_missing.html", context, status=404)
    return download(content, f"{settings.CITY.slug}-{row.code}-{paper_language}.pdf", "application/pdf")


@require_safe
def report_check(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR of the printed document leads: which version this is, whether it still holds, and its digests."""
    row = public_or_404(code)
    text = row.latest_text
    entries = LedgerEntry.objects.filter(kind__in=ReportEntry.values, data__report=row.code).order_by("seq")
    context = _common(row) | {
        "text": text,
        "papers": papers_of(row, text),
        "entries": [{"seq": each.seq, "at": each.at, "sentence": sentence_of(each)} for each in entries],
        "head_size": row.head_size,
    }
    return render(request, "reports/publication/check.html", context)


@require_safe
def report_text(request: HttpRequest, code: str) -> HttpResponse:
    """The reviewed words as they were hashed."""
    row = public_or_404(code)
    if row.hides_files:
        raise Http404
    return download(row.latest_text.content.encode(), f"{row.code}-words.json", "application/json")


@require_safe
def feed(request: HttpRequest, feed_language: str) -> HttpResponse:
    """Atom: each publication and each withdrawal, the newest first."""
    with translation.override(feed_language):
        found = [entry for row in _latest() for entry in _entries_of(row)]
        found.sort(key=lambda entry: entry["at"], reverse=True)
        context = {
            "entries": found[:IN_FEED],
            "updated": found[0]["at"] if found else None,
            "self_url": _absolute(request.path),
            "list_url": _absolute(reverse("reports:public-list")),
            "language": feed_language,
        }
        kind = "application/atom+xml; charset=utf-8"
        return render(request, "reports/publication/feed.xml", context, content_type=kind)


def _latest() -> list[Report]:
    """The last that were published and the last that were withdrawn: an old one may be withdrawn today."""
    rows = Report.objects.public().select_related("agency")
    published = rows.order_by("-published_at")[:IN_FEED]
    withdrawn = rows.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at")[:IN_FEED]
    return list({row.pk: row for row in [*published, *withdrawn]}.values())


def _entries_of(row: Report) -> list[dict[str, Any]]:
    address = _absolute(reverse("reports:report", args=[row.code]))
    title = title_of(row)

    def entry(what: str, at: datetime | None) -> dict[str, Any]:
        return {
            "report": row,
            "title": title,
            "url": address,
            "id": f"{address}#{what}",
            "at": at,
            "what": what,
        }

    found = [entry("published", row.published_at)]
    return found + ([entry("withdrawn", row.withdrawn_at)] if row.withdrawn_at else [])


def _absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"
