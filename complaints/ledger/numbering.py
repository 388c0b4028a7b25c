"""The keys of new cases, from which their numbers are made: none that an older copy would give a second time."""

from datetime import datetime

from django.db import connection

from complaints.clock.calendars import Calendars, calendars_column, calendars_of
from complaints.database.keys import next_id, reserve_ids
from complaints.ledger.outside import BEGINS, heads_file, heads_file_of, note_number
from complaints.ledger.standing import refuse_older_copy
from complaints.models import Event


def new_keys(count: int, now: datetime) -> list[int]:
    """`count` keys of new cases, ascending, written down outside the database first. Call it inside a transaction.

    Raises OlderCopy.
    """
    path = heads_file()
    refuse_older_copy(path)
    keys = reserve_ids(count)
    note_number(keys[-1], now, path)
    return keys


def new_key(now: datetime) -> tuple[int, int, Calendars]:
    """The key of one new case, that of its first event, and the calendars by which its time is counted, in one look: a
    report is sent with each. As `new_keys`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({BEGINS}), {next_id()}, {next_id(Event)}, {calendars_column()}")
        first, key, event, known = cursor.fetchone()
    path = heads_file_of(first)
    refuse_older_copy(path)
    note_number(key, now, path)
    return key, event, calendars_of(known)
