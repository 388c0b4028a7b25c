"""manage.py acknowledge_restore: says whether the database is an older copy, and puts the gap on record."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from complaints.ledger.restoring import NothingToAcknowledge, acknowledge, find_loss
from complaints.ledger.standing import HOW_TO_GO_ON
from escalation.holding import forget_older_copy


class Command(BaseCommand):
    help = (
        "Without --why: says whether heads are known that the database does not lead to; exit 1 when there are. "
        "With --why and --by: puts the gap on record, signed and public, and lets the city go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--why", help="why an older copy had to be put back; one line, published")
        parser.add_argument("--by", help="the address of the administrator who says so")
        parser.add_argument(
            "--heads-file",
            type=Path,
            action="append",
            default=[],
            help="the file of heads of another host, its file of numbers beside it; may be given again",
        )
        parser.add_argument(
            "--numbers-above", type=int, default=0, help="a higher number that somebody holds"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["heads_file"]
        try:
            if options["why"] is None:
                self._look(files, as_json=options["json"])
                return
            by = User.objects.filter(
                email__iexact=options["by"] or "", role=Role.ADMINISTRATOR, is_active=True
            )
            actor = by.first()
            if actor is None:
                raise CommandError("--by has to be the address of an administrator with an open account")
            gap = acknowledge(
                actor=actor,
                now=timezone.now(),
                why=options["why"],
                files=files,
                numbers_above=options["numbers_above"],
            )
        except (NothingToAcknowledge, OSError) as error:
            raise CommandError(str(error)) from error
        forget_older_copy()
        if options["json"]:
            self.stdout.write(
                json.dumps({"agrees": gap.agrees, "known": gap.known.size, "numbers": gap.numbers})
            )
        else:
            self.stdout.write(gap.text(), ending="")

    def _look(self, files: list[Path], *, as_json: bool) -> None:
        loss = find_loss(files)
        if as_json:
            told = {"agrees": loss.agrees, "known": loss.known.size} if loss else None
            self.stdout.write(json.dumps({"lost": told}))
        elif loss is None:
            self.stdout.write("the database leads to every head that is known outside")
        else:
            self.stdout.write(
                f"{HOW_TO_GO_ON}\nknown outside: {loss.known.size} events, the last head signed "
                f"{loss.until:%Y-%m-%d %H:%M} UTC; the heads fit up to {loss.agrees} events"
            )
        if loss is not None:
            sys.exit(1)
