"""Printed minutes whose file is gone or is another: printed once more under the head that they name.

What the history has of minutes is the digest of their text, none of the file; so where the bytes come out otherwise, by
other fonts or since words were taken out, they are printed anew.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from complaints.files import keeping
from complaints.models import Head
from reports.minutes.models import MinutesPaper, PaperState
from reports.minutes.printing import Altered, minutes_pdf, print_anew
from reports.pages.pdf import RenderFailed


def files_missing(now: datetime) -> Iterable[str]:
    """Of printed minutes whose file is gone or another, the code of the forum. StoreAway."""
    return (paper.minutes.forum.code for paper in _not_whole())


def put_back(now: datetime) -> Iterator[tuple[str, str]]:
    """Code of the forum, and what became of its paper: `put_back`, `printed_anew`, `snapshot_altered` (the text is not
    what was signed) or `not_printed`. StoreAway."""
    for paper in _not_whole():
        yield paper.minutes.forum.code, _mend(paper, now)


def _not_whole() -> Iterator[MinutesPaper]:
    rows = MinutesPaper.objects.filter(state=PaperState.READY).select_related("minutes__forum__agency")
    for paper in rows.order_by("pk").iterator(chunk_size=100):
        try:
            is_whole = keeping.look(paper.stored)[0] == paper.sha256
        except FileNotFoundError:
            is_whole = False
        if not is_whole:
            yield paper


def _mend(paper: MinutesPaper, now: datetime) -> str:
    head = Head.objects.filter(at__lte=paper.built_at).order_by("-size").first() if paper.built_at else None
    try:
        content = minutes_pdf(paper.minutes, head)
    except Altered:
        return "snapshot_altered"
    except RenderFailed:
        return "not_printed"
    if sha256(content).hexdigest() == paper.sha256:
        keeping.put_bytes(content, paper.stored)
        return "put_back"
    print_anew(MinutesPaper.objects.filter(pk=paper.pk), now)
    return "printed_anew"
