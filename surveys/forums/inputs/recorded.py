"""What the ledger's own entries record: a setting, each step, who has an input and until when, what became of it, what
stands under which finding, and of what was said a digest whose salt goes with the words."""

from complaints.history.rows import Table
from surveys.forums.inputs.models import InputStep, InputTerm
from surveys.forums.models import Finding, ForumInput, InputWords

TERM = Table.of_settings("input_term", InputTerm)
OWN_ROWS = (
    Table.of_entries(
        "input",
        ForumInput,
        plain=["number", "path", "commitment", "hidden_because", "declined_because"],
        digested=["complaint_id"],
        salt="idempotency_key",
    ),
    Table.of_entries("finding", Finding, plain=["number"], salt="idempotency_key"),
    Table.of_entries("input_words", InputWords, salt="salt"),
    Table.of_entries("input_step", InputStep, plain=["role", "data"], told_elsewhere=["words"]),
)
