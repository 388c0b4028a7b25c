"""The file for evaluators as a ZIP: an index to be read in any browser, the evidence as tables and as published PDFs.

The same report, published alike, gives the same bytes.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from complaints.ledger.signing import published_keys
from reports.evaluation.content import Content, Writer
from reports.publication.models import Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.printing import content_of
from reports.publication.words import days_words, title_of
from reports.zipped import signed_list, zip_of

MANIFEST = "tuntas-evaluation-1"


def evaluation_file(report: Report, language: str) -> bytes:
    """Of a published report of the city that hands out its files."""
    with translation.override(language):
        content = Writer(report).content()
        papers = _papers(report)
        members = {name: text.encode() for name, text in content.files.items()} | papers
        lacking = [paper for name, paper in _rows(report) if name not in papers]
        members["index.html"] = _index(report, content, sorted(papers), lacking, language)
    members["key.txt"] = published_keys().encode()
    head = [MANIFEST, f"report {report.code}", f"snapshot {report.latest_text.snapshot.digest}"]
    members["MANIFEST.txt"] = signed_list(head, members)
    return zip_of(members)


def name_of(report: Report, language: str) -> str:
    return f"{settings.CITY.slug}-evaluation-{report.code}-{language}.zip"


def _papers(report: Report) -> dict[str, bytes]:
    """The PDFs as everybody has them; those whose file is gone or another are left out, which the index says."""
    found = {name: content_of(paper) for name, paper in _rows(report)}
    return {name: content for name, content in found.items() if content is not None}


def _rows(report: Report) -> list[tuple[str, ReportPaper]]:
    rows = ReportPaper.objects.filter(text=report.latest_text, state=PaperState.READY).order_by("language")
    return [(f"report/{report.code}-{paper.language}.pdf", paper) for paper in rows]


def _index(
    report: Report, content: Content, papers: list[str], lacking: list[ReportPaper], language: str
) -> bytes:
    context = {
        "language": language,
        "title": title_of(report),
        "days": days_words(report),
        "government": settings.CITY.government,
        "criteria": content.criteria,
        "papers": papers,
        "lacking": lacking,
        "report": report,
        "snapshot": report.latest_text.snapshot,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("reports/evaluation/index.html", context).encode()
