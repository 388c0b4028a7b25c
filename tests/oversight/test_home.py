"""The first page: what waits for this supervisor, how the city stands, who opened an identity."""

from datetime import timedelta

import pytest

from accounts.roles import Role, Seat
from complaints.identity import Identity
from complaints.models import Complaint, ReportedParty
from complaints.services.system import open_identity
from escalation.ladder.models import Escalation, EscalationState
from escalation.oversight.headline import Standing, headline
from escalation.oversight.identity_accesses import recent_by_others
from escalation.oversight.panels import my_escalations, panels_for
from tests.factories import DAY, FRIDAY, HOUR, awaiting, file_complaint, in_progress, make_user, resolved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ANI = Identity(name="Ani", email="ani@example.org", phone="0812 000 111")


def raise_to(case, level, *, due=FRIDAY + DAY, **fields):
    fields = {"trigger": "breach", "cause": f"resolution:{level}", "raised_at": FRIDAY} | fields
    return Escalation.objects.create(complaint=case, level=level, due_at=due, **fields)


@pytest.mark.parametrize(
    ("seat", "expected"),
    [(Seat.INSPECTORATE, ["Dua"]), (Seat.OMBUDSMAN, ["Tiga"]), ("", ["Tiga", "Dua"])],
)
def test_escalations_of_ones_own_rung_wait_the_most_pressing_first(seat, expected):
    for level, subject in ((1, "Satu"), (2, "Dua"), (3, "Tiga")):
        raise_to(in_progress(subject=subject), level, due=FRIDAY + (4 - level) * DAY)
    make_user(Role.SUPERVISOR)
    user = make_user(Role.SUPERVISOR, seat=seat)
    panel = my_escalations(user, FRIDAY)
    assert [line.words for line in panel.lines] == expected
    assert panel.count == str(len(expected))


def test_a_rung_on_which_nobody_sits_is_answered_by_whoever_is_left():
    raise_to(in_progress(subject="Tiga"), 3)
    user = make_user(Role.SUPERVISOR, seat=Seat.INSPECTORATE)
    assert [line.words for line in my_escalations(user, FRIDAY).lines] == ["Tiga"]
    make_user(Role.SUPERVISOR, seat=Seat.OMBUDSMAN)
    assert my_escalations(user, FRIDAY).lines == []


def test_a_case_with_several_escalations_waits_once():
    case = in_progress()
    raise_to(case, 2), raise_to(case, 3, due=FRIDAY - DAY)
    panel = my_escalations(make_user(Role.SUPERVISOR), FRIDAY)
    assert [line.level for line in panel.lines] == ["overdue"]


def test_what_is_decided_or_lifted_waits_no_more():
    case = in_progress()
    raise_to(case, 2, state=EscalationState.DECIDED)
    raise_to(case, 3, state=EscalationState.LIFTED)
    assert my_escalations(make_user(Role.SUPERVISOR), FRIDAY).lines == []


def test_the_figures_count_what_is_unanswered_late_escalated_and_oldest(sari):
    first = file_complaint(FRIDAY - 20 * DAY)
    awaiting(), resolved()
    raise_to(in_progress(), 1)
    raise_to(in_progress(), 3)
    raise_to(first, 3, state=EscalationState.DECIDED)
    found = headline(sari, FRIDAY + HOUR)
    assert (found.standing.open, found.standing.overdue, found.standing.oldest) == (4, 1, first.received_at)
    assert {int(level): count for level, count in found.escalated.items()} == {1: 1, 2: 0, 3: 1}


def test_history_from_other_systems_is_in_no_figure(sari):
    case = file_complaint()
    Complaint.objects.filter(pk=case.pk).update(is_live=False)
    assert headline(sari, FRIDAY).standing == Standing(0, 0, 0, None)


def test_an_unwatched_case_is_counted_and_told(sari, open_page):
    file_complaint()
    assert headline(sari, FRIDAY).standing.unwatched == 1  # there is no verifier
    assert "must be 0" in open_page().content.decode()
    make_user(Role.VERIFIER)
    assert headline(sari, FRIDAY).standing.unwatched == 0


def test_the_page_leads_to_the_lists_behind_its_figures(open_page):
    raise_to(in_progress(FRIDAY - 30 * DAY), 2)
    body = open_page().content.decode()
    for link in ("search/?standing=unanswered", "search/?overdue=on", "escalations/?level=2", "oldest/"):
        assert f"/oversight/{link}" in body, link


def test_looks_of_the_last_30_days_by_others_stand_on_the_first_page(sari, open_page):
    lena = make_user(Role.SUPERVISOR, name="Lena")
    case = in_progress(FRIDAY - 60 * DAY, identity=ANI, is_confidential=True)
    for person, days, motive in (
        (lena, 40, "Sudah lama sekali"),
        (lena, 20, "Panggilan polisi"),
        (lena, 2, "Permintaan jaksa"),
        (sari, 1, "Penggalian sendiri"),
    ):
        open_identity(case.pk, actor=person, now=FRIDAY - days * DAY, motive=motive)
    found = [(look.why, look.is_new) for look in open_page(now=FRIDAY).context["accesses"]]
    assert found == [("Permintaan jaksa", True), ("Panggilan polisi", False)]


def test_statements_that_are_put_together_once_follow_who_is_named_and_the_time(sari):
    case = in_progress(FRIDAY - 60 * DAY, identity=ANI, is_confidential=True)
    raise_to(case, 2)
    told = {"decision": "instruct", "decided_at": FRIDAY - 9 * DAY, "state": EscalationState.DECIDED}
    raise_to(case, 3, due=FRIDAY + DAY, **told)
    lena = make_user(Role.SUPERVISOR, name="Lena")
    open_identity(case.pk, actor=lena, now=FRIDAY, motive="Permintaan jaksa")

    def seen(now, user=sari):
        panels = [len(panel.lines) for panel in panels_for(user, now)[:2]]
        return panels, list(headline(user, now).escalated.values()), len(recent_by_others(user, now))

    assert seen(FRIDAY + HOUR) == ([1, 0], [0, 1, 0], 1)
    assert seen(FRIDAY + 2 * DAY) == ([1, 1], [0, 1, 0], 1)
    assert seen(FRIDAY + 31 * DAY) == ([1, 1], [0, 1, 0], 0)
    ReportedParty.objects.create(complaint=case, user=sari, named_at=FRIDAY)
    assert seen(FRIDAY + 2 * DAY) == ([0, 0], [0, 0, 0], 0)
    assert seen(FRIDAY + 2 * DAY, lena) == ([1, 1], [0, 1, 0], 0)
    assert seen(FRIDAY + 2 * DAY, make_user(Role.SUPERVISOR)) == ([1, 1], [0, 1, 0], 1)


def test_the_age_of_the_oldest_is_said_in_days(open_page):
    file_complaint(FRIDAY - timedelta(days=3))
    assert "3 days" in open_page(now=FRIDAY).content.decode()
