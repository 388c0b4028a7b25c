"""manage.py erase_contact INPUT: erases who said something at a forum, on a slip or on the telephone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from complaints.services.change import NotPossible
from complaints.services.erasure import sweep_up
from surveys.forums.inputs.services.erasing import erase_contact
from surveys.forums.models import Contact, ForumInput, InputWords


class Command(BaseCommand):
    help = (
        "Erases the person behind an input: name and address wherever they took part, with --words also what they "
        "said. Cannot be taken back; backups keep it until they are thrown away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="the number of one of their inputs")
        parser.add_argument("--reason", required=True, help="why, kept in the history; staff read it")
        parser.add_argument("--by", metavar="EMAIL", help="the member of staff who orders it")
        parser.add_argument("--words", action="store_true", help="also the words and photos of slips")

    def handle(self, *args: Any, **options: Any) -> None:
        row = ForumInput.objects.filter(number=options["number"]).select_related("contact").first()
        if row is None or row.contact is None:
            raise CommandError("there is no input with this number whose author left an address")
        by = None
        if options["by"]:
            by = User.objects.filter(email=options["by"].lower(), is_active=True).first()
            if by is None:
                raise CommandError("nobody with this address works here")
        try:
            gone = erase_contact(
                row.contact,
                actor=by,
                now=timezone.now(),
                reason=options["reason"],
                with_words=options["words"],
            )
        except NotPossible as error:
            raise CommandError(str(error)) from None
        sweep_up(Contact, InputWords, ForumInput)
        self.stdout.write(f"{gone.inputs} inputs, {gone.words} texts and {gone.photos} photos erased")
        if gone.cases:
            self.stdout.write(f"Erase these reports too, with erase_person: {', '.join(gone.cases)}")
