"""The keys of new cases, from which their numbers are made: none that an older copy would give a second time."""

from datetime import datetime

from complaints.database.keys import reserve_ids
from complaints.ledger.outside import heads_file, note_number
from complaints.ledger.standing import refuse_older_copy


def new_keys(count: int, now: datetime) -> list[int]:
    """`count` keys of new cases, ascending, written down outside the database first. Call it inside a transaction.

    Raises OlderCopy.
    """
    path = heads_file()
    refuse_older_copy(path)
    keys = reserve_ids(count)
    note_number(keys[-1], now, path)
    return keys
