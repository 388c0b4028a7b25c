"""The open data of a published report, on its page."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.database.kept_statements import rows_of
from reports.opendata.models import PublicEdition
from reports.publication.additions import ReportFile
from reports.publication.models import Report

FILES = {
    "data.json": _("All tables as JSON"),
    "datapackage.json": _("Description of all tables (Data Package)"),
}


def _editions(code: str) -> QuerySet[PublicEdition]:
    return PublicEdition.objects.public().filter(code=code).only("code")


def data_files(report: Report) -> list[ReportFile]:
    if not rows_of("edition of report", report.code, "", _editions):
        return []
    return [
        ReportFile(label, reverse("reports:report-data", args=[report.code, name]))
        for name, label in FILES.items()
    ]
