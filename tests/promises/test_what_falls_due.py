"""The sweep reminds before the day, climbs after it, once each; missed runs lose nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import translation

from accounts.models import User
from accounts.roles import Role
from complaints.mail.outbox import send_due
from complaints.models import Message
from escalation.days import over_at
from escalation.promises import sweep
from escalation.promises.models.commitment import Commitment, CommitmentStep
from escalation.promises.models.recommendation import Recommendation, RecommendationStep, Verdict
from escalation.promises.services import commitments, obligations, recommendations
from escalation.promises.services.recommendations import Judgement
from escalation.promises.sweep import ObligationCounts, sweep_obligations
from escalation.promises.words import title_of
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.promises.people import TODAY, head, inspector, ombudsman, promised, recommended, supervisor
from tests.shared import PATIENCE

pytestmark = pytest.mark.django_db


def told(template: str, what: str) -> list[Any]:
    rows = Message.objects.filter(template=template, data__what=what).order_by("pk")
    return [row.user for row in rows]


def test_the_head_is_reminded_a_week_before_and_only_once() -> None:
    row = recommended(days=30)
    last = over_at(row.due_on)
    assert sweep_obligations(last - 8 * DAY) == ObligationCounts(0, 0)
    assert sweep_obligations(last - 6 * DAY) == ObligationCounts(1, 0)
    assert sweep_obligations(last - 5 * DAY) == ObligationCounts(0, 0)
    assert told("recommendation_due", "reminder") == [head()]


def test_what_is_overdue_climbs_from_the_head_to_the_inspectorate_to_the_ombudsman() -> None:
    first, second, third = head(), inspector(), ombudsman()
    row = recommended(days=30)
    last = over_at(row.due_on)
    supervisor().close()
    for days in range(120):
        sweep_obligations(last + days * DAY)
    assert told("recommendation_due", "overdue") == [first, second, third]
    row.refresh_from_db()
    assert (row.level, row.next_action_at) == (3, None)
    assert [step.data for step in row.steps.filter(kind="raised")] == [{"level": n} for n in (1, 2, 3)]


def test_where_there_is_nobody_to_be_told_no_step_says_that_somebody_was() -> None:
    row = recommended(days=30)
    last = over_at(row.due_on)
    User.objects.exclude(role=Role.OFFICER).update(is_active=False)
    sweep_obligations(last)
    assert told("recommendation_due", "overdue") == []
    with translation.override("en"):
        titles = [title_of(step) for step in row.steps.filter(kind="raised")]
    assert titles == ["Overdue: there was nobody who could be told"]


def test_the_last_day_itself_is_not_late() -> None:
    row = recommended(days=3)  # no time for a reminder
    last = over_at(row.due_on)
    assert sweep_obligations(last - timedelta(microseconds=1)) == ObligationCounts(0, 0)
    assert sweep_obligations(last) == ObligationCounts(1, 0)


def test_the_agency_above_is_told_on_the_second_rung() -> None:
    row = recommended(days=3)
    row.agency.parent = factories.make_agency("SETDA")
    row.agency.save()
    above = head("SETDA")
    last = over_at(row.due_on)
    sweep_obligations(last), sweep_obligations(last + 15 * DAY)
    assert above in told("recommendation_due", "overdue")


def test_a_sweep_that_was_not_run_for_months_goes_on_rung_by_rung() -> None:
    row = recommended(days=30)
    late = over_at(row.due_on) + 100 * DAY
    sweep_obligations(late)
    assert told("recommendation_due", "reminder") == []
    assert told("recommendation_due", "overdue") == [head()]
    sweep_obligations(late + 14 * DAY)
    row.refresh_from_db()
    assert row.level == 2


def test_an_answer_stops_the_climb_and_supervisors_are_reminded_to_judge() -> None:
    row = recommended(days=30)
    last = over_at(row.due_on)
    sweep_obligations(last)
    recommendations.answer(row.pk, actor=head(), now=last + DAY, accepts=True, words="Ya.")
    sweep_obligations(last + 14 * DAY)
    row.refresh_from_db()
    assert row.level == 1
    sweep_obligations(last + 15 * DAY), sweep_obligations(last + 40 * DAY)
    assert told("recommendation_due", "waiting") == [supervisor()]


def test_another_round_has_reminders_of_its_own() -> None:
    row = recommended(days=30)
    sweep_obligations(over_at(row.due_on) - 2 * DAY)
    recommendations.answer(row.pk, actor=head(), now=FRIDAY + 29 * DAY, accepts=True, words="Ya.")
    more = Judgement(Verdict.PARTLY, "Kurang.", TODAY + timedelta(days=60))
    row = recommendations.judge(row.pk, actor=supervisor(), now=FRIDAY + 30 * DAY, judgement=more)
    sweep_obligations(over_at(row.due_on) - 2 * DAY)
    assert told("recommendation_due", "reminder") == [head(), head()]


def test_what_has_ended_is_left_alone() -> None:
    row = recommended(days=30)
    recommendations.withdraw(row.pk, actor=supervisor(), now=FRIDAY, words="Salah.")
    assert sweep_obligations(over_at(row.due_on) + 50 * DAY) == ObligationCounts(0, 0)


def test_a_commitment_reminds_its_owner_and_head_and_then_climbs() -> None:
    owner = factories.make_user("officer")
    row = promised(days=30, owner=owner)
    last = over_at(row.due_on)
    sweep_obligations(last - 2 * DAY)
    assert set(told("commitment_due", "reminder")) == {owner, head()}
    sweep_obligations(last)
    assert set(told("commitment_due", "overdue")) == {owner, head()}


def test_an_owner_who_left_gets_no_mail() -> None:
    owner = factories.make_user("officer")
    row = promised(days=30, owner=owner)
    owner.close()
    sweep_obligations(over_at(row.due_on))
    assert told("commitment_due", "overdue") == [head()]


def test_reminders_leave_in_office_hours_as_one_digest_without_anything_written() -> None:
    first, second = recommended(days=30, findings="RAHASIA"), recommended(days=30)
    promised(days=30)
    Message.objects.all().delete()
    last = over_at(first.due_on)  # midnight after a Sunday
    run_sweep(last)
    mail.outbox.clear()
    assert send_due(last + HOUR) == 0
    send_due(last + 9 * HOUR)
    (letter,) = [each for each in mail.outbox if each.to == [head().email]]
    assert first.number in letter.body
    assert second.number in letter.body
    assert f"/staff/recommendations/{second.number}/" in letter.body
    assert "RAHASIA" not in letter.body


def test_one_that_fails_is_put_aside_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = recommended(days=3), recommended(days=3)
    last, act = over_at(bad.due_on), sweep._act

    def fail(record: Any, row: Any, *args: Any) -> bool:
        if row.pk == bad.pk:
            raise ZeroDivisionError
        return act(record, row, *args)

    monkeypatch.setattr(sweep, "_act", fail)
    sweep_obligations(last)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.sweep_error, bad.level, good.level) == ("ZeroDivisionError", 0, 1)
    monkeypatch.undo()
    sweep_obligations(last + 2 * HOUR)
    bad.refresh_from_db()
    assert (bad.sweep_error, bad.level) == ("", 1)


def sweep_together(barrier: Barrier, now: datetime) -> ObligationCounts:
    try:
        barrier.wait(timeout=PATIENCE)
        return sweep_obligations(now, batch=3)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_five_sweeps_at_once_do_each_thing_once() -> None:
    rows = [recommended(days=3) for _ in range(6)] + [promised(days=3) for _ in range(6)]
    last = over_at(rows[0].due_on)
    barrier = Barrier(5)
    with ThreadPoolExecutor(5) as pool:
        results = list(pool.map(sweep_together, [barrier] * 5, [last] * 5))
    sweep_obligations(last)
    assert sum(result.recommendations for result in results) <= 6
    assert RecommendationStep.objects.filter(kind="raised").count() == 6
    assert CommitmentStep.objects.filter(kind="raised").count() == 6
    assert set(Recommendation.objects.values_list("level", flat=True)) == {1}
    assert set(Commitment.objects.values_list("level", flat=True)) == {1}


class Killed(BaseException):
    """What a kill looks like from inside."""


def test_a_sweep_killed_half_way_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [promised(days=3) for _ in range(4)]
    last, tell, done = over_at(rows[0].due_on), obligations.tell, []

    def die(*args: Any, **options: Any) -> None:
        tell(*args, **options)
        done.append(1)
        if len(done) == 3:
            raise Killed

    monkeypatch.setattr(obligations, "tell", die)
    with pytest.raises(Killed):
        sweep_obligations(last)
    monkeypatch.undo()
    sweep_obligations(last)
    assert CommitmentStep.objects.filter(kind="raised").count() == 4
    assert len(told("commitment_due", "overdue")) == 4


def test_a_report_that_was_not_done_climbs_again_after_a_while() -> None:
    row = promised(days=3)
    late = over_at(row.due_on) + DAY
    sweep_obligations(late)
    commitments.report(row.pk, actor=head(), now=late, words="Sudah.")
    finding = commitments.Finding.NOT_YET
    commitments.judge(row.pk, actor=supervisor(), now=late, finding=finding, words="Belum.")
    sweep_obligations(late + DAY)
    row.refresh_from_db()
    assert row.level == 1
    sweep_obligations(late + 15 * DAY)
    row.refresh_from_db()
    assert row.level == 2
