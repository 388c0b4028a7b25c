"""How the database reads the supervisors' lists, and that what is read another way is the same."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from accounts.roles import Role
from complaints.desk.filters import QueueFilter
from complaints.desk.queues import ALL, cases_in
from complaints.models import Complaint
from complaints.paging import COUNT_CAP, Cursor, page_of
from complaints.states import STORED, State
from escalation.ladder.models import Escalation, Level
from escalation.oversight.escalated import EscalationFilter, with_case
from escalation.oversight.identity_accesses import accesses_for
from escalation.oversight.panel import MOST
from escalation.oversight.panels import my_escalations
from escalation.oversight.waiting import OLDEST_FIRST, SOONEST_FIRST, due_soon, strands_due_soon, unanswered
from tests.desk.test_plans import SHOWN, explained, make_big_city, person, statements
from tests.factories import FRIDAY
from tests.module_rows import ModuleRows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]
WAIT: dict[str, str] = {}
ALL_OF_THEM = {"state": "all"}


@pytest.fixture(scope="module")
def raised(module_rows: ModuleRows) -> None:
    module_rows.make(_raised)


def _raised() -> None:
    """Every second case once, on each level as many; of those asked every second promise runs on."""
    make_big_city(4000)
    Escalation.objects.bulk_create(
        Escalation(
            complaint_id=pk,
            level=1 + pk // 2 % 3,
            trigger="breach",
            cause="resolution:1",
            state="decided" if pk % 8 == 0 else "raised",
            raised_at=FRIDAY + timedelta(minutes=pk * 31 % 977),
            due_at=FRIDAY + timedelta(minutes=pk * 17 % 991),
        )
        for pk in Complaint.objects.order_by("pk").values_list("pk", flat=True)
        if pk % 2 == 0
    )
    Complaint.objects.filter(state=State.AWAITING_CITIZEN).alias(odd=F("pk") % 2).filter(odd=1).update(
        target_at=F("due_at")
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def sorts(steps):
    return [step for step in steps if step.startswith("Sort") or "TEMP B-TREE" in step]


@pytest.mark.parametrize(("asked", "index"), [(WAIT, "escalation_open"), (ALL_OF_THEM, "escalation_raised")])
def test_escalations_are_read_along_an_index(asked, index):
    narrowed = EscalationFilter(asked, person(Role.SUPERVISOR), FRIDAY)
    listed = [with_case(strand) for strand in narrowed.strands]
    first = page_of(listed, narrowed.order, None, SHOWN)
    assert [row.pk for row in first.rows] == _in_order(narrowed)[:SHOWN]
    for cursor in (None, Cursor.decode(first.next)):
        (statement,) = statements(page_of, listed, narrowed.order, cursor, SHOWN)
        steps, read = explained(statement, is_small=True)
        assert not sorts(steps), steps
        assert any(index in step for step in steps), steps
        assert read <= len(Level) * (SHOWN + 1), steps


def _in_order(narrowed):
    order = narrowed.order
    sign = "-" if order.newest_first else ""
    return list(narrowed.found.order_by(f"{sign}{order.column}", f"{sign}pk").values_list("pk", flat=True))


def test_a_panel_reads_no_more_than_it_counts():
    sari = person(Role.SUPERVISOR)
    (statement,) = statements(my_escalations, sari, FRIDAY)
    steps, read = explained(statement, is_small=True)
    assert not sorts(steps), steps
    assert read <= 2 * (MOST + 1), steps
    waiting = Escalation.objects.open().filter(level__gt=1).order_by("due_at", "pk")
    assert [line.url.split("/")[-2] for line in my_escalations(sari, FRIDAY).lines] == [
        str(pk) for pk in waiting.values_list("pk", flat=True)[:5]
    ]


def test_what_is_due_soon_is_read_by_what_it_waits_for():
    sari = person(Role.SUPERVISOR)
    strands = [strand.for_list() for strand in strands_due_soon(sari, FRIDAY)]
    whole = due_soon(sari, FRIDAY).order_by("due_at", "pk").values_list("pk", flat=True)
    assert sorted(case.pk for strand in strands for case in strand) == sorted(whole)
    page = page_of(strands, SOONEST_FIRST, None, SHOWN)
    assert [case.pk for case in page.rows] == list(whole[:SHOWN])
    assert {case.state for case in page.rows} > {State.AWAITING_CITIZEN}
    (statement,) = statements(page_of, strands, SOONEST_FIRST, None, SHOWN)
    steps, read = explained(statement, is_small=True)
    assert not sorts(steps), steps
    assert any("complaint_lane" in step for step in steps), steps
    assert read <= 10 * SHOWN, steps


def test_the_oldest_are_read_past_all_that_are_over():
    (statement,) = statements(
        page_of, unanswered(person(Role.SUPERVISOR)).for_list(), OLDEST_FIRST, None, SHOWN
    )
    steps, read = explained(statement, is_small=True)
    assert not sorts(steps), steps
    assert any("complaint_oldest" in step for step in steps), steps
    assert read <= 10 * SHOWN, steps


def test_looks_at_identities_are_read_by_themselves_and_not_case_by_case():
    (statement,) = statements(list, accesses_for(person(Role.SUPERVISOR)).order_by("-at", "-pk")[:SHOWN])
    steps, read = explained(statement, is_small=True)
    assert any("event_identity" in step for step in steps), steps
    assert read <= SHOWN, steps


@pytest.mark.parametrize("role", [Role.OFFICER, Role.VERIFIER, Role.SUPERVISOR])
def test_a_word_that_many_have_is_not_looked_for_case_by_case_on_sqlite(monkeypatch, role):
    """FTS5 goes through all that begin with it each time; 4,000 times that was half a second."""
    monkeypatch.setattr("complaints.search.MOST", 100)
    user = person(role)
    narrowed = QueueFilter({"q": "lampu", "state": "rejected"}, cases_in(ALL, user), actor=user, now=FRIDAY)
    listed = statements(page_of, narrowed.found, ALL.order, None, SHOWN) + statements(narrowed.count)
    steps = [step for statement in listed for step in explained(statement, is_small=True)[0]]
    assert not [step for step in steps if "CORRELATED" in step], steps


@pytest.mark.parametrize(
    ("role", "most", "tried"),
    [
        (Role.SUPERVISOR, 5000, 5000),
        (Role.SUPERVISOR, 5000, 1500),
        (Role.SUPERVISOR, 5000, 20),
        (Role.SUPERVISOR, 100, 20),
        (Role.VERIFIER, 5000, 20),
        (Role.VERIFIER, 100, 20),
        (Role.OFFICER, 5000, 20),
    ],
)
def test_a_search_finds_the_same_whichever_way_it_is_read(monkeypatch, role, most, tried):
    """Few or many, with a filter that leaves few of them or none."""
    monkeypatch.setattr("complaints.search.MOST", most)
    monkeypatch.setattr("complaints.search.TRIED", tried)
    user = person(role)
    for asked in ({"q": "lampu"}, {"q": "lampu", "state": "submitted"}, {"q": "lampu", "state": "rejected"}):
        narrowed = QueueFilter(asked, cases_in(ALL, user), actor=user, now=FRIDAY)
        whole = Complaint.objects.readable_by(user).order_by("-received_at", "-pk")
        states = [asked["state"]] if "state" in asked else sorted(STORED)
        keys = list(whole.filter(state__in=states).values_list("pk", flat=True))
        page, found = narrowed.first_page(narrowed.queryset.for_list(), ALL.order, SHOWN) or (
            page_of(narrowed.found, ALL.order, None, SHOWN),
            narrowed.count(),
        )
        assert [case.pk for case in page.rows] == keys[:SHOWN]
        assert found == min(len(keys), COUNT_CAP + 1) == narrowed.count()
        assert bool(page.next) == (len(keys) > SHOWN)
