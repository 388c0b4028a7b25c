"""A verifier puts right what a case was filed as; its citizen reads what and why, and what stands beside goes along."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.history.timeline import Audience, timeline_as_seen_by, timeline_for
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.proofs import proof_for
from complaints.ledger.verify import verify_ledger
from complaints.models import Area, Category, Complaint, EventContent, EventKind, ServiceLevel
from complaints.search import search
from complaints.services import erasure, handling, parties, verification
from complaints.services.change import NotAllowed, NotPossible
from complaints.services.correction import Correction, correct
from complaints.services.verification import Routing
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.soundness import what_is_broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

REASON = "Dari foto terlihat tempatnya."


@pytest.fixture
def verifier() -> User:
    return factories.make_user(Role.VERIFIER)


@pytest.fixture
def ward() -> Area:
    Area.objects.create(code="W1", level="ward", name="Oesapa")
    return Area.objects.create(code="W2", level="ward", name="Oesapa Barat")


@pytest.fixture
def urgent() -> Category:
    """A category with a two-day target of its own."""
    factories.make_city()
    category = factories.make_category("pohon-tumbang", name_en="Fallen tree")
    level = ServiceLevel.objects.get(kind="complaint", category=None)
    level.pk, level.category, level.resolution_amount = None, category, 2
    level.save()
    return category


def put_right(case: Complaint, by: User, now: datetime = FRIDAY + HOUR, **to: Any) -> Complaint:
    case = Complaint.objects.get(pk=case.pk)
    values = {"subject": case.subject, "location": case.location} | to
    return correct(case.pk, actor=by, now=now, corrected=Correction(**values), reason=REASON)


def test_the_citizen_reads_what_was_put_right_and_why(verifier: User, ward: Area, urgent: Category) -> None:
    case = factories.file_complaint(location="Depan toko", area=Area.objects.get(code="W1"))
    put_right(case, verifier, subject="Pohon tumbang", location="Depan pasar", area=ward, category=urgent)
    case = Complaint.objects.get()
    assert (case.subject, case.location, case.area, case.category) == (
        "Pohon tumbang",
        "Depan pasar",
        ward,
        urgent,
    )
    assert case.target_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    line = timeline_for(case, Citizen(case.pk))[-1]
    for said in ("the title", "the place", "Oesapa Barat", "Fallen tree", "24 November 2026"):
        assert said in line.title
    assert line.words.splitlines() == [
        "Title: “Jalan berlubang” → “Pohon tumbang”",
        "Place: “Depan toko” → “Depan pasar”",
        REASON,
    ]
    assert list(search(Complaint.objects.all(), "pohon tumbang")) == [case]
    assert not search(Complaint.objects.all(), "berlubang toko")
    assert verify_ledger().ok and not what_is_broken()


def test_a_place_that_is_taken_out_and_a_proof_of_it(verifier: User) -> None:
    case = put_right(factories.file_complaint(location="Gang 3"), verifier, location="")
    assert Complaint.objects.get().location == ""
    assert "Place: “Gang 3” → “(empty)”" in timeline_for(case, Citizen(case.pk))[-1].words
    assert verify_ledger().ok
    make_checkpoint(FRIDAY + DAY)
    told = proof_for(case, Citizen(case.pk))["events"][-1]
    assert told["words"]["location_before"] == "Gang 3"


def test_whoever_changes_the_title_beside_the_history_is_found(verifier: User) -> None:
    case = put_right(factories.file_complaint(), verifier, subject="Pohon tumbang")
    Complaint.objects.filter(pk=case.pk).update(subject="Jalan berlubang")
    bad = verify_ledger().first_bad
    assert bad is not None and (bad.why, bad.seq) == ("subject_differs", case.version)


def shared_and_given_back(verifier: User) -> tuple[Complaint, list[Complaint]]:
    """The whole lies with the verifiers again; one of its parts goes on, one is answered."""
    agencies = [factories.make_agency(code) for code in ("PUPR", "DLH", "PDAM")]
    case = factories.file_complaint()
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=Routing(agencies))
    done = case.children.get(agency=agencies[2])
    helper = factories.officer_of(done)
    handling.accept(done.pk, actor=helper, now=FRIDAY, handler=helper)
    handling.resolve(done.pk, actor=helper, now=FRIDAY, answer="Bagian kami selesai")
    supervisor = factories.make_user(Role.SUPERVISOR)
    parties.name_party(
        case.pk, actor=supervisor, now=FRIDAY + HOUR, why="Kepala dinasnya", agency=agencies[0]
    )
    return Complaint.objects.get(pk=case.pk), list(case.children.order_by("pk"))


def test_the_parts_bear_what_the_whole_says(verifier: User, ward: Area, urgent: Category) -> None:
    case, parts = shared_and_given_back(verifier)
    put_right(case, verifier, FRIDAY + 2 * HOUR, subject="Pohon tumbang", area=ward, category=urgent)
    for part in parts:
        part.refresh_from_db()
        assert (part.subject, part.area, part.category) == ("Pohon tumbang", ward, urgent)
        assert part.events.get(kind=EventKind.CORRECTED).data["area"] == "W2"
    case.refresh_from_db()
    assert parts[0].target_at == case.target_at
    assert verify_ledger().ok and not what_is_broken()
    with pytest.raises(NotAllowed):  # it lies with its agency
        put_right(parts[0], verifier, subject="Lain")


def test_extensions_and_pauses_stay_where_only_words_are_put_right(verifier: User, ward: Area) -> None:
    case = factories.file_complaint()
    verification.ask_citizen(case.pk, actor=verifier, now=FRIDAY, question="Di mana tepatnya?")
    before = Complaint.objects.get()
    after = put_right(case, verifier, subject="Pohon tumbang", area=ward)
    assert (after.due_at, after.target_at, after.state, after.policy) == (
        before.due_at,
        before.target_at,
        before.state,
        before.policy,
    )
    assert "moved" not in after.events.last().data


def test_whose_case_was_merged_into_it_reads_nothing_of_the_words(verifier: User) -> None:
    main, other = factories.file_complaint(), factories.file_complaint()
    verification.merge(other.pk, actor=verifier, now=FRIDAY, into=main.pk)
    put_right(main, verifier, subject="Di rumah Pak Okto")
    line = timeline_as_seen_by(main, Audience.FOLLOWER)[-1]
    assert (line.title, line.words) == ("Put right: the title", "")
    assert Complaint.objects.get(pk=other.pk).subject == "Jalan berlubang"


def test_what_cannot_be_put_right(verifier: User) -> None:
    case = factories.file_complaint()
    with pytest.raises(NotPossible, match="Nothing"):
        put_right(case, verifier)
    taken_over = factories.file_complaint()
    Complaint.objects.filter(pk=taken_over.pk).update(is_live=False)
    with pytest.raises(NotPossible, match="another system"):
        put_right(taken_over, verifier, subject="Lain")
    given = factories.assigned()
    for who in (verifier, factories.officer_of(given), factories.make_user(Role.SUPERVISOR)):
        with pytest.raises(NotAllowed):
            put_right(given, who, subject="Lain")
    assert not EventContent.objects.filter(event__kind=EventKind.CORRECTED).exists()


def test_erasing_takes_what_was_put_right_of_the_words(verifier: User) -> None:
    case = put_right(factories.file_complaint(location="Rumah Bu Ani"), verifier, location="Rumah Bu Ana")
    reason = factories.make_reason()
    verification.reject(case.pk, actor=verifier, now=FRIDAY + DAY, reason=reason, words="Bukan urusan kota")
    erasure.erase_person(case.pk, by=None, now=FRIDAY + DAY, reason="Atas permintaan")
    assert not EventContent.objects.filter(event__kind=EventKind.CORRECTED).exists()
    assert verify_ledger().ok and not what_is_broken()


def test_the_form_begins_with_what_stands_there_and_is_refused_whole(
    client: Client, verifier: User, ward: Area
) -> None:
    case = factories.file_complaint(area=Area.objects.get(code="W1"), location="Depan toko")
    client.force_login(verifier)
    path = f"/staff/cases/{case.number}/"
    shown = client.get(path, {"do": "correct"}).content.decode()
    assert 'value="Jalan berlubang"' in shown and '<option value="W1" selected>' in shown
    sent = {"version": case.version, "subject": "Pohon tumbang", "area": "W2", "location": "Depan toko"}
    assert client.post(f"{path}correct/", sent | {"reason": "x"}).status_code == 400
    assert client.post(f"{path}correct/", sent | {"reason": REASON}).status_code == 302
    case = Complaint.objects.get()
    assert (case.subject, case.area, case.category) == ("Pohon tumbang", ward, None)
    assert case.received_at.date() == date(2026, 11, 20)
