"""The file for evaluators as a ZIP: an index to be read in any browser, the evidence as tables and as published PDFs.

The same report, published alike, gives the same bytes.
"""

from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from complaints.ledger.signing import published_keys, sign_note
from reports.evaluation.content import Content, Writer
from reports.publication.models import Report, ReportPaper
from reports.publication.models.frozen import PaperState
from reports.publication.printing import content_of
from reports.publication.words import days_words, title_of

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP knows: every member has it
MANIFEST = "tuntas-evaluation-1"


def evaluation_file(report: Report, language: str) -> bytes:
    """Of a published report of the city that hands out its files."""
    with translation.override(language):
        content = Writer(report).content()
        papers = _papers(report)
        members = {name: text.encode() for name, text in content.files.items()} | papers
        members["index.html"] = _index(report, content, sorted(papers), language)
    members["key.txt"] = published_keys().encode()
    members["MANIFEST.txt"] = _manifest(report, members)
    return _zip(members)


def name_of(report: Report, language: str) -> str:
    return f"{settings.CITY.slug}-evaluation-{report.code}-{language}.zip"


def _papers(report: Report) -> dict[str, bytes]:
    """The PDFs as everybody has them."""
    rows = ReportPaper.objects.filter(text=report.latest_text, state=PaperState.READY).order_by("language")
    found = {f"report/{report.code}-{paper.language}.pdf": content_of(paper) for paper in rows}
    return {name: content for name, content in found.items() if content is not None}


def _index(report: Report, content: Content, papers: list[str], language: str) -> bytes:
    context = {
        "language": language,
        "title": title_of(report),
        "days": days_words(report),
        "government": settings.CITY.government,
        "criteria": content.criteria,
        "papers": papers,
        "report": report,
        "snapshot": report.latest_text.snapshot,
        "base_url": settings.BASE_URL,
    }
    return render_to_string("reports/evaluation/index.html", context).encode()


def _manifest(report: Report, members: dict[str, bytes]) -> bytes:
    """Every file with its SHA-256, signed with the key of the history."""
    lines = [MANIFEST, f"report {report.code}", f"snapshot {report.latest_text.snapshot.digest}"]
    lines += [f"{sha256(content).hexdigest()}  {name}" for name, content in sorted(members.items())]
    return sign_note("".join(f"{line}\n" for line in lines)).encode()


def _zip(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as bundle:
        for name, content in sorted(members.items()):
            info = ZipInfo(name, EPOCH)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o100644 << 16
            bundle.writestr(info, content)
    return out.getvalue()
