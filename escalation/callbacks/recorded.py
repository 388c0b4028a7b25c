"""What of call-backs the ledger's own entries record (complaints/history/rows.py): which cases, and who said what, by
digests alone."""

from complaints.history.rows import Table
from escalation.callbacks.models import CallBack, CallBackAnswer, CallBackItem

OWN_ROWS = (
    Table.of_entries(
        "call_back",
        CallBack,
        plain=["frame_digest", "seed"],
        digested=["frame_size", "size"],
        salt="salt",
    ),
    Table.of_entries(
        "call_back_item",
        CallBackItem,
        digested=["complaint_id", "answered_on"],
        salt="call_back__salt",
    ),
    Table.of_entries(
        "call_back_answer",
        CallBackAnswer,
        digested=["said", "by_id", "place"],
        salt="item__call_back__salt",
    ),
)
