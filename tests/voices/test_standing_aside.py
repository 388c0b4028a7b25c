"""Whom the report of a forum is about has nothing to do with what was said there."""

import pytest
from django.test import Client

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.models import ReportedParty
from complaints.services.change import NotAllowed
from escalation.sweep import run_sweep
from escalation.voices.people import roster_for
from escalation.voices.watching import unwatched_inputs
from surveys.forums.inputs.services import answering, gathering, moderating
from surveys.forums.models import Finding, ForumInput
from tests import factories
from tests.factories import FRIDAY
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db


def named(user: User | None = None, agency: Agency | None = None) -> tuple[ForumInput, Finding, str]:
    """Two inputs of a forum about a report that complains about this person or unit, one of them gathered."""
    case = factories.assigned()
    forum = make_forum()
    forum.cases.add(case)
    head = factories.make_user(Role.AGENCY_HEAD, name="Hana")
    row, other = said(forum), said(forum, "Sama.")
    finding = gathering.gather([other.pk], "Jam", actor=head, now=FRIDAY)
    ReportedParty.objects.create(complaint=case, user=user, agency=agency, named_at=FRIDAY)
    return row, finding, case.number


def test_a_named_officer_neither_sees_nor_answers_nor_hears_what_was_said_there() -> None:
    officer = factories.make_user(Role.OFFICER)
    row, finding, _case = named(officer)
    assert not ForumInput.objects.visible_to(officer).exists()
    assert not Finding.objects.visible_to(officer).exists()
    with pytest.raises(ForumInput.DoesNotExist):
        answering.about_input(row.pk, actor=officer)
    with pytest.raises(Finding.DoesNotExist):
        answering.about_finding(finding.pk, actor=officer)
    assert roster_for([row.pk], FRIDAY).recusal.people[row.pk] == {officer.pk}


def test_a_named_head_does_not_moderate_it() -> None:
    head = factories.make_user(Role.AGENCY_HEAD, name="Heri")
    row, _finding, _case = named(head)
    with pytest.raises(ForumInput.DoesNotExist):
        moderating.hide(row.pk, actor=head, now=FRIDAY, reason="insult")  # type: ignore[arg-type]


def test_where_only_those_named_could_answer_it_counts_as_watched_by_nobody() -> None:
    officer = factories.make_user(Role.OFFICER)
    factories.make_user(Role.SUPERVISOR)
    row, _finding, _case = named(officer)
    assert not unwatched_inputs(FRIDAY).exists()  # the head does
    type(officer).objects.filter(role=Role.AGENCY_HEAD).update(is_active=False)
    assert row in unwatched_inputs(FRIDAY)
    ReportedParty.objects.update(cleared_at=FRIDAY)
    assert not unwatched_inputs(FRIDAY).exists()


def test_of_a_named_unit_the_head_answers_and_its_officers_do_not(client: Client) -> None:
    officer, agency = factories.make_user(Role.OFFICER), factories.make_agency()
    row, _finding, number = named(agency=agency)
    head = type(officer).objects.get(role=Role.AGENCY_HEAD)
    assert not ForumInput.objects.visible_to(officer).exists()
    assert roster_for([row.pk], FRIDAY).recusal.people[row.pk] == {officer.pk}
    assert row.due_at
    run_sweep(row.due_at)
    client.force_login(head)
    pages = [
        client.get(path).content.decode()
        for path in (f"/staff/forums/{row.forum.code}/", f"/staff/forums/{row.forum.code}/change/")
    ]
    assert "Jam layanan loket" in pages[0] and not any(number in page for page in pages)
    answering.answer(answering.about_input(row.pk, actor=head), actor=head, now=FRIDAY, words="Ya")


def test_who_edits_a_forum_takes_away_no_report_that_they_do_not_see(client: Client) -> None:
    row, _finding, number = named(agency=factories.make_agency())
    forum = row.forum
    assert forum is not None
    client.force_login(factories.make_user(Role.AGENCY_HEAD, name="Heri"))
    page = client.get(f"/staff/forums/{forum.code}/change/")
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    data |= {"place": "Aula", "day": "2026-12-03", "begins": "09:00", "ends": "11:00", "has_meeting": "on"}
    assert client.post(f"/staff/forums/{forum.code}/change/", data).status_code == 302
    assert [case.number for case in forum.cases.all()] == [number]


def test_a_stranger_still_does_not_answer() -> None:
    row, _finding, _case = named(factories.make_user(Role.OFFICER))
    with pytest.raises(NotAllowed):
        answering.about_input(row.pk, actor=factories.make_user(Role.SUPERVISOR))
