"""A citizen asks to be forgotten: nothing of them is left anywhere, and the history still verifies."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.actors import Citizen
from accounts.roles import Role
from complaints.files.storage import receive
from complaints.history.rows import ERASED
from complaints.history.timeline import Audience, timeline_as_seen_by, timeline_for
from complaints.integrity import check_integrity
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.proofs import proof_for
from complaints.ledger.verify import verify_ledger
from complaints.models import Attachment, Complainant, Complaint, Event, EventKind
from complaints.services import citizen, erasure, handling, verification
from complaints.services.change import NotPossible
from reports.documents.models import Document
from reports.documents.services import ask_case_file, clear_documents
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.files.samples import upload
from tests.soundness import what_is_broken

pytestmark = pytest.mark.django_db
CANARY = "cendrawasih"


def ended_case() -> Complaint:
    """Everything the citizen can leave behind, each with the canary in it."""
    case = factories.in_progress(
        email=f"{CANARY}@tuntas.test",
        subject=f"Lampu {CANARY}",
        description=f"Di depan rumah {CANARY}",
        location=f"Gang {CANARY}",
    )
    officer = factories.officer_of(case)
    who = Citizen(case.pk)
    photo = receive(upload("jpg", name=f"{CANARY}.jpg"), digest="d" * 64, now=FRIDAY)
    handling.add_files(case.pk, actor=who, now=FRIDAY, files=[photo])
    verification.ask_citizen(case.pk, actor=officer, now=FRIDAY, question="Di mana?")
    citizen.answer(case.pk, actor=who, now=FRIDAY, text=f"Tanya {CANARY}")
    handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah diganti.")
    return citizen.confirm(case.pk, actor=who, now=FRIDAY, rating=4, comment=f"Salam, {CANARY}")


def everything_stored() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def test_who_comes_back_with_an_older_copy_is_named() -> None:
    """What is erased is known outside the database too."""
    case = ended_case()
    told = Complaint.objects.values("subject", "description").get(pk=case.pk)
    erasure.erase_person(case.pk, by=None, now=FRIDAY, reason="Diminta")
    assert check_integrity()["erased_person_is_back"] == []
    Complaint.objects.filter(pk=case.pk).update(**told)
    assert check_integrity()["erased_person_is_back"] == [case.number]


def test_nothing_of_the_citizen_is_left_and_the_history_verifies() -> None:
    case = ended_case()
    path = Path(settings.MEDIA_ROOT)
    files = {p for p in path.rglob("*") if p.is_file()}
    assert CANARY in everything_stored() and files
    gone = erasure.erase_person(case.pk, by=None, now=FRIDAY + DAY, reason="Atas permintaan")
    assert (gone.words, gone.files) == (3, 1)  # the report, the answer, the comment
    assert CANARY not in everything_stored()
    assert not {p for p in path.rglob("*") if p.is_file()} & files
    assert not Complainant.objects.exists() and not Attachment.objects.exists()
    assert verify_ledger().ok
    assert not what_is_broken()


@pytest.mark.django_db(transaction=True)
def test_the_history_says_when_why_and_by_whom() -> None:
    case = ended_case()
    admin = factories.make_user(Role.ADMINISTRATOR)
    call_command("erase_person", case.number, reason="Surat 3 November", by=admin.email)
    event = Event.objects.get(kind=EventKind.WORDS_ERASED)
    assert event.content.words == {"text": "Surat 3 November"}
    assert event.data["by"] == admin.pk
    said = Event.objects.filter(role__in=["citizen", "clerk"]).exclude(content_digest="")
    assert event.data["seqs"] == sorted(said.values_list("seq", flat=True))


def test_what_staff_wrote_stays_unless_it_is_asked_for(client: Client) -> None:
    case = ended_case()
    erasure.erase_person(case.pk, by=None, now=FRIDAY, reason="Atas permintaan")
    client.force_login(factories.make_user(Role.SUPERVISOR))
    page = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "Sudah diganti." in page and CANARY not in page and ERASED in page
    erasure.erase_person(case.pk, by=None, now=FRIDAY, reason="Namanya ada di jawaban", everything=True)
    assert "Sudah diganti." not in client.get(f"/staff/cases/{case.number}/").content.decode()
    assert verify_ledger().ok


def test_an_open_case_is_not_erased() -> None:
    case = factories.in_progress()
    with pytest.raises(NotPossible):
        erasure.erase_person(case.pk, by=None, now=FRIDAY, reason="Atas permintaan")
    with pytest.raises(CommandError):
        call_command("erase_person", case.number, reason="Atas permintaan")
    with pytest.raises(CommandError, match="no case"):
        call_command("erase_person", "KPG-2026-000000-0", reason="Atas permintaan")
    assert not Event.objects.filter(kind=EventKind.WORDS_ERASED).exists()
    assert Complaint.objects.get(pk=case.pk).subject == "Jalan berlubang"


def test_the_parts_of_a_shared_case_are_erased_with_it() -> None:
    case = factories.file_complaint(subject=f"Lampu {CANARY}")
    agencies = [factories.make_agency("PUPR"), factories.make_agency("DLHK")]
    verifier = factories.make_user(Role.VERIFIER)
    routing = verification.Routing(agencies)
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=routing)
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY)
    erasure.erase_person(case.pk, by=None, now=FRIDAY, reason="Atas permintaan")
    assert CANARY not in everything_stored()
    assert verify_ledger().ok


def test_papers_made_before_go_with_it() -> None:
    case = ended_case()
    reader = factories.make_user(Role.SUPERVISOR)
    before = ask_case_file(case, actor=reader, now=FRIDAY, language="id")
    erasure.erase_person(case.pk, by=None, now=FRIDAY + DAY, reason="Atas permintaan")
    clear_documents(FRIDAY + 2 * DAY)
    assert not Document.objects.filter(pk=before.pk).exists()
    after = ask_case_file(case, actor=reader, now=FRIDAY + 2 * DAY, language="id")
    clear_documents(FRIDAY + 2 * DAY)
    assert Document.objects.filter(pk=after.pk).exists()


def dissented() -> tuple[Complaint, Complaint]:
    """The main case, open again because the citizen of the one merged into it said so."""
    main, case = factories.in_progress(), factories.file_complaint()
    verification.merge(case.pk, actor=factories.make_user(Role.VERIFIER), now=FRIDAY, into=main.pk)
    handling.resolve(main.pk, actor=factories.officer_of(main), now=FRIDAY, answer="Sudah diganti.")
    words = f"Di depan rumah saya, {CANARY}, belum"
    citizen.react_as_merged(case.pk, actor=Citizen(case.pk), now=FRIDAY, agrees=False, words=words)
    return main, case


def test_what_the_citizen_of_a_merged_case_said_of_the_main_one_goes_too() -> None:
    main, case = dissented()
    erasure.erase_person(case.pk, by=None, now=FRIDAY + DAY, reason="Atas permintaan")
    assert CANARY not in everything_stored()
    main.refresh_from_db()
    assert main.is_open and main.subject == "Jalan berlubang"
    assert verify_ledger().ok
    assert not what_is_broken()
    Complaint.objects.filter(pk=main.pk).update(subject="Jalan mulus")
    assert not verify_ledger().ok  # the main case's own words still count


def test_the_citizen_of_the_main_case_and_others_who_follow_it_do_not_read_them() -> None:
    main, _case = dissented()
    readers = [timeline_for(main, Citizen(main.pk)), timeline_as_seen_by(main, Audience.FOLLOWER)]
    for items in readers:
        assert "disputed" in [item.kind for item in items]
        assert CANARY not in str(items)
    assert CANARY in str(timeline_for(main, factories.officer_of(main)))
    make_checkpoint(FRIDAY + DAY)
    assert CANARY not in str(proof_for(main, Citizen(main.pk)))
