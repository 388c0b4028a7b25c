"""Whoever has the database, and its password, does not find out who answered what; and what they change is noticed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models

from complaints.integrity import check_integrity
from complaints.ledger.entries import sentence_of
from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry
from surveys.models import CounterDevice
from surveys.rounds import services, triggers
from surveys.rounds.models import Response, ResponseWords, Round, Token
from surveys.rounds.sealing import seal_days
from tests.factories import DAY, FRIDAY, HOUR
from tests.surveys.rounds.people import answer, head, made, opened, steps

pytestmark = pytest.mark.django_db
NIGHT = FRIDAY + DAY  # the next day at eleven


def columns(model: type[models.Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


def test_token_and_answer_share_no_column_but_the_round_and_no_time_below_the_day() -> None:
    assert columns(Token) & columns(Response) == {"id", "round_id"}
    for model in (Token, Response, ResponseWords):
        for field in model._meta.concrete_fields:
            assert not isinstance(
                field, models.DateTimeField | models.AutoField | models.GenericIPAddressField
            )
    assert "round_id" in columns(CounterDevice) and not {"device_id", "user_id"} & columns(Response)


def test_keys_say_nothing_of_the_order() -> None:
    row = opened()
    for n in range(40):
        answer(row, answers={"time": n % 4 + 1, "n": n})
    by_key = list(Response.objects.order_by("pk").values_list("answers__n", flat=True))
    assert by_key != sorted(by_key) and sorted(by_key) == list(range(40))
    tokens = set(Token.objects.values_list("pk", flat=True))
    assert not tokens & set(Response.objects.values_list("pk", flat=True))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no rowid; see the next test")
def test_on_sqlite_the_place_of_a_row_is_its_drawn_key() -> None:
    row = opened()
    for _ in range(5):
        answer(row, words={"why": "x"})
    with connection.cursor() as cursor:
        for table, key in (
            ("surveys_response", "id"),
            ("surveys_token", "id"),
            ("surveys_responsewords", "response_id"),
        ):
            cursor.execute(f"SELECT count(*), sum(rowid = {key}) FROM {table}")
            assert cursor.fetchone() == (5, 5)
        cursor.execute(
            "SELECT count(*) FROM sqlite_sequence WHERE name IN ('surveys_response', 'surveys_token')"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps neither xmin nor ctid")
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_neither_transaction_nor_place_tells_after_the_night() -> None:
    row = opened()
    for n in range(30):
        answer(row, answers={"n": n}, words={"why": "x"})

    def seen(table: str, key: str) -> tuple[set[str], list[int]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT xmin::text, {key} FROM {table} ORDER BY ctid")
            rows = cursor.fetchall()
        return {found[0] for found in rows}, [found[1] for found in rows]

    tables = (("surveys_response", "id"), ("surveys_token", "id"), ("surveys_responsewords", "response_id"))
    before = [seen(*each) for each in tables]
    assert all(len(xmins) == 30 for xmins, _keys in before)
    assert before[0][0] == before[1][0]  # on the day itself it can be read: decision 48 says so
    assert seal_days(NIGHT) == 1
    for xmins, keys in (seen(*each) for each in tables):
        assert len(xmins) == 1
        assert keys == sorted(keys)


def test_each_past_day_is_counted_into_the_ledger_once() -> None:
    row = opened()
    answer(row)
    assert seal_days(FRIDAY) == 0  # the day is not over
    answer(row, FRIDAY + DAY)
    answer(row, FRIDAY + 3 * DAY)
    assert seal_days(FRIDAY + 3 * DAY) == 2
    assert seal_days(FRIDAY + 3 * DAY + HOUR) == 0
    days = [entry.data for entry in LedgerEntry.objects.filter(kind="survey_day")]
    assert [(each["day"], each["rounds"][row.code][0]) for each in days] == [
        ("2026-11-20", 1),
        ("2026-11-21", 1),
    ]
    assert row.code in sentence_of(LedgerEntry.objects.filter(kind="survey_day")[0])
    assert verify_ledger().ok


def test_a_day_is_counted_only_when_what_came_at_its_end_is_stored() -> None:
    row = opened()
    answer(row, FRIDAY + 12 * HOUR)  # 23:00
    assert seal_days(FRIDAY + 13 * HOUR + timedelta(minutes=10)) == 0
    assert seal_days(FRIDAY + 14 * HOUR + timedelta(minutes=10)) == 1


def forged(act: Callable[[], Any]) -> str:
    """What verify_ledger says after somebody with the password did this."""
    triggers.remove(connection)
    act()
    bad = verify_ledger().first_bad
    return bad.why if bad else ""


@pytest.fixture
def closed() -> Round:
    """With answers of two past days."""
    row = opened()
    for moment in (FRIDAY, FRIDAY, FRIDAY + DAY):
        answer(row, moment, answers=steps(3))
    seal_days(FRIDAY + 2 * DAY)
    assert verify_ledger().ok
    return row


def first() -> Any:
    return Response.objects.filter(pk=Response.objects.order_by("pk")[0].pk)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda: first().update(answers=steps(4)), "survey_answer_changed"),
        (lambda: first().update(flags=["fast"]), "survey_answer_changed"),
        (lambda: first().update(channel="paper"), "survey_answer_changed"),
        (lambda: first().update(id=5), "survey_answer_changed"),
        (lambda: first()._raw_delete("default"), "survey_answer_missing"),
        (lambda: answer(Round.objects.get(), FRIDAY), "survey_answer_added"),
        (lambda: answer(Round.objects.get(), FRIDAY - DAY), ""),  # before it opened: refused
        (lambda: Round.objects.update(closes_on="2026-12-24"), "survey_round_differs"),
        (lambda: Round.objects.update(target=10), "survey_round_differs"),
        (lambda: Round.objects.update(state="closed"), "survey_round_state_differs"),
    ],
)
def test_who_changes_answers_by_the_database_is_found_out(
    closed: Round, act: Callable[[], Any], why: str
) -> None:
    assert forged(act) == why
    assert bool(check_integrity()["ledger"]) == bool(why)


def test_answers_of_a_closed_round_and_the_reason_of_an_annulled_one_are_held_fast(closed: Round) -> None:
    services.close_round(closed.pk, actor=head(), now=FRIDAY + 2 * DAY)
    services.annul_round(closed.pk, actor=head(), now=FRIDAY + 2 * DAY, reason="Petugas mengisi sendiri.")
    assert verify_ledger().ok
    why = forged(lambda: Round.objects.update(annulled_because="Sakit."))
    assert why == "survey_round_differs"


def test_a_round_that_was_never_opened_is_none_of_the_ledgers_business() -> None:
    made()
    assert verify_ledger().ok
    assert forged(lambda: Round.objects.update(state="open")) == "survey_round_state_differs"


def test_answers_of_the_day_on_which_a_round_closes_are_held_fast_too() -> None:
    row = opened()
    answer(row)
    seal_days(FRIDAY + DAY)
    answer(row, FRIDAY + DAY)
    services.close_round(row.pk, actor=head(), now=FRIDAY + DAY)
    assert verify_ledger().ok
    today = Response.objects.filter(day=(FRIDAY + DAY).date())
    assert forged(lambda: today.update(answers=steps(4))) == "survey_answers_differ"
