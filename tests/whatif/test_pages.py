"""The pages on which a policy is tried: who reaches them, what they take, what they say."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Agency, User
from accounts.roles import STAFF_ROLES, Role
from complaints.models import Complaint
from complaints.services import handling
from escalation.ladder.models import EscalationRule, Trigger
from escalation.whatif import views
from escalation.whatif.forms import WhatIfForm
from escalation.whatif.models import WhatIf, WhatIfState
from escalation.whatif.services import Asked, ask, work_what_ifs
from tests import factories
from tests.browser import check_page
from tests.factories import DAY, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MAY = {Role.SUPERVISOR, Role.ADMINISTRATOR}
URL = "/oversight/what-if/"


@pytest.fixture
def supervisor() -> User:
    return factories.make_user(Role.SUPERVISOR)


@pytest.fixture
def city() -> None:
    factories.make_city()
    for trigger, level, amount in (
        (Trigger.BREACH, 1, 0),
        (Trigger.OVERDUE, 2, 5),
        (Trigger.UNACKNOWLEDGED, 2, 0),
        (Trigger.UNACKNOWLEDGED, 3, 0),
    ):
        EscalationRule.objects.create(
            trigger=trigger, level=level, amount=amount, valid_from=date(2018, 1, 1)
        )


def answered(agency: Agency | None = None) -> Complaint:
    """After a fortnight, some weeks ago."""
    came = timezone.now() - 60 * DAY
    case = factories.in_progress(came, agency, subject="Lampu padam", email="ani@warga.test")
    return handling.resolve(case.pk, actor=factories.officer_of(case), now=came + 14 * DAY, answer="Sudah")


@pytest.fixture
def case(city: None) -> Complaint:
    """One of five."""
    cases = [answered() for _ in range(5)]
    return cases[0]


def filled(**fields: Any) -> dict[str, Any]:
    """What a browser sends when nothing but `fields` is changed."""
    form = WhatIfForm(today=timezone.now().date())
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value for name, value in (values | fields).items() if value is not None and value is not False
    }


def asked_by(user: User, agency: Agency | None = None) -> WhatIf:
    now = timezone.now()
    first = (now - 90 * DAY).date()
    proposal = {"title": "Tiga hari", "targets": {"complaint": {"resolution": "3 working_days"}}}
    return ask(Asked(first, now.date(), agency, proposal), actor=user, now=now)


def work() -> None:
    while work_what_ifs(timezone.now()):
        pass


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_who_reaches_the_pages(city: None, client: Client, supervisor: User, role: Role) -> None:
    row = asked_by(supervisor)
    client.force_login(factories.make_user(role))
    wanted = 200 if role in MAY else 403
    assert client.get(URL).status_code == wanted
    assert client.get(f"{URL}{row.pk}/").status_code == wanted
    assert client.post(URL, filled(target_complaint_resolution=10)).status_code == (
        302 if role in MAY else 403
    )
    assert client.get(f"{URL}{row.pk + 100}/").status_code == (404 if role in MAY else 403)


def test_a_stranger_is_asked_to_sign_in(city: None, client: Client, supervisor: User) -> None:
    for url in (URL, f"{URL}{asked_by(supervisor).pk}/"):
        response = client.get(url)
        assert response.status_code == 302 and "/accounts/login/" in response["Location"]


def test_nothing_but_the_form_changes_anything(city: None, client: Client, supervisor: User) -> None:
    client.force_login(supervisor)
    row = asked_by(supervisor)
    client.get(URL, filled(target_complaint_resolution=10))
    assert client.post(f"{URL}{row.pk}/").status_code == 405
    assert client.delete(URL).status_code == 405
    assert WhatIf.objects.count() == 1


def test_what_is_changed_becomes_the_proposal_and_nothing_else(
    city: None, client: Client, supervisor: User
) -> None:
    client.force_login(supervisor)
    client.post(URL, filled(target_complaint_resolution=10, add_days_off="2026-12-28, 2026-12-29"))
    row = WhatIf.objects.get()
    assert row.proposal == {
        "targets": {"complaint": {"resolution": "10 working_days"}},
        "calendar": {"add_days_off": ["2026-12-28", "2026-12-29"]},
    }


def test_a_changed_rule_becomes_a_ladder(city: None, client: Client, supervisor: User) -> None:
    client.force_login(supervisor)
    form = filled()
    number = next(name for name in form if name.startswith("rule_") and name.endswith("_amount")).split("_")[
        1
    ]
    form |= {f"rule_{number}_amount": 8, f"rule_{number}_acknowledge": 1}
    gone = next(n for n in "0123" if n != number)
    del form[f"rule_{gone}_keep"]
    client.post(URL, form)
    rules = WhatIf.objects.get().proposal["rules"]
    overdue = next(rule for rule in rules if rule["trigger"] == "overdue")
    assert (overdue["amount"], overdue["acknowledge"]) == ("8 working_days", "1 working_days")
    assert len(rules) == 3


def test_a_whole_proposal_takes_the_place_of_the_fields(city: None, client: Client, supervisor: User) -> None:
    client.force_login(supervisor)
    text = '[targets.aspiration]\nresolution = "9 calendar_days"'
    client.post(URL, filled(target_complaint_resolution=10, text=text, title="Aspirasi"))
    proposal = {"targets": {"aspiration": {"resolution": "9 calendar_days"}}, "title": "Aspirasi"}
    assert WhatIf.objects.get().proposal == proposal


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Nothing differs"),
        ({"first": "2999-01-01", "last": "2999-02-01"}, "Only a period that is past"),
        ({"last": "2020-01-01"}, "ends before it begins"),
        ({"first": "2010-01-01"}, "three years at most"),
        ({"first": "0001-01-01", "last": "0001-02-01"}, "1990"),
        ({"add_days_off": "besok"}, "“besok” is not a day"),
        ({"target_complaint_resolution": 0}, "greater than or equal to 1"),
        ({"text": "[targets.moon]"}, "targets.moon"),
        ({"agency": 999_999}, "Select a valid choice"),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_is_kept(
    city: None, client: Client, supervisor: User, fields: dict[str, Any], words: str
) -> None:
    client.force_login(supervisor)
    response = client.post(URL, filled(title="Percobaan", **fields))
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page.replace("&quot;", '"') and "Percobaan" in page
    assert not WhatIf.objects.exists()


@pytest.mark.usefixtures("in_english")
def test_the_page_looks_again_until_the_answer_is_there(
    case: Complaint, client: Client, supervisor: User
) -> None:
    client.force_login(supervisor)
    row = asked_by(supervisor)
    url = reverse("escalation:what-if-detail", args=[row.pk])
    waiting = client.get(url)
    assert "Refresh" in waiting and "Being computed" in waiting.content.decode()
    work()
    answer = client.get(url)
    page = answer.content.decode()
    assert "Refresh" not in answer
    assert "5 cases instead of 0 would have missed the promised resolution" in page
    assert "behaviour is not modelled" in page
    assert "Tiga hari" in client.get(URL).content.decode()


@pytest.mark.usefixtures("in_english")
def test_figures_only_no_case_and_no_person(case: Complaint, client: Client, supervisor: User) -> None:
    row = asked_by(supervisor)
    work()
    client.force_login(factories.make_user(Role.ADMINISTRATOR))
    page = client.get(f"{URL}{row.pk}/").content.decode()
    for secret in (case.number, case.subject, "ani@warga.test"):
        assert secret not in page
    assert "/admin/escalation/escalationrule/" in page


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("role", sorted(MAY))
def test_agencies_with_few_cases_are_not_told_apart(case: Complaint, client: Client, role: Role) -> None:
    """From the counts of a few cases a reader could tell a single one, even one that is hidden from them."""
    small, smaller = factories.make_agency("DLHK"), factories.make_agency("DINKES")
    for agency in (small, small, small):
        answered(agency)
    reader = factories.make_user(role)
    client.force_login(reader)
    names = {row.code: row.local_name for row in Agency.objects.all()}

    def read(agency: Agency | None = None) -> str:
        row = asked_by(reader, agency)
        work()
        return client.get(f"{URL}{row.pk}/").content.decode().partition("<main")[2]

    alone = read()
    # Left out, what is missing to the total would be told: it stands together with the next smallest.
    assert names["DLHK"] not in alone and names["PUPR"] not in alone and "Agencies with few cases" in alone
    few = read(small)
    assert "Too few to say" in few and '<h2 id="late">' not in few and "instead of" not in few
    for agency in (smaller, smaller):
        answered(agency)
    together = read()
    assert names["DLHK"] not in together and names["DINKES"] not in together
    line = together.partition("Agencies with few cases</th>")[2].partition("</tr>")[0]
    assert re.findall(r"num\" data-label=\"Cases\">(\d+)<", line) == ["5"]
    assert "Too few to say" not in read(factories.make_agency())


@pytest.mark.usefixtures("in_english")
def test_one_that_failed_says_so(city: None, client: Client, supervisor: User) -> None:
    row = asked_by(supervisor)
    WhatIf.objects.update(state=WhatIfState.FAILED)
    client.force_login(supervisor)
    response = client.get(f"{URL}{row.pk}/")
    assert "could not be computed" in response.content.decode() and "Refresh" not in response


def test_a_proposal_that_names_what_is_gone_can_still_be_read(
    case: Complaint, client: Client, supervisor: User
) -> None:
    row = asked_by(supervisor)
    work()
    WhatIf.objects.update(proposal={"targets": {"complaint": {"categories": {"gone": {}}}}})
    client.force_login(supervisor)
    assert client.get(f"{URL}{row.pk}/").status_code == 200


def test_the_pages_ask_little_of_the_database(case: Complaint, client: Client, supervisor: User) -> None:
    row = asked_by(supervisor)
    work()
    client.force_login(supervisor)
    for url in (URL, f"{URL}{row.pk}/"):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        assert len(captured) <= 15


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_supervisor_tries_a_target_in_a_browser(
    case: Complaint, supervisor: User, new_window: Any, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        views, "LOOK_AGAIN_SECONDS", 600
    )  # a slow machine is not done with a page before it looks again
    page: Page = new_window(width, 900)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", supervisor.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.goto(URL)
    for fold in page.locator("main form details > summary").all():
        fold.click()
    check_page(page)
    page.fill("[name=target_complaint_resolution]", "3")
    page.click("main form.intake .button-row button")
    page.wait_for_url("**/what-if/*/")
    check_page(page)
    work()
    page.reload()
    assert page.locator(".headline").is_visible()
    for fold in page.locator("main details > summary").all():
        fold.click()
    check_page(page)
