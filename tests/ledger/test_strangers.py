"""A stranger with one file and the public key finds out whether the history was touched."""

import json
import subprocess
import sys
from base64 import b64encode
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.ledger import merkle
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.export import export_lines
from complaints.ledger.notes import Signer
from complaints.ledger.proofs import NoHead, as_file, consistency_between, proof_for
from complaints.ledger.signing import published_keys, sign_note, verifier
from complaints.ledger.tree import latest_head
from complaints.models import Complaint, Event, EventContent, Head
from complaints.models.event import canonical
from complaints.services import handling
from tests import factories
from tests.factories import FRIDAY, HOUR
from tests.ledger.strangers import CANNOT_BE_CHECKED, DOES_NOT_FIT, FITS, SCRIPT, script, verify
from tests.module_rows import ModuleRows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_case"), pytest.mark.long]


def citizen_of(case: Complaint) -> Citizen:
    return Citizen(case.pk)


def make_case() -> Complaint:
    """A closed case among others, with a remark of the verifier's that its citizen may not read."""
    factories.closed(subject="Lampu padam")
    case = factories.in_progress(description="Lubang “besar” di depan pasar.\nSudah lama.")
    officer = factories.officer_of(case)
    handling.add_note(case.pk, actor=officer, now=FRIDAY, text="CNRY-internal")
    case = handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah ditambal.")
    factories.awaiting()
    return case


@pytest.fixture(scope="module")
def made_case(module_rows: ModuleRows) -> Complaint:
    return module_rows.make(make_case)


@pytest.fixture
def case(made_case: Complaint, db: None) -> Complaint:
    return deepcopy(made_case)


@pytest.fixture
def head(case: Complaint) -> Head:
    return make_checkpoint(FRIDAY + HOUR)


def write(tmp_path: Path, content: bytes | str, name: str = "it.json") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_script_knows_nothing_of_the_product_and_says_how_it_is_used() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    imported = {
        line.split()[1].split(".")[0]
        for line in source.splitlines()
        if line.strip().startswith(("import ", "from "))
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), "--help"], capture_output=True, check=True)
    assert b"proof" in done.stdout


