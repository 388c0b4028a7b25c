"""What people judge lowest in a survey asks the head of the unit for a promise, and the sweep sees to an answer."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role, Seat
from complaints.models import Message
from complaints.services.change import NotAllowed, NotPossible
from escalation.models import Commitment, Proposal, ProposalRule, ProposalState, RoundLooked
from escalation.promises.choosing import ElementMean, lowest
from escalation.promises.services import proposals
from escalation.promises.sweep import sweep_obligations
from surveys.index.services import refresh_results
from surveys.questionnaires.models import Question
from surveys.rounds.models import Round
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.module_rows import ModuleRows
from tests.promises.people import TODAY, head, promise, supervisor
from tests.surveys.questions import national

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made")]


def make() -> None:
    factories.make_city()
    head()
    supervisor()
    national()
    ProposalRule.objects.create(valid_from=date(2020, 1, 1), fewest_answers=5)


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Any:
    return module_rows.make(make)


def closed_round(agency: str = "PUPR", n: int = 12, **low: int) -> Round:
    """A closed round in which everybody judged alike: 4, but for the elements in `low`."""
    version = national()
    row = Round.objects.create(
        code=f"R{Round.objects.count():07d}",
        version=version,
        agency=factories.make_agency(agency),
        opens_on=TODAY - timedelta(days=30),
        closes_on=TODAY - timedelta(days=1),
        state="closed",
    )
    asked = Question.objects.filter(section__version=version).exclude(element="")
    answers = {key: str(low.get(element, 4)) for key, element in asked.values_list("key", "element")}
    for serial in range(n):
        row.responses.create(
            id=row.pk * 1000 + serial, day=TODAY - timedelta(days=9), channel="qr", answers=answers
        )
    refresh_results(FRIDAY)
    return row


def proposed(**low: int) -> Proposal:
    closed_round("PUPR", 12, **low or {"time": 2})
    sweep_obligations(FRIDAY)
    return Proposal.objects.latest("pk")


def mean(element: str, value: float, answered: int = 50) -> ElementMean:
    return ElementMean(element, value, None, None, answered)


def test_the_two_lowest_below_the_band_are_chosen_or_the_lowest_in_any_case() -> None:
    found = [mean("time", 2.9), mean("cost", 2.5), mean("product", 2.7), mean("staff", 3.5)]
    rule: Any = {"most": 2, "below": 3.0644, "always": True, "fewest": 10}
    assert [each.element for each in lowest(found, **rule)] == ["cost", "product"]
    good = [mean("time", 3.2), mean("cost", 3.1), mean("product", 2.0, answered=9)]
    assert [each.element for each in lowest(good, **rule)] == ["cost"]
    assert lowest(good, **rule | {"always": False}) == []


def test_a_closed_round_opens_proposals_once_and_its_head_is_told() -> None:
    closed_round(time=2, cost=3)
    for _again in range(2):
        sweep_obligations(FRIDAY)
    assert [(row.element, row.mean) for row in Proposal.objects.order_by("mean")] == [
        ("time", 2.0),
        ("cost", 3.0),
    ]
    assert RoundLooked.objects.count() == 1
    assert Message.objects.filter(template="proposal", user=head()).count() == 2


def test_a_round_that_few_answered_asks_for_nothing() -> None:
    closed_round(n=4, time=1)
    sweep_obligations(FRIDAY)
    assert not Proposal.objects.exists()


def test_an_old_round_is_history() -> None:
    row = closed_round(time=1)
    Round.objects.filter(pk=row.pk).update(opens_on=date(2025, 1, 1), closes_on=date(2025, 2, 1))
    sweep_obligations(FRIDAY)
    assert RoundLooked.objects.exists() and not Proposal.objects.exists()


def test_the_head_makes_a_promise_of_it_with_the_element_as_its_source() -> None:
    row = proposed()
    made = proposals.accept(row.pk, actor=head(), now=FRIDAY, new=promise(), idempotency_key="p" * 32)
    again = proposals.accept(row.pk, actor=head(), now=FRIDAY, new=promise(), idempotency_key="p" * 32)
    row.refresh_from_db()
    assert (row.state, row.commitment, again) == (ProposalState.ACCEPTED, made, made)
    source = made.sources.get()
    assert (source.survey_round, source.element) == (row.survey_round, "time")


def test_the_head_declines_with_a_reason_that_everybody_reads(client: Client) -> None:
    row = proposed()
    with pytest.raises(NotPossible):
        proposals.decline(row.pk, actor=head(), now=FRIDAY, words=" ")
    client.force_login(head())
    assert (
        client.post(f"/staff/proposals/{row.number}/decline/", {"words": "Gedung baru 2027."}).status_code
        == 302
    )
    client.logout()
    assert "Gedung baru 2027." in client.get("/commitments/").content.decode()
    assert Message.objects.filter(template="proposal", user=supervisor()).exists()


def test_what_was_answered_is_answered() -> None:
    row = proposed()
    proposals.decline(row.pk, actor=head(), now=FRIDAY, words="Tidak perlu.")
    with pytest.raises(NotPossible):
        proposals.accept(row.pk, actor=head(), now=FRIDAY, new=promise())
    assert not row.survey_round.commitment_sources.exists()


def test_a_proposal_that_lies_is_reminded_of_and_climbs_to_the_level_above() -> None:
    row = proposed()
    inspector = supervisor(Seat.INSPECTORATE)
    told: dict[int, set[str]] = {}
    for day in (24, 31, 46, 61):
        sweep_obligations(FRIDAY + day * DAY)
        lines = Message.objects.filter(template="proposal").exclude(data__what="made")
        told[day] = {f"{message.user_id == inspector.pk}-{message.data['what']}" for message in lines}
    row.refresh_from_db()
    assert row.level == 3
    assert told[24] == {"False-reminder"}
    assert "True-overdue" in told[46]


def test_an_annulled_round_asks_for_nothing_any_more() -> None:
    row = proposed()
    Round.objects.update(state="annulled", annulled_because="Salah kuesioner.")
    sweep_obligations(FRIDAY + DAY)
    row.refresh_from_db()
    assert (row.state, row.next_action_at) == (ProposalState.VOID, None)


def test_supervisors_and_officers_look_on_and_others_do_not_find_it(client: Client) -> None:
    row = proposed()
    with pytest.raises(NotAllowed):
        proposals.decline(row.pk, actor=supervisor(), now=FRIDAY, words="Tidak.")
    for person, status in (
        (supervisor(), 200),
        (factories.make_user(Role.OFFICER), 200),
        (factories.make_user(Role.CLERK), 403),
        (head("DISHUB"), 404),
    ):
        client.force_login(person)
        assert client.get(f"/staff/proposals/{row.number}/").status_code == status
    assert client.post(f"/staff/proposals/{row.number}/decline/", {"words": "x"}).status_code == 404


def test_the_page_shows_reports_of_the_unit_and_what_was_promised_after_the_last_round(
    client: Client,
) -> None:
    first = proposed()
    proposals.accept(first.pk, actor=head(), now=FRIDAY, new=promise(title="Antrean nomor"))
    factories.assigned(subject="Antre tiga jam")
    closed_round(time=2)
    sweep_obligations(FRIDAY + DAY)
    second = Proposal.objects.latest("pk")
    client.force_login(head())
    page = client.get(f"/staff/proposals/{second.number}/").content.decode()
    assert "Antre tiga jam" in page and "Antrean nomor" in page
    assert second.number in client.get("/staff/proposals/").content.decode()


def test_the_form_of_the_promise_is_reached_from_the_proposal_and_ends_it(client: Client) -> None:
    row = proposed()
    client.force_login(head())
    url = f"/staff/commitments/new/?proposal={row.number}"
    assert client.get(url).context["form"]["agency"].value() == "PUPR"
    sent = {
        "idempotency_key": "d" * 32,
        "agency": "PUPR",
        "kind": "other",
        "title": "Antrean nomor",
        "owner": head().pk,
        "due_on": "2027-02-01",
    }
    assert [client.post(url, sent).status_code for _twice in range(2)] == [302, 302]
    row.refresh_from_db()
    assert row.commitment is not None and row.commitment.title == "Antrean nomor"
    assert Commitment.objects.count() == 1


def test_the_list_leads_to_what_was_answered(client: Client) -> None:
    proposed()
    client.force_login(head())
    page = client.get("/staff/proposals/").content.decode()
    assert "/staff/proposals/?show=ended" in page and "/staff/inputs/" in page
