"""manage.py sweep: does whatever has fallen due, once."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.clock.city_time import moment_in_city
from escalation.sweep import sweep_all


class Command(BaseCommand):
    help = "Warns, escalates, lapses and closes whatever has fallen due. Safe to run at any time and twice at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="act as at this moment, ISO 8601; default: now")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        result = sweep_all(parse_moment(options["now"])).as_dict()
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in result.items()))


def parse_moment(text: str | None) -> datetime:
    """`text` as a moment, in the city's time where it has no offset. CommandError when it is none."""
    if not text:
        return timezone.now()
    try:
        return moment_in_city(datetime.fromisoformat(text))
    except ValueError as error:
        raise CommandError(f"--now {text!r} is not an ISO 8601 moment") from error
