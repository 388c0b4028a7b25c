"""Getting in by receipt code: forgiving to a slip of the pen, useless for guessing."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from complaints.numbers import ALPHABET, receipt_from_secret, show_receipt
from tests.factories import make_city
from tests.tracking.mine import MINE, TRACK, with_code

pytestmark = pytest.mark.django_db


def unknown_code(number: int = 0) -> str:
    """A code with right check symbols that belongs to no case."""
    return receipt_from_secret(f"nobody {number}".encode(), django_settings.RECEIPT_PEPPER)


def test_the_code_opens_the_case_and_is_not_in_the_address(client: Client) -> None:
    case, code = with_code()
    answer = client.post(TRACK, {"receipt": code})
    assert (answer.status_code, answer.headers["Location"]) == (302, MINE)
    assert case.number in client.get(MINE).content.decode()


@pytest.mark.parametrize("typed", ["{shown}", "  {lower}  ", "{spaced}", "{dotted}", "{alike}"])
def test_spelling_is_forgiven(client: Client, typed: str) -> None:
    _case, code = with_code()
    shown = show_receipt(code)
    forms = {
        "shown": shown,
        "lower": shown.lower(),
        "spaced": shown.replace("-", " "),
        "dotted": shown.replace("-", "."),
        "alike": code.replace("0", "O").replace("1", "l"),
    }
    assert client.post(TRACK, {"receipt": typed.format(**forms)}).status_code == 302


def test_a_slip_of_the_pen_asks_nothing_of_the_database_and_uses_up_no_attempt(
    client: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.RECEIPT_MISSES_PER_MINUTE = 1
    _case, code = with_code()
    slips = [code[:i] + ALPHABET[(ALPHABET.index(code[i]) + 1) % 32] + code[i + 1 :] for i in range(20)]
    slips += [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(19) if code[i] != code[i + 1]]
    with django_assert_num_queries(0):
        answers = [client.post(TRACK, {"receipt": slip}) for slip in slips]
    assert {answer.status_code for answer in answers} == {422}
    assert client.post(TRACK, {"receipt": code}).status_code == 302


def test_every_miss_gets_the_same_page(client: Client) -> None:
    make_city()
    pages = set()
    for code in (unknown_code(), unknown_code(1), "A" * 20, "not a code", "KPG-2026-000001-1"):
        page = client.post(TRACK, {"receipt": code, "csrfmiddlewaretoken": "x"}).content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        pages.add(page.replace(token, "").replace(code, ""))
    assert len(pages) == 1


def test_guessing_is_slowed_down_for_the_guesser_only(settings: Settings) -> None:
    settings.RECEIPT_MISSES_PER_MINUTE = 3
    _case, code = with_code()
    guesser, owner = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="198.51.100.1")
    answers = [guesser.post(TRACK, {"receipt": unknown_code(n)}) for n in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert owner.post(TRACK, {"receipt": code}).status_code == 302


def test_guessing_from_many_addresses_meets_the_limit_for_all(settings: Settings) -> None:
    make_city()
    settings.RECEIPT_MISSES_PER_MINUTE_ALL = 3
    guessers = [Client(REMOTE_ADDR=f"203.0.{n}.7") for n in range(5)]
    codes = [
        guesser.post(TRACK, {"receipt": unknown_code(n)}).status_code for n, guesser in enumerate(guessers)
    ]
    assert codes == [422, 422, 422, 429, 429]


def test_the_right_code_uses_up_nothing(settings: Settings) -> None:
    settings.RECEIPT_MISSES_PER_MINUTE = 1
    _case, code = with_code()
    assert [Client().post(TRACK, {"receipt": code}).status_code for _ in range(4)] == [302] * 4


@pytest.mark.parametrize("text", ["", "\0", "😀" * 60, "<script>alert(1)</script>", "A" * 5000, "%00"])
def test_whatever_is_typed_gets_an_answer(client: Client, text: str) -> None:
    answer = client.post(TRACK, {"receipt": text})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()


def test_the_code_is_asked_for_by_post_only(client: Client) -> None:
    _case, code = with_code()
    assert client.get(TRACK, {"receipt": code}).status_code == 200
    assert client.get(MINE).status_code == 302


def test_the_session_changes_its_id_and_ends_by_itself(client: Client) -> None:
    _case, code = with_code()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(TRACK, {"receipt": code})
        first = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        client.post(TRACK, {"receipt": code})
        assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != first
        clock.shift(timedelta(minutes=29))
        assert client.get(MINE).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(MINE).status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get(MINE).headers["Location"] == TRACK


def test_the_cookie_goes_when_the_browser_is_closed(client: Client) -> None:
    _case, code = with_code()
    cookie = client.post(TRACK, {"receipt": code}).cookies[django_settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]


def test_leaving_ends_it_at_once(client: Client) -> None:
    _case, code = with_code()
    client.post(TRACK, {"receipt": code})
    assert client.get(MINE + "leave/").status_code == 405
    client.post(MINE + "leave/")
    assert client.get(MINE).headers["Location"] == TRACK
