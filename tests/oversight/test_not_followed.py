"""Instructions whose day has passed: those it concerns have them in a list until the case is answered."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role, Seat
from complaints.clock.dates import day_words
from complaints.services import handling
from escalation.ladder.decisions import Ruling, decide
from escalation.ladder.models import Decision, Escalation, EscalationRule, Trigger
from escalation.oversight.panels import not_followed
from escalation.sweep import run_sweep
from tests.factories import DAY, FRIDAY, HOUR, in_progress, make_agency, make_user, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATE = FRIDAY + 31 * DAY


@pytest.fixture
def omar():
    return make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN, name="Omar")


@pytest.fixture
def word(omar):
    for trigger, level in ((Trigger.BREACH, 1), (Trigger.UNACKNOWLEDGED, 2), (Trigger.UNACKNOWLEDGED, 3)):
        EscalationRule.objects.create(trigger=trigger, level=level, valid_from=date(2018, 1, 1))
    in_progress(subject="Lampu mati")
    run_sweep(LATE)
    ruling = Ruling(Decision.INSTRUCT, "Segera", 4)
    return decide(Escalation.objects.get().pk, actor=omar, now=LATE, ruling=ruling)


def listed(now):
    return [e.complaint.subject for e in Escalation.objects.unheeded(now)]


def test_an_instruction_is_listed_from_its_day_on_and_until_the_answer(word):
    assert listed(word.due_at - HOUR) == []
    assert listed(word.due_at) == ["Lampu mati"]
    assert listed(word.due_at + 300 * DAY) == ["Lampu mati"]
    case = word.complaint
    case.refresh_from_db()
    handling.resolve(case.pk, actor=officer_of(case), now=word.due_at + DAY, answer="Sudah")
    assert listed(word.due_at + 300 * DAY) == []


def test_a_later_word_takes_the_place_of_the_earlier_and_no_ground_does_not(word, omar):
    after = word.due_at + HOUR
    run_sweep(after)
    raised = Escalation.objects.open().get()
    unfounded = decide(raised.pk, actor=omar, now=after, ruling=Ruling(Decision.UNFOUNDED, "Tidak"))
    assert listed(after) == ["Lampu mati"]
    run_sweep(unfounded.due_at)
    again = decide(
        Escalation.objects.open().get().pk,
        actor=omar,
        now=unfounded.due_at,
        ruling=Ruling(Decision.INSTRUCT, "Sekali lagi", 3),
    )
    assert listed(unfounded.due_at) == []
    assert listed(again.due_at) == ["Lampu mati"]


def test_the_desk_shows_it_in_a_panel_and_a_list(word, omar, open_page):
    now = word.due_at + DAY
    panel = not_followed(omar, now)
    assert [line.words for line in panel.lines] == ["Lampu mati"]
    assert day_words(word.due_at) in panel.lines[0].note
    page = open_page("ignored/", now, omar).content.decode()
    assert "Lampu mati" in page and "Omar" in page
    assert "Lampu mati" not in open_page("ignored/", word.due_at - HOUR, omar).content.decode()


def test_the_head_it_was_said_to_reads_it_and_another_does_not(word, client):
    ours, others = make_user(Role.AGENCY_HEAD), make_user(Role.AGENCY_HEAD, make_agency("DLHK"))
    with time_machine.travel(word.due_at + DAY, tick=False):
        for head, sees in ((ours, True), (others, False)):
            client.force_login(head)
            page = client.get(reverse("escalation:escalation-list")).content.decode()
            assert ("Lampu mati" in page) is sees
