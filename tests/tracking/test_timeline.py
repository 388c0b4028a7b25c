"""One history, several readers: what each is shown of it."""

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.history.kinds import EVENT_TYPES, Names
from complaints.history.timeline import TimelineItem, timeline_for
from complaints.models import Attachment, Complaint, EventContent, EventKind
from complaints.services import handling, verification
from tests.factories import FRIDAY, awaiting, file_complaint, in_progress, make_user, officer_of, resolved

pytestmark = pytest.mark.django_db


def words(items: list[TimelineItem]) -> str:
    return "\n".join(f"{item.title} {item.who} {item.words}" for item in items)


def test_staff_see_notes_and_names_where_citizens_see_role_and_agency() -> None:
    case = in_progress()
    officer = officer_of(case)
    handling.add_note(case.pk, actor=officer, now=FRIDAY, text="Tunggu aspal.")
    staff, citizen = timeline_for(case, officer), timeline_for(case, Citizen(case.pk))
    assert [item.kind for item in staff if item.is_internal] == [EventKind.NOTE_ADDED]
    assert "Tunggu aspal." in words(staff)
    assert "Oka" in words(staff)
    assert [item.audience for item in citizen] == ["public"] * len(citizen)
    assert "Oka" not in words(citizen)
    assert "PUPR" in words(citizen)


def test_a_verifier_has_headings_only_once_the_case_is_assigned() -> None:
    case = resolved()
    verifier = User.objects.get(role=Role.VERIFIER)
    items = timeline_for(case, verifier)
    assert items
    assert "Sudah ditambal." not in words(items)
    assert [item.files for item in items if item.files] == []
    assert all(not item.words for item in items)


def test_the_clerk_who_typed_it_in_sees_what_the_citizen_sees() -> None:
    clerk = make_user(Role.CLERK)
    case = file_complaint(actor=clerk)
    verification.ask_citizen(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, question="Di mana?")
    case = Complaint.objects.get(pk=case.pk)
    shown = timeline_for(case, clerk)
    assert [item.kind for item in shown] == [item.kind for item in timeline_for(case, Citizen(case.pk))]
    assert "Di mana?" in words(shown)


def test_erased_words_leave_their_place() -> None:
    case = awaiting()
    EventContent.objects.filter(event__complaint=case).delete()
    with translation.override("en"):
        items = timeline_for(case, Citizen(case.pk))
    assert items[-1].words == "These words were erased."
    assert "Di mana tepatnya?" not in words(items)


def test_every_kind_of_event_has_a_sentence_in_words() -> None:
    case = file_complaint()
    for event_type in EVENT_TYPES:
        event = case.events.get()
        event.kind, event.data = event_type.code, {}
        assert event_type.title(event, Names())


def test_it_costs_the_same_however_long_it_is(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    case = in_progress()
    officer = officer_of(case)
    timeline_for(case, officer)  # from here on the process knows the names
    for _round in range(2):
        for _note in range(15):
            handling.add_note(case.pk, actor=officer, now=FRIDAY, text="x")
        with django_assert_num_queries(2):  # events, files
            timeline_for(case, officer)


def test_a_file_stands_with_the_event_that_brought_it() -> None:
    case = in_progress()
    officer = officer_of(case)
    drafts = [
        Attachment.objects.create(
            draft_digest="d",
            key=f"{n}" * 32,
            name=f"{n}.jpg",
            content_type="image/jpeg",
            size=1,
            sha256=f"{n}" * 64,
            added_at=FRIDAY,
        )
        for n in range(2)
    ]
    handling.add_files(case.pk, actor=officer, now=FRIDAY, files=drafts[:1])
    handling.add_files(case.pk, actor=officer, now=FRIDAY, files=drafts[1:], is_public=False)
    seen = {
        "staff": [[file.name for file in item.files] for item in timeline_for(case, officer)[-2:]],
        "citizen": [[file.name for file in item.files] for item in timeline_for(case, Citizen(case.pk))[-1:]],
    }
    assert seen == {"staff": [["0.jpg"], ["1.jpg"]], "citizen": [["0.jpg"]]}
