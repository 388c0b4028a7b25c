"""What rooms beside this one put on the page of a published report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from complaints.registry import Registry
from reports.publication.models import Report


@dataclass(frozen=True)
class ReportFile:
    """A file that belongs to a published report. `size` in bytes, None where it is made when somebody asks."""

    label: Any
    url: str
    size: int | None = None


@dataclass(frozen=True)
class ReportFiles:
    """Files of one sort; asked for each report that hands out its files."""

    code: str
    of: Callable[[Report], list[ReportFile]]


REPORT_FILES: Registry[ReportFiles] = Registry()


def files_of(report: Report) -> list[ReportFile]:
    if report.hides_files:
        return []
    return [file for each in REPORT_FILES for file in each.of(report)]
