"""Turns HTML into a tagged PDF, in a process of its own: `python -m reports.pages.render`, JSON in, PDF out.

The process knows no settings and no database, reaches no network and no file, and has limits of time and
memory: a report that goes wrong takes nothing with it. Not to be imported by anything but its own tests.
"""

import base64
import ctypes
import io
import json
import os
import resource
import sys
from datetime import datetime
from typing import Any

import pikepdf

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 120
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # linux/sched.h


def limit() -> None:
    """Bounds memory and time, and leaves the network where the kernel allows it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(NEW_NETWORK) != 0:
            libc.unshare(NEW_USER | NEW_NETWORK)
    except (OSError, AttributeError):
        return  # not Linux, or forbidden: the fetcher refuses everything anyway


def make_fetcher(assets: dict[str, tuple[str, bytes]]) -> Any:
    """A fetcher that hands out these assets (`asset:name`) and refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class InMemory(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in assets:
                raise ValueError("nothing is fetched for a PDF")
            kind, content = assets[url]
            return URLFetcherResponse(url, body=content, headers={"Content-Type": kind})

    return InMemory()


def render(job: dict[str, Any]) -> bytes:
    """The PDF of `job`: {"html", "css", "assets": {name: [type, base64]}, "identifier" (hex), "files": [{"name",
    "description", "text", "at"}]}."""
    from weasyprint import CSS, HTML, Attachment

    assets = {
        f"asset:{name}": (kind, base64.b64decode(content)) for name, (kind, content) in job["assets"].items()
    }
    fetcher = make_fetcher(assets)
    style = CSS(string=job["css"], url_fetcher=fetcher, base_url="asset:")
    pdf: bytes = HTML(string=job["html"], url_fetcher=fetcher, base_url="asset:").write_pdf(
        stylesheets=[style],
        pdf_variant="pdf/ua-1",
        pdf_identifier=bytes.fromhex(job["identifier"]),
        presentational_hints=False,
        attachments=[
            Attachment(
                string=file["text"],
                name=file["name"],
                description=file["description"],
                created=datetime.fromisoformat(file["at"]),
                modified=datetime.fromisoformat(file["at"]),
                relationship="Data",
            )
            for file in job.get("files", [])
        ],
    )
    return name_header_cells(pdf, len(job.get("files", [])))


def name_header_cells(pdf: bytes, files: int = 0) -> bytes:
    """Says of every header cell whether it heads a column or a row, which WeasyPrint leaves out (its #2508), and names
    each enclosed file once, which it does twice (its #2917). ValueError where there are other files than `files`."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _walk(document.Root.StructTreeRoot, "Row")
        if len(document.attachments) != files:
            raise ValueError("a PDF of ours carries the files that it was given")
        if "/AF" in document.Root:
            each_once = {file.objgen: file for file in document.Root.AF}
            document.Root.AF = pikepdf.Array(each_once.values())
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
        return out.getvalue()


def _walk(element: Any, scope: str) -> None:
    waiting = [(element, scope)]
    while waiting:
        element, scope = waiting.pop()
        if not isinstance(element, pikepdf.Dictionary):
            continue
        tag = str(element.get("/S", ""))
        if tag == "/THead":
            scope = "Column"
        elif tag == "/TBody":
            scope = "Row"
        elif tag == "/TH":
            attributes = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name(f"/{scope}"))
            element.A = attributes
        kids: Any = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [(kid, scope) for kid in kids]


def main() -> int:
    try:
        job = json.load(sys.stdin.buffer)
        limit()
        pdf = render(job)
    except BaseException as error:  # noqa: BLE001 - some of WeasyPrint's errors are no Exception
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        return 1
    with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as out:
        out.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
