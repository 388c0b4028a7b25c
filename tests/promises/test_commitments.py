"""An agency promises, reports and is judged; whoever led to a promise that is kept is told."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.mail.outbox import send_due
from complaints.models import Complaint, Event, Message
from complaints.models.catalogue import Kind
from complaints.services import verification
from complaints.services.change import NotAllowed, NotPossible
from escalation.promises.events import PromiseEvent
from escalation.promises.models.commitment import Commitment, CommitmentSource, CommitmentState
from escalation.promises.services.commitments import Finding, judge, make, report
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.promises.people import TODAY, head, kept, promise, promised, recommended, supervisor
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db


def test_a_promise_from_several_cases_stands_in_the_history_of_each() -> None:
    cases = tuple(factories.assigned() for _ in range(3))
    row = promised(cases=cases)
    assert row.number.startswith("KOM-2026-")
    for case in cases:
        event = Event.objects.filter(complaint=case).latest("seq")
        assert (event.kind, event.data["commitment"]) == (PromiseEvent.COMMITMENT_MADE, row.number)
    assert not what_is_broken()


def test_everyone_whose_case_led_to_a_kept_promise_is_told() -> None:
    mine = factories.assigned(email="ani@warga.test")
    merged = factories.file_complaint(email="budi@warga.test")
    verifier = factories.make_user(Role.VERIFIER)
    verification.merge(merged.pk, actor=verifier, now=FRIDAY, into=mine.pk)
    anonymous = factories.assigned(is_anonymous=True)
    behind = factories.assigned(email="cici@warga.test")
    source = recommended(cases=(behind,))
    mail.outbox.clear()
    row = kept(promised(cases=(mine, anonymous), recommendation=source))
    assert row.state == CommitmentState.KEPT
    send_due(FRIDAY + DAY)
    told = [letter for letter in mail.outbox if row.number in letter.body and "@warga.test" in letter.to[0]]
    assert sorted(letter.to[0] for letter in told) == ["ani@warga.test", "budi@warga.test", "cici@warga.test"]
    assert row.title not in told[0].body
    shown = [item.kind for item in timeline_for(anonymous, Citizen(anonymous.pk))]
    assert shown[-2:] == [PromiseEvent.COMMITMENT_MADE, PromiseEvent.COMMITMENT_KEPT]


def test_the_citizen_of_a_shared_case_is_told_once() -> None:
    verifier = factories.make_user(Role.VERIFIER)
    whole = factories.file_complaint(email="ani@warga.test")
    routing = verification.Routing([factories.make_agency(), factories.make_agency("DLHK")])
    verification.assign(whole.pk, actor=verifier, now=FRIDAY, routing=routing)
    part = Complaint.objects.get(parent=whole)
    factories.make_user(Role.AGENCY_HEAD, factories.make_agency("DLHK"))
    values: dict[str, Any] = {"agency": factories.make_agency("DLHK"), "owner": head("DLHK")}
    row = make(promise(cases=(part,), **values), actor=head("DLHK"), now=FRIDAY)
    kept(row)
    told = Message.objects.filter(template="commitment_kept")
    assert [message.complaint for message in told] == [whole]


def test_a_broken_promise_is_said_on_its_cases_and_nobody_is_thanked() -> None:
    case = factories.assigned(email="ani@warga.test")
    row = promised(cases=(case,))
    row = judge(row.pk, actor=supervisor(), now=FRIDAY, finding=Finding.BROKEN, words="Dibatalkan.")
    assert row.state == CommitmentState.BROKEN
    assert Event.objects.filter(complaint=case).latest("seq").kind == PromiseEvent.COMMITMENT_BROKEN
    assert not Message.objects.filter(template="commitment_kept").exists()


def test_what_was_not_reported_cannot_be_found_kept() -> None:
    row = promised()
    with pytest.raises(NotPossible):
        judge(row.pk, actor=supervisor(), now=FRIDAY, finding=Finding.KEPT, words="Ya.")


def test_not_yet_opens_it_again_by_the_same_day() -> None:
    row = promised(days=10)
    report(row.pk, actor=head(), now=FRIDAY, words="Sudah.")
    row = judge(row.pk, actor=supervisor(), now=FRIDAY, finding=Finding.NOT_YET, words="Masih tutup.")
    assert (row.state, row.done_on, row.due_on) == ("open", None, promise(days=10).due_on)
    assert row.next_action_at is not None


def test_the_day_of_the_report_decides_whether_it_was_in_time() -> None:
    row = promised(days=1)
    row = kept(row, FRIDAY + 5 * DAY)
    assert row.done_on is not None
    assert row.done_on > row.due_on


def test_the_owner_reports_although_only_an_officer_and_other_officers_do_not() -> None:
    owner, other = factories.make_user(Role.OFFICER), factories.make_user(Role.OFFICER)
    row = promised(owner=owner)
    with pytest.raises(NotAllowed):
        report(row.pk, actor=other, now=FRIDAY, words="Sudah.")
    with pytest.raises(NotAllowed):
        report(row.pk, actor=supervisor(), now=FRIDAY, words="Sudah.")
    assert report(row.pk, actor=owner, now=FRIDAY, words="Sudah.").done_on == TODAY


def test_of_two_reports_only_the_first_counts() -> None:
    row = promised()
    report(row.pk, actor=head(), now=FRIDAY, words="Sudah.")
    with pytest.raises(NotPossible):
        report(row.pk, actor=head(), now=FRIDAY, words="Sudah.")


def test_a_head_promises_for_their_own_line_only() -> None:
    factories.make_city()
    with pytest.raises(NotAllowed):
        make(promise(), actor=head("DINKES"), now=FRIDAY)
    for role in (Role.OFFICER, Role.VERIFIER, Role.CLERK, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            make(promise(), actor=factories.make_user(role), now=FRIDAY)


def test_a_head_cannot_use_a_case_out_of_scope() -> None:
    theirs = factories.assigned(agency=factories.make_agency("DINKES"))
    with pytest.raises(Complaint.DoesNotExist):
        promised(cases=(theirs,))
    assert not Commitment.objects.exists()


def test_a_supervisor_records_only_what_was_agreed_on_a_recommendation() -> None:
    source = recommended()
    with pytest.raises(NotPossible):
        make(promise(), actor=supervisor(), now=FRIDAY)
    row = make(promise(recommendation=source), actor=supervisor(), now=FRIDAY)
    assert CommitmentSource.objects.get(commitment=row).recommendation == source
    other = promise(agency=factories.make_agency("DINKES"), owner=head("DINKES"), recommendation=source)
    with pytest.raises(NotPossible):
        make(other, actor=supervisor(), now=FRIDAY)


@pytest.mark.parametrize("finding", list(Finding))
def test_whoever_recorded_a_promise_does_not_judge_it(client: Client, finding: Finding) -> None:
    maker = supervisor()
    row = make(promise(recommendation=recommended()), actor=maker, now=FRIDAY)
    report(row.pk, actor=head(), now=FRIDAY, words="Sudah.")
    with pytest.raises(NotPossible, match="sendiri yang mencatatnya"):
        judge(row.pk, actor=maker, now=FRIDAY, finding=finding, words="Ya.")
    other = factories.make_user(Role.SUPERVISOR)
    shown = {}
    for user in (maker, other):
        client.force_login(user)
        shown[user] = client.get(reverse("escalation:commitment-detail", args=[row.number])).context
    assert shown[maker]["judge_form"] is None and shown[maker]["judged_by_another"]
    assert shown[other]["judge_form"] is not None and not shown[other]["judged_by_another"]
    judge(row.pk, actor=other, now=FRIDAY, finding=finding, words="Ya.")


def test_a_promise_on_a_recommendation_tells_an_oversight_case_without_showing_it_to_the_agency() -> None:
    inspectorate = factories.make_agency("ITKOT", is_oversight=True)
    case = factories.assigned(agency=inspectorate, kind=Kind.OVERSIGHT)
    source = recommended(cases=(case,))
    row = promised(recommendation=source)
    event = Event.objects.filter(complaint=case).latest("seq")
    assert (event.kind, event.actor) == (PromiseEvent.COMMITMENT_MADE, None)
    assert row.sources.filter(complaint__isnull=False).count() == 0


def test_the_owner_works_at_the_agency() -> None:
    factories.make_city()
    with pytest.raises(NotPossible):
        make(promise(owner=head("DINKES")), actor=head(), now=FRIDAY)
