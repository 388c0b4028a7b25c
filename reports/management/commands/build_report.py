"""Builds the accountability report of a period, as a PDF with its snapshot."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from reports.documents.by_hand import write_report
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.pages.pdf import RenderFailed


class Command(BaseCommand):
    help = str(gettext_lazy("Builds the accountability report of a period."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--agency", default="", metavar="CODE", help="only this agency and those below")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--language", choices=["id", "en"], default="id")
        parser.add_argument("--public", action="store_true", help="hide counts under five in the PDF")
        parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = Period(options["first"], options["last"])
        except ValueError as error:
            raise CommandError(_("A period cannot end before it begins."), returncode=2) from error
        agency = self._agency(options["agency"])
        snapshot = freeze(period, agency, actor=None, now=timezone.now())
        try:
            built = write_report(
                snapshot, options["out"], language=options["language"], public=options["public"]
            )
        except RenderFailed as error:
            raise CommandError(_("The PDF could not be made: %(why)s") % {"why": error}) from error
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(why)s.") % {"path": options["out"], "why": error.strerror},
                returncode=2,
            ) from error
        if options["json"]:
            result = {
                "pdf": str(built.pdf),
                "snapshot": str(built.snapshot),
                "digest": snapshot.digest,
                "figures": snapshot.figures,
            }
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write(f"{built.pdf}\n{built.snapshot}\n{snapshot.digest}")

    def _agency(self, code: str) -> Agency | None:
        if not code:
            return None
        agency = Agency.objects.filter(code=code).first()
        if agency is None:
            raise CommandError(_("There is no agency “%(code)s”.") % {"code": code}, returncode=2)
        return agency
