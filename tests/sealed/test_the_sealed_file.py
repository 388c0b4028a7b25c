"""What is in a sealed file, what is not, and that a stranger finds every change in it."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest
from django.utils import translation

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.files.storage import receive_all
from complaints.identity import Identity
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.notes import Signer
from complaints.ledger.signing import verifier
from complaints.models import Attachment, Complaint, Event, EventContent, Head
from complaints.services import citizen, handling, system, verification
from complaints.services.erasure import erase_person
from escalation.ladder.models import EscalationRule, Trigger
from escalation.sweep import run_sweep
from reports.documents.models import Document, Purpose
from reports.documents.services import KEPT, ask_sealed_file, build_documents, clear_documents, make_document
from reports.zipped import zip_of
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.files.samples import upload
from tests.ledger.strangers import DOES_NOT_FIT, FITS, script, verify
from tests.module_rows import ModuleRows
from tests.reports.printed import words_of
from tests.shared import on_disk, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "made"), pytest.mark.long]
SEALED_AT = FRIDAY + 40 * DAY


def drafts(name: str, kind: str, by: User | None = None) -> list[Attachment]:
    return receive_all([upload(kind, name)], digest=name, now=FRIDAY, added_by=by).kept


def make_case() -> Complaint:
    """A lively confidential case: asked back, answered with a photo, late, raised, resolved, disputed."""
    case = factories.file_complaint(
        identity=Identity("CNRY-Ani Wijaya", "cnry.ani@example.org", "0812-CNRY-7"), is_confidential=True
    )
    verifier_ = factories.make_user(Role.VERIFIER)
    verification.ask_citizen(case.pk, actor=verifier_, now=FRIDAY + HOUR, question="Di mana tepatnya?")
    me = Citizen(case.pk)
    citizen.answer(
        case.pk, actor=me, now=FRIDAY + 3 * DAY, text="Di depan toko.", files=drafts("foto lubang.jpg", "jpg")
    )
    routing = verification.Routing([factories.make_agency()], remark="INTERNAL-remark")
    case = verification.assign(case.pk, actor=verifier_, now=FRIDAY + 4 * DAY, routing=routing)
    factories.make_user(Role.AGENCY_HEAD)
    officer = factories.officer_of(case)
    handling.accept(case.pk, actor=officer, now=FRIDAY + 5 * DAY, handler=officer)
    handling.add_note(case.pk, actor=officer, now=FRIDAY + 5 * DAY, text="INTERNAL-note")
    handling.add_files(
        case.pk,
        actor=officer,
        now=FRIDAY + 6 * DAY,
        files=drafts("INTERNAL-photo.png", "png", officer),
        is_public=False,
    )
    run_sweep(FRIDAY + 35 * DAY)
    handling.resolve(case.pk, actor=officer, now=FRIDAY + 36 * DAY, answer="Sudah ditambal.")
    return citizen.dispute(case.pk, actor=me, now=FRIDAY + 37 * DAY, why="Masih berlubang.")


@dataclass
class Made:
    """Two such cases; the second is sealed already, for tests that only read it: a PDF takes seconds."""

    case: Complaint
    supervisor: User
    sealed: Complaint
    bundle: bytes


def make_rows() -> Made:
    EscalationRule.objects.create(trigger=Trigger.BREACH, level=1, valid_from=date(2018, 1, 1))
    supervisor = factories.make_user(Role.SUPERVISOR, name="Sari")
    with translation.override("en"):
        case, sealed = make_case(), make_case()
        return Made(case, supervisor, sealed, seal(sealed, supervisor))


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Made:
    return module_rows.make(make_rows)


@pytest.fixture
def case(made: Made, db: None) -> Complaint:
    return deepcopy(made.case)


@pytest.fixture
def supervisor(made: Made, db: None) -> User:
    return deepcopy(made.supervisor)


def seal(case: Complaint, by: User, *, is_for_citizen: bool = False, language: str = "en") -> bytes:
    document = ask_sealed_file(
        case,
        Purpose.OMBUDSMAN,
        words="Asked for by letter 12",
        is_for_citizen=is_for_citizen,
        actor=by,
        now=SEALED_AT,
        language=language,
    )
    assert build_documents(SEALED_AT) == 1
    return on_disk(document.stored).read_bytes()


def unpack(bundle: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(bundle)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def pack(members: dict[str, bytes]) -> bytes:
    """As the product does, so that only what is in it can be found wrong."""
    return zip_of(members)


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "sealed.zip"
    path.write_bytes(content)
    return path


def everything(members: dict[str, bytes]) -> str:
    """All that can be read in it, the PDF's words included."""
    plain = [content.decode(errors="replace") for content in members.values()]
    return "\n".join([*members, *plain, words_of(members["case.pdf"])])


