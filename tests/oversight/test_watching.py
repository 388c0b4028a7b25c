"""The zero on the front page is counted from people who can sign in and may act, not from columns."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from complaints.integrity import check_integrity
from complaints.models import Complaint
from complaints.public.figures import figures
from complaints.services import verification
from complaints.services.verification import Routing
from complaints.watching import unwatched
from escalation.oversight.headline import headline
from tests.conflict.people import City
from tests.factories import FRIDAY, assigned, file_complaint, in_progress, make_agency, make_user, resolved
from tests.oversight import watching_oracle as oracle

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return City()


def numbers() -> set[str]:
    found = set(unwatched(FRIDAY).values_list("number", flat=True))
    assert found == oracle.unwatched(FRIDAY)
    return found


def away(*users: User, **values: object) -> None:
    User.objects.filter(pk__in=[user.pk for user in users]).update(**values or {"is_active": False})


def test_a_city_that_is_complete_shows_zero(city):
    file_complaint(), assigned(agency=city.pupr, secret="b"), resolved(agency=city.pupr, secret="c")
    assert numbers() == set()


Change = Callable[[City], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda city: away(city.oka, city.olga),
        lambda city: away(city.oka, city.olga, role=Role.AGENCY_HEAD),
        lambda city: away(city.oka, city.olga, agency=city.dinkes),
        lambda city: away(city.oka, city.olga, password="!"),
        lambda city: away(city.hana, city.sekda, city.sari, city.umar),
    ],
)
def test_where_nobody_is_there_the_case_is_counted(city, change: Change):
    case = assigned(agency=city.pupr)
    other = assigned(agency=city.dinkes, secret="another")
    change(city)
    assert case.number in numbers()
    assert (other.number in numbers()) is not User.objects.filter(
        role=Role.SUPERVISOR, is_active=True
    ).exists()


def test_without_a_verifier_what_waits_for_one_is_counted(city):
    waits, case = file_complaint(), assigned(agency=city.pupr, secret="another")
    away(city.vera, city.viktor)
    assert numbers() == {waits.number}
    assert case.number not in numbers()


def test_a_head_alone_does_not_own_a_case_and_a_head_above_answers_for_one(city):
    case = assigned(agency=city.pupr)
    away(city.hana)
    assert numbers() == set()  # Sekar stands above
    away(city.sekda, city.sari, city.umar)
    assert numbers() == {case.number}


@pytest.mark.parametrize(("level", "is_counted"), [(1, False), (2, False), (3, True)])
def test_a_level_that_nobody_may_decide_on_is_nobody_s(city, level, is_counted):
    """Sari of the inspectorate reads what is raised to the ombudsman, and cannot decide it."""
    case = assigned(agency=city.pupr)
    Complaint.objects.filter(pk=case.pk).update(next_level=level)
    away(city.umar)
    assert (case.number in numbers()) is is_counted


def test_whom_a_case_is_about_does_not_watch_it(city):
    case, other = assigned(agency=city.pupr), assigned(agency=city.pupr, secret="another")
    away(city.olga)
    city.name(case, city.oka)
    assert numbers() == {case.number}
    assert other.number not in numbers()


def test_a_named_head_is_not_the_next_level(city):
    """The head and all of the line are named: the case goes back to the verifiers, and the supervisors stay."""
    case = assigned(agency=city.pupr)
    city.name(case, city.hana)
    assert numbers() == set()
    away(city.sari)
    city.name(case, city.umar, by=city.vera)
    assert numbers() == {case.number}


def test_what_was_merged_counts_with_the_case_it_follows(city):
    main, other = in_progress(agency=city.pupr), file_complaint(secret="another")
    verification.merge(other.pk, actor=city.vera, now=FRIDAY, into=main.pk)
    assert numbers() == set()
    away(city.oka, city.olga)
    assert numbers() == {main.number, other.number}


def test_an_oversight_complaint_is_not_watched_by_an_office_that_does_not_see_it(city):
    case = file_complaint(kind="oversight")
    verification.assign(case.pk, actor=city.vera, now=FRIDAY, routing=Routing([city.inspectorate]))
    assert numbers() == set()
    Complaint.objects.filter(pk=case.pk).update(agency=city.pupr)
    assert numbers() == {case.number}


def test_page_desk_and_command_say_the_same(city):
    case = assigned(agency=city.pupr)
    away(city.oka, city.olga)
    cache.clear()
    assert figures(timezone.now())["unwatched"] == 1
    assert headline(city.umar, FRIDAY).standing.unwatched == 1
    assert check_integrity(FRIDAY)["open_case_nobody_watches"] == [case.number]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_integrity", "--json", stdout=out)
    assert json.loads(out.getvalue())["broken"]["open_case_nobody_watches"] == [case.number]


def test_a_supervisor_is_shown_those_in_their_scope_only(city):
    case = assigned(agency=city.pupr)
    away(city.oka, city.olga)
    city.name(case, city.sari)
    assert [headline(each, FRIDAY).standing.unwatched for each in (city.umar, city.sari)] == [1, 0]


def test_counting_costs_as_many_queries_with_many_cases_as_with_one(city):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            unwatched(FRIDAY).count()
        return len(captured)

    assigned(agency=city.pupr)
    before = cost()
    for serial in range(20):
        unit = make_agency(f"U{serial}")
        make_user(Role.OFFICER, unit)
        case = assigned(agency=unit, secret=f"number {serial}")
        if serial % 2:
            city.name(case, city.oka)
    assert cost() <= before + 1
    assert before <= 7
