"""A case that another body did not answer is the city's in a new round: what was before it does not count in it."""

from datetime import date, datetime

import pytest
from django.test import Client

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.desk.forms.actions import STOPS
from complaints.models import Complaint
from complaints.services import citizen, referral, verification
from complaints.services.change import NotPossible
from complaints.services.verification import Routing
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from tests import factories
from tests.conflict.people import City
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    for trigger, level in ((Trigger.BREACH, 1), (Trigger.UNACKNOWLEDGED, 2), (Trigger.DISPUTED, 1)):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))
    factories.make_conduct_phrases("minta uang", "tidak menjawab")
    return City()


def back(case: Complaint, by: User, now: datetime = FRIDAY, words: str = "") -> Complaint:
    """Referred by `by`, and 32 days later brought back by its citizen."""
    body = factories.make_agency("PLN", is_external=True)
    verification.refer(case.pk, actor=by, now=now, body=body, reference="X-1")
    run_sweep(now + 31 * DAY)
    at = now + 32 * DAY
    return referral.speak_of_referral(case.pk, actor=Citizen(case.pk), now=at, answered=False, words=words)


def triggers() -> list[str]:
    return sorted(Escalation.objects.open().values_list("trigger", flat=True))


def test_an_instruction_from_before_it_went_is_not_one_that_was_ignored(city: City) -> None:
    case = factories.in_progress(agency=city.pupr, email="ani@warga.test")
    run_sweep(FRIDAY + 22 * DAY)
    word = Escalation.objects.get()
    ruling = Ruling(Decision.INSTRUCT, "Jawablah.", days=5)
    decide(word.pk, actor=city.hana, now=FRIDAY + 23 * DAY, ruling=ruling)
    back(case, city.sari, FRIDAY + 24 * DAY)
    run_sweep(FRIDAY + 57 * DAY)
    assert triggers() == [Trigger.BROUGHT_BACK]
    assert not Escalation.objects.unheeded(FRIDAY + 57 * DAY).exists()


def test_a_dispute_from_before_it_went_is_not_raised_again(city: City) -> None:
    case = factories.resolved(agency=city.pupr, email="ani@warga.test")
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY, why="Belum")
    run_sweep(FRIDAY + HOUR)
    back(case, city.sari, FRIDAY + 2 * HOUR)
    run_sweep(FRIDAY + 33 * DAY)
    assert triggers() == [Trigger.BROUGHT_BACK]


def test_questions_are_counted_anew_and_the_page_says_so(city: City, client: Client) -> None:
    case = factories.file_complaint(email="ani@warga.test")
    for hour in (1, 3):
        verification.ask_citizen(case.pk, actor=city.vera, now=FRIDAY + hour * HOUR, question="Di mana?")
        citizen.answer(case.pk, actor=Citizen(case.pk), now=FRIDAY + (hour + 1) * HOUR, text="Di pasar")
    back(case, city.vera, FRIDAY + 5 * HOUR)
    client.force_login(city.vera)
    assert str(STOPS) in client.get(f"/staff/cases/{case.number}/?do=ask").content.decode()
    case = verification.ask_citizen(case.pk, actor=city.vera, now=FRIDAY + 33 * DAY, question="Sejak kapan?")
    assert list(case.pauses.order_by("pk").values_list("stops_clock", flat=True)) == [True, True, True]


def test_whom_the_citizen_accuses_then_does_not_get_it_unasked(city: City) -> None:
    case = factories.file_complaint(email="ani@warga.test")
    back(case, city.vera, words="Kepala Dinas PUPR minta uang.")
    with pytest.raises(NotPossible, match="PUPR"):
        verification.assign(case.pk, actor=city.vera, now=FRIDAY + 33 * DAY, routing=Routing([city.pupr]))


def test_what_a_supervisor_writes_of_an_office_is_no_complaint_of_the_citizen(city: City) -> None:
    body = factories.make_agency("PLN", is_external=True)
    case = factories.file_complaint()
    verification.refer(case.pk, actor=city.vera, now=FRIDAY, body=body, reference="X-1")
    words = "Dinas PUPR lambat dan tidak menjawab."
    referral.bring_back(case.pk, actor=city.sari, now=FRIDAY + DAY, words=words)
    verification.assign(case.pk, actor=city.vera, now=FRIDAY + DAY, routing=Routing([city.pupr]))
    assert Complaint.objects.get().agency == city.pupr


def test_what_a_merged_citizen_wrote_of_an_answer_counts_for_their_own_case(city: City) -> None:
    main = factories.resolved(agency=city.dinkes)
    other = factories.file_complaint(secret="another")
    verification.merge(other.pk, actor=city.vera, now=FRIDAY, into=main.pk)
    citizen.confirm(main.pk, actor=Citizen(main.pk), now=FRIDAY + HOUR)
    words = "Belum. Kepala Dinas PUPR minta uang."
    citizen.react_as_merged(other.pk, actor=Citizen(other.pk), now=FRIDAY + DAY, agrees=False, words=words)
    supervisor = factories.make_user(Role.SUPERVISOR, name="Surya")
    raised = Escalation.objects.create(
        complaint=other, level=2, trigger=Trigger.DISPUTED, cause="x", raised_at=FRIDAY, due_at=FRIDAY + DAY
    )
    ruling = Ruling(Decision.REASSIGN, "Ke PUPR.", agency=city.pupr)
    with pytest.raises(NotPossible, match="PUPR"):
        decide(raised.pk, actor=supervisor, now=FRIDAY + DAY, ruling=ruling)
