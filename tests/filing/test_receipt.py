"""The receipt: what it says, and that its code stands nowhere else."""

import logging
import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from qrcode.util import ALPHA_NUM

from complaints.models import Complaint, Holiday, OfficeCalendar
from complaints.public.qr import _drawn, _modules, qr_picture
from tests.filing.form import PATH, code_in, filled, minimal, open_city, opened

pytestmark = pytest.mark.django_db

# Kupang is eight hours ahead of UTC; its office opens Monday to Friday, 7.30 to 16.
FRIDAY_MORNING = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def city() -> None:
    open_city()


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """Whatever any logger says at whatever level while the test runs."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.args} {record.__dict__.get('request', '')}")

    loggers = [logging.getLogger(name) for name in ("", "django", "complaints")]
    keeper = Keeper(logging.DEBUG)
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(keeper)
        logger.setLevel(logging.DEBUG)
    yield lines
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(keeper)
        logger.setLevel(level)


def database_text() -> str:
    """All that stands in any column of any table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [
                bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                for row in cursor.fetchall()
                for value in row
            ]
    return "\n".join(found)


def test_the_code_stands_in_the_answer_and_nowhere_else(client: Client, everything_logged: list[str]) -> None:
    answer = client.post(PATH, opened(client) | filled())
    code = code_in(answer.content.decode())
    entered = client.post("/complaints/track/", {"receipt": code})
    mine = client.get("/complaints/mine/")
    again = client.post("/complaints/track/", {"receipt": code[:-1] + ("0" if code[-1] != "0" else "1")})
    assert entered.status_code == 302
    elsewhere = "\n".join(
        [
            database_text(),
            *everything_logged,
            str(answer.headers),
            str(entered.headers),
            mine.content.decode(),
            str(client.session.items()),
            str(client.cookies),
        ]
    ).upper()
    assert code not in elsewhere
    assert code.replace("-", "") not in elsewhere
    assert again.status_code == 422


def test_the_receipt_is_never_kept_by_a_browser_or_a_proxy(client: Client) -> None:
    answer = client.post(PATH, minimal())
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Location" not in answer.headers


@time_machine.travel(FRIDAY_MORNING, tick=False)
def test_it_says_what_happens_next_and_by_when(client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.post(PATH, minimal()).content.decode()
    assert "Friday, 20 November 2026, 11:00 WITA" in page
    assert "by Wednesday, 25 November 2026" in page  # three working days to verify
    assert "by Thursday, 10 December 2026" in page  # fourteen to resolve
    assert "counted from" not in page


@pytest.mark.parametrize(
    ("at", "reason"),
    [(FRIDAY_EVENING, "have closed for today"), (SUNDAY, "are closed today")],
)
def test_what_comes_after_hours_is_told_when_its_time_begins(
    client: Client, at: datetime, reason: str
) -> None:
    client.cookies["django_language"] = "en"
    with time_machine.travel(at, tick=False):
        page = client.post(PATH, minimal()).content.decode()
    assert reason in page
    assert "counted from Monday, 23 November 2026" in page
    assert "by Thursday, 26 November 2026" in page


def test_a_holiday_is_named(client: Client) -> None:
    calendar = OfficeCalendar.objects.get(agency=None)
    Holiday.objects.create(calendar=calendar, on="2026-11-20", name_id="Hari Kota", name_en="City Day")
    client.cookies["django_language"] = "en"
    with time_machine.travel(FRIDAY_MORNING, tick=False):
        page = client.post(PATH, minimal()).content.decode()
    assert "day off (City Day)" in page


def test_it_says_who_will_read_it(client: Client) -> None:
    client.cookies["django_language"] = "en"
    plain = client.post(PATH, minimal()).content.decode()
    hidden_name = client.post(PATH, minimal(anonymous="on")).content.decode()
    assert "officers of the agency that answers" in plain
    assert "nothing about you was kept" in hidden_name


def test_the_picture_holds_the_code(client: Client) -> None:
    answer = client.post(PATH, minimal())
    page = answer.content.decode()
    picture = qr_picture(code_in(page).replace("-", ""))
    assert picture.replace("'", "&#x27;") in page
    assert picture != qr_picture("0" * 20)
    assert Complaint.objects.count() == 1


def test_a_picture_of_any_code_is_the_one_that_the_library_draws() -> None:
    signs, drawn = random.Random(7), set()
    for code in ["0" * 20, ":" * 20, *("".join(signs.choices(ALPHA_NUM.decode(), k=20)) for _ in range(40))]:
        assert _modules(code) == _drawn(code), code
        drawn.add(qr_picture(code))
    assert len(drawn) == 42
