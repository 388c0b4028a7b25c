"""Settings, against what the ledger's own entries say they are."""

from complaints.history.rows import SETTINGS, Table
from complaints.ledger.settings import current, recorded
from complaints.ledger.verifying.found import BadEvent
from complaints.models.ledger import LEDGER

TRIES = 3  # an administrator may be saving


def check_settings() -> BadEvent | None:
    """The first row that differs. Nothing is said of a table that no entry knows."""
    found = None
    for _ in range(TRIES):
        found = _check()
        if found is None:
            return None
    return found


def _check() -> BadEvent | None:
    state, told_by = recorded()
    for table in SETTINGS:
        if table.code not in state:
            continue
        known, there = state[table.code], current([table])[table.code]
        for key in [*known, *(key for key in there if key not in known)]:
            why = _why(table, known.get(key), there.get(key))
            if why:
                return BadEvent(LEDGER, told_by.get((table.code, key), 0), why, of_rows=True)
    return None


def _why(table: Table, known: dict[str, object] | None, there: dict[str, object] | None) -> str:
    if known is None or there is None:
        return f"{table.code}_{'added' if known is None else 'missing'}"
    for column, empty in table.empty.items():
        if known.get(column, empty) != there.get(column, empty):
            return f"{table.code}_{column.removesuffix('_id')}_differs"
    return ""
