"""What the navigation counts comes from a statement that is kept, and follows whoever asks all the same."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from accounts.models import Absence, User
from accounts.roles import Role
from complaints.aside import cases_against
from complaints.clock.calendars import calendars
from complaints.clock.city_time import day_of
from complaints.database import kept_statements
from complaints.database.kept_statements import row_of, rows_of
from complaints.database.once import in_front
from complaints.desk.queues import count_all, count_kept, count_tabs, counted_sets
from complaints.models import Complaint, Event, OfficeCalendar, ReportedParty
from tests.factories import DAY, FRIDAY, in_progress, make_agency, make_user, officer_of

pytestmark = pytest.mark.django_db


def counts(user: User, now: datetime = FRIDAY) -> dict[str, int]:
    """Kept and made anew, which must be the same; of the person as the next request reads them."""
    asked = User.objects.select_related("agency").get(pk=user.pk)
    found = count_kept(asked, now)
    assert found == count_all(asked, counted_sets(asked, now, tabs=False))
    with_tabs, known = count_tabs(asked, now)
    assert with_tabs == count_all(asked, counted_sets(asked, now))
    assert known is calendars()  # kept by all that was read
    return found


def test_the_count_follows_time_absence_recusal_role_and_agency() -> None:
    case = in_progress()
    officer = officer_of(case)
    assert counts(officer) == {"turn": 1, "overdue": 0, "mine": 1}
    assert counts(officer, FRIDAY + 60 * DAY)["overdue"] == 1

    deputy, today = make_user(Role.OFFICER, agency=officer.agency), day_of(FRIDAY)
    assert counts(deputy)["mine"] == 0
    Absence.objects.create(user=officer, deputy=deputy, first_day=today, last_day=today, set_at=FRIDAY)
    assert (counts(deputy)["mine"], counts(deputy, FRIDAY + DAY)["mine"]) == (1, 0)

    ReportedParty.objects.create(complaint=case, user=officer, named_at=FRIDAY)
    assert (counts(officer)["turn"], counts(deputy)["turn"]) == (0, 1)

    User.objects.filter(pk=deputy.pk).update(role=Role.AGENCY_HEAD)
    assert counts(deputy) == {"turn": 1, "overdue": 0}
    User.objects.filter(pk=deputy.pk).update(agency=make_agency("LAIN"))
    assert counts(deputy)["turn"] == 0
    case.agency.parent = User.objects.get(pk=deputy.pk).agency
    case.agency.save()
    assert counts(deputy)["turn"] == 1
    OfficeCalendar.objects.create(name="Sendiri", agency=case.agency)
    assert counts(deputy)["turn"] == 1
    OfficeCalendar.objects.update(revision=7)
    assert counts(deputy)["turn"] == 1


def test_who_stands_aside_is_asked_once_a_statement() -> None:
    """Moved in front with its values, and only what is the same."""
    whose = "SELECT %s WHERE NOT id IN {0} AND %s OR id IN {0} AND %s"
    aside: Any = cases_against(make_user(Role.VERIFIER))
    sql, [key] = aside.as_sql(None, connection)
    asked = whose.format(sql)
    assert in_front(asked, ["a", key, "b", key, "c"]) == (
        f"WITH once_0(pk) AS {sql} {whose.format('(SELECT pk FROM once_0)')}", [key, "a", "b", "c"]
    )  # fmt: skip
    apart: tuple[str, list[Any]]
    for apart in ((asked, ["a", key, "b", key + 1, "c"]), (f"SELECT %s WHERE id IN {sql}", ["a", key])):
        assert in_front(*apart) == apart
    with CaptureQueriesContext(connection) as captured:
        counts(officer_of(in_progress()))
    moved = [each["sql"] for each in captured if "WITH once_0" in each["sql"]]
    assert [statement.count("SELECT complaint_id") for statement in moved] == [2, 2]


def test_a_page_that_is_read_elsewhere_stays_there(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """What is put together once is asked of the database that the router names at each time."""
    user = make_user(Role.VERIFIER)
    assert rows_of("elsewhere", user.pk, 0, lambda pk: User.objects.filter(pk=pk)) == [user]

    def made_until(at: datetime) -> QuerySet[Any]:
        return User.objects.exclude(last_login__gt=at).order_by("pk").values_list("pk")[:1]

    assert row_of("a row elsewhere", FRIDAY, made_until) == (user.pk,)
    settings.DATABASE_ROUTERS = [SimpleNamespace(db_for_read=lambda model, **_hints: "replica")]
    away = Mock(side_effect=ConnectionRefusedError)
    asked = SimpleNamespace(features=connection.features, cursor=away, chunked_cursor=away)
    monkeypatch.setattr(kept_statements, "connections", {"replica": asked})
    with pytest.raises(ConnectionRefusedError):
        rows_of("elsewhere", user.pk, 0, lambda pk: User.objects.filter(pk=pk))
    with pytest.raises(ConnectionRefusedError):
        row_of("a row elsewhere", FRIDAY, made_until)


def test_a_statement_that_depends_on_the_moment_in_another_way_is_refused() -> None:
    make_user(Role.VERIFIER)

    def by_the_second(at: datetime) -> QuerySet[Any]:
        return User.objects.annotate(second=Value(at.second)).values_list("second")

    with pytest.raises(ValueError, match="another way"):
        row_of("seconds", FRIDAY, by_the_second)


def test_another_value_for_which_nothing_would_be_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="would not be asked"):
        rows_of("no number", 1, -1, lambda seq: Event.objects.filter(seq=seq))


def test_only_so_many_are_kept_and_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    users = [make_user(Role.VERIFIER, name=name) for name in "abc"]
    kept: dict[Any, Any] = {}
    monkeypatch.setattr(kept_statements, "MOST", 2)
    monkeypatch.setattr(kept_statements, "_kept", kept)
    for user in (*users, users[0]):
        assert rows_of(user.name, user.pk, 0, lambda pk: User.objects.filter(pk=pk)) == [user]
    assert [key for _vendor, key in kept] == ["c", "a"]


def test_a_kept_statement_gives_the_rows_that_the_query_gives_with_all_it_joins_and_works_out() -> None:
    first, second = (in_progress(email=f"{name}@warga.test") for name in ("ani", "budi"))

    def make(number: str) -> QuerySet[Complaint]:
        cases = Complaint.objects.select_related("agency", "complainant")
        return cases.annotate(is_late=Exists(cases.filter(pk=OuterRef("pk")).overdue(FRIDAY))).filter(
            number=number
        )

    for case in (first, second, first):
        [kept], made = rows_of("of-a-test", case.number, "?", make), make(case.number).get()
        assert vars(kept).keys() == vars(made).keys()
        assert (kept, kept.agency, kept.is_late) == (made, made.agency, made.is_late)  # type: ignore[attr-defined]
        assert kept.complainant.sealed == made.complainant.sealed
    assert rows_of("of-a-test", "KPG-2020-000001-1", "?", make) == []


def test_what_is_kept_holds_nothing_of_the_query_that_it_was_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member of staff has some six statements: whole, they took 90 kB each of every process."""
    kept: dict[Any, Any] = {}
    monkeypatch.setattr(kept_statements, "_kept", kept)
    cases = Complaint.objects.select_related("agency").annotate(
        is_known=Exists(User.objects.filter(name="x"))
    )
    rows_of("of-a-test", 1, 2, lambda pk: cases.filter(pk=pk))
    [each] = kept.values()
    assert not each.queryset.query.where and not each.queryset.query.annotations
    assert each.compiler.query is each.queryset.query and each.compiler.where is None
    assert not any(isinstance(column, Exists) for column, _sql, _alias in each.compiler.select)
