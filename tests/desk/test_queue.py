"""The queue: whose cases, in which order, which filters, and what a search may find."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from accounts.roles import Role
from complaints.desk.queues import ALL, cases_in, queues_for, show_count
from complaints.models import Area, Complaint
from complaints.permissions import Act, may
from complaints.services import handling, verification
from complaints.states import STORED, State
from tests.factories import (
    DAY,
    FRIDAY,
    assigned,
    awaiting,
    closed,
    file_complaint,
    in_progress,
    make_agency,
    make_category,
    make_user,
    officer_of,
    resolved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = FRIDAY + 5 * DAY


@pytest.fixture
def desk(client):
    """`desk(user, **query)` opens the queue as that person at NOW."""

    def open_queue(user, status=200, **query):
        with time_machine.travel(NOW, tick=False):
            client.force_login(user)
            response = client.get("/staff/cases/", query)
        assert response.status_code == status
        return response

    return open_queue


def numbers(response):
    return [row.case.number for row in response.context["listed"]]


def test_what_falls_due_first_stands_first(desk):
    late, early = file_complaint(FRIDAY), file_complaint(FRIDAY - 3 * DAY)
    assert numbers(desk(make_user(Role.VERIFIER))) == [early.number, late.number]


def test_a_verifier_begins_with_what_waits_for_verification(desk):
    waiting, asked = file_complaint(), awaiting()
    assigned()
    vera = make_user(Role.VERIFIER)
    assert numbers(desk(vera)) == [waiting.number]
    assert numbers(desk(vera, queue="waiting")) == [asked.number]
    assert len(numbers(desk(vera, queue="all"))) == 3


def test_an_officer_sees_the_agencys_cases_only(desk):
    mine, done = in_progress(), resolved()
    assigned(agency=make_agency("DINKES"))
    oka = officer_of(mine)
    assert numbers(desk(oka)) == [mine.number]
    assert numbers(desk(oka, queue="answered")) == [done.number]
    assert set(numbers(desk(oka, queue="all"))) == {mine.number, done.number}


def test_an_administrator_has_no_queue(desk):
    desk(make_user(Role.ADMINISTRATOR), status=403)


def test_rows_say_how_long_there_still_is(desk):
    assigned(FRIDAY)
    body = desk(officer_of(Complaint.objects.get()), status=200).content.decode()
    assert "2 working days left" in body  # first response, five working days from Friday; NOW is Wednesday


FILTERED = {
    "state": ("in_progress", lambda: (in_progress(), assigned())),
    "kind": ("aspiration", lambda: (assigned(kind="aspiration"), assigned())),
    "channel": ("letter", lambda: (assigned(channel="letter"), assigned())),
    "category": (
        "roads",
        lambda: (
            assigned(category=make_category("potholes", parent=make_category("roads"))),
            assigned(category=make_category("water")),
        ),
    ),
    "area": ("D1", lambda: (assigned(area=ward("W1", "D1")), assigned(area=ward("W2", "D2")))),
    "overdue": ("on", lambda: (assigned(FRIDAY - 30 * DAY), assigned(FRIDAY))),
    "unassigned": ("on", lambda: (assigned(), in_progress())),
    "handler": ("me", lambda: (in_progress(), assigned())),
    "received_from": ("2026-11-20", lambda: (assigned(FRIDAY), assigned(FRIDAY - DAY))),
    "received_to": ("2026-11-19", lambda: (assigned(FRIDAY - DAY), assigned(FRIDAY))),
    "q": ("jembatan", lambda: (assigned(subject="Jembatan putus"), assigned())),
}


def ward(code, district):
    parent, _ = Area.objects.get_or_create(code=district, defaults={"level": "district", "name": district})
    return Area.objects.get_or_create(code=code, defaults={"level": "ward", "name": code, "parent": parent})[
        0
    ]


@pytest.mark.parametrize("name", FILTERED)
def test_a_filter_keeps_what_fits_and_nothing_else(desk, name):
    value, make = FILTERED[name]
    fitting, _other = make()
    assert numbers(desk(officer_of(fitting), **{name: value})) == [fitting.number]


def test_a_days_end_is_midnight_in_the_city(desk):
    # 23:30 of the 19th in Kupang is 15:30 UTC; half an hour after midnight is still the 19th in UTC.
    midnight = FRIDAY.replace(hour=16, minute=0) - DAY
    before, after = file_complaint(midnight - timedelta(minutes=30)), file_complaint(midnight)
    vera = make_user(Role.VERIFIER)
    assert numbers(desk(vera, received_to="2026-11-19")) == [before.number]
    assert numbers(desk(vera, received_from="2026-11-20")) == [after.number]


def test_a_verifier_filters_by_agency(desk):
    theirs = assigned(agency=make_agency("DINKES"))
    assigned(agency=make_agency("PUPR"))
    assert numbers(desk(make_user(Role.VERIFIER), queue="all", agency="DINKES")) == [theirs.number]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "handler__password"},
        {"ordering": "-agency__users__password"},
        {"handler__email__startswith": "a"},
        {"q__regex": "."},
        {"queue": "nonsense"},
    ],
)
def test_parameters_that_are_not_ours_change_nothing(desk, query):
    file_complaint(FRIDAY), file_complaint(FRIDAY - DAY)
    vera = make_user(Role.VERIFIER)
    assert numbers(desk(vera, **query)) == numbers(desk(vera))


@pytest.mark.parametrize(
    "query",
    [
        {"state": "new"},
        {"kind": "x' OR 1=1"},
        {"category": "no-such"},
        {"area": "no-such"},
        {"received_from": "yesterday"},
        {"received_to": "9999-12-31"},
        {"q": "x" * 201},
        {"from": "not-a-cursor"},
    ],
)
def test_a_value_that_makes_no_sense_is_told(desk, query):
    file_complaint()
    response = desk(make_user(Role.VERIFIER), status=400, **query)
    assert response.context["problem"]


@pytest.mark.parametrize("text", ["%_%", "'", '"', "a OR b", "jalan*", "NEAR(", "\u202e", "&|!:", "  "])
def test_a_search_takes_any_text(desk, text):
    file_complaint()
    desk(make_user(Role.VERIFIER), q=text)


# What a search may find


def test_a_verifier_finds_words_only_while_they_may_read_them(desk):
    case = file_complaint(subject="Jembatan putus", description="Rahasia keluarga")
    vera = make_user(Role.VERIFIER)
    assert numbers(desk(vera, queue="all", q="jembatan")) == [case.number]
    verification.assign(case.pk, actor=vera, now=FRIDAY, routing=verification.Routing([make_agency()]))
    for words in ("jembatan", "rahasia", "keluarga"):
        assert numbers(desk(vera, queue="all", q=words)) == []
    response = desk(vera, queue="all", q=case.number)
    assert numbers(response) == [case.number]
    assert "Jembatan" not in response.content.decode()


def test_an_officer_cannot_find_another_agencys_case(desk):
    theirs = assigned(agency=make_agency("DINKES"), subject="Jembatan putus")
    oka = make_user(Role.OFFICER)
    for text in ("jembatan", theirs.number):
        assert numbers(desk(oka, queue="all", q=text)) == []


def test_the_search_field_opens_a_case_by_its_number_only_within_scope(client):
    mine, theirs = assigned(), assigned(agency=make_agency("DINKES"))
    client.force_login(officer_of(mine))
    assert client.get("/staff/search/", {"q": mine.number.lower()}).url == f"/staff/cases/{mine.number}/"
    missing = client.get("/staff/search/", {"q": "KPG-2026-999999-9"}).url
    assert client.get("/staff/search/", {"q": theirs.number}).url == missing.replace(
        "KPG-2026-999999-9", theirs.number
    )


@pytest.mark.parametrize("role", [Role.CLERK, Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR])
def test_the_condition_for_readable_words_is_the_rights_table(role):
    user = make_user(role)
    for make in (file_complaint, assigned, in_progress, awaiting, resolved, closed):
        make(actor=user) if role == Role.CLERK else make()
    readable = set(Complaint.objects.readable_by(user))
    assert readable == {
        case for case in Complaint.objects.visible_to(user) if may(user, Act.READ_WORDS, case)
    }


@pytest.mark.parametrize("state", sorted(STORED))
@pytest.mark.parametrize("returns_to", ["", State.SUBMITTED, State.IN_PROGRESS])
def test_a_verifiers_readable_words_by_state(state, returns_to):
    """The same for every state a case can be in, without having to bring it there."""
    vera = make_user(Role.VERIFIER)
    case = SimpleNamespace(state=state, returns_to=returns_to, is_anonymous=False, is_confidential=False)
    waits = state == State.SUBMITTED or (state == State.AWAITING_CITIZEN and returns_to == State.SUBMITTED)
    assert may(vera, Act.READ_WORDS, case) == waits


# Cost


def queries_of(client, django_assert_max_num_queries, user, **query):
    client.force_login(user)
    client.get("/staff/cases/", query)  # lists of choices are kept for a minute
    with django_assert_max_num_queries(8) as captured:
        client.get("/staff/cases/", query)
    return len(captured)


@pytest.mark.long
@pytest.mark.parametrize(
    ("roles", "agencies"),
    [
        ([Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD], ["PUPR"]),
        ([Role.SUPERVISOR], ["A0", "A1", "A2", "A3", "A4"]),
    ],
)
def test_twenty_five_rows_cost_no_more_queries_than_one(
    client, django_assert_max_num_queries, roles, agencies
):
    users = [make_user(role) for role in roles]

    def cost_of_each():
        return {
            f"{user.role} {query}": queries_of(client, django_assert_max_num_queries, user, **query)
            for user in users
            for query in ({}, {"queue": "all", "q": "jalan"})
        }

    in_progress(category=make_category(), area=ward("W1", "D1"))
    file_complaint()
    one = cost_of_each()
    for number in range(24):
        agency = make_agency(agencies[number % len(agencies)])
        in_progress(agency=agency, category=make_category(f"c{number}"), area=ward(f"W{number}", "D1"))
        file_complaint()
    assert cost_of_each() == one


def test_counting_stops_at_a_thousand():
    assert show_count(1000) == "1000"
    assert show_count(1001) == "1,000+"


def test_the_queue_is_read_in_pages_of_twenty_five(desk):
    for _ in range(27):
        file_complaint()
    vera = make_user(Role.VERIFIER)
    first = desk(vera)
    assert len(numbers(first)) == 25
    rest = desk(vera, **{"from": first.context["next_url"].split("from=")[1]})
    assert len(numbers(rest)) == 2
    assert not set(numbers(first)) & set(numbers(rest))


def test_history_from_another_system_waits_for_nobody(desk):
    case = file_complaint()
    Complaint.objects.filter(pk=case.pk).update(is_live=False)
    vera = make_user(Role.VERIFIER)
    assert numbers(desk(vera)) == []
    assert numbers(desk(vera, queue="all")) == [case.number]


def test_every_case_in_scope_stands_under_all(django_assert_num_queries):
    cases = {make().pk for make in (file_complaint, assigned, in_progress, awaiting, resolved, closed)}
    for role in (Role.VERIFIER, Role.SUPERVISOR):
        user = make_user(role)
        assert {case.pk for case in cases_in(ALL, user)} == cases
        named = [set(cases_in(queue, user).values_list("pk", flat=True)) for queue in queues_for(user)[:-1]]
        assert sum(map(len, named)) == len(set().union(*named))  # no case lies in two


def test_handing_a_case_to_a_colleague_takes_it_off_my_list(desk):
    case = in_progress()
    oka = officer_of(case)
    assert numbers(desk(oka, handler="me")) == [case.number]
    other = assigned()
    handling.accept(other.pk, actor=oka, now=FRIDAY, handler=make_user(Role.OFFICER))
    assert numbers(desk(oka, handler="me")) == [case.number]


def test_what_one_person_filters_by_is_not_shown_to_the_next(desk):
    file_complaint()
    vera, other = make_user(Role.VERIFIER), make_user(Role.VERIFIER)
    for query in ({"q": "kata-rahasia"}, {"queue": "kata-rahasia"}, {"state": "kata-rahasia"}):
        desk(vera, status=400 if "state" in query else 200, **query)
    assert "kata-rahasia" not in desk(other).content.decode()


def test_an_agencys_officers_are_offered_to_their_colleagues_only(desk):
    mine, theirs = in_progress(), in_progress(agency=make_agency("DINKES"))
    for case in (mine, theirs):
        officer_of(case).__class__.objects.filter(pk=officer_of(case).pk).update(name=f"Orang {case.agency}")
    body = desk(officer_of(mine)).content.decode()
    assert "Orang Dinas PUPR" in body
    assert "Orang Dinas DINKES" not in body
