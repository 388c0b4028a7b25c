"""manage.py checkpoint_ledger: takes new events into the tree and signs its head."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.standing import OlderCopy
from escalation.holding import BEHIND, why_held
from escalation.ladder.models import HoldCode


class Command(BaseCommand):
    help = "Signs the head of the history as it is now, keeps it outside the database, and prints it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if why_held(now) == HoldCode.BEHIND:
            raise CommandError(BEHIND)
        try:
            head = make_checkpoint(now)
        except OlderCopy as refused:
            raise CommandError(str(refused)) from refused
        if options["json"]:
            told = {"size": head.size, "root": head.root_base64, "at": head.at.isoformat(), "note": head.note}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(head.note, ending="")
