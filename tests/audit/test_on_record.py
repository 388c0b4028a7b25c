"""Audits are held against the ledger's own entries, which do not say how many cases there are or which."""

import json
from datetime import timedelta

import pytest

from complaints.ledger.recording import record_own_rows
from complaints.ledger.verify import verify_ledger
from complaints.models import Complaint, LedgerEntry
from escalation.audits.drawing import cancel
from escalation.audits.models import AuditItem, AuditReview, AuditSample
from escalation.audits.services import agree, release, save_draft
from tests.audit.people import (
    NOW,
    announced,
    drawn,
    file_cases,
    numbers,
    review,
    review_all,
    says,
    supervisor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(db: None) -> None:
    record_own_rows(NOW - timedelta(days=9))


def why() -> str:
    bad = verify_ledger().first_bad
    return bad.why if bad else ""


@pytest.fixture
def sample() -> AuditSample:
    file_cases(7)
    return drawn(7)


def test_whatever_is_done_with_them_fits(sample: AuditSample) -> None:
    number = numbers(sample, twice=True)[0]
    save_draft(sample.pk, number, actor=supervisor("Lena"), now=NOW, opinion=says("no"))
    assert why() == ""
    review(sample, number, "Sari", says("no", severity="minor", words="Kurang"))
    assert why() == ""
    review_all_but(sample, number)
    review(sample, number, "Lena", says())
    agree(
        sample.pk, number, actor=supervisor("Lena"), now=NOW, answers={"complete": "na"}, words="Tidak perlu."
    )
    assert why() == ""


def review_all_but(sample: AuditSample, number: str) -> None:
    for each in numbers(sample):
        if each != number:
            review(sample, each, "Sari", says())


def test_one_that_is_released_or_cancelled_fits(sample: AuditSample) -> None:
    number = numbers(sample, twice=True)[0]
    review(sample, number, "Sari", says())
    supervisor("Lena").close()
    release(sample.pk, number, actor=supervisor("Sari"), now=NOW)
    other = announced(3, second=None)
    cancel(other.pk, actor=supervisor("Sari"), now=NOW, reason="scope", words="Keliru.")
    assert why() == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [("asked", 2), ("size", 6), ("frame_size", 99), ("twice", 0), ("seed", "x"), ("cancel_words", "x")],
)
def test_a_sample_that_somebody_changes_is_noticed(sample: AuditSample, column: str, value: object) -> None:
    AuditSample.objects.filter(pk=sample.pk).update(**{column: value})
    assert why() == f"audit_sample_{column}_differs"


def test_a_drawn_case_that_is_exchanged_for_another_is_noticed(sample: AuditSample) -> None:
    other = file_cases(1)[0]
    AuditItem.objects.filter(sample=sample, rank=1).update(complaint=other)
    assert why() == "audit_item_complaint_differs"


def test_what_the_first_of_two_found_is_held_fast_before_it_is_told(sample: AuditSample) -> None:
    number = numbers(sample, twice=True)[0]
    review(sample, number, "Sari", says("no", severity="grave", words="Berat"))
    AuditReview.objects.update(severity="none")
    assert why() == "audit_review_severity_differs"
    AuditReview.objects.update(severity="grave", answers={"complete": "yes", "polite": "yes"})
    assert why() == "audit_review_answers_differs"


def test_a_draft_that_somebody_makes_final_is_noticed(sample: AuditSample) -> None:
    save_draft(sample.pk, numbers(sample)[0], actor=supervisor("Sari"), now=NOW, opinion=says())
    AuditReview.objects.update(final_at=NOW)
    assert why() == "audit_review_added"


def test_no_entry_says_how_many_there_are_which_or_what_was_found() -> None:
    cases = file_cases(7)
    sample = drawn(7)
    review_all(sample, says("no", severity="grave", words="Berat"))
    said = [json.dumps(entry.data) for entry in LedgerEntry.objects.all()]
    for case in Complaint.objects.filter(pk__in=[case.pk for case in cases]):
        assert not any(case.number in each for each in said)
    for each in said:
        assert "grave" not in each and '"no"' not in each and "Berat" not in each
    rows = [
        row
        for entry in LedgerEntry.objects.all()
        for row in entry.data.get("rows", {}).get("+audit_sample", ())
    ]
    assert rows and not any(isinstance(row.get("frame_size"), int) for row in rows)
