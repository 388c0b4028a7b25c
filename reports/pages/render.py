"""Turns HTML into a tagged PDF, in a process of its own: `python -m reports.pages.render`, JSON in, PDF out.

The process knows no settings and no database, reaches no network and no file, and has limits of time and
memory: a report that goes wrong takes nothing with it. Not to be imported by anything but its own tests.
"""

import base64
import ctypes
import gc
import json
import os
import re
import resource
import sys
from datetime import UTC, datetime
from html import unescape
from typing import Any

from reports.archive.finishing import File, finish
from reports.pages.glyphs import printable
from reports.pages.lighter import load

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 120
LINK = re.compile(r'<a href="#?([^"]+)">([^<]+)</a>')
SMALLER = {"optimize_images": True, "jpeg_quality": 75, "dpi": 150}  # photos, for paper
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
    """The PDF of `job`: {"html", "css", "assets": {name: [type, base64]}, "identifier" (hex), "variant" ("pdf/ua-1",
    "pdf/a-3a"), "files": [{"name", "description", "kind", "text", "at"}], "shrinks": whether there are photos,
    "lacking": what the paper says where signs are in no font}."""
    weasyprint = load()
    assets = {
        f"asset:{name}": (kind, base64.b64decode(content)) for name, (kind, content) in job["assets"].items()
    }
    fetcher = make_fetcher(assets)
    identifier = bytes.fromhex(job["identifier"])
    style = weasyprint.CSS(string=job["css"], url_fetcher=fetcher, base_url="asset:")
    smaller = SMALLER if job.get("shrinks") else {}
    html = printable(job["html"], job.get("lacking", ""))
    pdf: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="asset:").write_pdf(
        stylesheets=[style],
        pdf_variant=job["variant"],
        pdf_identifier=identifier,
        presentational_hints=False,
        **smaller,
    )
    files = [
        File(
            file["name"],
            file["description"],
            file["kind"],
            file["text"].encode(),
            datetime.fromisoformat(file["at"]).astimezone(UTC),
        )
        for file in job.get("files", [])
    ]
    return finish(pdf, files, link_words(html), identifier=identifier)


def link_words(html: str) -> dict[str, str]:
    """What is written over each link, by where it leads: a screen reader reads it where it meets the link alone."""
    return {target: unescape(words) for target, words in LINK.findall(html)}


def main() -> int:
    try:
        job = json.load(sys.stdin.buffer)
        limit()
        gc.disable()  # a process for one paper: looking for what could be freed takes a fifth of its time
        pdf = render(job)
    except BaseException as error:  # noqa: BLE001 - some of WeasyPrint's errors are no Exception
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        return 1
    with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as out:
        out.write(pdf)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # all is written: to free a large paper piece by piece would take a tenth of its time