class TestAProof:
    def test_of_the_citizen_fits(self, case: Complaint, head: Head, tmp_path: Path) -> None:
        path = write(tmp_path, as_file(proof_for(case, citizen_of(case))))
        code, said = verify("proof", path, head=write(tmp_path, head.note, "head.txt"))
        assert code == FITS, said
        assert case.number in said and "the same as yours" in said and said.endswith("OK\n")

    def test_shows_its_citizen_their_words_and_nobody_s_remarks(self, case: Complaint, head: Head) -> None:
        proof = proof_for(case, citizen_of(case))
        text = as_file(proof).decode()
        assert "di depan pasar" in text and "Sudah ditambal" in text
        assert "CNRY" not in text
        names = {user.name for user in User.objects.all()} | {user.email for user in User.objects.all()}
        assert not [name for name in names if name in text]
        hidden = [event for event in proof["events"] if event["body"] is None]
        assert [Event.objects.get(hash=event["hash"]).kind for event in hidden] == ["note_added"]

    def test_keeps_an_agency_s_reason_for_handing_back_from_the_citizen(self) -> None:
        case = factories.in_progress()
        handling.hand_back(case.pk, actor=factories.officer_of(case), now=FRIDAY, why="CNRY-bukan-kami")
        make_checkpoint(FRIDAY)
        last = proof_for(case, citizen_of(case))["events"][-1]
        assert last["body"]["kind"] == "handed_back"
        assert (last["words"], last["salt"], last["erased"]) == (None, None, False)
        supervisor = factories.make_user(Role.SUPERVISOR)
        assert proof_for(case, supervisor)["events"][-1]["words"] == {"text": "CNRY-bukan-kami"}

    def test_of_the_staff_fits_and_shows_all(self, case: Complaint, head: Head, tmp_path: Path) -> None:
        proof = proof_for(case, factories.make_user(Role.SUPERVISOR))
        assert all(event["body"] for event in proof["events"])
        code, said = verify("proof", write(tmp_path, as_file(proof)))
        assert code == FITS, said

    def test_says_what_is_not_under_a_head_yet(self, case: Complaint, head: Head, tmp_path: Path) -> None:
        handling.add_note(case.pk, actor=factories.officer_of(case), now=FRIDAY, text="Nanti")
        proof = proof_for(case, factories.make_user(Role.SUPERVISOR))
        assert (proof["events"][-1]["index"], proof["events"][-1]["path"]) == (None, None)
        path = write(tmp_path, as_file(proof))
        assert verify("proof", path)[0] == DOES_NOT_FIT
        code, said = verify("proof", path, more=("--allow-unsigned",))
        assert code == FITS and said.count("NOT PROVEN") == 1

    def test_still_fits_when_words_were_erased(self, case: Complaint, head: Head, tmp_path: Path) -> None:
        EventContent.objects.filter(event__complaint=case, event__kind="submitted").delete()
        proof = proof_for(case, citizen_of(case))
        assert proof["events"][0]["erased"] is True
        code, said = verify("proof", write(tmp_path, as_file(proof)))
        assert code == FITS and said.count("with words that are said to be erased since") == 1

    def test_waits_for_the_first_head(self, case: Complaint) -> None:
        with pytest.raises(NoHead):
            proof_for(case, citizen_of(case))

    def test_with_any_bit_of_any_byte_changed_is_refused(self, case: Complaint, head: Head) -> None:
        """In this process, since every byte is tried: the script's own function, not the product's."""
        key = [script.open_key(str(verifier()))]
        content = as_file(proof_for(case, citizen_of(case)))
        script.check_proof(content, key, {})
        passed = []
        for place in range(len(content) - 1):  # the newline at the end says nothing
            changed = bytearray(content)
            changed[place] ^= 1 << place % 8
            try:
                script.check_proof(bytes(changed), key, {})
            except Exception:  # noqa: BLE001, S112 - whatever it is, it is refused
                continue
            passed.append((place, bytes(changed[max(0, place - 20) : place + 20])))
        assert passed == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda proof: proof["events"].pop(2),
            lambda proof: proof["events"].pop(0),
            lambda proof: proof["events"].reverse(),
            lambda proof: proof["events"].__setitem__(2, proof["events"][1]),
            lambda proof: proof.update(number="KPG-2026-000001-1"),
            lambda proof: proof.update(events=[]),
            lambda proof: proof.update(more=1),
            lambda proof: proof["events"][0].update(words={"subject": "Lain"}),
            lambda proof: proof["events"][0].update(words=None, salt=None, erased=2),
            lambda proof: proof["events"][1].update(erased=True),
            lambda proof: proof["events"][1]["body"].update(role="citizen"),
            lambda proof: proof["events"][1].update(body=None, words={"text": "x"}, salt="x"),
            lambda proof: [event.update(index=None, path=None) for event in proof["events"][:2]],
            lambda proof: [event.update(body=None, words=None, salt=None) for event in proof["events"]],
            lambda proof: proof["events"][1].update(path=proof["events"][1]["path"] * 9),
        ],
    )
    def test_put_together_otherwise_is_refused(
        self, case: Complaint, head: Head, tmp_path: Path, change
    ) -> None:
        proof = proof_for(case, citizen_of(case))
        change(proof)
        code, said = verify("proof", write(tmp_path, as_file(proof)))
        assert code in (DOES_NOT_FIT, CANNOT_BE_CHECKED), said

    def test_with_a_hidden_event_exchanged_is_refused(self, tmp_path: Path) -> None:
        """For another that stands in the tree as well: only the chain tells that it is not of this case."""
        case = factories.in_progress()
        officer = factories.officer_of(case)
        handling.add_note(case.pk, actor=officer, now=FRIDAY, text="Di sini")
        other = factories.file_complaint()
        handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah ditambal.")
        make_checkpoint(FRIDAY)
        proof = proof_for(case, citizen_of(case))
        theirs = proof_for(other, citizen_of(other))["events"][0]
        hidden = next(event for event in proof["events"] if event["body"] is None)
        hidden.update({name: theirs[name] for name in ("hash", "index", "path")})
        code, said = verify("proof", write(tmp_path, as_file(proof)))
        assert code == DOES_NOT_FIT and "does not follow" in said

    def test_under_a_head_that_somebody_else_signed_is_refused(
        self, case: Complaint, head: Head, tmp_path: Path
    ) -> None:
        forger = Signer(verifier().name, b"f" * 32)
        proof = proof_for(case, citizen_of(case))
        proof["head"] = forger.sign(head.note.partition("\n\n")[0] + "\n")
        path = write(tmp_path, as_file(proof))
        assert verify("proof", path)[0] == DOES_NOT_FIT
        assert (
            verify("proof", path, key=str(forger.verifier))[0] == FITS
        )  # his own key, which nobody else published

    def test_is_compared_with_the_heads_one_has(self, case: Complaint, head: Head, tmp_path: Path) -> None:
        path = write(tmp_path, as_file(proof_for(case, citizen_of(case))))
        factories.file_complaint()
        later = make_checkpoint(FRIDAY + 2 * HOUR)
        both = write(tmp_path, f"Dear ombudsman,\r\n\r\n{head.note}\nand\n{later.note}", "mail.txt")
        assert verify("proof", path, head=both)[0] == FITS
        assert verify("proof", path, head=write(tmp_path, later.note, "h"))[0] == CANNOT_BE_CHECKED
        forked = sign_note(head.note.partition("\n\n")[0].replace(head.root_base64, later.root_base64) + "\n")
        assert verify("proof", path, head=write(tmp_path, forked, "h"))[0] == DOES_NOT_FIT


