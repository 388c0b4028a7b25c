"""What an event says of columns that changed: a digest where only that may be said."""

from complaints.history.rows import CASE, digest
from complaints.models import Complaint


def test_a_changed_digest_is_told_as_a_digest_of_it():
    case = Complaint(receipt_digest="a" * 64)
    before = CASE.snapshot(case)
    case.receipt_digest, case.hand_backs = "b" * 64, 1
    assert CASE.changed(case, before) == {"receipt_digest": digest("b" * 64), "hand_backs": 1}
    assert CASE.named(case, ("receipt_digest",)) == {"receipt_digest": digest("b" * 64)}
