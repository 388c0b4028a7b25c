"""Whoever forges a proof has no signature: no way of putting one together makes it pass."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from accounts.actors import Citizen
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.export import export_lines
from complaints.ledger.proofs import NoHead, as_file, consistency_between, proof_for
from complaints.ledger.signing import verifier
from complaints.models import Complaint, Head
from complaints.models.event import canonical, content_digest
from complaints.services import handling
from tests import factories
from tests.factories import FRIDAY, HOUR
from tests.ledger.strangers import DOES_NOT_FIT, FITS, script, verify

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def case() -> Complaint:
    """Asked, at work, with a remark that its citizen may not read."""
    case = factories.in_progress(description="Lubang.")
    officer = factories.officer_of(case)
    handling.add_note(case.pk, actor=officer, now=FRIDAY, text="Di antara kita")
    return handling.resolve(case.pk, actor=officer, now=FRIDAY, answer="Sudah.")


@pytest.fixture
def proof(case: Complaint) -> dict[str, Any]:
    factories.file_complaint()
    make_checkpoint(FRIDAY + HOUR)
    return proof_for(case, Citizen(case.pk))


def invented(number: str, seq: int, previous: str, words: dict[str, str]) -> dict[str, Any]:
    """An event that fits its chain and was never signed."""
    body = {
        "case": number, "seq": seq, "kind": "resolved", "at": "2026-11-20T03:00:00.000000+00:00", "actor": None,
        "role": "officer", "data": {}, "content": content_digest("salt", words), "prev": previous,
    }  # fmt: skip
    return {
        "seq": seq, "index": None, "hash": script.leaf_of(body).hex(), "path": None, "body": body,
        "words": words, "salt": "salt", "erased": False,
    }  # fmt: skip


def write(tmp_path: Path, content: dict[str, Any]) -> Path:
    path = tmp_path / "it.json"
    path.write_bytes(as_file(content))
    return path


@pytest.mark.parametrize("more", [(), ("--allow-unsigned",)])
def test_an_invented_case_under_a_genuine_head_never_passes(
    proof: dict[str, Any], tmp_path: Path, more: tuple[str, ...]
) -> None:
    forged = proof | {"number": "KPG-2026-000999-9"}
    forged["events"] = [invented(forged["number"], 1, "", {"text": "Ditolak."})]
    code, said = verify("proof", write(tmp_path, forged), more=more)
    assert code == DOES_NOT_FIT, said


def test_hidden_events_of_others_do_not_carry_an_invented_case(proof: dict[str, Any], tmp_path: Path) -> None:
    hidden = proof["events"][0] | {"body": None, "words": None, "salt": None}
    forged = proof | {"number": "KPG-2026-000999-9"}
    forged["events"] = [hidden, invented(forged["number"], 2, hidden["hash"], {"text": "Ditolak."})]
    assert verify("proof", write(tmp_path, forged), more=("--allow-unsigned",))[0] == DOES_NOT_FIT


def test_an_invented_answer_is_not_proven(proof: dict[str, Any], tmp_path: Path) -> None:
    last = proof["events"][-1]
    proof["events"].append(invented(proof["number"], last["seq"] + 1, last["hash"], {"text": "Ditolak."}))
    code, said = verify("proof", write(tmp_path, proof))
    assert code == DOES_NOT_FIT and "under no head" in said
    code, said = verify("proof", write(tmp_path, proof), more=("--allow-unsigned",))
    assert code == FITS
    told = said.splitlines()
    assert told[-2].startswith(f"  NOT PROVEN: event {last['seq'] + 1}, under no head") and told[-1] == "OK"
    proven = [line for line in told if " under the head of " in line]
    assert len(proven) == last["seq"] and not any("NOT PROVEN" in line for line in proven)


def test_what_hides_at_the_end_is_not_shown_to_be_of_the_case(proof: dict[str, Any], tmp_path: Path) -> None:
    """An event of another case, under the head and nothing of it shown: only who follows it could tell."""
    other = proof_for(Complaint.objects.latest("pk"), Citizen(Complaint.objects.latest("pk").pk))["events"][0]
    last = proof["events"][-1]["seq"]
    proof["events"].append(other | {"seq": last + 1, "body": None, "words": None, "salt": None})
    code, said = verify("proof", write(tmp_path, proof))
    assert code == FITS
    loose = [line for line in said.splitlines() if "nor does anything here show" in line]
    assert len(loose) == 1 and f"event {last + 1}," in loose[0]


def places(found: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each thing in it."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for name, value in inner:
        yield (*way, name)
        yield from places(value, (*way, name))


def at(found: Any, way: tuple[Any, ...]) -> Any:
    for name in way:
        found = found[name]
    return found


OTHERS = [None, True, False, 0, 1, 1.0, -1, "", "x", [], {}, [None], {"x": 1}]


def put(value: Any) -> Callable[[Any, Any], object]:
    return lambda where, name: where.__setitem__(name, value)


def structural(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same with one thing in it missing, another, extra, repeated or elsewhere."""

    def changed(way: tuple[Any, ...], change: Callable[[Any, Any], object]) -> dict[str, Any]:
        copy = deepcopy(found)
        change(at(copy, way[:-1]), way[-1])
        return copy

    for way in places(found):
        yield f"{way} missing", changed(way, lambda where, name: where.pop(name))
        for other in OTHERS:
            if canonical(other) != canonical(at(found, way)):
                yield f"{way} is {other!r}", changed(way, put(other))
        if isinstance(at(found, way), dict):
            yield f"{way} extra", changed((*way, "more"), put(None))
    yield from reordered(found)
    yield "extra", found | {"more": None}