def test_a_stranger_checks_it_offline(made: Made, tmp_path: Path) -> None:
    bundle = made.bundle
    code, said = verify("bundle", write(tmp_path, bundle))
    assert code == FITS, said
    members = unpack(bundle)
    own = tmp_path / "own.txt"
    own.write_bytes(next(content for name, content in members.items() if name.startswith("heads/")))
    assert verify("bundle", write(tmp_path, bundle), head=own)[0] == FITS
    (tmp_path / "tuntas_verify.py").write_bytes(members["tuntas_verify.py"])
    assert members["key.txt"].decode().strip() == str(verifier())


def test_it_holds_the_whole_case(made: Made) -> None:
    case, members = made.sealed, unpack(made.bundle)
    names = set(members)
    assert {"README.txt", "case.pdf", "case.json", "proof.json", "key.txt", "MANIFEST.txt"} <= names
    assert sorted(name[-4:] for name in names if name.startswith("files/")) == [".jpg", ".png"]
    assert not [name for name in names if "lubang" in name]  # the sender is protected, and named it
    told = json.loads(members["case.json"])
    kinds = [event["kind"] for event in told["timeline"]]
    assert kinds == list(Event.objects.filter(complaint=case).order_by("seq").values_list("kind", flat=True))
    assert kinds[-1] == "file_sealed"
    assert [event["words"] for event in told["timeline"] if event["kind"] == "note_added"] == [
        "INTERNAL-note"
    ]
    resolution = next(clock for clock in told["clocks"] if clock["stage"] == "Resolution")
    assert [line["what"] for line in resolution["why"]].count(
        "The clock stood still: waiting for the citizen"
    )
    assert len(told["pauses"]) == 1
    assert {"Question", "Answer", "Escalation"} <= {mail["mail"] for mail in told["correspondence"]}
    assert {mail["to"] for mail in told["correspondence"]} >= {"Citizen", "Whoever works on the report"}
    assert told["escalations"] and told["escalations"][0]["raised_at"]
    assert told["purpose"] == "for the ombudsman"
    proof = json.loads(members["proof.json"])
    assert len(proof["events"]) == len(kinds)
    assert all(event["index"] is not None for event in proof["events"])  # a head was signed for it
    assert "Masihberlubang." in words_of(members["case.pdf"])