GARBAGE = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"format":"tuntas-proof-1"}',
    b"9" * 10_000,
    b"\0" * 999,
]


@pytest.mark.parametrize("command", ["proof", "consistency", "export", "bundle"])
@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_answered_with_a_sentence(
    tmp_path: Path, command: str, garbage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process: whatever is raised must become a sentence here already."""
    code = script.main([command, str(write(tmp_path, garbage)), "--key", str(verifier())])
    said = capsys.readouterr().out
    assert code in (DOES_NOT_FIT, CANNOT_BE_CHECKED) and len(said.splitlines()) == 1


@pytest.mark.parametrize("command", ["proof", "consistency", "export", "bundle"])
def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, command: str) -> None:
    assert verify(command, tmp_path / "none")[0] == CANNOT_BE_CHECKED


@pytest.mark.parametrize("key", ["x", "a+b+c", "tuntas/kupang+00000000+" + "A" * 44])
def test_a_key_that_is_none_is_said_so(tmp_path: Path, key: str) -> None:
    assert verify("proof", write(tmp_path, b"{}"), key=key)[0] == CANNOT_BE_CHECKED


def test_after_a_change_of_key_both_are_taken(case: Complaint, head: Head, tmp_path: Path, settings) -> None:
    former = str(verifier())
    settings.LEDGER_KEY = b64encode(b"n" * 32).decode()
    settings.LEDGER_FORMER_KEYS = [former]
    factories.file_complaint()
    later = make_checkpoint(FRIDAY + 2 * HOUR)
    path = write(tmp_path, as_file(consistency_between(head.size, later.size)))
    assert verify("consistency", path, key=str(write(tmp_path, published_keys(), "keys")))[0] == FITS
    for one in (former, str(verifier())):
        assert verify("consistency", path, key=one)[0] == DOES_NOT_FIT


def test_the_key_may_stand_in_a_file(case: Complaint, head: Head, tmp_path: Path) -> None:
    path = write(tmp_path, as_file(proof_for(case, citizen_of(case))))
    assert verify("proof", path, key=str(write(tmp_path, f"{verifier()}\n", "key.txt")))[0] == FITS


@given(size=st.integers(1, 80), data=st.data())
def test_script_and_product_agree_on_trees(size: int, data) -> None:
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]

    def node(level: int, index: int) -> bytes:
        return merkle.root_of(leaves[index << level : (index + 1) << level])

    old, index = data.draw(st.integers(1, size)), data.draw(st.integers(0, size - 1))
    root, old_root = merkle.subtree(node, 0, size), merkle.subtree(node, 0, old)
    path = merkle.inclusion_path(node, index, size)
    assert script.inclusion_root(leaves[index], index, size, path) == root
    between = merkle.consistency_path(node, old, size)
    assert script.consistency_roots(old, size, between, old_root) == (old_root, root)
    tree = script.Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.root() == root
    if size > 1:
        wrong = data.draw(st.sampled_from([path[:-1], [*path, path[0]]]))
        with pytest.raises(script.Misfit):
            script.inclusion_root(leaves[index], index, size, wrong)


class TestConsistency:
    @pytest.fixture
    def later(self, head: Head) -> Head:
        for _ in range(3):
            factories.in_progress()
        return make_checkpoint(FRIDAY + 2 * HOUR)

    def test_of_two_heads_fits(self, head: Head, later: Head, tmp_path: Path) -> None:
        path = write(tmp_path, as_file(consistency_between(head.size, later.size)))
        assert verify("consistency", path)[0] == FITS
        old, new = write(tmp_path, head.note, "old"), write(tmp_path, later.note, "new")
        assert verify("consistency", old, new, path)[0] == FITS
        assert verify("consistency", new, old, path)[0] == CANNOT_BE_CHECKED

    def test_of_a_head_with_itself_fits(self, head: Head, tmp_path: Path) -> None:
        assert (
            verify("consistency", write(tmp_path, as_file(consistency_between(head.size, head.size))))[0]
            == FITS
        )

    def test_with_any_bit_of_any_byte_changed_is_refused(
        self, head: Head, later: Head, tmp_path: Path
    ) -> None:
        key = [script.open_key(str(verifier()))]
        content = as_file(consistency_between(head.size, later.size))
        path = tmp_path / "it.json"
        passed = []
        for place in range(len(content) - 1):
            changed = bytearray(content)
            changed[place] ^= 1 << place % 8
            path.write_bytes(changed)
            try:
                script.check_consistency([str(path)], key)
            except Exception:  # noqa: BLE001, S112
                continue
            passed.append(place)
        assert passed == []

    def test_between_heads_that_there_are_not(self, head: Head) -> None:
        with pytest.raises(Head.DoesNotExist):
            consistency_between(1, head.size)


class TestAnExport:
    @pytest.fixture
    def lines(self, head: Head) -> list[bytes]:
        return list(export_lines(head))

    def test_of_the_whole_history_fits(
        self, head: Head, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        factories.file_complaint()
        later = make_checkpoint(FRIDAY + timedelta(hours=2))
        path = tmp_path / "all.jsonl"
        call_command("export_ledger", out=str(path), json=True)
        assert json.loads(capsys.readouterr().out)["events"] == later.size == Event.objects.count()
        assert b"di depan pasar" not in path.read_bytes()
        code, said = verify("export", path, head=write(tmp_path, head.note, "head"))
        assert code == FITS, said

    def test_needs_a_head(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError):
            call_command("export_ledger", out=str(tmp_path / "x"))

    def test_with_any_line_gone_doubled_swapped_or_changed_is_refused(
        self, lines: list[bytes], tmp_path: Path
    ) -> None:
        wrong = []
        for n in range(1, len(lines)):
            wrong.append(lines[:n] + lines[n + 1 :])
            wrong.append([*lines[:n], lines[n], *lines[n:]])
            wrong.append([*lines[:n], lines[n].replace(b'"role":"', b'"role":"x'), *lines[n + 1 :]])
            wrong.append([*lines[: n - 1], lines[n], lines[n - 1], *lines[n + 1 :]])
        wrong.append([*lines[:-1], lines[-1][:-1]])
        key, path = [script.open_key(str(verifier()))], tmp_path / "all.jsonl"
        for each in wrong:
            path.write_bytes(b"".join(each))
            with pytest.raises((script.Misfit, script.Unusable)):
                script.check_export(str(path), key, {})

    def test_names_the_event_that_does_not_follow(
        self, case: Complaint, lines: list[bytes], tmp_path: Path
    ) -> None:
        first = next(n for n, line in enumerate(lines) if case.number.encode() in line and b'"seq":2' in line)
        lines[first] = lines[first].replace(b'"role":"', b'"role":"x')
        code, said = verify("export", write(tmp_path, b"".join(lines)))
        assert code == DOES_NOT_FIT and f"event 3 of {case.number} does not follow event 2" in said

    def test_made_anew_is_caught_by_the_heads_one_kept(
        self, head: Head, lines: list[bytes], tmp_path: Path
    ) -> None:
        """Whoever holds the key can sign another history; whoever kept a head sees where it parts from theirs."""
        factories.file_complaint()
        make_checkpoint(FRIDAY + 2 * HOUR)
        later = latest_head()
        assert later is not None
        rows = [json.loads(line) for line in list(export_lines(later))[1:]]
        rows[0]["body"]["role"] = "officer"
        tree, last = script.Tree(), dict[str, str]()
        for row in rows:
            body = row["body"]
            body["prev"] = last.get(body["case"], "")
            leaf = script.leaf_of(body)
            last[body["case"]] = leaf.hex()
            tree.add(leaf)
        text = later.note.partition("\n\n")[0].replace(later.root_base64, b64encode(tree.root()).decode())
        first = {"format": "tuntas-export-1", "head": sign_note(f"{text}\n")}
        path = write(tmp_path, b"".join(canonical(row) + b"\n" for row in [first, *rows]))
        assert verify("export", path)[0] == FITS
        code, said = verify("export", path, head=write(tmp_path, head.note, "kept"))
        assert code == DOES_NOT_FIT and f"index 0 to {head.size - 1}" in said
