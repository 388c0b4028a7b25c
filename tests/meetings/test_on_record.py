"""Forums and their minutes stand in the ledger: whatever an office does fits, what is changed by SQL shows."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from complaints.ledger.recording import record_own_rows
from complaints.ledger.verify import verify_ledger
from complaints.models import LedgerEntry
from escalation.sweep import run_sweep
from surveys.forums.meetings.models.minutes import Agreement, Minutes, Signature
from surveys.forums.meetings.services import announcing, minutes
from surveys.forums.models import Finding, Forum
from surveys.index.services import Typed, enter_published, take_back
from tests import factories
from tests.factories import FRIDAY
from tests.ledger.forger import sql
from tests.meetings.people import BEFORE, DAY, announced, officer, plan, prepared
from tests.meetings.test_minutes import AFTER, objection, over, signed
from tests.meetings.test_minutes import circulated as open_to_objections

pytestmark = pytest.mark.django_db


def why() -> str:
    bad = verify_ledger(files=False).first_bad
    return bad.why if bad else ""


def test_whatever_is_done_with_a_forum_is_on_record() -> None:
    record_own_rows(FRIDAY)  # from here on each row must be told of
    other = factories.make_agency("DKP")
    forum = announced(agencies=(factories.make_agency(),))
    assert why() == ""
    moved = plan(agencies=(other,), cases=(factories.in_progress().pk,), starts_at=forum.starts_at + DAY)
    announcing.change(forum.pk, moved, actor=officer(), now=BEFORE)
    assert why() == ""
    announcing.begin(forum.pk, actor=officer(), now=BEFORE)
    announcing.close(forum.pk, actor=officer(), now=moved.ends_at)
    assert why() == ""
    cancelled = announced(title="Lain")
    announcing.cancel(cancelled.pk, actor=officer(), now=BEFORE, why="Hujan.")
    run_sweep(moved.ends_at + 9 * DAY)
    assert Minutes.objects.get(forum=forum).level == 1
    assert why() == ""


def test_minutes_are_on_record_from_the_draft_to_the_finding_that_comes_of_them() -> None:
    record_own_rows(FRIDAY)
    row = open_to_objections()
    said = objection(row)
    minutes.answer_objection(row.forum.pk, said.pk, actor=officer(), now=AFTER, answer="Pukul 16.")
    assert why() == ""
    row = signed()
    minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    assert Finding.objects.count() == Agreement.objects.exclude(finding=None).count() == 1
    assert why() == ""


@pytest.mark.parametrize(
    ("statement", "noticed"),
    [
        ("UPDATE surveys_forum SET ends_at = '2027-12-24 01:00:00+00:00'", "forum_ends_at_differs"),
        ("UPDATE surveys_forum SET announced_at = NULL", "forum_missing"),
        ("DELETE FROM surveys_forum_agencies", "forum_agency_missing"),
        ("UPDATE surveys_minutes SET next_action_at = NULL", "minutes_next_action_at_differs"),
        ("UPDATE surveys_minutes SET level = 3", "minutes_level_differs"),
        ("UPDATE surveys_forumstep SET kind = 'held'", "forum_step_kind_differs"),
    ],
)
def test_what_is_changed_behind_everybodys_back_shows(statement: str, noticed: str) -> None:
    announced(agencies=(factories.make_agency("DKP"),))
    sql(statement)
    assert why() == noticed


def test_a_draft_is_on_no_record_and_nothing_in_the_ledger_can_be_guessed() -> None:
    prepared()
    assert not LedgerEntry.objects.exists()
    case = factories.in_progress()
    announced(cases=(case.pk,), title="Forum rahasia", place="Aula tersembunyi")
    code = Forum.objects.get(state="announced").attendance_code
    text = json.dumps([entry.data for entry in LedgerEntry.objects.all()])
    assert not any(words in text for words in ("Forum rahasia", "Aula", code, f'"complaint_id": {case.pk}'))


def test_an_index_that_was_typed_in_is_on_record_and_so_is_taking_it_back() -> None:
    boss = factories.make_user("supervisor")
    typed = Typed("Dinas", "2025", "papan", Decimal("76.61"), {"requirements": Decimal("3.2")}, {})
    row = enter_published(typed, actor=boss, now=FRIDAY)
    assert why() == ""
    sql("UPDATE surveys_publishedindex SET respondents = 400")
    assert why() == "published_index_respondents_differs"
    sql("UPDATE surveys_publishedindex SET respondents = NULL")
    take_back(row, why="Salah ketik", actor=boss, now=FRIDAY)
    assert why() == ""


def test_what_an_older_version_wrote_is_put_on_record_after_the_upgrade() -> None:
    announced()
    sql("DELETE FROM complaints_ledgerentry")
    sql("UPDATE surveys_forum SET seats = 5")
    assert why() == ""  # nobody can know
    call_command("record_rows")
    assert why() == ""
    sql("UPDATE surveys_forum SET seats = 500")
    assert why() == "forum_seats_differs"


@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("surveys_minutesversion", "summary"), ("surveys_signature", "name"), ("surveys_forumstep", "kind")],
)
def test_the_database_refuses_to_change_what_is_only_ever_added(change: str, table: str, column: str) -> None:
    signed()
    assert Signature.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table, column))
