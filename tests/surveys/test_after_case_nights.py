"""What a day of answers leaves in the database of who answered after a report."""

import pytest
from django.db import connection

from accounts.actors import Citizen
from surveys.aftercase import services
from surveys.aftercase.nights import end_days
from surveys.aftercase.sweep import ask_after_cases
from tests.factories import DAY, FRIDAY, HOUR, resolved
from tests.surveys.test_after_case import SAID, make_rows


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps neither xmin nor ctid")
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_nothing_leads_from_a_report_to_its_answer_after_the_night() -> None:
    make_rows()
    cases = [resolved(FRIDAY, email=f"{name}@example.com") for name in ("ani", "budi", "citra")]
    ask_after_cases(FRIDAY + HOUR)
    for case in reversed(cases):
        services.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + 2 * HOUR, reading=SAID)

    def seen(table: str) -> list[tuple[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT xmin::text, {table}.* FROM {table} ORDER BY ctid")
            return [(found[0], found[1]) for found in cursor.fetchall()]

    order = sorted(
        [(int(xmin), "report") for xmin, _key in seen("surveys_aftercase")]
        + [(int(xmin), "answer") for xmin, _key in seen("surveys_response")]
    )
    # On the day itself it can be read, decision 48 says so: each answer comes just behind its report.
    assert [kind for _xmin, kind in order] == ["report", "answer"] * 3
    assert end_days(FRIDAY + DAY) == 1
    rows = seen("surveys_aftercase")
    assert len({xmin for xmin, _key in rows}) == 1 and rows == sorted(rows, key=lambda row: row[1])
    assert {xmin for xmin, _key in rows}.isdisjoint(xmin for xmin, _key in seen("surveys_response"))
