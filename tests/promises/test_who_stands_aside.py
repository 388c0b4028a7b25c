"""Whoever is named in a case that a recommendation or promise rests on has no part in it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Message
from complaints.recusal import PERSON_STANDS_ASIDE
from complaints.services import parties
from escalation.oversight.panels import panels_for
from escalation.promises.models.commitment import Commitment
from escalation.promises.models.recommendation import Recommendation
from escalation.promises.services import commitments, recommendations
from escalation.promises.sweep import sweep_obligations
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.promises import people
from tests.refusals import refused

pytestmark = pytest.mark.django_db
MODELS = {"recommendation": Recommendation, "commitment": Commitment}


def name(case: Complaint, who: User | Agency) -> None:
    by = factories.make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN)
    party = {"user": who} if isinstance(who, User) else {"agency": who}
    parties.name_party(case.pk, actor=by, now=FRIDAY, why="Disebut pelapor", **party)


@pytest.fixture
def case() -> Complaint:
    return factories.in_progress()


@pytest.fixture
def sari() -> User:
    return people.supervisor()


def both(case: Complaint) -> dict[str, str]:
    """A recommendation resting on the case, answered, and a promise made on it, reported: their numbers."""
    advised = people.recommended(cases=(case,))
    promised = commitments.make(people.promise(recommendation=advised), actor=people.head(), now=FRIDAY)
    recommendations.answer(advised.pk, actor=people.head(), now=FRIDAY, accepts=True, words="Ya.")
    commitments.report(promised.pk, actor=people.head(), now=FRIDAY, words="Sudah.")
    return {"recommendation": advised.number, "commitment": promised.number}


@pytest.mark.parametrize("kind", MODELS)
def test_a_supervisor_named_in_the_case_neither_reads_nor_judges(
    client: Client, case: Complaint, sari: User, kind: str
) -> None:
    numbers = both(case)
    client.force_login(sari)
    page = reverse(f"escalation:{kind}-detail", args=[numbers[kind]])
    lists = reverse(f"escalation:{kind}-list")
    assert client.get(page).status_code == 200 and numbers[kind] in client.get(lists).content.decode()
    name(case, sari)
    assert client.get(page).status_code == 404
    assert numbers[kind] not in client.get(lists).content.decode()
    said = {"verdict": "complied", "finding": "kept", "words": "Baik."}
    assert client.post(reverse(f"escalation:{kind}-judge", args=[numbers[kind]]), said).status_code == 404
    waiting = [line.note for panel in panels_for(sari, FRIDAY) for line in panel.lines]
    assert not any(numbers[kind] in str(note) for note in waiting)


def test_they_get_no_mail_and_another_does(case: Complaint) -> None:
    sari = people.inspector()
    name(case, sari)
    advised = people.recommended(cases=(case,))
    recommendations.answer(advised.pk, actor=people.head(), now=FRIDAY, accepts=True, words="Ya.")
    assert sweep_obligations(FRIDAY + 15 * DAY).recommendations == 1
    told = Message.objects.filter(complaint=None).exclude(user=people.head())
    assert {message.template for message in told} >= {"recommendation_reply", "recommendation_due"}
    assert sari not in {message.user for message in told}


def test_the_head_above_answers_where_the_head_is_named(client: Client, case: Complaint) -> None:
    agency = factories.make_agency()
    above = factories.make_user(Role.AGENCY_HEAD, factories.make_agency("SETDA"))
    agency.parent = above.agency
    agency.save()
    hana = people.head()
    name(case, hana)
    advised = people.recommended(cases=(case,))
    assert {each.user for each in Message.objects.filter(template="recommendation")} == {above}
    page = reverse("escalation:recommendation-detail", args=[advised.number])
    for person, status in ((hana, 404), (above, 200)):
        client.force_login(User.objects.get(pk=person.pk))
        assert client.get(page).status_code == status
    assert (
        advised.number not in client.get(reverse("escalation:obligations")).content.decode()
        or person is above
    )


def test_nobody_is_made_owner_of_what_rests_on_a_case_about_them(case: Complaint) -> None:
    olga = factories.make_user(Role.OFFICER, name="Olga")
    name(case, olga)
    with refused(PERSON_STANDS_ASIDE):
        commitments.make(people.promise(cases=(case,), owner=olga), actor=people.head(), now=FRIDAY)


# The line under whom it is about

OWED = "/staff/owed/"


def page_of(kind: str, number: str) -> str:
    return reverse(f"escalation:{kind}-detail", args=[number])


def reads(client: Client, who: User, kind: str, number: str) -> bool:
    """Whether page and list both show it; never the one without the other."""
    client.force_login(User.objects.get(pk=who.pk))
    page, owed = client.get(page_of(kind, number)), client.get(OWED).content.decode()
    assert (page.status_code == 200) == (number in owed)
    return page.status_code == 200


@pytest.mark.parametrize("kind", MODELS)
def test_whoever_works_under_a_named_head_reads_neither_page_nor_list(
    client: Client, case: Complaint, kind: str
) -> None:
    oka = factories.officer_of(case)
    below = factories.make_agency("BENGKEL", parent=case.agency)
    chief = factories.make_user(Role.AGENCY_HEAD, below, name="Cakra")
    numbers = both(case)
    numbers["below"] = people.recommended(cases=(case,), agency=below).number
    assert reads(client, oka, kind, numbers[kind])
    assert client.get(page_of("recommendation", numbers["below"])).status_code == 404
    client.force_login(chief)
    assert client.get(page_of("recommendation", numbers["below"])).status_code == 200
    name(case, people.head())
    assert not reads(client, oka, kind, numbers[kind])
    client.force_login(chief)
    assert client.get(page_of("recommendation", numbers["below"])).status_code == 404


def test_the_head_of_a_unit_complained_about_answers_for_it_and_its_officers_stand_aside(
    client: Client, case: Complaint
) -> None:
    oka, hana = factories.officer_of(case), people.head()
    number = both(case)["recommendation"]
    assert case.agency is not None
    name(case, case.agency)
    assert reads(client, hana, "recommendation", number)
    assert not reads(client, oka, "recommendation", number)


def test_a_promise_on_a_case_about_the_unit_is_owned_by_its_head(case: Complaint) -> None:
    oka = factories.officer_of(case)
    advised = people.recommended(cases=(case,))
    assert case.agency is not None
    name(case, case.agency)
    with refused(PERSON_STANDS_ASIDE):
        commitments.make(people.promise(recommendation=advised, owner=oka), actor=people.head(), now=FRIDAY)
    commitments.make(people.promise(recommendation=advised), actor=people.head(), now=FRIDAY)


def test_a_line_written_before_they_were_named_is_not_sent(case: Complaint) -> None:
    oka = factories.officer_of(case)
    advised = people.recommended(cases=(case,))
    promised = people.promise(recommendation=advised, owner=oka)
    commitments.make(promised, actor=people.head(), now=FRIDAY)
    assert Message.objects.filter(user=oka, template="commitment_due").exists()
    name(case, people.head())
    send_due(FRIDAY + DAY * 3)
    lines = Message.objects.filter(user__in=[oka, people.head()], complaint=None)
    assert set(lines.values_list("last_error", flat=True)) == {"not for this reader"}
    assert lines.count() == 2