def test_what_happens_while_it_is_made_is_left_to_the_next_one(
    case: Complaint, supervisor: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in it stands under no head, whatever is written, and signed by others, meanwhile."""
    monkeypatch.setattr("reports.sealed.bundle.case_file_pdf", lambda case, **rest: b"%PDF-1.7 words")

    def slowly(now: datetime) -> Head:
        head = make_checkpoint(now)
        handling.add_note(case.pk, actor=factories.officer_of(case), now=now, text="Sementara itu")
        make_checkpoint(now)
        handling.add_note(case.pk, actor=factories.officer_of(case), now=now, text="Dan lagi")
        return head

    monkeypatch.setattr("reports.sealed.bundle.make_checkpoint", slowly)
    bundle = seal(case, supervisor)
    assert verify("bundle", write(tmp_path, bundle))[0] == FITS
    assert all(event["index"] is not None for event in json.loads(unpack(bundle)["proof.json"])["events"])


def test_who_complained_is_in_no_member(case: Complaint, supervisor: User) -> None:
    system.open_identity(case.pk, actor=supervisor, now=FRIDAY + 38 * DAY, motive="To ask for a map")
    for is_for_citizen in (False, True):
        text = everything(unpack(seal(case, supervisor, is_for_citizen=is_for_citizen)))
        assert "CNRY" not in text and "cnry" not in text
        assert "[withheld: the citizen asked for protection]" in text


def test_an_open_identity_is_left_out_too(supervisor: User) -> None:
    case = factories.in_progress(identity=Identity("CNRY-Budi", "cnry@example.org", ""))
    text = everything(unpack(seal(case, supervisor)))
    assert "CNRY" not in text and "cnry" not in text


def test_the_citizen_s_edition_shows_what_the_citizen_sees(
    case: Complaint, supervisor: User, tmp_path: Path
) -> None:
    bundle = seal(case, supervisor, is_for_citizen=True)
    assert verify("bundle", write(tmp_path, bundle))[0] == FITS
    members = unpack(bundle)
    text = everything(members)
    assert "INTERNAL" not in text
    assert "Di depan toko." in text and "Masih berlubang." in text
    staff = [user.name for user in User.objects.exclude(pk=supervisor.pk)]
    told = json.loads(members["case.json"])
    assert not [event for event in told["timeline"] if event["who"] in staff or event["internal"]]
    assert {mail["to"] for mail in told["correspondence"]} == {"Citizen"}
    hidden = [event for event in json.loads(members["proof.json"])["events"] if event["body"] is None]
    assert hidden and all(event["words"] is None for event in hidden)


def test_erased_words_are_marked(case: Complaint, supervisor: User, tmp_path: Path) -> None:
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY + 38 * DAY)
    erase_person(case.pk, by=None, now=FRIDAY + 39 * DAY, reason="Asked for it")
    case.refresh_from_db()
    bundle = seal(case, supervisor)
    assert verify("bundle", write(tmp_path, bundle))[0] == FITS
    members = unpack(bundle)
    told = json.loads(members["case.json"])
    said = {event["kind"]: event["words"] for event in told["timeline"]}
    assert said["submitted"] == said["answered"] == "[erased]"
    assert "[erased]" in words_of(members["case.pdf"])
    assert "Di depan toko." not in everything(members)


def test_a_file_that_is_damaged_is_listed_as_missing(
    case: Complaint, supervisor: User, tmp_path: Path
) -> None:
    photo = Attachment.objects.get(complaint=case, content_type="image/jpeg")
    path_of(photo.key).write_bytes(b"other bytes")
    bundle = seal(case, supervisor)
    members = unpack(bundle)
    listed = {row["name"]: row for row in json.loads(members["case.json"])["files"]}
    assert listed[photo.name]["missing"].startswith("[missing")
    assert listed[photo.name]["sha256"] == photo.sha256
    assert not [name for name in members if name.endswith(".jpg")]
    assert verify("bundle", write(tmp_path, bundle))[0] == FITS


@pytest.fixture
def small(supervisor: User, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Of a short case, without the seconds that a real PDF takes."""
    monkeypatch.setattr("reports.sealed.bundle.case_file_pdf", lambda case, **rest: b"%PDF-1.7 words")
    return seal(factories.in_progress(), supervisor)


def test_a_changed_byte_in_any_member_is_found(made: Made, tmp_path: Path) -> None:
    members = unpack(made.bundle)
    key, path = [script.open_key(str(verifier()))], tmp_path / "sealed.zip"
    for name, content in members.items():
        for place in (0, len(content) // 2, len(content) - 2):
            changed = bytearray(content)
            changed[place] ^= 1
            path.write_bytes(pack({**members, name: bytes(changed)}))
            with pytest.raises((script.Misfit, script.Unusable, ValueError)):
                script.check_bundle(str(path), key, {})


def is_refused(bundle: bytes, path: Path) -> bool:
    """In this process: the script's own function, for what is tried a thousand times."""
    path.write_bytes(bundle)
    try:
        script.check_bundle(str(path), [script.open_key(str(verifier()))], {})
    except Exception:  # noqa: BLE001 - whatever it is, it is refused
        return True
    return False


def test_a_changed_byte_in_the_zip_itself_is_found(small: bytes, tmp_path: Path) -> None:
    """Each byte that is said of a member, before it and in the list at the end, and one of its own."""
    with ZipFile(BytesIO(small)) as bundle:
        members, listed = bundle.infolist(), bundle.start_dir
    begins = [(info, info.header_offset + 30 + len(info.filename)) for info in members]
    places = [place for info, begin in begins for place in range(info.header_offset, begin)]
    places += [begin + info.compress_size // 2 for info, begin in begins]
    assert not is_refused(small, tmp_path / "sealed.zip")
    passed = []
    for place in [*places, *range(listed, len(small))]:
        changed = bytearray(small)
        changed[place] ^= 1 << place % 8
        if not is_refused(bytes(changed), tmp_path / "sealed.zip"):
            passed.append(place)
    assert passed == []


def with_comment(bundle: bytes) -> bytes:
    out = BytesIO(bundle)
    with ZipFile(out, "a") as opened:
        opened.comment = b"Diperiksa oleh wali kota"
    return out.getvalue()


def with_folder(bundle: bytes) -> bytes:
    out = BytesIO(bundle)
    with ZipFile(out, "a") as opened:
        opened.writestr(ZipInfo("files/extra/"), b"")
    return out.getvalue()


def stored(bundle: bytes) -> bytes:
    """The same members, packed by another hand."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as opened:
        for name, content in unpack(bundle).items():
            opened.writestr(name, content)
    return out.getvalue()


def with_gap(bundle: bytes) -> bytes:
    """Bytes between the members and the list of them, which every program passes over."""
    with ZipFile(BytesIO(bundle)) as opened:
        listed = opened.start_dir
    end = bytearray(bundle[-22:])
    end[16:20] = (listed + 5).to_bytes(4, "little")
    return bundle[:listed] + b"CNRY!" + bundle[listed:-22] + bytes(end)


@pytest.mark.parametrize(
    "change",
    [
        with_comment,
        with_folder,
        with_gap,
        stored,
        lambda bundle: b"#!/bin/sh\n" + bundle,
        lambda bundle: bundle + b"\n",
        lambda bundle: bundle + bundle,
        lambda bundle: bundle[:-1],
    ],
)
def test_what_stands_in_the_zip_beside_its_members_is_found(
    small: bytes, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    assert verify("bundle", write(tmp_path, change(small)))[0] == DOES_NOT_FIT


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.pop("case.json"),
        lambda members: members.pop("MANIFEST.txt"),
        lambda members: members.update({"files/99-new.txt": b"x"}),
        lambda members: members.update({"../outside.txt": b"x"}),
        lambda members: members.update({"case.pdf": members["key.txt"]}),
    ],
)
def test_a_member_gone_or_added_is_found(small: bytes, tmp_path: Path, change: Any) -> None:
    members = unpack(small)
    change(members)
    assert verify("bundle", write(tmp_path, pack(members)))[0] != FITS


def test_a_member_twice_is_found(small: bytes, tmp_path: Path) -> None:
    path = write(tmp_path, small)
    with ZipFile(path, "a") as bundle, pytest.warns(UserWarning, match="Duplicate"):
        bundle.writestr("case.json", "{}")
    assert verify("bundle", path)[0] == DOES_NOT_FIT


def test_sealed_anew_by_somebody_else_is_found(small: bytes, tmp_path: Path) -> None:
    members = unpack(small)
    text = members["MANIFEST.txt"].decode().partition("\n\n")[0]
    members["MANIFEST.txt"] = Signer(verifier().name, b"f" * 32).sign(f"{text}\n").encode()
    assert verify("bundle", write(tmp_path, pack(members)))[0] == DOES_NOT_FIT


def test_a_part_of_another_sealed_file_is_found(small: bytes, supervisor: User, tmp_path: Path) -> None:
    members, others = unpack(small), unpack(seal(factories.resolved(), supervisor))
    for name in ("proof.json", "case.json", "MANIFEST.txt"):
        assert verify("bundle", write(tmp_path, pack({**members, name: others[name]})))[0] == DOES_NOT_FIT


def test_made_again_at_the_same_moment_it_has_the_same_bytes(made: Made) -> None:
    document = Document.objects.select_related("requested_by", "complaint").get(complaint=made.sealed)
    assert make_document(document, SEALED_AT).content == made.bundle


def test_it_can_be_unpacked_anywhere(made: Made) -> None:
    with ZipFile(BytesIO(made.bundle)) as bundle:
        for info in bundle.infolist():
            assert (
                info.filename.isascii()
                and not info.filename.startswith(("/", "."))
                and ".." not in info.filename
            )
            assert info.date_time == (1980, 1, 1, 0, 0, 0)


def test_words_of_the_history_are_those_under_their_hash(made: Made) -> None:
    proof = json.loads(unpack(made.bundle)["proof.json"])
    stored = {
        content.event.seq: content.words
        for content in EventContent.objects.filter(event__complaint=made.sealed).select_related("event")
    }
    assert {event["seq"]: event["words"] for event in proof["events"] if event["words"]} == stored


def test_it_is_deleted_with_the_other_documents(small: bytes) -> None:
    document = Document.objects.latest("pk")
    clear_documents(SEALED_AT + KEPT + timedelta(hours=1))
    assert not on_disk(document.stored).exists()
