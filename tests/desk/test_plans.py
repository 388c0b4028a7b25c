"""How the database reads each queue: along its index, without sorting, and little more than is shown."""

import json
from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import CharField, TextField
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from complaints.database import bulk
from complaints.desk.duplicates import duplicates_of
from complaints.desk.looks import with_marks
from complaints.desk.navigation import desk_counts, desk_tabs
from complaints.desk.queues import NAV_CAP, counted_sets, queues_for, strands_of
from complaints.models import Complaint
from complaints.paging import COUNT_CAP, Cursor, page_of
from complaints.search import hits
from complaints.states import State
from tests.factories import FRIDAY, make_agency, make_category, make_city, make_user
from tests.module_rows import ModuleRows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
CASES, MADE, SHOWN = 100_000, 4000, 25
A_ROW = 100  # steps of SQLite's machine: to read one that is shown takes about as many
ROLES = [Role.OFFICER, Role.AGENCY_HEAD, Role.VERIFIER, Role.SUPERVISOR]
OPENED = ((State.SUBMITTED, ""), (State.ASSIGNED, ""), (State.IN_PROGRESS, ""), (State.RESOLVED, ""))
ASKED = ((State.AWAITING_CITIZEN, State.SUBMITTED), (State.AWAITING_CITIZEN, State.IN_PROGRESS))


@pytest.fixture(scope="module")
def city(module_rows: ModuleRows) -> None:
    module_rows.make(make_big_city)


def make_big_city(cases: int = CASES) -> None:
    """A big city: eight agencies, one of which stands above two others; most cases are over."""
    make_city()
    above = make_agency("A0")
    agencies = [above, *(make_agency(f"A{n}", parent=above if n < 3 else None) for n in range(1, 8))]
    for role in ROLES:
        make_user(role, {Role.AGENCY_HEAD: above, Role.OFFICER: agencies[5]}.get(role))
    officers = [[make_user(Role.OFFICER, agency).pk] for agency in agencies]
    officers[5].append(person(Role.OFFICER).pk)
    rng = Random(1)
    empty = {
        f.attname: "" if isinstance(f, CharField | TextField) else f.get_default()
        for f in Complaint._meta.concrete_fields
        if not f.null and not f.generated
    }
    empty |= {f.attname: None for f in Complaint._meta.concrete_fields if f.null and not f.generated}
    bulk.insert(Complaint, [_case(pk, rng, empty, agencies, officers) for pk in range(1, MADE + 1)])
    with connection.cursor() as cursor:
        _multiply(cursor, cases)
        if connection.vendor == "postgresql":  # its housekeeping does; nobody does so on SQLite
            cursor.execute("ANALYZE")
            connection.check_constraints()  # once, and not again after each test


def _multiply(cursor, cases):
    """The same cases again and again, each time seven hours later: what 25 rows are asked for is planned for a city."""
    names = [field.column for field in Complaint._meta.concrete_fields if not field.generated]
    later = (
        "strftime('%Y-%m-%d %H:%M:%S', {0}, '+{1} hours')"
        if connection.vendor == "sqlite"
        else "{0} + interval '{1} hours'"
    )
    for turn, more in enumerate(range(MADE, cases, MADE), 1):
        again = {"id": f"id + {more}", "number": f"'KPG-' || (id + {more})"}
        again |= {name: later.format(name, 7 * turn) for name in ("received_at", "due_at")}
        columns = ", ".join(again.get(name, name) for name in names)
        table = "complaints_complaint"
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {columns} FROM {table} WHERE id <= {MADE}"
        )


def _case(pk, rng, empty, agencies, officers):
    is_open = rng.random() < 0.5
    state, returns_to = rng.choice(OPENED + ASKED) if is_open else (State.CLOSED, "")
    place = rng.randrange(len(agencies))
    waits = State.SUBMITTED in (state, returns_to)
    own = {
        "pk": pk, "id": pk, "number": f"KPG-{pk}", "state": str(state), "returns_to": str(returns_to),
        "kind": "complaint", "subject": "Lampu mati", "description": "Sudah lama.", "version": 1,
        "agency_id": None if waits else agencies[place].pk,
        "handler_id": None if waits else rng.choice(officers[place]),
        "received_at": FRIDAY - timedelta(minutes=rng.randrange(10**6)),
        "due_at": FRIDAY + timedelta(minutes=rng.randrange(-1000, 10**5)) if is_open else None,
        "next_action_at": FRIDAY, "next_level": 1, "search_text": "lampu mati",
    }  # fmt: skip
    return SimpleNamespace(**(empty | own))


def person(role):
    return User.objects.filter(role=role).order_by("pk")[0]


