"""manage.py worker: sends mails, sweeps, builds and tidies, until it is told to stop."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.metrics import serve_metrics
from config.start import look_at_the_ledger
from config.worker import Worker


class Command(BaseCommand):
    help = "Goes round the background jobs. Run it on as many hosts as you like; ends on SIGTERM within a second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run each job once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        look_at_the_ledger()
        worker = Worker()
        worker.stop_on_signals()
        if options["once"]:
            results = [worker.run_job(job) for job in worker.jobs]
            if not all(results):
                raise SystemExit(1)
            return
        serve_metrics()
        worker.run()
