"""The paper carries the head of the signed history, so that whoever keeps it keeps that too."""

from datetime import date

import pytest

from complaints.ledger.checkpoints import make_checkpoint
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.pages.report import report_pdf
from tests import factories
from tests.factories import FRIDAY
from tests.reports.printed import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def test_the_last_head_is_printed_and_without_one_nothing_is_said() -> None:
    factories.file_complaint()
    assert freeze(NOVEMBER, None, actor=None, now=FRIDAY).data["ledger"] == ""
    head = make_checkpoint(FRIDAY)
    snapshot = freeze(NOVEMBER, None, actor=None, now=FRIDAY)
    printed = words_of(report_pdf(snapshot, language="en"))
    for line in head.note.split("\n"):
        assert "".join(line.split()) in printed
