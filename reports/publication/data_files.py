"""The open data of a published report, on its page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.opendata.models import PublicEdition
from reports.publication.additions import ReportFile
from reports.publication.models import Report

FILES = {
    "data.json": _("All tables as JSON"),
    "datapackage.json": _("Description of all tables (Data Package)"),
}


def data_files(report: Report) -> list[ReportFile]:
    if not PublicEdition.objects.public().filter(code=report.code).exists():
        return []
    return [
        ReportFile(label, reverse("reports:report-data", args=[report.code, name]))
        for name, label in FILES.items()
    ]