def explained(statement, params=None, *, is_small=False):
    """The plan's steps as text, and how many rows of cases it read; on SQLite, which does not say, the work by the
    worth of a row. A small table is sorted as quickly; a plan that must sort or read all of it does so even where that
    is dear."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", params)
            return [row[3] for row in cursor.fetchall()], _worth_in_rows(statement, params)
        for way in ("sort", "seqscan", "bitmapscan") if is_small else ():
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", params)
        found = cursor.fetchone()[0]
    nodes = list(_nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]))
    scans = [node for node in nodes if node.get("Relation Name") == "complaints_complaint"]
    read = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in scans
    )
    return [f"{node['Node Type']} {node.get('Index Name', '')}" for node in nodes], read


def _worth_in_rows(statement, params):
    """What SQLite does for it, in steps of its machine."""
    turns = []
    connection.connection.set_progress_handler(lambda: turns.append(1), A_ROW)  # None goes on
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            cursor.fetchall()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(turns)


def _nodes(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def statements(act, *args, **kwargs):
    with CaptureQueriesContext(connection) as captured:
        act(*args, **kwargs)
    return [each["sql"] for each in captured if '"complaints_complaint"' in each["sql"]]


def _reads_all(step):
    whole = step.startswith("SCAN complaints_complaint") and "INDEX" not in step
    return whole or step.startswith("Seq Scan complaints_complaint")


def test_what_may_be_the_same_is_looked_for_among_the_open_ones_of_these_weeks():
    case = Complaint.objects.filter(state=State.SUBMITTED).order_by("pk")[0]
    case.category = make_category()
    (statement,) = statements(duplicates_of, case, person(Role.VERIFIER))
    steps, read = explained(statement)
    assert not [step for step in steps if _reads_all(step)], steps
    assert any("complaint_lane" in step or "complaint_received" in step for step in steps), steps
    assert read < CASES, steps


def test_the_queues_are_read_along_their_indexes():
    for role in ROLES:
        user = person(role)
        for queue in queues_for(user):
            listed = [with_marks(strand.for_list(), user) for strand in strands_of(queue, user)]
            first = page_of(listed, queue.order, None, SHOWN)
            assert len(first.rows) == SHOWN
            for cursor in (None, Cursor.decode(first.next)):
                (statement,) = statements(page_of, listed, queue.order, cursor, SHOWN)
                steps, read = explained(statement)
                told = f"{role} {queue.code}: {steps}"
                assert not [step for step in steps if "Sort" in step or "TEMP B-TREE" in step], told
                assert not [step for step in steps if _reads_all(step)], told
                index = "received" if queue.order.column == "received_at" else "lane"
                assert any(f"complaint_agency_{index}" in s or f"complaint_{index}" in s for s in steps), told
                assert read <= 10 * SHOWN, told


def test_a_word_that_most_cases_have_is_looked_for_among_those_that_wait():
    """Along their index, newest first, with its values beside the statement as Django sends them; not by all 100,000
    keys that the index of words has."""
    verifier = person(Role.VERIFIER)
    cases = Complaint.objects.visible_to(verifier).with_words_for(verifier)
    keys = hits("lampu").among(cases).order_by("-received_at", "-pk").values("pk")[: COUNT_CAP + 1]
    assert len(keys) == COUNT_CAP + 1
    steps, read = explained(*keys.query.sql_with_params())
    assert any("complaint_unassigned" in step for step in steps), steps
    assert not [step for step in steps if "Sort" in step or "TEMP B-TREE" in step], steps
    assert read <= 2 * COUNT_CAP, (read, steps)


def test_no_more_is_counted_than_is_shown():
    """Of each set the rows of an index, up to one past the cap; and it is the right number up to there."""
    for role in ROLES:
        user = person(role)
        request = RequestFactory().get("/staff/")
        request.user = user
        (statement,) = statements(desk_tabs, request, FRIDAY)
        steps, read = explained(statement)
        assert not [step for step in steps if "SCAN V0" in step and "INDEX" not in step], steps
        sets = counted_sets(user, FRIDAY)
        assert read <= 2 * len(sets) * (NAV_CAP + 1), (role, steps)
        counted = desk_counts(request)
        assert counted == {name: min(cases.count(), NAV_CAP + 1) for name, cases in sets.items()}


@pytest.mark.parametrize("role", ROLES)
def test_the_strands_are_the_queue(role):
    user = person(role)
    for queue in queues_for(user):
        keys = [pk for strand in strands_of(queue, user) for pk in strand.values_list("pk", flat=True)]
        whole = Complaint.objects.visible_to(user)
        if queue.code != "all":
            whole = whole.filter(pk__in=_meant(queue.code, user))
        assert sorted(keys) == sorted(whole.values_list("pk", flat=True))


def _meant(code, user):
    """The queue by the states alone, as the lanes' column must have it."""
    cases = Complaint.objects.visible_to(user).filter(is_live=True)
    if code == "answered":
        return cases.filter(state=State.RESOLVED).values("pk")
    if user.role == Role.VERIFIER:
        cases = cases.waiting_for_verifiers()
    elif user.agency_id:
        cases = cases.waiting_for_agency()
    else:
        cases = cases.active()
    asked = cases.filter(state=State.AWAITING_CITIZEN)
    return (asked if code == "waiting" else cases.exclude(state=State.AWAITING_CITIZEN)).values("pk")


def test_a_page_that_shows_no_tabs_does_not_count_them():
    request = RequestFactory().get("/staff/")
    request.user = person(Role.OFFICER)
    assert set(desk_counts(request, now=FRIDAY)) == {"turn", "overdue", "mine"}


def test_a_queue_costs_few_queries():
    for role, most in ((Role.OFFICER, 4), (Role.VERIFIER, 4), (Role.SUPERVISOR, 4), (Role.AGENCY_HEAD, 5)):
        client = Client()
        client.force_login(person(role))
        client.get("/staff/cases/")
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/staff/cases/")
        assert len(response.context["listed"]) == SHOWN
        assert len(captured) <= most, [each["sql"][:80] for each in captured]
