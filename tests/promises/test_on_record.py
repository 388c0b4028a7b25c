"""Recommendations and promises are held against the ledger's own entries, which tell nobody of a case."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from complaints.files import storage
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.recording import record_own_rows
from complaints.ledger.verify import verify_ledger
from complaints.models import Complaint, LedgerEntry, ReportedParty
from complaints.services.change import NotPossible
from complaints.services.erasure import erase_person
from escalation.days import first_look
from escalation.promises import sweep
from escalation.promises.models.commitment import Commitment, CommitmentEvidence, CommitmentSource
from escalation.promises.models.recommendation import (
    Recommendation,
    RecommendationCase,
    RecommendationStep,
    Verdict,
)
from escalation.promises.services import commitments, recommendations
from escalation.promises.sweep import sweep_obligations
from tests import factories
from tests.factories import FRIDAY, HOUR
from tests.files.samples import upload
from tests.ledger.forger import sql
from tests.promises.people import advice, head, kept, promise, promised, recommended, supervisor
from tests.shared import path_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(db: None) -> None:
    """As in a city that `load_city` made: every row of these tables has to be on record."""
    record_own_rows(FRIDAY)


def why() -> str:
    bad = verify_ledger().first_bad
    return bad.why if bad else ""


def answered(row: Recommendation) -> Recommendation:
    return recommendations.answer(row.pk, actor=head(), now=FRIDAY, accepts=True, words="Ya.")


def judged(row: Recommendation, **fields: Any) -> Recommendation:
    judgement = recommendations.Judgement(Verdict.PARTLY, "Sebagian.", **fields)
    return recommendations.judge(row.pk, actor=supervisor(), now=FRIDAY + HOUR, judgement=judgement)


def test_whatever_is_done_with_them_fits() -> None:
    case = factories.in_progress()
    row = answered(recommended(cases=(case,)))
    judged(row, due_on=row.due_on + timedelta(days=9))
    judged(row)
    recommendations.withdraw(recommended().pk, actor=supervisor(), now=FRIDAY, words="Keliru.")
    kept(promised(cases=(case,)))
    late = promised(days=3, recommendation=recommended(days=3, cases=(case,)))
    commitments.report(late.pk, actor=head(), now=FRIDAY, words="Sudah.")
    finding = commitments.Finding.NOT_YET
    commitments.judge(late.pk, actor=supervisor(), now=FRIDAY, finding=finding, words="Belum.")
    for days in range(0, 60, 5):
        sweep_obligations(FRIDAY + timedelta(days=days))
    late.refresh_from_db()
    assert late.level == 3
    assert why() == ""


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        (Recommendation, {"state": "complied", "ended_at": FRIDAY}, "recommendation_ended_at_differs"),
        (Recommendation, {"due_on": "2027-12-31"}, "recommendation_due_on_differs"),
        (Recommendation, {"next_action_at": None}, "recommendation_next_action_at_differs"),
        (Recommendation, {"findings": "Tidak ada apa-apa."}, "recommendation_findings_differs"),
        (Recommendation, {"maladministration": "none"}, "recommendation_maladministration_differs"),
        (RecommendationStep, {"words": "Tidak."}, "recommendation_step_words_differs"),
        (RecommendationStep, {"data": {}}, "recommendation_step_data_differs"),
        (Commitment, {"due_on": "2027-12-31"}, "commitment_due_on_differs"),
        (Commitment, {"title": "Lain"}, "commitment_title_differs"),
    ],
)
def test_what_somebody_changes_in_the_database_is_noticed(table: Any, change: dict, said: str) -> None:
    row = answered(recommended())
    promised(recommendation=row)
    columns = ", ".join(f"{name} = %s" for name in change)
    values = [json.dumps(value) if isinstance(value, dict) else value for value in change.values()]
    sql(f"UPDATE {table._meta.db_table} SET {columns}", *values)
    assert why() == said


def test_a_case_taken_away_from_under_them_is_noticed() -> None:
    case, other = factories.in_progress(), factories.in_progress()
    recommended(cases=(case,))
    promised(cases=(case,))
    RecommendationCase.objects.update(complaint=other)
    assert why() == "recommendation_case_complaint_differs"
    RecommendationCase.objects.update(complaint=case)
    CommitmentSource.objects.all().delete()
    assert why() == "commitment_source_missing"


def test_evidence_cannot_be_exchanged() -> None:
    row = promised()
    draft = storage.receive(upload("jpg"), digest="d" * 64, now=FRIDAY)
    commitments.report(row.pk, actor=head(), now=FRIDAY, words="Sudah.", files=[draft])
    assert why() == ""
    path = path_of(draft.key)
    content = path.read_bytes()
    path.write_bytes(content[::-1])
    assert why() == "file_changed"
    path.write_bytes(content)
    other = storage.receive(upload("png"), digest="e" * 64, now=FRIDAY)
    CommitmentEvidence.objects.update(attachment=other)
    assert why() == "commitment_evidence_attachment_differs"


def test_a_row_that_the_sweep_puts_aside_is_still_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    row = recommended(days=1)

    def fail(*args: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(sweep, "_act", fail)
    sweep_obligations(first_look(row.due_on, FRIDAY))
    row.refresh_from_db()
    assert row.sweep_error == "ZeroDivisionError"
    assert why() == ""


def test_who_turns_back_leaves_nothing_on_record() -> None:
    row = answered(recommended())
    judged(row)
    count = LedgerEntry.objects.count()
    with pytest.raises(NotPossible):
        judged(row)
    assert LedgerEntry.objects.count() == count and why() == ""


def test_the_same_form_again_records_nothing() -> None:
    factories.make_city()
    first = recommendations.issue(advice(), actor=supervisor(), now=FRIDAY, idempotency_key="k" * 32)
    count = LedgerEntry.objects.count()
    again = recommendations.issue(advice(), actor=supervisor(), now=FRIDAY, idempotency_key="k" * 32)
    assert (again, LedgerEntry.objects.count()) == (first, count)


def test_a_citizen_behind_a_recommendation_is_erased_and_all_fits() -> None:
    case = factories.closed(email="ani@example.org")
    recommended(cases=(case,))
    promised(cases=(case,))
    erase_person(case.pk, by=None, now=FRIDAY + 99 * 24 * HOUR, reason="Atas permintaan", everything=True)
    assert why() == ""


def test_what_an_older_version_wrote_is_compared_once_it_is_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = answered(recommended(cases=(factories.in_progress(),)))
    sql("DELETE FROM complaints_ledgerentry")
    assert why() == ""  # nobody can know
    judged(row, due_on=row.due_on + timedelta(days=9))
    Recommendation.objects.update(subject="Lain")
    assert why() == ""
    Recommendation.objects.update(due_on="2027-12-31")
    assert why() == "recommendation_due_on_differs"  # what was done since is told
    call_command("record_rows")
    assert why() == "recommendation_due_on_differs"
    Recommendation.objects.update(due_on=row.due_on + timedelta(days=9))
    assert why() == ""
    sql("DELETE FROM escalation_recommendationstep")
    assert why() == "recommendation_step_missing"


def hidden_from(user: User) -> Complaint:
    case = factories.in_progress()
    ReportedParty.objects.create(complaint=case, user=user, named_at=FRIDAY)
    return case


def test_no_entry_names_a_case_or_lets_it_be_guessed() -> None:
    """Whoever tries all keys of cases must not find the one behind a recommendation, nor its words."""
    case = hidden_from(supervisor())
    recommendations.issue(advice(cases=(case,)), actor=supervisor("ombudsman"), now=FRIDAY)
    promised(cases=(case,))
    entry = next(each for each in LedgerEntry.objects.order_by("seq") if "rows" in each.data)
    (link,) = entry.data["rows"]["+recommendation_case"]
    assert re.fullmatch("[0-9a-f]{32}", link["complaint_id"])
    (promise_link,) = LedgerEntry.objects.latest("seq").data["rows"]["+commitment_source"]
    assert link["complaint_id"] != promise_link["complaint_id"]
    said = json.dumps([each.data for each in LedgerEntry.objects.all()])
    assert case.number not in said
    for word in ("Loket", "loket", "kerja", "no_service"):
        assert word not in said


def test_the_public_page_is_the_same_with_a_hidden_recommendation_and_without(client: Client) -> None:
    """But for the count of events, which the heads tell of all that happens."""
    client.cookies["django_language"] = "en"
    promised()
    make_checkpoint(FRIDAY + HOUR)
    section = re.compile(r'<section id="entries">.*?</section>', re.DOTALL)
    before = section.search(client.get(reverse("complaints:ledger")).content.decode())
    recommendations.issue(
        advice(cases=(hidden_from(supervisor()),)), actor=supervisor("ombudsman"), now=FRIDAY
    )
    make_checkpoint(FRIDAY + 2 * HOUR)
    after = section.search(client.get(reverse("complaints:ledger")).content.decode())
    assert before and after and before[0] == after[0]


@pytest.mark.django_db(transaction=True)
def test_several_people_and_a_sweep_at_once_leave_one_chain_that_fits() -> None:
    rows = [recommended(days=2) for _each in range(4)]
    at = first_look(rows[0].due_on, FRIDAY)

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [partial(answered, row) for row in rows[:2]]
    acts += [partial(sweep_obligations, at)] * 2
    acts += [partial(commitments.make, promise(), actor=head(), now=FRIDAY)] * 2
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, acts))
    assert why() == ""
    assert Commitment.objects.count() == 2
