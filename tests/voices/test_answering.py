"""Each input gets an answer: there, as a report, as a promise, or a reason why not; alone or with its likes."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.identity import unseal
from complaints.integrity import check_integrity
from complaints.ledger.verify import verify_ledger
from complaints.mail.outbox import send_due
from complaints.models import Complainant, Complaint, LedgerEntry, Message
from complaints.models.complaint import Channel
from complaints.services import citizen, handling, verification
from complaints.services.change import NotAllowed, NotPossible
from escalation.promises.models.commitment import Commitment, CommitmentKind
from escalation.promises.services.commitments import Finding as Found
from escalation.promises.services.commitments import NewCommitment, judge, make, report
from escalation.sweep import run_sweep
from escalation.voices.sweep import sweep_inputs
from surveys.forums.contacts import token_for
from surveys.forums.inputs.choices import DeclineReason
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.inputs.services import answering, gathering, supporting
from surveys.forums.inputs.services.answering import NewCase, about_finding, about_input
from surveys.forums.models import Contact, Finding, ForumInput, InputWords, Support
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
LATER = FRIDAY + DAY


def told() -> list[str]:
    """The subjects of what leaves, and to whom."""
    mail.outbox.clear()
    Message.objects.filter(sent_at=None).update(due_at=FRIDAY)
    send_due(LATER)
    return sorted(f"{letter.to[0]}: {letter.subject}" for letter in mail.outbox)


def case_of(row: ForumInput, **fields: Any) -> ForumInput:
    officer = factories.make_user(Role.OFFICER)
    new = NewCase("Loket tutup awal")
    answering.become_case(about_input(row.pk, actor=officer), new, actor=officer, now=LATER, **fields)
    row.refresh_from_db()
    return row


def test_an_officer_answers_and_whoever_took_part_reads_it_once() -> None:
    row = said(make_forum(), email="ani@example.org", confirmed=True)
    other = said(email="budi@example.org", confirmed=True)
    supporting.support(row, browser="b", now=FRIDAY, identity=None)
    Support.objects.update(contact=other.contact)
    told()
    officer = factories.make_user(Role.OFFICER)
    answering.answer(
        about_input(row.pk, actor=officer), actor=officer, now=LATER, words="Sejak Senin sampai pukul 18."
    )
    row.refresh_from_db()
    assert (row.state, row.next_action_at, row.answered_by) == ("answered", None, officer)
    assert told() == [f"ani@example.org: {row.number}: dijawab", f"budi@example.org: {row.number}: dijawab"]
    assert "Sejak Senin" in mail.outbox[0].body


@pytest.mark.parametrize("source", [ForumInput.Source.MEETING, ForumInput.Source.BOX, ForumInput.Source.CALL])
def test_the_page_of_the_report_names_the_input_it_came_of(client: Client, source: str) -> None:
    row = said(make_forum())
    ForumInput.objects.filter(pk=row.pk).update(source=source)
    row = case_of(row)
    assert row.complaint
    client.force_login(factories.make_user(Role.SUPERVISOR))
    assert row.number in client.get(f"/staff/cases/{row.complaint.number}/").content.decode()


def test_two_officers_at_once_answer_once() -> None:
    row = said(make_forum())
    officer = factories.make_user(Role.OFFICER)
    about = about_input(row.pk, actor=officer)
    answering.answer(about, actor=officer, now=LATER, words="Ya")
    with pytest.raises(NotPossible):
        answering.decline(about, actor=officer, now=LATER, reason=DeclineReason.MONEY, words="Tidak")
    row.refresh_from_db()
    assert (row.state, row.answer) == ("answered", "Ya")


def test_another_agency_does_not_see_it_and_a_supervisor_does_not_answer() -> None:
    row = said(make_forum())
    stranger = factories.make_user(Role.OFFICER, factories.make_agency("DLHK"))
    with pytest.raises(ForumInput.DoesNotExist):
        about_input(row.pk, actor=stranger)
    with pytest.raises(NotAllowed):
        about_input(row.pk, actor=factories.make_user(Role.SUPERVISOR))


def test_an_input_becomes_a_report_of_who_wished_it(client: Client) -> None:
    row = said(make_forum(), email="ani@example.org", name="Ani", in_own_name=True, confirmed=True)
    told()
    case = case_of(row).complaint
    assert case is not None and case.channel == Channel.FORUM and not case.is_anonymous
    assert unseal(bytes(Complainant.objects.get(complaint=case).sealed)).name == "Ani"
    assert list(case.forum_inputs.all()) == [row]
    assert any("Laporan Anda" in line for line in told())
    letter = next(each for each in mail.outbox if "/take-part/receipt/" in each.body)
    code = answering.receipt_of(row)
    assert code not in letter.body.replace("-", "")  # a mail may be read by others
    client.get(f"/take-part/receipt/{token_for(row.contact, 'code', str(row.pk))}/")  # type: ignore[arg-type]
    assert code not in client.get("/take-part/receipt/").content.decode().replace("-", "")
    assert code in client.post("/take-part/receipt/").content.decode().replace("-", "")
    page = client.post("/complaints/track/", {"receipt": code}, follow=True)
    assert case.number in page.content.decode()
    assert not [name for name, found in check_integrity(LATER).items() if found and "nobody" not in name]


def test_without_a_wish_the_report_is_anonymous() -> None:
    row = case_of(said(make_forum(), email="ani@example.org", name="Ani", confirmed=True))
    assert row.complaint is not None and row.complaint.is_anonymous
    assert not Complainant.objects.exists()


def test_who_took_part_hears_when_the_report_ends() -> None:
    row = case_of(said(make_forum(), email="ani@example.org", confirmed=True))
    told()
    run_sweep(LATER)
    assert not InputStep.objects.filter(kind=StepKind.CASE_ENDED).exists()
    end_case(row.complaint)
    for _ in range(2):
        run_sweep(LATER + 3 * DAY)
    assert InputStep.objects.filter(kind=StepKind.CASE_ENDED).count() == 1
    assert [line for line in told() if "berakhir" in line]


def test_who_took_part_hears_of_the_answer_after_a_dispute_too() -> None:
    row = case_of(said(make_forum(), email="ani@example.org", confirmed=True))
    case = factories.resolved(LATER)
    ForumInput.objects.filter(pk=row.pk).update(complaint=case)
    officer, days = factories.officer_of(case), [LATER + n * DAY for n in range(6)]
    sweep_inputs(days[1])
    sweep_inputs(days[2])
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=days[3], why="Belum.")
    sweep_inputs(days[3])
    handling.resolve(case.pk, actor=officer, now=days[4], answer="Kini sudah.")
    sweep_inputs(days[4])
    sweep_inputs(days[5])
    told_on = InputStep.objects.filter(kind=StepKind.CASE_ENDED).order_by("pk").values_list("at", flat=True)
    assert list(told_on) == [days[1], days[4]]


def end_case(case: Complaint | None) -> None:
    """Rejected by a verifier."""
    assert case is not None
    verifier, reason = factories.make_user(Role.VERIFIER), factories.make_reason()
    verification.reject(case.pk, actor=verifier, now=LATER + DAY, reason=reason, words="Maaf")


def test_several_that_say_the_same_are_decided_together() -> None:
    forum = make_forum()
    rows = [said(forum, email=f"p{n}@example.org", confirmed=True) for n in range(3)]
    alone = said(forum, "Parkir kurang")
    officer = factories.make_user(Role.OFFICER)
    finding = gathering.gather([row.pk for row in rows], "Jam tidak cocok", actor=officer, now=FRIDAY)
    told()
    with pytest.raises(NotPossible):
        about_input(rows[0].pk, actor=officer)
    about = about_finding(finding.pk, actor=officer)
    answering.decline(about, actor=officer, now=LATER, reason=DeclineReason.MONEY, words="Tahun depan.")
    states = set(ForumInput.objects.filter(finding=finding).values_list("state", flat=True))
    assert states == {"declined"} and finding.inputs.count() == 3
    alone.refresh_from_db()
    assert alone.state == "waiting"
    assert told() == [f"p{n}@example.org: {finding.number}: tidak diterima, dengan alasan" for n in range(3)]


def test_one_person_who_said_it_twice_gets_one_mail() -> None:
    forum = make_forum()
    rows = [said(forum, email="ani@example.org", confirmed=True) for _ in range(2)]
    told()
    gathering.gather([row.pk for row in rows], "Jam", actor=factories.make_user(Role.OFFICER), now=FRIDAY)
    assert len(told()) == 1


def test_an_input_is_taken_out_before_the_decision_and_not_after() -> None:
    forum = make_forum()
    rows = [said(forum) for _ in range(3)]
    officer = factories.make_user(Role.OFFICER)
    finding = gathering.gather([row.pk for row in rows], "Jam", actor=officer, now=FRIDAY)
    gathering.split(rows[0].pk, actor=officer, now=FRIDAY)
    answering.answer(about_finding(finding.pk, actor=officer), actor=officer, now=LATER, words="Ya")
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].finding) == ("waiting", None)
    with pytest.raises(NotPossible):
        gathering.split(rows[1].pk, actor=officer, now=LATER)
    with pytest.raises(NotPossible):
        gathering.add(finding, [rows[0].pk], actor=officer, now=LATER)
    with pytest.raises(NotPossible):
        answering.answer(about_finding(finding.pk, actor=officer), actor=officer, now=LATER, words="Lagi")


def test_nothing_is_gathered_when_one_is_answered_already() -> None:
    forum = make_forum()
    rows = [said(forum) for _ in range(2)]
    officer = factories.make_user(Role.OFFICER)
    answering.answer(about_input(rows[0].pk, actor=officer), actor=officer, now=FRIDAY, words="Ya")
    with pytest.raises(NotPossible):
        gathering.gather([row.pk for row in rows], "Jam", actor=officer, now=FRIDAY)
    assert not Finding.objects.exists()
    rows[1].refresh_from_db()
    assert rows[1].finding is None


def test_the_same_form_gathers_once() -> None:
    forum = make_forum()
    rows, officer = [said(forum), said(forum)], factories.make_user(Role.OFFICER)
    keys = [row.pk for row in rows]
    twice = [
        gathering.gather(keys, "Jam", actor=officer, now=FRIDAY, idempotency_key="k" * 32).pk
        for _ in range(2)
    ]
    assert twice[0] == twice[1]


def test_each_who_wished_it_has_a_report_of_their_own() -> None:
    forum = make_forum()
    rows = [
        said(forum, email=f"p{n}@example.org", name=f"P{n}", in_own_name=n < 2, confirmed=True)
        for n in range(3)
    ]
    officer = factories.make_user(Role.OFFICER)
    finding = gathering.gather([row.pk for row in rows], "Jam", actor=officer, now=FRIDAY)
    about = about_finding(finding.pk, actor=officer)
    answering.become_case(about, NewCase("Jam"), actor=officer, now=LATER)
    cases = list(ForumInput.objects.order_by("pk").values_list("complaint", flat=True))
    assert len(set(cases[:2])) == 2 and cases[2] == cases[0]
    assert Complainant.objects.count() == Complaint.objects.count() == 2


def make_promise(finding: Finding, head: Any) -> Commitment:
    new = NewCommitment(
        agency=head.agency,
        kind=CommitmentKind.HOURS,
        title="Loket buka sampai pukul 18",
        description="",
        owner=head,
        due_on=date(2027, 1, 29),
        findings=(finding,),
    )
    return make(new, actor=head, now=LATER, idempotency_key="k" * 32)


def test_an_input_becomes_a_promise_once_and_its_people_hear_how_it_ended() -> None:
    row = said(make_forum(), email="ani@example.org", confirmed=True)
    head = factories.make_user(Role.AGENCY_HEAD)
    finding = gathering.gather([row.pk], "Jam", actor=head, now=FRIDAY)
    told()
    made = make_promise(finding, head)
    assert make_promise(finding, head) == made
    row.refresh_from_db()
    assert (row.state, row.commitment) == ("commitment", made.number)
    assert row.finding is not None and row.finding.decided_at is not None
    assert any("menjadi janji" in line for line in told())
    report(made.pk, actor=head, now=LATER, words="Sudah")
    told()
    judge(made.pk, actor=factories.make_user(Role.SUPERVISOR), now=LATER, finding=Found.KEPT, words="Benar")
    answering.promise_ended(made.number, StepKind.KEPT, actor=None, now=LATER)
    assert [line for line in told() if "ani@" in line] == [
        f"ani@example.org: {row.finding.number}: janji ditepati"
    ]


def test_who_stopped_or_was_never_confirmed_hears_nothing() -> None:
    row = said(make_forum(), email="ani@example.org")
    other = said(email="budi@example.org", confirmed=True)
    told()
    Contact.objects.exclude(confirmed_at=None).update(stopped_at=FRIDAY)
    officer = factories.make_user(Role.OFFICER)
    for each in (row, other):
        answering.answer(about_input(each.pk, actor=officer), actor=officer, now=LATER, words="Ya")
    assert told() == []


def test_an_input_goes_to_the_agency_that_can_answer_and_keeps_its_day() -> None:
    row = said(make_forum())
    officer = factories.make_user(Role.OFFICER)
    other = factories.make_agency("DLHK")
    due = row.due_at
    answering.pass_on(row.pk, actor=officer, now=LATER, agency=other)
    row.refresh_from_db()
    assert (row.agency, row.due_at) == (other, due)
    about_input(row.pk, actor=factories.make_user(Role.OFFICER, other))
    with pytest.raises(NotPossible):
        answering.pass_on(
            row.pk,
            actor=factories.make_user(Role.OFFICER, other),
            now=LATER,
            agency=factories.make_agency("LUAR", is_external=True),
        )


def test_all_of_it_or_nothing_when_a_report_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    row = said(make_forum())
    officer = factories.make_user(Role.OFFICER)

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(answering, "tell_step", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        answering.become_case(about_input(row.pk, actor=officer), NewCase("Jam"), actor=officer, now=LATER)
    row.refresh_from_db()
    assert row.state == "waiting" and not Complaint.objects.exists()


def test_every_step_stands_in_the_ledger() -> None:
    row = said(make_forum())
    officer = factories.make_user(Role.OFFICER)
    answering.answer(about_input(row.pk, actor=officer), actor=officer, now=LATER, words="Rahasia kantor")
    entry = LedgerEntry.objects.filter(kind="input_step").latest("seq")
    assert {name: entry.data[name] for name in ("kind", "input")} == {"kind": "answered", "input": row.number}
    assert "Rahasia" not in json.dumps(entry.data)
    assert verify_ledger(files=False).ok
    assert row.due_at - FRIDAY > timedelta(days=14)
    InputWords.objects.filter(input=row).update(text="Loket buka sesuai jadwal.")
    bad = verify_ledger(files=False).first_bad
    assert bad is not None and bad.why == "input_words_text_differs"
