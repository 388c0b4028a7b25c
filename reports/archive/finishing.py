"""The pass over a printed PDF, in the child process: what PDF/UA-1 and PDF/A-3 ask for and WeasyPrint 70 leaves out.

Header cells say what they head (its #2508), headers and footers of pages are artefacts (its #1836), the boxes of
pictures are in the units of the page, terms and what is said of them are items of a list, nothing empty is read, links
say in words where they lead, and files are enclosed once (its #2917).
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pikepdf
from pikepdf import AttachedFileSpec, Dictionary, Name

PX = 0.75  # points in a pixel of CSS
MARKED = re.compile(rb"/(\w+)\s*<<\s*/MCID (\d+)\s*>>\s*BDC")
FOOTER = b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC"
# Children of a table, and the scope that a header cell has in each.
SCOPES = {"/THead": "/Column", "/TBody": "/Row"}


@dataclass(frozen=True)
class File:
    """A file to be enclosed, with its type and what it is to the paper: `Data`, `Source` …"""

    name: str
    description: str
    kind: str
    content: bytes
    at: datetime


def finish(
    pdf: bytes,
    files: Sequence[File] = (),
    links: Mapping[str, str] | None = None,
    *,
    identifier: bytes | None = None,
) -> bytes:
    """The finished PDF, the same bytes for the same input; `links` are the words of links, by their targets, and
    `identifier` is its number. ValueError where it carries files of its own."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if len(document.attachments):
            raise ValueError("a PDF of ours carries the files that it was given, and no other")
        reached = dict(_elements(document.Root.StructTreeRoot))
        for element, scope in reached.values():
            _mend(element, scope)
        marked = _marked(document.Root.StructTreeRoot)
        for page in document.pages:
            _make_artefacts(page, marked, set(reached))
            _name_links(page, links or {})
        _enclose(document, files)
        if identifier is not None:  # WeasyPrint writes it raw, and a reader takes its byte 13 for a new line
            document.trailer.ID = pikepdf.Array([pikepdf.String(identifier)] * 2)
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _elements(root: Any) -> Iterator[tuple[tuple[int, int], tuple[Any, str]]]:
    """(number, (element, scope)) of the structure tree; the scope is that of header cells at this place."""
    waiting = [(root, "/Row")]
    while waiting:
        element, scope = waiting.pop()
        if not isinstance(element, Dictionary):
            continue
        yield element.objgen, (element, scope)
        scope = SCOPES.get(str(element.get("/S", "")), scope)
        waiting += [(kid, scope) for kid in _kids(element)]


def _mend(element: Any, scope: str) -> None:
    tag = str(element.get("/S", ""))
    if tag == "/TH":
        attributes = element.get("/A", Dictionary(O=Name.Table))
        attributes.Scope = Name(scope)
        element.A = attributes
    elif tag == "/L":
        for group in _kids(element):
            if isinstance(group, Dictionary) and group.get("/S") == "/Div":
                _make_item(group)
    elif tag == "/Figure" and "/A" in element and "/BBox" in element.A:
        left, top, right, bottom = (float(side) * PX for side in element.A.BBox)
        height = float(element.Pg.MediaBox[3])
        element.A.BBox = pikepdf.Array([round(n, 3) for n in (left, height - bottom, right, height - top)])
        element.A.Placement = Name.Block
    if tag in ("/P", "/Div", "/LI") and not _kids(element):
        parent = element.P
        parent.K = pikepdf.Array([kid for kid in _kids(parent) if _number(kid) != element.objgen])


def _make_item(group: Any) -> None:
    """A term with what is said of it (`<dl><div><dt><dd>`): one item of the list, its label and its body."""
    group.S = Name.LI
    for n, part in enumerate(_kids(group)):
        part.S = Name.LBody if n else Name.Lbl
        for inner in _kids(part):
            if isinstance(inner, Dictionary) and inner.get("/S") == "/LBody":
                inner.S = Name.Span


def _kids(element: Any) -> list[Any]:
    kids: Any = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _number(element: Any) -> tuple[int, int] | None:
    return element.objgen if isinstance(element, Dictionary) else None


def _marked(root: Any) -> dict[int, Any]:
    """By the number of a page: the elements of its marked contents, in their order."""
    numbers = list(root.ParentTree.Nums)
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return {int(n): elements for n, elements in pairs if isinstance(elements, pikepdf.Array)}


def _make_artefacts(page: Any, marked: dict[int, Any], reached: set[tuple[int, int]]) -> None:
    """What no branch of the tree holds is a header or footer: nobody wants it read aloud on each page."""
    elements = marked.get(int(page.get("/StructParents", -1)))
    if elements is None:
        return
    loose = {n for n, element in enumerate(elements) if element.objgen not in reached}
    if not loose:
        return

    def named(found: re.Match[bytes]) -> bytes:
        return FOOTER if int(found[2]) in loose else found[0]

    page.Contents.write(MARKED.sub(named, page.Contents.read_bytes()))
    # The last of a page: it is drawn after all else. A hole in the middle has to be filled.
    kept = [None if n in loose else element for n, element in enumerate(elements)]
    while kept and kept[-1] is None:
        kept.pop()
    if None in kept:
        raise ValueError("the margins of a page are drawn before its text")
    del elements[len(kept) :]


def _name_links(page: Any, links: Mapping[str, str]) -> None:
    """A link says in words where it leads."""
    for link in page.get("/Annots", []):
        link.F = 4  # printed as it is shown
        if link.get("/Subtype") == "/Link":
            action = link.get("/A", Dictionary())
            target = str(action.get("/URI", action.get("/D", link.get("/Dest", ""))))
            link.Contents = pikepdf.String(links.get(target, target))


def _enclose(document: pikepdf.Pdf, files: Sequence[File]) -> None:
    for file in files:
        at = f"D:{file.at:%Y%m%d%H%M%S}Z"
        document.attachments[file.name] = AttachedFileSpec(  # type: ignore[call-arg]  # its stub is older
            document,
            file.content,
            description=file.description,
            filename=file.name,
            mime_type=file.kind,
            creation_date=at,
            mod_date=at,
            relationship=Name.Data,
        )
    if files:
        document.Root.AF = pikepdf.Array([document.attachments[file.name].obj for file in files])
