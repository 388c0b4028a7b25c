"""Which rows of reports know which files (complaints/files/folders.py)."""

import re
from collections.abc import Collection

from complaints.files.folders import FOLDERS, Folder
from reports.documents.models import FOLDER as DOCUMENTS
from reports.documents.models import Document
from reports.minutes.models import MinutesPaper
from reports.publication.models import ReportPaper
from reports.publication.models.frozen import FOLDER as REPORTS

NUMBER = re.compile(r"[0-9]{1,18}")


def _documents(names: Collection[str]) -> dict[str, str]:
    keys = _numbers(names)
    found = {row.stored: row.sha256 for row in MinutesPaper.objects.filter(pk__in=keys)}
    for row in Document.objects.filter(pk__in=keys):
        found |= {row.stored: row.sha256, row.stored_snapshot: ""}
    return {name: found[name] for name in names if name in found}


def _reports(names: Collection[str]) -> dict[str, str]:
    found = {row.stored: row.sha256 for row in ReportPaper.objects.filter(pk__in=_numbers(names))}
    return {name: found[name] for name in names if name in found}


def _numbers(names: Collection[str]) -> set[int]:
    return {int(found[0]) for name in names if (found := NUMBER.search(name.rpartition("/")[2]))}


FOLDERS.add(Folder(DOCUMENTS, _documents), Folder(REPORTS, _reports))
