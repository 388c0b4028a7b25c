"""The page of a kept promise says what came after it, or from when that can be said."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from complaints.identity import Identity
from complaints.models import Complaint, Message
from complaints.models.catalogue import Kind
from escalation.models import EffectTold
from escalation.promises.effects import effect_of
from escalation.promises.telling import tell_effects
from surveys.forums.inputs.services.saying import Said, say
from surveys.rounds.models import Round
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.module_rows import ModuleRows
from tests.promises.people import head, kept, promised, supervisor
from tests.promises.test_proposals import closed_round
from tests.promises.test_standards import finding
from tests.standards.people import service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Any:
    return module_rows.make(lambda: (factories.make_city(), head(), supervisor(), service()))


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def reports(n: int, days: int, **fields: Any) -> None:
    for _n in range(n):
        case = factories.file_complaint(FRIDAY + days * DAY, service=service(), **fields)
        assert Complaint.objects.get(pk=case.pk).service is not None


def test_reports_about_the_service_are_counted_as_long_before_as_after() -> None:
    reports(7, -10)
    reports(2, -70)  # before the window
    reports(5, 20)
    reports(1, 20, kind=Kind.OVERSIGHT)
    row = kept(promised(service=service()))
    found = effect_of(row, FRIDAY + 60 * DAY)
    assert found is not None and found.reports is not None and found.window is not None
    assert found.window.days == 60
    assert (found.reports.before.count, found.reports.after.count) == (7, 5)


def test_the_day_of_the_change_belongs_to_the_time_after_it() -> None:
    reports(6, 0)
    found = effect_of(kept(promised(service=service())), FRIDAY + 60 * DAY)
    assert found is not None and found.reports is not None
    assert (found.reports.before.count, found.reports.after.count) == (0, 6)


def test_an_open_promise_has_no_effect_yet() -> None:
    assert effect_of(promised(), FRIDAY + 60 * DAY) is None


@pytest.mark.parametrize(
    ("days", "words"),
    [(10, "20 Desember 2026"), (60, "Kurang dari lima laporan seluruhnya")],
)
def test_what_cannot_be_seen_is_said_and_from_when(client: Client, days: int, words: str) -> None:
    row = kept(promised(service=service()))
    with time_machine.travel(FRIDAY + days * DAY, tick=False):
        page = client.get(f"/commitments/{row.number}/").content.decode()
    assert words in page
    assert "tidak membuktikan sebab" in page


def test_few_on_one_side_are_not_shown_and_proves_no_cause_is_said(client: Client) -> None:
    reports(25, -10)
    reports(3, 10)
    row = kept(promised(service=service()))
    with time_machine.travel(FRIDAY + 60 * DAY, tick=False):
        page = client.get(f"/commitments/{row.number}/").content.decode()
    assert "kurang dari lima" in page and ">25<" in page
    assert "lebih sedikit daripada sebelumnya" in page


def test_without_a_service_the_reports_of_the_agency_with_the_same_category_count() -> None:
    hole = factories.make_category()
    case = factories.assigned(FRIDAY - DAY, category=hole)
    factories.assigned(FRIDAY - 2 * DAY)
    row = kept(promised(cases=(case,)))
    found = effect_of(row, FRIDAY + 60 * DAY)
    assert found is not None and found.reports is not None
    assert (found.category, found.reports.before.count) == (hole.name, 1)
    assert date(2026, 12, 20) == found.visible_from == found.split + timedelta(days=30)


def test_the_element_behind_the_promise_is_compared_over_the_rounds(client: Client) -> None:
    before = closed_round("PUPR", 40, time=2)
    move(before, -90)
    after = closed_round("PUPR", 40, time=3)
    move(after, 40)
    row = kept(promised(elements=((before, "time"),)))
    found = effect_of(row, FRIDAY + 100 * DAY)
    assert found is not None
    means = found.elements[0].means
    assert means.before is not None and means.after is not None
    assert (means.before.mean, means.after.mean) == (2.0, 3.0)
    with time_machine.travel(FRIDAY + 100 * DAY, tick=False):
        page = client.get(f"/commitments/{row.number}/").content.decode()
    assert "2,00" in page and "3,00" in page and f"/surveys/rounds/{before.code}/" in page


def move(row: Round, days: int) -> None:
    day = FRIDAY.date() + timedelta(days=days)
    Round.objects.filter(pk=row.pk).update(opens_on=day, closes_on=day + timedelta(days=20))
    row.refresh_from_db()


def test_whoever_spoke_for_it_hears_once_that_the_effect_can_be_seen() -> None:
    reports(6, -10)
    found = finding(service=service())
    officer = factories.make_user("officer")
    said = Said(
        "Tutup terlalu awal.", "meeting", forum=found.forum, identity=Identity(name="Ani", email="a@b.test")
    )
    row = say(said, actor=officer, now=FRIDAY)
    type(row).objects.filter(pk=row.pk).update(finding=found)
    kept(promised(findings=(found,), service=service()))
    assert [tell_effects(FRIDAY + days * DAY) for days in (10, 40, 41)] == [0, 1, 0]
    told = Message.objects.filter(template="voice_step", data__kind="effect")
    assert told.count() == 1 and EffectTold.objects.count() == 1


def test_after_half_a_year_it_is_told_though_nothing_can_be_seen() -> None:
    kept(promised(findings=(finding(),), service=service()))
    assert [tell_effects(FRIDAY + days * DAY) for days in (100, 180)] == [0, 1]
