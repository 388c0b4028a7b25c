"""What a case page costs: as many queries for a long history as for a short one, none of them a tangle of joins."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from complaints.history.events import draft_event, store_events
from complaints.identity import Identity
from complaints.models import Attachment, Complaint, EventKind, ReportedParty
from escalation.ladder.models import Escalation
from tests.factories import FRIDAY, file_complaint, in_progress, make_category, make_user, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ANI = Identity(name="Ani", email="ani@example.org", phone="0812 000 111")
MOST_QUERIES, MOST_JOINS = 6, 5  # session, person, case, events, clocks, what the navigation counts
Read = Callable[[User, Complaint], tuple[str, list[str]]]


@pytest.fixture
def read(client: Client) -> Read:
    """The page and its statements, once the process knows the names on it."""

    def open_page(user: User, case: Complaint) -> tuple[str, list[str]]:
        client.force_login(user)
        client.get(f"/staff/cases/{case.number}/")
        with CaptureQueriesContext(connection) as asked:
            response = client.get(f"/staff/cases/{case.number}/")
        return response.content.decode(), [query["sql"] for query in asked]

    return open_page


def lengthen(case: Complaint, events: int, writer: User) -> None:
    with transaction.atomic():
        case.refresh_from_db()
        drafted = [
            draft_event(case, EventKind.NOTE_ADDED, actor=writer, at=FRIDAY, words={"text": "Catatan"})
            for _ in range(events - case.version)
        ]
        case.save()
        store_events(drafted)


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.OFFICER, Role.SUPERVISOR])
def test_a_long_history_costs_no_more_than_a_short_one(role: Role, read: Read, client: Client) -> None:
    is_new = role == Role.VERIFIER
    case = file_complaint(category=make_category(), identity=ANI) if is_new else in_progress(identity=ANI)
    reader, pages = make_user(role), []
    for events in (case.version, 30, 300):
        lengthen(case, events, reader if is_new else officer_of(case))
        pages.append(read(reader, case))
    costs = [len(statements) for _page, statements in pages]
    assert costs[0] == costs[-1] <= MOST_QUERIES
    page, statements = pages[-1]
    assert max(sql.count(" JOIN ") - sql.count(" JOIN line ") for sql in statements) <= MOST_JOINS
    told = client.get(f"/staff/cases/{case.number}/?history=all")
    assert [words.count('class="timeline__item') for words in (page, told.content.decode())] == [30, 300]
    assert "270 more in between" in page
    assert "more in between" not in told.content.decode()


def add_more(case: Complaint, how_many: int) -> None:
    """So many files, parties, escalations and notes more."""
    with transaction.atomic():
        case.refresh_from_db()
        for number in range(how_many):
            key = f"{case.pk}-{case.version}-{number}"
            Attachment.objects.create(
                complaint=case,
                key=key,
                name="a.png",
                size=1,
                content_type="image/png",
                sha256=key,
                added_at=FRIDAY,
            )
            ReportedParty.objects.create(complaint=case, user=make_user(Role.OFFICER), named_at=FRIDAY)
            Escalation.objects.create(
                complaint=case, level=1, trigger="overdue", cause=key, raised_at=FRIDAY, due_at=FRIDAY
            )
        lengthen(case, case.version + how_many, make_user(Role.VERIFIER))


def test_twenty_five_of_each_cost_as_much_as_one(read: Read) -> None:
    case, reader, costs = in_progress(identity=ANI), make_user(Role.SUPERVISOR), []
    for more in (1, 24):
        add_more(case, more)
        _page, statements = read(reader, case)
        costs.append(len(statements))
    assert costs[0] == costs[1] == MOST_QUERIES + 3  # files, parties, escalations
