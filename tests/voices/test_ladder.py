"""Nobody lets an input lie: a reminder before its day, then one level after the other, then each week."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import Absence, User
from accounts.roles import Role, Seat
from complaints.clock.city_time import day_of
from complaints.integrity import check_integrity
from complaints.mail.outbox import send_due
from complaints.models import Message
from escalation.sweep import run_sweep
from escalation.voices import sweep as sweep_module
from escalation.voices.people import roster_for
from escalation.voices.watching import unwatched_inputs
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.inputs.services import answering, naming
from surveys.forums.inputs.services.answering import about_input
from surveys.forums.models import ForumInput
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def people() -> dict[str, User]:
    return {
        "officer": factories.make_user(Role.OFFICER),
        "head": factories.make_user(Role.AGENCY_HEAD),
        "inspector": factories.make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE),
        "ombudsman": factories.make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN),
    }


def levels() -> list[tuple[str, str]]:
    """What was written to whom: role or seat, and what happened."""
    rows = Message.objects.filter(template="input_due").order_by("pk").select_related("user")
    return [(row.user.seat or row.user.role, row.data["what"]) for row in rows if row.user]


def test_it_reminds_climbs_and_goes_on_each_week(people: dict[str, User]) -> None:
    row = said(make_forum())
    assert row.next_action_at and row.due_at
    assert run_sweep(row.next_action_at - DAY).inputs == 0
    assert run_sweep(row.next_action_at).inputs == 1
    assert levels() == [("officer", "reminder")]
    for week in range(5):
        at = row.due_at + week * WEEK
        assert run_sweep(at).inputs == 1
        assert run_sweep(at).inputs == 0
    assert levels()[1:] == [
        ("agency_head", "overdue"),
        ("officer", "overdue"),
        ("inspectorate", "overdue"),
        ("officer", "overdue"),
        ("ombudsman", "overdue"),
        ("officer", "overdue"),
        *[("ombudsman", "still"), ("officer", "still")] * 2,
    ]
    assert InputStep.objects.filter(kind=StepKind.RAISED).count() == 5


def test_an_answer_ends_it(people: dict[str, User]) -> None:
    row = said(make_forum())
    assert row.due_at
    run_sweep(row.due_at)
    officer = people["officer"]
    answering.answer(about_input(row.pk, actor=officer), actor=officer, now=row.due_at, words="Ya")
    assert run_sweep(row.due_at + 10 * WEEK).inputs == 0
    send_due(row.due_at + 10 * WEEK)
    assert not [letter for letter in mail.outbox if letter.to == [officer.email]]  # overtaken


def test_a_sweep_that_dies_has_lost_and_doubled_nothing(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException): ...

    forum = make_forum()
    rows = [said(forum) for _ in range(3)]
    good, seen = sweep_module._tell, []

    def dies(users: object, row: ForumInput, *args: object) -> None:
        seen.append(row)
        good(users, row, *args)  # type: ignore[arg-type]
        if len(seen) == 3:
            raise Killed

    due = rows[0].due_at
    assert due
    monkeypatch.setattr(sweep_module, "_tell", dies)
    with pytest.raises(Killed):
        run_sweep(due)
    monkeypatch.setattr(sweep_module, "_tell", good)
    run_sweep(due)
    assert set(ForumInput.objects.values_list("level", flat=True)) == {1}
    assert InputStep.objects.filter(kind=StepKind.RAISED).count() == 3
    assert len(levels()) == 6


def test_of_two_sweeps_that_read_the_same_one_does_it(people: dict[str, User]) -> None:
    row = said(make_forum())
    assert row.due_at
    one, other = (ForumInput.objects.select_related("forum").get(pk=row.pk) for _ in range(2))
    roster = roster_for([row.pk], row.due_at)
    assert sweep_module._visit(one, roster, row.due_at)
    assert not sweep_module._visit(other, roster, row.due_at)
    assert InputStep.objects.filter(kind=StepKind.RAISED).count() == 1


def test_a_bad_row_is_put_aside_and_the_rest_goes_on(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    forum = make_forum()
    bad, fine = said(forum), said(forum)
    assert fine.due_at
    good = sweep_module._act

    def act(row: ForumInput, *args: object) -> bool:
        if row.pk == bad.pk:
            raise ValueError
        return good(row, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep_module, "_act", act)
    run_sweep(fine.due_at)
    for row in (bad, fine):
        row.refresh_from_db()
    assert (bad.sweep_error, bad.level, fine.level) == ("ValueError", 0, 1)
    assert bad.next_action_at == fine.due_at + timedelta(hours=1)


def test_what_no_agency_has_goes_to_the_verifiers(people: dict[str, User]) -> None:
    verifier = factories.make_user(Role.VERIFIER)
    row = said(make_forum(factories.make_agency("TUTUP", is_active=False)))
    assert row.next_action_at and row.agency is None
    run_sweep(row.next_action_at)
    assert [message.user for message in Message.objects.filter(template="input_due")] == [verifier]


def test_whom_it_speaks_of_is_not_told_and_the_next_is(people: dict[str, User]) -> None:
    row = said(make_forum())
    assert row.next_action_at
    naming.name_person(row.pk, actor=people["head"], now=FRIDAY, user=people["officer"])
    run_sweep(row.next_action_at)
    assert levels() == [("agency_head", "reminder")]


def test_who_is_told_is_worked_out_when_it_leaves(people: dict[str, User]) -> None:
    row = said(make_forum())
    assert row.next_action_at
    run_sweep(row.next_action_at)
    deputy = factories.make_user(Role.OFFICER)
    on = day_of(row.next_action_at)
    Absence.objects.create(
        user=people["officer"], first_day=on, last_day=on + 9 * DAY, deputy=deputy, set_at=FRIDAY
    )
    naming.name_person(row.pk, actor=people["head"], now=FRIDAY, user=people["officer"])
    for hour in range(30):
        send_due(row.next_action_at + timedelta(hours=hour))
    told = {letter.to[0] for letter in mail.outbox}
    assert told == {deputy.email}


def test_an_input_in_which_nobody_may_act_is_counted(people: dict[str, User]) -> None:
    now = FRIDAY
    row = said(make_forum())
    assert not unwatched_inputs(now).exists()
    people["officer"].close()
    people["head"].close()
    assert unwatched_inputs(now).get() == row
    assert check_integrity(now)["input_nobody_watches"] == [row.number]
    factories.make_user(Role.OFFICER)
    assert not unwatched_inputs(now).exists()
    for user in User.objects.filter(role=Role.OFFICER, is_active=True):
        naming.name_person(row.pk, actor=people["inspector"], now=FRIDAY, user=user)
    assert unwatched_inputs(now).get() == row
    ForumInput.objects.update(next_action_at=None)
    assert unwatched_inputs(now).count() == 1