def reordered(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same with the members of one list repeated, or in another order."""

    def changed(way: tuple[Any, ...], change: Callable[[Any, Any], object]) -> dict[str, Any]:
        copy = deepcopy(found)
        change(at(copy, way[:-1]), way[-1])
        return copy

    for way in places(found):
        inside = at(found, way)
        if isinstance(inside, list):
            for change in (lambda w: w.append(None), lambda w: w.extend(deepcopy(w)), lambda w: w.reverse()):
                copy = deepcopy(found)
                change(at(copy, way))
                if copy != found:
                    yield f"{way} extended, repeated or reversed", copy
            for n in range(len(inside)):
                yield f"{way} repeats {n}", changed((*way, n), lambda w, n: w.insert(n, deepcopy(w[n])))
                if n and inside[n] != inside[n - 1]:
                    yield f"{way} swaps {n}", changed((*way, n), lambda w, n: w.insert(n - 1, w.pop(n)))


def shows_less(found: dict[str, Any], forged: dict[str, Any]) -> bool:
    """Whether it says nothing but what the true one says, only less: no lie, and seen by how much it shows."""
    events, true = forged.get("events"), found["events"]
    if not isinstance(events, list) or not 0 < len(events) <= len(true):
        return False
    for event, was in zip(events, true, strict=False):
        gone = {"body", "words", "salt"} if isinstance(event, dict) and event.get("body") is None else set()
        gone |= {"erased"} if was["words"] is None and was["body"] and was["body"]["content"] else set()
        if not isinstance(event, dict) or set(event) != set(was) or type(event["erased"]) is not bool:
            return False
        if any(canonical(event[name]) != canonical(was[name]) for name in set(was) - gone):
            return False
        if event["body"] is None and (event["words"] is not None or event["salt"] is not None):
            return False
    return {**forged, "events": 0} == {**found, "events": 0}


def passes(check: Callable[..., object], *arguments: object) -> bool:
    try:
        check(*arguments)
    except Exception:  # noqa: BLE001 - whatever it is, it is refused
        return False
    return True


@pytest.mark.parametrize("late", [False, True])
def test_every_structural_forgery_of_a_proof_is_refused(proof: dict[str, Any], late: bool) -> None:
    keys = [script.open_key(str(verifier()))]
    script.check_proof(as_file(proof), keys, {}, late)
    tried = [(how, forged) for how, forged in structural(proof) if not shows_less(proof, forged)]
    wrong = [how for how, forged in tried if passes(script.check_proof, as_file(forged), keys, {}, late)]
    assert wrong == [] and len(tried) > 500


def test_every_structural_forgery_of_a_consistency_file_is_refused(case: Complaint, tmp_path: Path) -> None:
    old = make_checkpoint(FRIDAY)
    factories.in_progress()
    content = consistency_between(old.size, make_checkpoint(FRIDAY + HOUR).size)
    keys, path = [script.open_key(str(verifier()))], tmp_path / "it.json"
    wrong = []
    for how, forged in structural(content):
        path.write_bytes(as_file(forged))
        if passes(script.check_consistency, [str(path)], keys):
            wrong.append(how)
    assert wrong == []


def test_every_structural_forgery_of_an_export_is_refused(case: Complaint, tmp_path: Path) -> None:
    head = make_checkpoint(FRIDAY)
    lines = [json.loads(line) for line in export_lines(head)]
    keys, path = [script.open_key(str(verifier()))], tmp_path / "it.jsonl"
    wrong = []
    for n, line in enumerate(lines):
        for how, forged in [*structural(line), ("empty format", line | {"format": ""})]:
            path.write_bytes(
                b"".join(canonical(row) + b"\n" for row in [*lines[:n], forged, *lines[n + 1 :]])
            )
            if passes(script.check_export, str(path), keys, {}):
                wrong.append(f"line {n}: {how}")
    assert wrong == []


def test_a_name_twice_is_refused(proof: dict[str, Any]) -> None:
    keys, content = [script.open_key(str(verifier()))], as_file(proof).decode()
    for name in ("number", "head", "events", "seq", "index", "hash", "words", "case", "prev"):
        assert f'"{name}":' in content
        twice = content.replace(f'"{name}":', f'"{name}":null,"{name}":', 1).encode()
        assert not passes(script.check_proof, twice, keys, {}), name


def test_heads_behind_head_are_not_passed_over_for_consistency(case: Complaint, tmp_path: Path) -> None:
    head = make_checkpoint(FRIDAY)
    kept = tmp_path / "kept.txt"
    kept.write_text(head.note)
    path = write(tmp_path, consistency_between(head.size, head.size))
    assert verify("consistency", path, head=kept)[0] not in (FITS, DOES_NOT_FIT)


def test_a_case_that_no_head_stands_over_has_no_proof(proof: dict[str, Any]) -> None:
    late = factories.file_complaint()
    with pytest.raises(NoHead):
        proof_for(late, Citizen(late.pk))
    assert Head.objects.count() == 1
