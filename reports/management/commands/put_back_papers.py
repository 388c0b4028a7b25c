"""Prints published papers whose file is missing or changed once more, and puts back what is the same to the byte."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.files.object_store import StoreAway
from complaints.ledger.standing import HOW_TO_GO_ON
from escalation.holding import BEHIND, why_held
from escalation.ladder.models import HoldCode
from reports.minutes import mending
from reports.publication.putting_back import GOOD, Found, Outcome, put_back

MOST_BYTES = 1 << 28  # of a copy that somebody brings


def outcome_words(outcome: str) -> str:
    return {
        Outcome.PUT_BACK: _("printed again, the same to the byte, and put back"),
        Outcome.COPY_PUT_BACK: _("put back from a copy, the same to the byte"),
        Outcome.OTHER_BYTES: _(
            "NOT put back: what is printed here has other bytes. Bring a copy of the published file, from an archive "
            "or from anybody who has one: put_back_papers FILE.pdf"
        ),
        Outcome.SNAPSHOT_ALTERED: _(
            "NOT put back: figures or words are not those that were frozen; somebody changed what is stored "
            "(verify_ledger says where)"
        ),
        Outcome.OLDER_VERSION: _(
            "NOT put back: it was counted by an older version of Tuntas, whose reports this one does not print"
        ),
        Outcome.ROW_ALTERED: _("NOT put back: its row has another SHA-256 than the signed history"),
        Outcome.NOT_PRINTED: _("NOT put back: it could not be printed; the log says why"),
        Outcome.PRINTED_ANEW: _("nobody has been told its SHA-256: a worker prints it anew"),
    }[Outcome(outcome)]


def differing_words(differs: dict[str, tuple[str, str]] | None) -> list[str]:
    """What the bytes hang on and is another here than where it was printed."""
    if differs is None:
        return [_("With what it was printed is not known: that was not kept then.")]
    names = {
        "weasyprint": "WeasyPrint",
        "pikepdf": "pikepdf",
        "system": _("the operating system"),
        "fonts": _("the installed fonts"),
        "pages": _("the pages as this version of Tuntas lays them out"),
        "words": _("the translations of this version of Tuntas"),
    }
    said = [
        _("Another than when it was printed: %(what)s (%(was)s, here %(now)s).")
        % {"what": names[name], "was": was or "–", "now": now or "–"}
        for name, (was, now) in differs.items()
    ]
    return said or [_("All that is known to matter is the same as when it was printed.")]


def refuse_while_held(now: datetime) -> None:
    """Each return is written into the history, which an older copy must not go on, nor a clock that is behind."""
    held = why_held(now)
    if held in (HoldCode.OLDER_COPY, HoldCode.BEHIND):
        raise CommandError(HOW_TO_GO_ON if held == HoldCode.OLDER_COPY else BEHIND, returncode=2)


class Command(BaseCommand):
    help = str(
        gettext_lazy("Puts back published papers whose file is missing or changed, by printing them again.")
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE.pdf", help="copies of published papers"
        )
        parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        copies, now = dict(self._read(path) for path in options["files"]), timezone.now()
        refuse_while_held(now)
        try:
            papers = list(put_back(now, copies, self._says))
            minutes = list(mending.put_back(now))
        except StoreAway as error:
            raise CommandError(
                _("The object store does not answer: nobody can say which files are missing."), returncode=2
            ) from error
        if options["json"]:
            said = {"reports": [asdict(each) for each in papers], "minutes": [list(each) for each in minutes]}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self._tell(papers, minutes)
        if any(
            each not in GOOD
            for each in [*(each.outcome for each in papers), *(how for _code, how in minutes)]
        ):
            sys.exit(1)

    def _read(self, path: Path) -> tuple[str, bytes]:
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        return sha256(content).hexdigest(), content

    def _says(self, words: str) -> None:
        self.stderr.write(_("%(paper)s: printing …") % {"paper": words}, self.style.NOTICE)

    def _tell(self, papers: list[Found], minutes: list[tuple[str, str]]) -> None:
        for each in papers:
            self.stdout.write(f"{each.report} ({each.language}): {outcome_words(each.outcome)}")
            self.stdout.write(f"  SHA-256 {each.sha256}")
            for line in differing_words(each.differs) if each.outcome == Outcome.OTHER_BYTES else []:
                self.stdout.write(f"  {line}")
        for code, how in minutes:
            self.stdout.write(_("Minutes of %(forum)s: %(how)s") % {"forum": code, "how": outcome_words(how)})
        if not papers and not minutes:
            self.stdout.write(_("No published paper is missing or changed."))
