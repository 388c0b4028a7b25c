"""What the ledger's own entries record: a setting, each step, and of what was said a digest whose salt goes with the
words."""

from complaints.history.rows import Table
from surveys.forums.inputs.models import InputStep, InputTerm
from surveys.forums.models import InputWords

TERM = Table.of_settings("input_term", InputTerm)
OWN_ROWS = (
    Table.of_entries("input_words", InputWords, salt="salt"),
    Table.of_entries("input_step", InputStep, plain=["role", "data"], told_elsewhere=["words"]),
)
