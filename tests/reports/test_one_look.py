"""A report is of one moment, though what it counts moves while a large city is read."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from complaints.models import Complaint
from complaints.services import handling
from reports.figures import collect
from reports.figures.periods import Period
from reports.figures.reading import cases
from reports.figures.snapshot import freeze
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.shared import PATIENCE

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.django_db(transaction=True)
def test_what_is_answered_while_a_report_is_counted_is_in_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    factories.make_city()
    agency = factories.make_agency()
    first, second = (factories.in_progress(FRIDAY + HOUR, agency=agency) for _ in range(2))
    late = FRIDAY + 2 * DAY
    before = freeze(NOVEMBER, None, actor=None, now=late)
    read: list[Any] = []

    def answer() -> None:
        try:
            for each in (first, second):
                officer = factories.officer_of(Complaint.objects.get(pk=each.pk))
                handling.resolve(each.pk, actor=officer, now=late, answer="Sudah.")
        finally:
            connection.close()

    def read_and_move(scope: Any) -> Any:
        rows = real(scope)
        if not read:  # nobody waits for who counts
            with ThreadPoolExecutor(1) as pool:
                pool.submit(answer).result(timeout=PATIENCE)
        read.append(scope)
        return rows

    real = cases.rows_of_cases
    monkeypatch.setattr(collect, "AT_ONCE", 1)
    monkeypatch.setattr(collect, "rows_of_cases", read_and_move)
    assert freeze(NOVEMBER, None, actor=None, now=late).content == before.content
    assert len(read) > 1 and not Complaint.objects.open().filter(state="in_progress").exists()
    assert freeze(NOVEMBER, None, actor=None, now=late).content != before.content
