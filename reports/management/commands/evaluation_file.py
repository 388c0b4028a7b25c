"""Writes the file for who evaluates the city, of a published report."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.documents.writing import write_private
from reports.evaluation.bundle import evaluation_file, name_of
from reports.evaluation.views import reports_to_evaluate
from reports.publication.models.report import LANGUAGES


class Command(BaseCommand):
    help = str(gettext_lazy("Writes the file for who evaluates the city, of a published report."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="of the report, as in its address: 2026")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--language", choices=LANGUAGES, default="id")

    def handle(self, *args: Any, **options: Any) -> None:
        report = reports_to_evaluate().filter(code=options["code"]).first()
        if report is None:
            raise CommandError(
                _("There is no published report of the city “%(code)s”.") % {"code": options["code"]},
                returncode=2,
            )
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        content = evaluation_file(report, options["language"])
        self.stdout.write(str(write_private(out / name_of(report, options["language"]), content)))
