"""An app that was taken out has left events and messages behind: nobody registers their kinds any more."""

import pytest
from django.core import mail
from django.db.models import TextChoices
from django.test import Client

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.history.kinds import EVENT_TYPES, EventType
from complaints.history.timeline import timeline_for
from complaints.mail.outbox import OUR_FAULT_ATTEMPTS, send_due
from complaints.models import Complaint, Message
from complaints.permissions import Act
from complaints.services.change import changing
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR, make_user
from tests.sealed.test_the_sealed_file import everything, seal, unpack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class Survey(TextChoices):
    SURVEYED = "surveyed", "Surveyed"


def with_event(case: Complaint) -> Complaint:
    """The case with what an app wrote while it was installed."""
    with pytest.MonkeyPatch.context() as patch:
        surveyed = EventType(Survey.SURVEYED, None, "star", "info", is_public=True)
        patch.setitem(EVENT_TYPES.entries, Survey.SURVEYED, surveyed)
        with changing(case.pk, None, Act.READ_WORDS, now=FRIDAY) as change:
            change.event(Survey.SURVEYED, words={"text": "Puas"})
    return change.case


def message_of(case: Complaint | None, **fields: object) -> Message:
    values = {"dedupe_key": f"survey:{case}:{fields.get('user')}", "template": "survey", "due_at": FRIDAY}
    return Message.objects.create(complaint=case, **values | fields)


def test_its_events_are_told_to_staff_and_to_nobody_else() -> None:
    case = with_event(factories.in_progress())
    staff, citizen = timeline_for(case, factories.officer_of(case)), timeline_for(case, Citizen(case.pk))
    assert staff[-1].title == "Entry of a part of Tuntas that is no longer installed"
    assert (staff[-1].kind, staff[-1].is_internal) == ("surveyed", True)
    assert "surveyed" not in [item.kind for item in citizen]
    assert [item.kind for item in timeline_for(case, make_user(Role.VERIFIER))] == [i.kind for i in citizen]


def test_pages_and_papers_of_its_case_still_open(client: Client) -> None:
    case, supervisor = with_event(factories.in_progress()), make_user(Role.SUPERVISOR)
    message_of(case)
    client.force_login(supervisor)
    for path in ("staff/cases/{}/", "staff/cases/{}/print/", "oversight/cases/{}/"):
        response = client.get("/" + path.format(case.number))
        assert response.status_code == 200, path
    assert "surveyed" in everything(unpack(seal(case, supervisor)))


def test_its_messages_stand_in_nobody_s_way() -> None:
    case = factories.file_complaint()
    officer = make_user(Role.OFFICER)
    messages = [
        message_of(case),
        message_of(None, user=officer),
        message_of(case, user=make_user(Role.SUPERVISOR)),
    ]
    factories.file_complaint(email="ani@tuntas.test")
    mail.outbox.clear()
    assert send_due(FRIDAY) == 1
    for turn in range(1, 2 * OUR_FAULT_ATTEMPTS):
        send_due(FRIDAY + turn * HOUR)
    assert len(mail.outbox) == 1
    assert not Message.objects.filter(sent_at=None, dropped_at=None).exists()
    for message in messages:
        message.refresh_from_db()
        assert message.last_error
    assert send_due(FRIDAY + DAY) == 0
