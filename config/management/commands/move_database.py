"""manage.py move_database URL: into an empty PostgreSQL database, and verified there."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.moving import CannotMove, ask_target, move_to

QUESTIONS = ("verify_ledger", "check_integrity")


class Command(BaseCommand):
    help = (
        "Moves the database of this installation into the empty PostgreSQL database at URL, counts its rows and "
        "verifies its history there. Stop the site and the worker first; afterwards set DATABASE_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "url",
            help="postgres://USER:PASSWORD@HOST/NAME, or by socket postgres://USER@//run/postgresql/NAME",
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["url"]
        try:
            moved = move_to(url)
        except (CannotMove, DatabaseError) as error:
            raise CommandError(
                f"nothing was moved: {str(error).strip()}. Where tables are there now, make that database anew"
            ) from error
        said = {name: _ask(url, name) for name in QUESTIONS}
        ok = all(answer.get("ok") for answer in said.values())
        if options["json"]:
            self.stdout.write(json.dumps({"ok": ok, "rows": sum(moved.values()), "tables": moved, **said}))
        else:
            for table, count in moved.items():
                if count:
                    self.stdout.write(f"{count:>9}  {table}")
            for name, answer in said.items():
                self.stdout.write(f"{name}: {'ok' if answer.get('ok') else answer}")
            self.stdout.write(
                f"{sum(moved.values())} rows. Now set DATABASE_URL, and keep the old database until it is backed up"
            )
        if not ok:
            sys.exit(1)


def _ask(url: str, name: str) -> dict[str, Any]:
    answer = ask_target(url, name, "--json")
    try:
        said: dict[str, Any] = json.loads(answer.stdout)
    except ValueError:
        said = {"ok": False, "error": answer.stderr.strip()[-400:]}
    return said
