"""manage.py import_people FILE: accounts for those who work here, from a table."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from complaints.importing.lines import BrokenFile
from complaints.importing.people import People, read_people, store_people


class Command(BaseCommand):
    help = (
        "Makes accounts from a CSV with the columns name, email, role, and if there are any agency, level and language "
        "(nama, surel, peran, instansi, jenjang, bahasa). Roles and agencies by code or name. All of them or nobody: "
        "exit 1 with each fault by line. Who has an account is left as they are. Each gets an invitation by mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="say what would be made, and make nothing")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator who orders it")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = None
        if options["by"]:
            actor = User.objects.filter(email=options["by"].lower(), is_active=True).first()
            if actor is None or actor.role != Role.ADMINISTRATOR:
                raise CommandError("--by names no administrator")
        try:
            people = read_people(options["file"])
        except BrokenFile as error:
            raise CommandError(str(error), returncode=2) from error
        made = 0
        if not people.problems and not options["preview"]:
            made = store_people(people, actor=actor, now=timezone.now())
        if options["json"]:
            said = {"read": len(people.new) + len(people.known), "made": made, "known": len(people.known)}
            self.stdout.write(json.dumps(said | {"problems": [list(each) for each in people.problems]}))
        else:
            self._tell(people, made, is_preview=options["preview"])
        if people.problems:
            raise CommandError(_("Nobody was added."), returncode=1)

    def _tell(self, people: People, made: int, *, is_preview: bool) -> None:
        for line, problem in people.problems:
            self.stdout.write(_("line %(line)s: %(problem)s") % {"line": line, "problem": problem})
        if is_preview:
            for user in people.new:
                agency = f", {user.agency.code}" if user.agency else ""
                self.stdout.write(f"+ {user.name} <{user.email}> {user.role}{agency}")
        for user in User.objects.filter(email__in=people.known).select_related("agency").order_by("email"):
            agency = f", {user.agency.code}" if user.agency else ""
            closed = "" if user.is_active else ", " + _("account closed")
            self.stdout.write(f"= {user.email} {user.role}{agency}{closed}")
        if made:
            self.stdout.write(
                _("%(count)s accounts were made; their invitations leave within a minute.") % {"count": made}
            )
