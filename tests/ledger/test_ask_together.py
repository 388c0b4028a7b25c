"""Several statements by one message: the same answers as one by one, however often they are asked."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from complaints.database import together
from complaints.database.together import Question, ask
from tests.factories import make_agency

pytestmark = pytest.mark.django_db
HARD = "100 % 'x' %s $1 \\ {0}; DROP"


def questions(code: str) -> list[Question]:
    table = Agency._meta.db_table
    count = Question(f"SELECT count(*) FROM {table}")
    rename = Question(f"UPDATE {table} SET name = %s WHERE code = %s", (HARD, code), ("text", "text"))
    named = Question(f"SELECT name, code FROM {table} WHERE code = %s OR %s = 7", (code, 1), ("text", "int"))
    return [count, rename, named, Question(f"SELECT id FROM {table} WHERE code = %s", ("none",), ("text",))]


def statements(captured: CaptureQueriesContext) -> list[str]:
    return [each["sql"] for each in captured.captured_queries]


def test_each_gets_its_first_row_each_time() -> None:
    for turn, code in enumerate("ABCD", 1):
        make_agency(code)
        assert ask(*questions(code)) == [(turn,), None, (HARD, code), None]
        assert Agency.objects.get(code=code).name == HARD


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite sends no messages")
def test_a_connection_parses_each_once_from_the_second_time_on() -> None:
    together._known.clear()  # as on a new one
    asked = []
    for code in "ABC":
        make_agency(code)
        with CaptureQueriesContext(connection) as captured:
            ask(*questions(code))
        asked.append(statements(captured))
    first, second, third = asked
    assert [len(first), first[0].startswith("SELECT count")] == [1, True]
    assert [each.split()[0] for each in second] == ["PREPARE"] * 4 + ["EXECUTE"]
    assert [len(third), third[0].count("EXECUTE asked_")] == [1, 4]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite sends no messages")
def test_behind_a_pooler_nothing_is_left_with_a_session(settings: Any) -> None:
    settings.DATABASE_POOLER = True
    with CaptureQueriesContext(connection) as captured:
        for _ in range(3):
            ask(*questions("A"))
    assert [each.split()[0] for each in statements(captured)] == ["SELECT"] * 3
