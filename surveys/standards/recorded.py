"""Which tables of standards the ledger's own entries hold fast. Every column is public, so it stands there as it is."""

from complaints.history.rows import Table
from surveys.standards.models import Counter, StandardChange

CHANGES = Table.of_entries(
    "standard_change",
    StandardChange,
    plain=["part", "before", "after", "reason", "cause", "cause_number", "role", "idempotency_key"],
)
COUNTERS = Table.of_settings("counter", Counter)
SERVICES_OF_COUNTERS = Table.of_settings("counter_service", Counter.services.through)
