"""The keys of new cases, from which their numbers are made: none that an older copy would give a second time."""

from datetime import datetime

from complaints.clock.calendars import Calendars, calendars_column, calendars_of
from complaints.database.keys import next_id, reserve_ids
from complaints.database.together import Question, Row, ask
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


def new_key(now: datetime, *beside: Question) -> tuple[int, int, Calendars, list[Row | None]]:
    """The key of one new case, that of its first event, and the calendars by which its time is counted, in one look: a
    report is sent with each. As `new_keys`. `beside`: what is asked by the same message, and the first row of each."""
    looked = Question(f"SELECT ({BEGINS}), {next_id()}, {next_id(Event)}, {calendars_column()}")
    row, *answers = ask(looked, *beside)
    assert row is not None
    first, key, event, known = row
    path = heads_file_of(first)
    refuse_older_copy(path)
    note_number(key, now, path)
    return key, event, calendars_of(known), answers
