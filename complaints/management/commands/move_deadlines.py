"""manage.py move_deadlines: works out the deadlines of open cases anew, after a change of calendar."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Agency
from complaints.clock.recomputation import order_move, work_moves
from complaints.models import DeadlineMove


class Command(BaseCommand):
    help = (
        "Works out the deadlines of open cases anew and writes an event for each that moved. "
        "Interrupted, it goes on when run again, or the worker finishes it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reason", help="why; the citizen reads it. Without it, unfinished orders are finished."
        )
        parser.add_argument("--agency", metavar="CODE", help="only cases of this agency")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = None
        if options["agency"]:
            agency = Agency.objects.filter(code=options["agency"]).first()
            if agency is None:
                raise CommandError(f"there is no agency with the code {options['agency']!r}")
        if options["reason"]:
            order_move(reason=options["reason"], agency=agency, by=None, now=timezone.now())
        orders = list(DeadlineMove.objects.filter(finished_at=None).values_list("pk", flat=True))
        while work_moves(timezone.now()):
            pass
        for move in DeadlineMove.objects.filter(pk__in=orders).order_by("pk"):
            state = "done" if move.finished_at else "another process is at it"
            self.stdout.write(f"{move}: {move.seen} seen, {move.moved} moved, {move.failed} failed, {state}")
