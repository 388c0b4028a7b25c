"""Whom a case is about gets, on every page, in every file, mail and report, exactly what a city gives in which
that case does not exist: no number, no count, no gap, no digest."""

from collections.abc import Collection
from copy import deepcopy
from datetime import date

import pytest

from accounts.models import User
from escalation.whatif.collect import known_codes
from escalation.whatif.proposal import parse
from escalation.whatif.running import Question, answer
from tests.conflict.hidden_case import LOOK, Scene, mails_to, naming_addresses, pages_for, report_of
from tests.conflict.people import CANARY, City
from tests.module_rows import ModuleRows

pytestmark = pytest.mark.long

# Who is named, where the case stands, and who stands aside then.
WHO = [
    ("vera", "waiting", ["vera"]),
    ("clara", "working", ["clara"]),
    ("oka", "working", ["oka"]),
    ("hana", "working", ["hana", "olga"]),
    ("pupr", "working", ["oka"]),
    ("sari", "working", ["sari"]),
    ("sari", "waiting", ["sari"]),
]


QUEUES = ["staff/cases/", "staff/search/", "oversight/search/"]  # where whoever sees a case finds it


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Scene:
    return module_rows.make(lambda: Scene(City()))


@pytest.fixture
def scene(made: Scene, db: None) -> Scene:
    return deepcopy(made)


@pytest.fixture(scope="module")
def before() -> dict[str, dict[str, object]]:
    """What each of them got before there was the case: the rows are the module's, so it is so for all tests."""
    return {}


def seen(person: User, scene: Scene, among: Collection[str] = ()) -> dict[str, object]:
    found: dict[str, object] = dict(pages_for(person, scene, scene.shown, among))
    found["mails"] = mails_to(person)
    if person.agency_id or person.role == "supervisor":
        found["report"] = report_of(person)
    return found


@pytest.mark.parametrize(("named", "stands", "aside"), WHO, ids=[f"{who}-{stands}" for who, stands, _ in WHO])
def test_they_get_what_a_city_without_the_case_gives(
    scene: Scene, before: dict[str, dict[str, object]], named: str, stands: str, aside: list[str]
) -> None:
    city = scene.city
    before |= {who: seen(city.staff[who], scene) for who in aside if who not in before}
    without = {who: before[who] for who in aside}
    case = scene.add_hidden(stands)
    there = seen(city.staff[aside[0]], scene, QUEUES)
    city.name(case, getattr(city, named), now=LOOK)
    for who in aside:
        now = seen(city.staff[who], scene)
        assert set(now) == set(without[who])
        assert {where for where in now if now[where] != without[who][where]} == set(), who
        assert not [where for where, what in now.items() if CANARY in str(what) or case.number in str(what)]
    # Before they were named, many pages told them of it: the comparison looks where there is something to see.
    assert len([where for where in there if there[where] != without[aside[0]][where]]) > 3


NOBODYS = {"case": "KPG-2026-999999-9", "file": "f" * 32, "escalation": "999999", "evidence": "e" * 32,
           "recommendation": "REK-2026-9999", "commitment": "KOM-2026-9999", "input": "MSK-2026-99999",
           "finding": "TEM-2026-9999", "forum": "tidak-ada"}  # fmt: skip


@pytest.mark.parametrize(("named", "who"), [("sari", "sari"), ("hana", "oka")])
def test_an_address_that_they_know_leads_where_one_leads_that_never_was(
    scene: Scene, named: str, who: str
) -> None:
    city = scene.city
    case = scene.add_hidden("working")
    city.name(case, getattr(city, named), now=LOOK)
    theirs, never = (
        {where: str(what).replace(places["case"], "TYPED") for where, what in found.items()}
        for places in (scene.hidden, NOBODYS)
        for found in [pages_for(city.staff[who], scene, places, naming_addresses())]
    )
    assert {where for where in theirs if theirs[where] != never[where]} == set()


def test_a_mail_that_waited_when_they_were_named_does_not_leave(scene: Scene) -> None:
    city = scene.city
    before = {who: mails_to(city.staff[who]) for who in ("hana", "oka", "sari")}
    case = scene.add_hidden("working")
    assert all(mails_to(city.staff[who]) != before[who] for who in before)
    for who in ("hana", "sari"):
        city.name(case, city.staff[who], now=LOOK)
    assert {who: mails_to(city.staff[who]) for who in before} == before


def test_no_trial_of_a_policy_counts_a_case_about_a_supervisor(scene: Scene) -> None:
    city = scene.city
    question = Question(
        date(2026, 11, 1), date(2026, 12, 20), None, parse({"as_on": "2026-11-01"}, known_codes()), LOOK
    )
    without = answer(question)
    case = scene.add_hidden("working")
    assert answer(question) != without
    city.name(case, city.sari, now=LOOK)
    assert answer(question) == without
