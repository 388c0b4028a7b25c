"""Whom the city did not answer in the time that the law gives is told once that they may go to the ombudsman."""

import pytest

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.models import Complaint, Event, EventKind, Message
from complaints.models.catalogue import Kind
from complaints.public.standing import standing_of
from complaints.services import verification
from escalation.sweep import run_sweep
from tests import factories
from tests.factories import DAY, FRIDAY

pytestmark = pytest.mark.django_db


def told() -> int:
    return Message.objects.filter(template="ombudsman").count()


def test_an_unanswered_complaint_s_citizens_are_told_once_after_sixty_days() -> None:
    case = factories.in_progress(email="ani@warga.test")
    joined = factories.file_complaint(subject="Juga", email="bejo@warga.test")
    verifier = factories.make_user(Role.VERIFIER)
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=case.pk)
    run_sweep(FRIDAY + 59 * DAY)
    assert told() == 0
    for day in (60, 61, 90, 200):
        run_sweep(FRIDAY + day * DAY)
    assert told() == 2
    assert Event.objects.filter(kind=EventKind.TOLD_OF_OMBUDSMAN).count() == 1
    for one in Complaint.objects.all():
        assert standing_of(one, Citizen(one.pk), FRIDAY + 61 * DAY).ombudsman


def test_the_sweep_comes_for_it_by_itself() -> None:
    case = factories.in_progress(email="ani@warga.test")
    at = FRIDAY
    while at < FRIDAY + 62 * DAY:
        case.refresh_from_db()
        assert case.next_action_at is not None
        at = case.next_action_at
        run_sweep(at)
    assert told() == 1


@pytest.mark.parametrize("make", [factories.resolved, factories.closed])
def test_who_was_answered_is_not_told(make: object) -> None:
    make(email="ani@warga.test")
    run_sweep(FRIDAY + 70 * DAY)
    assert told() == 0


def test_nor_is_who_only_had_an_idea() -> None:
    factories.file_complaint(email="ani@warga.test", kind=Kind.ASPIRATION)
    run_sweep(FRIDAY + 70 * DAY)
    assert told() == 0


def test_anonymous_citizens_read_it_on_their_page() -> None:
    case = factories.file_complaint(is_anonymous=True)
    run_sweep(FRIDAY + 61 * DAY)
    case.refresh_from_db()
    assert told() == 0
    assert standing_of(case, Citizen(case.pk), FRIDAY + 61 * DAY).ombudsman
