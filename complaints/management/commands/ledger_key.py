"""manage.py ledger_key: prints the public key of the ledger."""

from typing import Any

from django.core.management.base import BaseCommand

from complaints.ledger.signing import verifier


class Command(BaseCommand):
    help = "Prints the public key that heads of the history are checked with."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(verifier()))
