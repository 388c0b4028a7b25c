"""What is printed can be kept (PDF/A-3) and read aloud (PDF/UA-1): what no validator is at hand for, point by point."""

import io
import re
from datetime import UTC, datetime

import pikepdf
import pytest

from reports.archive import finishing
from reports.pages.pdf import ARCHIVE, PUBLIC, Enclosed, run_child
from tests.reports.printed import elements, open_pdf

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
HTML = """<html lang="id"><head><title>Laporan</title><meta name="dcterms.created" content="2026-11-20T03:00:00Z">
<meta name="dcterms.modified" content="2026-11-20T03:00:00Z"></head><body>
<h1>Laporan</h1><p><a href="#terms">Istilah &amp; arti</a> <a href="https://kota.example/c">Periksa</a></p><p></p>
<h2 id="terms">Istilah</h2><dl><div><dt>Diterima</dt><dd>yang masuk</dd></div></dl>
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
<title>Batang: 3</title><rect width="9" height="9"/></svg>
<table><thead><tr><th>Dinas</th><th colspan="2">Kasus</th></tr></thead>
<tbody><tr><th>PUPR</th><td>3</td><td>4</td></tr></tbody></table>
<p style="break-before: page">2</p></body></html>"""
CSS = '@page { size: A4; @bottom-left { content: "kaki" counter(page) } }'
FILE = Enclosed("data.json", "Data", '{"a": "ü"}', AT, "application/json")


@pytest.fixture(scope="module", params=[ARCHIVE, PUBLIC])
def made(request):
    return request.param, run_child(HTML, CSS, {}, "ab" * 16, [FILE], request.param)


def test_it_says_what_it_is_in_which_language_and_under_which_title(made):
    variant, content = made
    with open_pdf(content) as document:
        xmp = document.Root.Metadata.read_bytes()
        if variant == ARCHIVE:
            assert b'pdfaid:part="3" pdfaid:conformance="A"' in xmp
            assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
            assert len(document.trailer.ID) == 2
        else:
            assert b'pdfuaid:part="1"' in xmp
        assert document.Root.Lang == "id"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo["/Title"] == "Laporan"
        assert [str(each.title) for each in document.open_outline().root] == ["Laporan"]
        assert all(page.Tabs == "/S" for page in document.pages if "/Annots" in page)


def test_each_font_is_inside(made):
    with open_pdf(made[1]) as document:
        fonts = [
            each for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each
        ]
        assert fonts
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)


def test_a_file_is_enclosed_once_with_its_type_and_its_day(made):
    with open_pdf(made[1]) as document:
        assert [str(each.UF) for each in document.Root.AF] == ["data.json"]
        spec = document.Root.AF[0]
        assert [str(spec.AFRelationship), str(spec.EF.F.Subtype)] == ["/Data", "/application/json"]
        assert spec.EF.F.Params.ModDate == "D:20261120030000Z"
        assert document.attachments["data.json"].get_file().read_bytes().decode() == '{"a": "ü"}'


def test_feet_of_pages_are_artefacts_and_everything_else_is_in_the_tree(made):
    with open_pdf(made[1]) as document:
        reached = set()
        for tag, element in elements(made[1]):
            kids = element.get("/K", [])
            numbers = [
                kid for kid in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(kid, int)
            ]
            reached |= {(int(element.Pg.StructParents), number) for number in numbers if tag}
        for page in document.pages:
            drawn = page.Contents.read_bytes()
            assert b"/Subtype /Footer" in drawn
            marked = {int(n) for n in re.findall(rb"/MCID (\d+)", drawn)}
            assert {(int(page.StructParents), n) for n in marked} <= reached
            # No text outside of a mark.
            assert drawn.count(b"BDC") + drawn.count(b"BMC") == drawn.count(b"EMC") >= drawn.count(b"BT")


def test_a_screen_reader_finds_heads_lists_pictures_and_links(made):
    scopes, spans, items, boxes, empty = [], [], [], [], 0
    for tag, element in elements(made[1]):
        if tag == "/TH":
            scopes.append(str(element.A.Scope))
            spans.append(int(element.A.get("/ColSpan", 1)))
        elif tag == "/LI":
            items.append((str(element.P.S), *(str(part.S) for part in element.K)))
        elif tag == "/Figure":
            boxes.append((str(element.Alt), *(float(side) for side in element.A.BBox)))
        elif tag == "/P" and not len(element.get("/K", [])):
            empty += 1
    assert (sorted(scopes), sorted(spans)) == (["/Column", "/Column", "/Row"], [1, 1, 2])
    assert (items, empty) == ([("/L", "/Lbl", "/LBody")], 0)
    [(alt, left, low, right, high)] = boxes
    assert alt == "Batang: 3"
    assert 0 < left < right < 595
    assert 400 < low < high < 842  # in the upper half of the page, in points from below
    with open_pdf(made[1]) as document:
        links = [link for page in document.pages for link in page.get("/Annots", [])]
        assert {str(link.Contents) for link in links} == {"Istilah & arti", "Periksa"}
        assert all(link.F == 4 for link in links)


def test_it_is_the_same_to_the_byte_when_made_again(made):
    variant, content = made
    if variant == ARCHIVE:
        assert run_child(HTML, CSS, {}, "ab" * 16, [FILE], variant) == content


def test_a_file_that_markup_brought_along_ends_the_printing():
    with pikepdf.Pdf.new() as document:
        document.attachments["x"] = pikepdf.AttachedFileSpec.from_filepath(document, __file__)
        document.save(foreign := io.BytesIO())
    with pytest.raises(ValueError, match="files that it was given"):
        finishing.finish(foreign.getvalue())


@pytest.mark.parametrize(
    "number", ["0d" * 16, "0a0d28295c5c" + "00" * 10, "c30d9df3fa37e8d030b8d7e7f33d2560"]
)
def test_its_number_is_read_back_whatever_its_bytes_are(number):
    with open_pdf(run_child(HTML, CSS, {}, number, [FILE], ARCHIVE)) as document:
        assert bytes(document.trailer.ID[0]).hex() == number
