"""Minutes that lie: who is reminded, how it climbs, and what stops it."""

from datetime import datetime

import pytest

from accounts.models import User
from accounts.roles import Role, Seat
from complaints.ledger.verify import verify_ledger
from complaints.models import Message
from escalation.sweep import run_sweep
from escalation.voices.minutes import MinutesMessage, sweep_minutes, what_is_late
from surveys.forums.meetings.models.minutes import Minutes
from surveys.forums.meetings.models.record import ForumStep
from surveys.forums.meetings.services import announcing, minutes, signing
from surveys.forums.meetings.verifying import check_minutes
from tests import factories
from tests.meetings.people import DAY, HOUR, announced, behind_everybodys_back, head, officer
from tests.meetings.test_minutes import AFTER, circulated, draft, held, objection, over, signed

pytestmark = pytest.mark.django_db


def supervisor(seat: str) -> User:
    return factories.make_user(Role.SUPERVISOR, seat=seat)


def told(after: int = 0) -> list[tuple[str, str]]:
    rows = Message.objects.filter(template=MinutesMessage.DUE, pk__gt=after).order_by("pk")
    return [(row.user.role + row.user.seat, row.data["what"]) for row in rows]


def sweep(now: datetime | None) -> int:
    assert now is not None
    return run_sweep(now).minutes


def test_a_meeting_of_which_nobody_writes_climbs_to_the_ombudsman_and_is_said_again() -> None:
    head()
    supervisor(Seat.INSPECTORATE), supervisor(Seat.OMBUDSMAN)
    forum = announced()  # nobody even closes it as held
    row = Minutes.objects.get(forum=forum)
    assert sweep(row.next_action_at) == 1
    assert sweep(row.next_action_at) == 0
    for _week in range(4):
        row.refresh_from_db()
        assert sweep(row.next_action_at) == 1
    assert told() == [
        ("agency_head", "draft"),  # the reminder
        ("agency_head", "draft"),
        ("supervisorinspectorate", "draft"),
        ("supervisorombudsman", "draft"),
        ("supervisorombudsman", "draft"),
    ]
    kinds = list(ForumStep.objects.filter(forum=forum, actor=None).values_list("kind", flat=True))
    assert kinds == ["reminded", "raised", "raised", "raised", "raised"]


def test_a_sweep_that_did_not_run_for_weeks_goes_on_a_level_at_a_time() -> None:
    head()
    forum = announced()
    late = forum.ends_at + 60 * DAY
    assert [sweep(late), sweep(late)] == [1, 0]
    assert Minutes.objects.get(forum=forum).level == 1


def test_what_is_done_stops_it() -> None:
    head()
    row = circulated()
    assert (row.level, what_is_late(row)) == (0, "signing")
    assert sweep(over(row) - 2 * HOUR) == 0
    assert sweep(over(row)) == 1
    assert told() == [("agency_head", "signing")]


def test_an_objection_without_an_answer_is_what_is_said() -> None:
    head()
    row = circulated()
    objection(row)
    sweep(over(row))
    assert told() == [("agency_head", "objections")]


def test_signed_minutes_that_nobody_publishes_climb_too_and_published_ones_rest() -> None:
    row = signed()
    assert row.due_at is not None
    late = row.due_at + HOUR
    assert sweep(late) == 1
    assert told() == [("agency_head", "publishing")]
    minutes.publish(row.forum.pk, actor=officer(), now=late)
    assert sweep(late + 90 * DAY) == 0


def test_a_cancelled_meeting_is_not_waited_for() -> None:
    forum = announced()
    announcing.cancel(forum.pk, actor=officer(), now=factories.FRIDAY, why="Gedung rusak.")
    assert sweep(forum.ends_at + 90 * DAY) == 0


def test_the_sweep_asks_the_representative_to_sign_once_it_is_time() -> None:
    row = circulated()
    signing.name_representative(
        row.forum.pk, actor=officer(), now=AFTER, name="Beni", capacity="warga", email="beni@contoh.test"
    )
    sweep(over(row))
    assert Message.objects.filter(template="forum_sign").count() == 1


def test_a_text_that_is_not_what_was_signed_goes_to_the_levels_at_once() -> None:
    supervisor(Seat.INSPECTORATE)
    row = circulated()
    signing.sign_for_provider(row.forum.pk, actor=head(), now=over(row))
    behind_everybodys_back("minutesversion", summary="Lain.")
    sweep(over(row) + HOUR)
    assert told() == [("agency_head", "changed"), ("supervisorinspectorate", "changed")]


def test_two_sweeps_at_once_say_it_once() -> None:
    head()
    forum = announced()
    row = Minutes.objects.get(forum=forum)
    now = row.next_action_at
    assert now is not None
    sweep_minutes(now)
    Minutes.objects.filter(pk=row.pk).update(next_action_at=now)  # as the second has read it
    sweep_minutes(now)
    assert len(told()) == 1


def test_a_row_that_cannot_be_visited_is_set_aside_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head()
    first, second = announced(), announced()

    def refuse(row: Minutes) -> str:
        if row.forum_id == first.pk:
            raise LookupError
        return what_is_late(row)

    monkeypatch.setattr("escalation.voices.minutes.what_is_late", refuse)
    now = second.ends_at + 6 * DAY
    assert sweep(now) >= 2
    assert Minutes.objects.get(forum=first).sweep_error == "LookupError"
    assert len(told()) >= 1


def test_the_ledger_notices_a_text_changed_after_publication() -> None:
    row = signed()
    minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    assert verify_ledger(files=False).first_bad is None
    behind_everybodys_back("minutesversion", summary="Lain.")
    bad = verify_ledger(files=False).first_bad
    assert bad is not None and bad.why == "minutes_version_summary_differs"
    bad = check_minutes()
    assert bad is not None and bad.why == "minutes_text_differs"


def test_the_ledger_notices_minutes_that_were_never_signed() -> None:
    forum = held()
    minutes.write(forum.pk, draft(), actor=officer(), now=AFTER)
    Minutes.objects.filter(forum=forum).update(state="published", published_at=AFTER)
    bad = verify_ledger(files=False).first_bad
    assert bad is not None and bad.why == "minutes_state_differs"
