"""Builds the accountability report of a period, as a PDF with its snapshot."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from reports.documents.by_hand import public_marks, write_report
from reports.figures.differences import NotComparable, differences
from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot, freeze, unpack
from reports.figures.unpacking import is_packed
from reports.pages.differences import in_words
from reports.pages.pdf import RenderFailed
from reports.pages.published import published
from reports.suppression.report import Marks

AT_ONCE = 1 << 18  # bytes


@contextmanager
def _room(folder: Callable[[], object]) -> Iterator[None]:
    """For what goes into this folder: where it cannot, one sentence. On a full disk there is not even a folder for what
    is put aside."""
    path: object = "TMPDIR"
    try:
        path = folder()
        yield
    except RenderFailed as error:
        raise CommandError(_("The PDF could not be made: %(why)s") % {"why": error}) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandError(
            _("%(path)s cannot be written: %(why)s.") % {"path": path, "why": why}, returncode=2
        ) from error


class Command(BaseCommand):
    help = str(gettext_lazy("Builds the accountability report of a period."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--agency", default="", metavar="CODE", help="only this agency and those below")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--language", choices=["id", "en"], default="id")
        parser.add_argument("--public", action="store_true", help="hide counts under five in the PDF")
        parser.add_argument(
            "--snapshot",
            action="store_true",
            help="write the snapshot beside a public PDF too; it hides nothing",
        )
        parser.add_argument(
            "--compare",
            type=Path,
            metavar="SNAPSHOT",
            help="say what differs from an earlier one of this report",
        )
        parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbosity = options["verbosity"]
        try:
            period = Period(options["first"], options["last"])
        except ValueError as error:
            raise CommandError(_("A period cannot end before it begins."), returncode=2) from error
        agency, earlier = self._agency(options["agency"]), self._earlier(options["compare"])
        self._says(_("Reading and counting …"))
        with _room(gettempdir):  # the rows lie there until they are written
            snapshot = freeze(period, agency, actor=None, now=timezone.now())
            self._says(_("Counted: %(count)d cases. Printing …") % {"count": snapshot.figures["received"]})
            marks, said = (
                self._marks(snapshot, options),
                self._compared(earlier, snapshot, options["language"]),
            )
        with _room(lambda: options["out"]):
            built = write_report(
                snapshot,
                options["out"],
                language=options["language"],
                marks=marks,
                with_snapshot=True if options["snapshot"] else None,
            )
        if options["json"]:
            result: dict[str, Any] = {
                "pdf": str(built.pdf),
                "snapshot": str(built.snapshot) if built.snapshot else None,
                "digest": snapshot.digest,
                "figures": published(snapshot, marks)["figures"] if marks is not None else snapshot.figures,
            }
            if earlier is not None:
                result["differences"] = said
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            files = [str(path) for path in (built.pdf, built.snapshot) if path]
            self.stdout.write("\n".join([*files, snapshot.digest, *said]))

    def _marks(self, snapshot: Snapshot, options: dict[str, Any]) -> Marks | None:
        return public_marks(snapshot) if options["public"] else None

    def _says(self, words: str) -> None:
        """How far it is, beside the result."""
        if self.verbosity:
            self.stderr.write(words, self.style.NOTICE)

    def _earlier(self, path: Path | None) -> Snapshot | None:
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                packed = is_packed(file.read(2))
                file.seek(0)
                pieces = iter(partial(file.read, AT_ONCE), b"")
                return unpack(pieces) if packed else Snapshot.of(pieces)
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}", returncode=2) from error

    def _compared(self, earlier: Snapshot | None, snapshot: Snapshot, language: str) -> list[str]:
        if earlier is None:
            return []
        with translation.override(language):
            try:
                return in_words(differences(earlier, snapshot), snapshot.data) or [_("Nothing differs.")]
            except NotComparable as error:
                raise CommandError(_("The two cannot be compared: %(why)s.") % {"why": error}) from error

    def _agency(self, code: str) -> Agency | None:
        if not code:
            return None
        agency = Agency.objects.filter(code=code).first()
        if agency is None:
            raise CommandError(_("There is no agency “%(code)s”.") % {"code": code}, returncode=2)
        return agency
