"""A forum from its draft to the day: announced, moved, cancelled, and who is told."""

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import LedgerEntry, Message, ReportedParty
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.meetings.messages import ForumMessage
from surveys.forums.meetings.models.minutes import Minutes, MinutesState
from surveys.forums.meetings.services import announcing, attending
from surveys.forums.models import Forum, ForumState
from tests import factories
from tests.meetings.people import BEFORE, DAY, HOUR, STARTS, announced, guest, head, officer, plan, prepared

pytestmark = pytest.mark.django_db


def test_a_draft_is_the_offices_own_until_it_is_announced(client: Client) -> None:
    forum = prepared()
    assert client.get(reverse("surveys:forum", args=[forum.code])).status_code == 404
    announcing.announce(forum.pk, actor=officer(), now=BEFORE)
    page = client.get(reverse("surveys:forum", args=[forum.code]))
    assert page.status_code == 200
    assert "Aula kantor" in page.content.decode()
    assert "forum_announced" in LedgerEntry.objects.values_list("kind", flat=True)


def test_two_forums_of_one_title_have_codes_of_their_own() -> None:
    assert [prepared().code, prepared().code] == ["jam-buka-loket-2026", "jam-buka-loket-2026-2"]


def test_announcing_begins_the_wait_for_minutes_five_working_days_after_the_meeting() -> None:
    forum = announced()
    minutes = Minutes.objects.get(forum=forum)
    assert (minutes.due_at - forum.ends_at).days == 7  # Thursday to the Thursday after
    assert (minutes.due_at - minutes.next_action_at).days == 2  # a reminder


def test_a_second_announcement_changes_nothing() -> None:
    forum = announced()
    with pytest.raises(NotPossible):
        announcing.announce(forum.pk, actor=officer(), now=BEFORE)
    assert LedgerEntry.objects.filter(kind="forum_announced").count() == 1


def test_what_has_begun_is_not_announced_any_more() -> None:
    forum = prepared()
    with pytest.raises(NotPossible):
        announcing.announce(forum.pk, actor=officer(), now=STARTS)


def test_a_moved_meeting_is_told_to_the_registered_and_the_invited_each_once() -> None:
    forum = announced()
    attending.invite(
        forum.pk,
        [guest("Ani", "ani@contoh.test"), guest("Beni", "beni@contoh.test")],
        actor=officer(),
        now=BEFORE,
    )
    attending.register(forum, guest("Ani", "ani@contoh.test"), now=BEFORE, secret="a" * 32)
    announcing.change(forum.pk, plan(starts_at=STARTS + DAY), actor=officer(), now=BEFORE + HOUR)
    forum.refresh_from_db()
    assert forum.sequence == 1
    told = Message.objects.filter(template=ForumMessage.MOVED)
    assert sorted(next(iter(message.data)) for message in told) == ["invitation", "registration"]
    assert LedgerEntry.objects.order_by("-seq").first().kind == "forum_moved"
    minutes = Minutes.objects.get(forum=forum)
    assert minutes.due_at > STARTS + 7 * DAY


def test_a_new_agenda_is_told_to_nobody() -> None:
    forum = announced()
    attending.register(forum, guest("Ani", "ani@contoh.test"), now=BEFORE, secret="a" * 32)
    announcing.change(forum.pk, plan(agenda="Pembukaan"), actor=officer(), now=BEFORE)
    assert not Message.objects.filter(template=ForumMessage.MOVED).exists()


def test_a_cancelled_forum_says_why_and_nobody_waits_for_its_minutes(client: Client) -> None:
    forum = announced()
    attending.register(forum, guest(email="ani@contoh.test"), now=BEFORE, secret="a" * 32)
    announcing.cancel(forum.pk, actor=officer(), now=BEFORE, why="Gedung rusak.")
    assert "Gedung rusak." in client.get(reverse("surveys:forum", args=[forum.code])).content.decode()
    minutes = Minutes.objects.get(forum=forum)
    assert (minutes.state, minutes.next_action_at) == (MinutesState.DROPPED, None)
    assert Message.objects.filter(template=ForumMessage.CANCELLED).count() == 1


def test_the_places_cannot_be_fewer_than_the_people() -> None:
    forum = announced(seats=2)
    for number in range(2):
        attending.register(forum, guest(), now=BEFORE, secret=f"{number}" * 32)
    with pytest.raises(NotPossible):
        announcing.change(forum.pk, plan(seats=1), actor=officer(), now=BEFORE)


def test_another_agencys_head_neither_sees_nor_prepares() -> None:
    forum = announced()
    with pytest.raises(Forum.DoesNotExist):
        announcing.cancel(forum.pk, actor=head("DINKES"), now=BEFORE, why="x")
    with pytest.raises(NotAllowed):
        announcing.prepare(plan(), actor=head("DINKES"), now=BEFORE)


def test_a_supervisor_reads_and_does_not_run() -> None:
    forum = announced()
    supervisor = factories.make_user("supervisor")
    assert Forum.objects.visible_to(supervisor).filter(pk=forum.pk).exists()
    with pytest.raises(NotAllowed):
        announcing.cancel(forum.pk, actor=supervisor, now=BEFORE, why="x")


def test_whom_a_report_of_the_forum_is_about_has_nothing_to_do_with_it() -> None:
    case = factories.assigned()
    forum = announced(cases=(case.pk,))
    assert Forum.objects.visible_to(officer()).filter(pk=forum.pk).exists()
    ReportedParty.objects.create(complaint=case, user=officer(), named_at=BEFORE)
    assert not Forum.objects.visible_to(officer()).filter(pk=forum.pk).exists()
    assert Forum.objects.visible_to(head()).filter(pk=forum.pk).exists()
    with pytest.raises(Forum.DoesNotExist):
        announcing.close(forum.pk, actor=officer(), now=STARTS + HOUR)


def test_it_is_not_held_before_it_has_begun() -> None:
    forum = announced()
    with pytest.raises(NotPossible):
        announcing.close(forum.pk, actor=officer(), now=STARTS - HOUR)
    assert announcing.close(forum.pk, actor=officer(), now=STARTS + HOUR).state == ForumState.HELD
