"""What must not be read is hidden, and leaves a trace: in its place, in the public log, at its author."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from complaints.mail.outbox import send_due
from complaints.models import Message
from complaints.services.change import NotAllowed, NotPossible
from surveys.forums.inputs.choices import HideReason
from surveys.forums.inputs.models import InputStep, StepKind
from surveys.forums.inputs.services import moderating, naming
from surveys.forums.inputs.services.answering import about_input
from surveys.forums.models import Forum, ForumInput
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
BEFORE, AFTER = Forum.Moderation.BEFORE, Forum.Moderation.AFTER


@pytest.fixture
def head() -> User:
    return factories.make_user(Role.AGENCY_HEAD)


def hide(row: ForumInput, actor: User) -> ForumInput:
    return moderating.hide(row.pk, actor=actor, now=FRIDAY, reason=HideReason.INSULT, words="Tolong santun.")


def test_a_hidden_contribution_shows_that_and_why_and_its_author_is_told(client: Client, head: User) -> None:
    forum = make_forum()
    row = said(forum, "Dasar bodoh", email="ani@example.org", confirmed=True)
    hide(row, head)
    for path in (f"/forums/{forum.code}/thread/", f"/forums/{forum.code}/thread/{row.number}/"):
        page = client.get(path).content.decode()
        assert "Disembunyikan karena menghina seseorang" in page and "Tolong santun." in page
        assert "Dasar bodoh" not in page
    log = client.get(f"/forums/{forum.code}/moderation/").content.decode()
    assert row.number in log and "menghina" in log
    assert "bodoh" not in log and "Tolong santun" not in log
    Message.objects.update(due_at=FRIDAY)
    send_due(FRIDAY + DAY)
    assert any("disembunyikan" in letter.subject for letter in mail.outbox)
    row.refresh_from_db()
    assert row.state == "waiting"  # it still gets an answer


def test_it_is_shown_again_and_the_log_keeps_both(client: Client, head: User) -> None:
    forum = make_forum()
    row = said(forum, "Loket kotor")
    hide(row, head)
    with pytest.raises(NotPossible):
        hide(row, head)
    moderating.unhide(row.pk, actor=head, now=FRIDAY)
    assert "Loket kotor" in client.get(f"/forums/{forum.code}/thread/").content.decode()
    kinds = InputStep.objects.filter(forum=forum).values_list("kind", flat=True)
    assert list(kinds) == [StepKind.HIDDEN, StepKind.UNHIDDEN]


def test_before_means_that_nobody_reads_it_until_it_is_let_through(client: Client, head: User) -> None:
    forum = make_forum(moderation=BEFORE)
    row = said(forum, "Menunggu dulu")
    page = client.get(f"/forums/{forum.code}/thread/").content.decode()
    assert "Menunggu dulu" not in page and "Moderator membaca setiap tanggapan sebelum" in page
    assert client.get(f"/forums/{forum.code}/thread/{row.number}/").status_code == 404
    moderating.let_through(row.pk, actor=head, now=FRIDAY)
    assert "Menunggu dulu" in client.get(f"/forums/{forum.code}/thread/").content.decode()


def test_switching_to_afterwards_shows_what_waited_and_says_when(client: Client, head: User) -> None:
    forum = make_forum(moderation=BEFORE)
    said(forum, "Menunggu dulu")
    moderating.switch(forum, to=AFTER, actor=head, now=FRIDAY)
    assert "Menunggu dulu" in client.get(f"/forums/{forum.code}/thread/").content.decode()
    log = client.get(f"/forums/{forum.code}/moderation/").content.decode()
    assert "Sejak saat ini tanggapan dimoderasi setelah" in log
    step = InputStep.objects.get(kind=StepKind.SWITCHED)
    assert (step.at, step.data) == (FRIDAY, {"to": "after", "shown": 1})
    with pytest.raises(NotPossible):
        moderating.switch(forum, to=AFTER, actor=head, now=FRIDAY)


def test_switching_to_before_leaves_what_is_shown(client: Client, head: User) -> None:
    forum = make_forum()
    said(forum, "Sudah tampil")
    moderating.switch(forum, to=BEFORE, actor=head, now=FRIDAY)
    said(forum, "Belum tampil")
    page = client.get(f"/forums/{forum.code}/thread/").content.decode()
    assert "Sudah tampil" in page and "Belum tampil" not in page


def test_only_the_line_of_the_agency_that_holds_it_moderates(head: User) -> None:
    row = said(make_forum())
    with pytest.raises(NotAllowed):
        hide(row, factories.make_user(Role.OFFICER))
    with pytest.raises(ForumInput.DoesNotExist):
        hide(row, factories.make_user(Role.AGENCY_HEAD, factories.make_agency("DLHK")))
    ForumInput.objects.update(agency=factories.make_agency("DLHK"))
    with pytest.raises(NotAllowed):  # it answers the input, and does not hold the forum
        hide(row, factories.make_user(Role.AGENCY_HEAD, factories.make_agency("DLHK")))
    above = factories.make_agency("SETDA")
    head.agency.parent = above
    head.agency.save()
    hide(row, factories.make_user(Role.AGENCY_HEAD, above))


def test_whom_it_speaks_of_neither_moderates_nor_answers(head: User) -> None:
    row = said(make_forum(), "Kepala loket kasar")
    officer, supervisor = factories.make_user(Role.OFFICER), factories.make_user(Role.SUPERVISOR)
    for user in (head, supervisor):
        naming.name_person(row.pk, actor=officer, now=FRIDAY, user=user)
        with pytest.raises(ForumInput.DoesNotExist):
            hide(row, user)
    naming.name_person(row.pk, actor=factories.make_user(Role.AGENCY_HEAD), now=FRIDAY, user=officer)
    with pytest.raises(ForumInput.DoesNotExist):
        about_input(row.pk, actor=officer)
    other = factories.make_user(Role.SUPERVISOR)
    naming.clear_person(row.pk, actor=other, now=FRIDAY, user=head)
    assert hide(row, head).visibility == "hidden"


def test_a_moderator_does_both_on_the_desk(client: Client, head: User) -> None:
    forum = make_forum()
    row = said(forum, "Iklan murah")
    client.force_login(head)
    path = f"/staff/inputs/{row.number}/"
    assert client.post(f"{path}hide/", {"reason": ""}).status_code == 422
    client.post(f"{path}hide/", {"reason": "advertising"})
    row.refresh_from_db()
    assert row.visibility == "hidden"
    assert "Tampilkan kembali" in client.get(path).content.decode()
    client.post(f"{path}unhide/")
    row.refresh_from_db()
    assert row.visibility == "shown"
