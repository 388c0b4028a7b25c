"""Several cases at once: what can go goes, and the page says of the rest why not."""

import pytest

from accounts.roles import Role
from complaints.models import Complaint
from complaints.services import handling, verification
from tests.factories import FRIDAY, assigned, file_complaint, make_agency, make_user, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def tick(*cases):
    return [f"{case.number}@{case.version}" for case in cases]


def states(*cases):
    return [Complaint.objects.get(pk=case.pk).state for case in cases]


def test_one_that_cannot_go_does_not_hold_up_the_rest(client):
    good, oversight, taken = file_complaint(), file_complaint(kind="oversight"), file_complaint()
    stale = tick(taken)
    client.force_login(make_user(Role.VERIFIER))
    verification.assign(
        taken.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=verification.Routing([make_agency("B")])
    )
    make_agency("PUPR")
    response = client.post(
        "/staff/cases/bulk/assign/", {"cases": [*tick(good, oversight), *stale, "KPG-1@1"], "agency": "PUPR"}
    )
    assert [each.number for each in response.context["went"]] == [good.number]
    problems = {each.number: each.problem for each in response.context["stayed"]}
    assert "inspectorate" in problems[oversight.number]
    assert "no longer with you" in problems[taken.number]
    assert "no such case" in problems["KPG-1"]
    assert states(good, oversight, taken) == ["assigned", "submitted", "assigned"]


def test_a_case_changed_since_it_was_ticked_stays(client):
    case = file_complaint()
    ticked, vera = tick(case), make_user(Role.VERIFIER)
    handling.add_note(case.pk, actor=vera, now=FRIDAY, text="Lihat dulu")
    client.force_login(vera)
    make_agency("PUPR")
    response = client.post("/staff/cases/bulk/assign/", {"cases": ticked, "agency": "PUPR"})
    assert "changed this case" in response.context["stayed"][0].problem
    assert states(case) == ["submitted"]


def test_an_officer_hands_back_several_but_none_of_another_agency(client):
    mine, also, theirs = assigned(), assigned(), assigned(agency=make_agency("DINKES"))
    client.force_login(officer_of(mine))
    response = client.post(
        "/staff/cases/bulk/hand-back/", {"cases": tick(mine, also, theirs), "why": "Bukan tugas kami"}
    )
    assert [each.number for each in response.context["went"]] == [mine.number, also.number]
    assert theirs.subject not in response.content.decode()
    assert states(mine, also, theirs) == ["submitted", "submitted", "assigned"]


@pytest.mark.parametrize(
    "data", [{}, {"agency": "PUPR"}, {"cases": ["x"] * 3 + [str(n) for n in range(101)], "agency": "PUPR"}]
)
def test_nothing_ticked_or_too_much_changes_nothing(client, data):
    make_agency("PUPR")
    client.force_login(make_user(Role.VERIFIER))
    assert client.post("/staff/cases/bulk/assign/", data).status_code == 400


def test_a_forgotten_agency_is_asked_for_and_the_ticks_stay(client):
    case = file_complaint()
    client.force_login(make_user(Role.VERIFIER))
    response = client.post("/staff/cases/bulk/assign/", {"cases": tick(case)})
    assert response.status_code == 400
    assert tick(case)[0] in response.content.decode()
