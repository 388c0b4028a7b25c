"""manage.py sweep: does whatever has fallen due, once."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.clock.city_time import moment_in_city
from complaints.ledger.standing import HOW_TO_GO_ON
from escalation.holding import BEHIND, Held, sweep_by_hand, would_do
from escalation.ladder.models import HoldCode
from escalation.sweep import SweepResult


class Command(BaseCommand):
    help = "Warns, escalates, lapses and closes whatever has fallen due. Safe to run at any time and twice at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="act as at this moment, ISO 8601; default: now")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")
        parser.add_argument(
            "--catch-up",
            action="store_true",
            help="the clock is right: do it after however long a gap, and whatever moments the database holds",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = parse_moment(options["now"])
        meant = {HoldCode.CATCH_UP, HoldCode.BEHIND} if options["catch_up"] else set()
        if options["now"]:  # who names a moment knows of the gap before it
            meant.add(HoldCode.CATCH_UP)
        try:
            result = sweep_by_hand(now, actual=timezone.now(), meant=meant)
        except Held as held:
            raise CommandError(refusal(held.code, now)) from None
        self.stdout.write(json.dumps(result.as_dict()) if options["json"] else in_words(result))


def in_words(result: SweepResult) -> str:
    return ", ".join(f"{name}: {value}" for name, value in result.as_dict().items())


def refusal(code: HoldCode, now: datetime) -> str:
    if code == HoldCode.OLDER_COPY:
        return HOW_TO_GO_ON
    if code == HoldCode.BEHIND:
        return BEHIND
    would = in_words(would_do(now))
    return (
        f"catch_up: nobody swept for long. It would do: {would}. If that is meant: manage.py sweep --catch-up"
    )


def parse_moment(text: str | None) -> datetime:
    """`text` as a moment, in the city's time where it has no offset. CommandError when it is none."""
    if not text:
        return timezone.now()
    try:
        return moment_in_city(datetime.fromisoformat(text))
    except ValueError as error:
        raise CommandError(f"--now {text!r} is not an ISO 8601 moment") from error
