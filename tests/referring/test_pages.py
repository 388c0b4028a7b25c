"""The question on the citizen's page, what supervisors say for them, and the list of what is open."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Agency
from accounts.roles import Role
from complaints.models import Complaint
from complaints.services import verification
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.tracking.mine import with_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ASKED = FRIDAY + 31 * DAY


@pytest.fixture
def body() -> Agency:
    return factories.make_agency("PLN", is_external=True, name="PLN")


@pytest.fixture
def receipt(body: Agency) -> str:
    """The code of a referred case."""
    case, code = with_code(subject="Lampu mati")
    verifier = factories.make_user(Role.VERIFIER)
    verification.refer(case.pk, actor=verifier, now=FRIDAY, body=body, reference="X-1")
    return code


def enter(client: Client, receipt: str) -> str:
    client.post(reverse("complaints:complaint-track"), {"receipt": receipt})
    return client.get(reverse("complaints:mine")).content.decode()


def test_the_page_asks_from_the_day_on_and_takes_the_answer(client: Client, receipt: str) -> None:
    with time_machine.travel(ASKED, tick=False):
        assert "Have they answered you?" not in enter(client, receipt)
        run_sweep(ASKED)
        page = client.get(reverse("complaints:mine")).content.decode()
        assert "Have they answered you?" in page
        assert client.post(reverse("complaints:mine-outside"), {"cycle": 1}).status_code == 422
        answer = {"answered": "no", "words": "Tidak ada kabar", "cycle": 1}
        assert client.post(reverse("complaints:mine-outside"), answer).status_code == 302
        page = client.get(reverse("complaints:mine")).content.decode()
        assert "Have they answered you?" not in page
        assert "Your report is now with" not in page
        assert "the other body did not answer: back with the city" in page
        # Sent again from the page that was open in another window.
        assert client.post(reverse("complaints:mine-outside"), answer).status_code == 409
    assert Complaint.objects.get().state == "submitted"


def test_the_supervisors_list_leads_to_the_case_where_they_say_what_became_of_it(
    client: Client, receipt: str
) -> None:
    case = Complaint.objects.get()
    for day in (31, 47, 63):
        run_sweep(FRIDAY + day * DAY)
    with time_machine.travel(FRIDAY + 70 * DAY, tick=False):
        client.force_login(factories.make_user(Role.SUPERVISOR))
        assert "Lampu mati" in client.get(reverse("escalation:oversight-referred")).content.decode()
        page = client.get(reverse("complaints:case-detail", args=[case.number])).content.decode()
        assert "The other body has answered" in page
        url = reverse("complaints:case-settle-referral", args=[case.number])
        case.refresh_from_db()
        assert client.post(url, {"words": "Sudah menyala", "version": case.version}).status_code == 302
        assert "Lampu mati" not in client.get(reverse("escalation:oversight-referred")).content.decode()


def test_a_supervisor_takes_it_up_again_on_the_page(client: Client, receipt: str) -> None:
    case = Complaint.objects.get()
    url = reverse("complaints:case-bring-back", args=[case.number])
    with time_machine.travel(ASKED, tick=False):
        client.force_login(factories.make_user(Role.SUPERVISOR))
        assert client.post(url, {"words": "", "version": case.version}).status_code == 400
        assert client.post(url, {"words": "PLN menolak", "version": case.version}).status_code == 302
    case.refresh_from_db()
    assert case.state == "submitted"


def test_the_verifier_may_set_the_day_when_referring(client: Client, body: Agency) -> None:
    case = factories.file_complaint()
    url = reverse("complaints:case-refer", args=[case.number])
    data = {"body": body.code, "reference": "X-1", "words": "", "version": case.version}
    with time_machine.travel(FRIDAY, tick=False):
        client.force_login(factories.make_user(Role.VERIFIER))
        assert client.post(url, data | {"check_days": "200"}).status_code == 400
        assert client.post(url, data | {"check_days": "10"}).status_code == 302
    case.refresh_from_db()
    assert case.check_at is not None
    assert case.check_at - FRIDAY < 11 * DAY
