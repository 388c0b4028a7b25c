"""The printed report: the same bytes again, readable by a screen reader, understandable alone."""

from copy import deepcopy
from datetime import date

import pikepdf
import pytest
import tinyhtml5

from reports.documents.by_hand import public_marks, write_report
from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot, freeze
from reports.pages import pdf, report
from reports.pages.bound import Bound
from reports.pages.lighter import tree_of
from reports.pages.report import report_pdf
from tests import factories
from tests.factories import DAY, FRIDAY, make_agency
from tests.reports.printed import elements, open_pdf, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_snapshot"), pytest.mark.long]
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def make_snapshot():
    for code in ("PUPR", "DLHK"):
        agency = make_agency(code)
        for _ in range(3):
            factories.closed(agency=agency, category=factories.make_category())
        factories.assigned(agency=agency)
    return freeze(NOVEMBER, None, actor=None, now=FRIDAY + DAY)


@pytest.fixture(scope="module")
def made_snapshot(module_rows):
    return module_rows.make(make_snapshot)


@pytest.fixture
def snapshot(made_snapshot, db):
    return deepcopy(made_snapshot)


@pytest.fixture(scope="module")
def printed(made_snapshot, module_rows):
    """The paper in each language, printed once: that takes seconds."""
    return {
        language: module_rows.make(report_pdf, made_snapshot, language=language) for language in ("id", "en")
    }


def test_it_is_the_same_to_the_byte_when_made_again_from_the_same_snapshot(snapshot, printed):
    assert report_pdf(Snapshot.read(snapshot.content), language="id") == printed["id"]


def test_it_is_tagged_and_says_what_each_header_cell_heads(printed):
    made = printed["en"]
    with open_pdf(made) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]).startswith("Accountability report")
        xmp = pdf.Root.Metadata.read_bytes()
    assert b"pdfaid" in xmp  # the one for the archive; what is for everybody: test_fit_to_be_kept
    scopes, figures = set(), 0
    for tag, element in elements(made):
        if tag == "/TH":
            scopes.add(str(element.A.Scope))
        if tag == "/Figure":
            figures += 1
            assert len(str(element.Alt)) > 20  # the chart in words
    assert scopes == {"/Column", "/Row"}
    assert figures >= 5


def test_it_says_what_it_covers_and_what_the_figures_mean(snapshot, printed):
    said = words_of(printed["en"])
    for words in (
        "Kupang City Government",
        "1 November 2026",
        "The whole city",
        "21 November 2026, 11:00 WITA",
        "8 cases were received",
        "What the figures mean",
        "Half of the ended cases took less time",
        "What the figures do not say",
        snapshot.digest,
        "Page 2 / ",
    ):
        assert words.replace(" ", "") in said, words


def test_the_files_are_named_after_period_and_scope_and_are_private(snapshot, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "make_pdf", lambda page: f"%PDF-1.7 {page.language}".encode())
    built = write_report(snapshot, tmp_path / "out", language="id")
    assert built.pdf.name == "tuntas-report-2026-11-01_2026-11-30_city-id.pdf"
    assert built.snapshot.name == "tuntas-report-2026-11-01_2026-11-30_city.json"
    assert Snapshot.read(built.snapshot.read_bytes()).digest == snapshot.digest
    for path in (built.pdf, built.snapshot):
        assert path.stat().st_mode & 0o777 == 0o600
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_beside_a_public_copy_no_snapshot_lies_unless_asked_for(snapshot, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "make_pdf", lambda page: f"%PDF-1.7 {page.language}".encode())
    out = tmp_path / "out"
    marks = public_marks(snapshot)
    assert write_report(snapshot, out, language="id", marks=marks).snapshot is None
    assert [path.name for path in out.iterdir()] == [
        "tuntas-report-2026-11-01_2026-11-30_city-public-id.pdf",
    ]
    asked = write_report(snapshot, out, language="id", marks=marks, with_snapshot=True).snapshot
    assert asked is not None and Snapshot.read(asked.read_bytes()).digest == snapshot.digest


def test_the_page_is_read_as_a_browser_reads_it(snapshot, monkeypatch):
    """By the parser in C: it is well-formed, and the tree is that of WeasyPrint's own parser."""
    pages: list[str] = []

    def kept(html: str, *_rest: object) -> bytes:
        pages.append(html)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "run_child", kept)
    bound = Bound("2026-11", 1, "https://pengaduan.example/x/", foreword="a & b")
    report_pdf(snapshot, language="id", bound=bound)
    quick, slow = tree_of(pages[0]), tinyhtml5.parse(pages[0], namespace_html_elements=False)
    assert quick is not None
    assert _read(quick) == _read(slow)


def _read(tree):
    """Its elements with what they say, but for white space around them and the declared namespace."""
    return [
        (
            each.tag,
            {name: value for name, value in each.attrib.items() if not name.endswith("}xmlns")},
            (each.text or "").strip(),
            (each.tail or "").strip(),
        )
        for each in tree.iter()
        if isinstance(each.tag, str)
    ]


def test_an_empty_period_makes_a_report_too():
    empty = freeze(Period(date(2020, 1, 1), date(2020, 1, 31)), None, actor=None, now=FRIDAY)
    said = words_of(report_pdf(empty, language="en"))
    assert "0caseswerereceived" in said
    assert "Whatthecaseswereabout" not in said, "nothing is explained that is not in it"


def test_pages_are_numbered_on_a4(printed):
    with open_pdf(printed["id"]) as pdf:
        assert len(pdf.pages) <= 20
        assert all(isinstance(page, pikepdf.Page) for page in pdf.pages)
        assert [round(float(side)) for side in pdf.pages[0].mediabox] == [0, 0, 595, 842]
