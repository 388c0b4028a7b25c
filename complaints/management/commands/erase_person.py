"""manage.py erase_person: erases who complained in an ended case and what they wrote; the history stays provable."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from complaints.models import Complaint
from complaints.services.change import NotPossible
from complaints.services.erasure import erase_person, sweep_up


class Command(BaseCommand):
    help = (
        "Erases the citizen of an ended case: identity, words, files, receipt. "
        "Cannot be taken back; backups keep it until they are thrown away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="the case's public number")
        parser.add_argument("--reason", required=True, help="why, kept in the history; staff read it")
        parser.add_argument("--by", metavar="EMAIL", help="the member of staff who orders it")
        parser.add_argument(
            "--everything", action="store_true", help="also what staff wrote, which may name the person"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        case = Complaint.objects.visible_to(None).filter(number=options["number"]).first()
        if case is None:
            raise CommandError("there is no case with this number")
        by = None
        if options["by"]:
            by = User.objects.filter(email=options["by"].lower(), is_active=True).first()
            if by is None:
                raise CommandError("nobody with this address works here")
        try:
            gone = erase_person(
                case.pk,
                by=by,
                now=timezone.now(),
                reason=options["reason"],
                everything=options["everything"],
            )
        except NotPossible as error:
            raise CommandError(str(error)) from None
        sweep_up()
        self.stdout.write(f"{case.number}: {gone.words} texts and {gone.files} files erased")
