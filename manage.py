#!/usr/bin/env python
"""Tuntas's command line: `manage.py help` lists the commands."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, InterfaceError) as error:
        why = " ".join(str(error).split())
        if "--traceback" in sys.argv or why.startswith(
            "no such "
        ):  # a table: SQLite's own way to say that it is missing
            raise
        sys.stderr.write(
            f"The database cannot be used just now: {why}\nWhat was stored stays. Run the command again.\n"
        )
        sys.exit(TRY_AGAIN)


if __name__ == "__main__":
    main()
