"""manage.py what_if: replays a past period under another policy and says what would have come of it."""

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
from escalation.whatif.collect import known_codes
from escalation.whatif.proposal import Proposal, ProposalError, parse, read_toml
from escalation.whatif.running import Question, answer
from escalation.whatif.words import NOT_MODELLED, headline


class Command(BaseCommand):
    help = str(gettext_lazy("Replays a past period under another policy. Changes nothing."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--proposal", type=Path, required=True, metavar="FILE.toml")
        parser.add_argument("--agency", default="", metavar="CODE", help="only this agency and those below")
        parser.add_argument("--json", action="store_true", help="the figures as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["proposal"]
        question = Question(
            options["first"],
            options["last"],
            self._agency(options["agency"]),
            self._proposal(path),
            timezone.now(),
        )
        if question.last < question.first:
            raise CommandError(_("The period ends before it begins."), returncode=2)
        try:
            result = answer(question)
        except ProposalError as error:
            raise CommandError(f"{path}: {error}", returncode=2) from error
        except ValueError as error:
            raise CommandError(_("The period must have begun."), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.stdout.write("\n".join([*headline(result), str(NOT_MODELLED)]))

    def _proposal(self, path: Path) -> Proposal:
        try:
            return parse(read_toml(path.read_text(encoding="utf-8")), known_codes())
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "UTF-8"
            raise CommandError(
                _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": why}, returncode=2
            ) from error
        except ProposalError as error:
            raise CommandError(f"{path}: {error}", returncode=2) from error

    def _agency(self, code: str) -> Agency | None:
        if not code:
            return None
        agency = Agency.objects.filter(code=code).first()
        if agency is None:
            raise CommandError(_("There is no agency “%(code)s”.") % {"code": code}, returncode=2)
        return agency
