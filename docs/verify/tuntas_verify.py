#!/usr/bin/env python3
"""Checks what a Tuntas complaint desk says of its history, without asking it.

    tuntas_verify.py proof FILE --key KEY [--head HEADS]     a case's proof
    tuntas_verify.py consistency [OLD NEW] FILE --key KEY    nothing was taken back between two heads
    tuntas_verify.py export FILE --key KEY [--head HEADS]    the whole history
    tuntas_verify.py bundle FILE.zip --key KEY [--head …]    a sealed file

KEY is the public key, `origin+8 hex digits+base64`, or a file with one a line, where the city has changed it: get it
elsewhere than what you check. HEADS, OLD, NEW are files with signed heads that you were sent. --allow-unsigned:
of a proof, what no head stands over yet is listed apart. Ends with 0: all fits, 1: not, 2: it cannot be checked.
Needs Python 3.9 or newer and the package `cryptography`, and nothing else. The formats: docs/proofs.md.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import struct
import sys
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial, reduce
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

MAX_FILE, MAX_LINE, MAX_MEMBERS = 2**26, 2**20, 1000  # bytes of a file, of a line of an export; files
PACKED = b"\24\0\0\0\10\0\0\0\41\0"  # in a ZIP: version 2.0, no flags, deflated, the first day of 1980
NONE, TOLERANCE = type(None), timedelta(hours=1)  # between an event and the head it came after
BODY = {"case": {str}, "seq": {int}, "kind": {str}, "at": {str}, "actor": {int, NONE}, "role": {str},
        "data": {dict}, "content": {str}, "prev": {str}}  # fmt: skip
EVENT = {"seq": {int}, "index": {int, NONE}, "hash": {str}, "path": {list, NONE}, "body": {dict, NONE},
         "words": {dict, NONE}, "salt": {str, NONE}, "erased": {bool}}  # fmt: skip
Key = tuple[str, bytes, bytes]  # name, id, public key
LOOSE = "; nor does anything here show that it is of this case"


class Misfit(Exception): ...  # something does not fit


class Unusable(Exception): ...  # it cannot be checked


class Head(NamedTuple):
    size: int
    root: bytes  # over the first `size` events
    time: str


def bytes_of(text: str) -> bytes:
    """From base64, in the one spelling that these bytes have."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise Misfit("base64 with bits that mean nothing")
    return raw


def open_key(text: str) -> Key:
    name, key_id, encoded = [*text.split("+", 2), "", ""][:3]
    raw = bytes_of(encoded)
    expected = sha256(name.encode() + b"\n" + raw).digest()[:4]
    if not name or len(raw) != 33 or raw[0] != 1 or key_id != expected.hex():
        raise Unusable("the key is not one: it has to be origin+8 hex digits+base64")
    return name, expected, raw[1:]


def open_note(note: str, keys: list[Key]) -> list[str]:
    """The lines of a note (c2sp.org/signed-note) that one of `keys` signed; other signatures are passed over."""
    from cryptography.exceptions import InvalidSignature  # here, so that it is said when this is missing
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text, _gap, signatures = note.rpartition("\n\n")
    for line, (name, key_id, public) in ((line, key) for line in signatures.split("\n") for key in keys):
        raw = bytes_of(line[len(name) + 3 :]) if line.startswith(f"— {name} ") else b""
        if raw[:4] == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], f"{text}\n".encode())
            except InvalidSignature:
                continue
            return text.split("\n")
    raise Misfit("not signed by the key")


def open_head(note: str, keys: list[Key]) -> Head:
    """Origin, size, root and time, each on a line (c2sp.org/tlog-checkpoint)."""
    lines = open_note(note, keys)
    form = r"(0|[1-9][0-9]{0,17})\n\S+\ntime \S+"
    if lines[0] not in [name for name, _, _ in keys] or not re.fullmatch(form, "\n".join(lines[1:])):
        raise Misfit("what is signed is not a head of this history")
    return Head(int(lines[1]), bytes_of(lines[2]), lines[3][5:])


def open_heads(data: bytes, keys: list[Key]) -> dict[int, Head]:
    """All heads in a file or a mail, by their size."""
    found: dict[int, Head] = {}
    text = data.decode().replace("\r\n", "\n") + "\n"
    for note in re.findall(r"(?m)^\S+\n\d+\n\S+\ntime \S+\n\n(?:— \S+ \S+\n)+", text):
        head = open_head(note, keys)
        if found.setdefault(head.size, head).root != head.root:
            raise Misfit(f"two signed heads of {head.size} events differ: the history was forked")
    if not found:
        raise Unusable("there is no head in the file of heads")
    return found


def compare(head: Head, own: dict[int, Head]) -> None:
    """With the heads of one's own: the same size must have the same root."""
    if head.size in own and own[head.size].root != head.root:
        raise Misfit(f"this head of {head.size} events is not the one you have: the history was changed")
    if own and head.size not in own:
        raise Unusable(f"it has {head.size} events, yours {sorted(own)[-3:]}: check their consistency first")


def leaf_of(body: Any) -> bytes:
    """The hash of a leaf of the Merkle tree, RFC 9162 section 2.1."""
    return sha256(b"\0" + canonical(body)).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def inclusion_root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root to which `path` leads from the leaf at `index` of `size`."""
    if size == 1 and not path:
        return leaf
    if size == 1 or not path:
        raise Misfit("a path has the wrong length")
    left = 1 << ((size - 1).bit_length() - 1)  # the largest power of two below `size`
    if index < left:
        return node(inclusion_root(leaf, index, left, path[:-1]), path[-1])
    return node(path[-1], inclusion_root(leaf, index - left, size - left, path[:-1]))


def consistency_roots(old: int, new: int, path: list[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """The two roots to which `path` leads; `known` is the old one, while the old tree is a part by itself."""
    whole = path if known is None else [known, *path]
    if old == new and len(whole) == 1:
        return whole[0], whole[0]
    if old == new or not path:
        raise Misfit("a path has the wrong length")
    left = 1 << ((new - 1).bit_length() - 1)
    if old <= left:
        first, second = consistency_roots(old, left, path[:-1], known)
        return first, node(second, path[-1])
    first, second = consistency_roots(old - left, new - left, path[:-1], None)
    return node(path[-1], first), node(path[-1], second)


class Tree:  # the root over a growing list of leaves, from the roots of its complete parts
    def __init__(self) -> None:
        self.size, self._parts = 0, list[bytes]()

    def add(self, leaf: bytes) -> None:
        self.size = rest = self.size + 1
        while rest % 2 == 0:
            leaf, rest = node(self._parts.pop(), leaf), rest // 2
        self._parts.append(leaf)

    def root(self) -> bytes:
        parts = self._parts or [sha256(b"").digest()]
        return reduce(lambda right, left: node(left, right), reversed(parts))


def canonical(value: Any) -> bytes:
    """The one spelling of JSON over which hashes are taken."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise Misfit("a name stands twice in one object")
    return dict(pairs)


def load(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(MAX_FILE)


def typed(found: Any, form: dict[str, Any], what: str) -> dict[str, Any]:
    """An object with exactly these names, each of its type: `true` is no 1 here, and 1.0 neither."""
    has_names = type(found) is dict and set(found) == set(form)
    if not has_names or not all(type(found[name]) in types for name, types in form.items()):
        raise Misfit(f"{what} has to have {', '.join(sorted(form))}, each what it should be, and no more")
    return dict(found)


def parse(data: bytes, form: dict[str, Any], name: str = "") -> dict[str, Any]:
    """One JSON object of this form, with the name of its format where it has one."""
    found = json.loads(data.decode(), object_pairs_hook=once)
    if not isinstance(found, dict) or found.get("format", "") != name:
        raise Unusable(f"this is not a file of the format {name}" if name else "a line is not an event")
    return typed(found, {**form, "format": {str}} if name else form, "it")


def hashes(values: list[Any]) -> list[bytes]:
    if len(values) > 64 or not all(isinstance(v, str) and re.fullmatch("[0-9a-f]{64}", v) for v in values):
        raise Misfit("a hash is not 64 hexadecimal digits")
    return [bytes.fromhex(value) for value in values]


def check_proof(data: bytes, keys: list[Key], own: dict[int, Head], late: bool = False) -> tuple[str, Head]:
    """Says of each event under which head it stands; returns the case's number and the head."""
    form = {"number": {str}, "head": {str}, "events": {list}}
    found = parse(data, {**form, "gaps": {list}} if "gaps" in json.loads(data) else form, "tuntas-proof-1")
    head, number = open_head(found["head"], keys), found["number"]
    compare(head, own)
    gaps = [open_note(note, keys) for note in found.get("gaps", [])]
    if any(lines[0] != "tuntas-gap-1" for lines in gaps):
        raise Misfit("what is called the note of a gap is none")
    proven, unproven, previous, after, last = list[str](), list[str](), "", -1, ""
    for seq, event in enumerate(found["events"], start=1):
        what = check_event(typed(event, EVENT, f"event {seq}"), number, seq, previous)
        previous, index, path = event["hash"], event["index"], event["path"]
        if index is None and path is None:
            unproven.append(f"  event {seq}, under no head: {what}")
            continue
        if unproven or index is None or path is None or not after < index < head.size:
            raise Misfit(f"event {seq} has no possible place in the history")
        if inclusion_root(bytes.fromhex(previous), index, head.size, hashes(path)) != head.root:
            raise Misfit(f"event {seq} is not in the history that was signed")
        if event["body"] is not None:
            since = max((old.time for old in own.values() if old.size <= index), default="")
            last = check_time(event["body"], last, since)
            proven[-1:] = [line.replace(LOOSE, "") for line in proven[-1:]]  # this one follows it
        proven.append(f"  event {seq}, at {index} under the head of {head.size}: {what}")
        after = index
    if not last:
        raise Misfit("no event under the head can be read, so nothing shows whose history this is")
    say(f"Case {number}. Head of {head.size} events, signed {head.time}{', the same as yours' * bool(own)}.")
    say(*(f"  GAP after a restore, {'; '.join(lines[2:])}" for lines in gaps), *proven)
    if unproven and not late:
        raise Misfit(f"{unproven[0].strip()}. Take a new proof in an hour, or see --allow-unsigned")
    say(*(f"  NOT PROVEN: {line.strip()}" for line in unproven))
    return number, head


def check_event(event: dict[str, Any], number: str, seq: int, previous: str) -> str:
    """One event of a proof: its hash, its place in the case, its words. Returns what is shown of it."""
    body, words, salt, erased = (event[name] for name in ("body", "words", "salt", "erased"))
    hashes([event["hash"]])
    if event["seq"] != seq:
        raise Misfit(f"event {seq} is missing or out of order")
    if (words is None) != (salt is None) or erased + (words is not None) > bool(body and body["content"]):
        raise Misfit(f"event {seq}: words, salt and what they belong to do not go together")
    if body is None:
        return f"not shown to this reader{LOOSE}"
    if leaf_of(typed(body, BODY, f"event {seq}")).hex() != event["hash"]:
        raise Misfit(f"event {seq}: what it says is not what was hashed")
    if (body["case"], body["seq"], body["prev"]) != (number, seq, previous):
        raise Misfit(f"event {seq} is of another case, or does not follow event {seq - 1}")
    said = f"{body['kind']}, {body['at']}, "
    if words is None:
        left_out = "with words that are said to be erased since" if erased else "with words not shown here"
        return said + (left_out if body["content"] else "without words")
    if sha256(b"content\0" + salt.encode() + b"\0" + canonical(words)).hexdigest() != body["content"]:
        raise Misfit(f"event {seq}: its words are not those that were hashed")
    return said + "with the words that were written"


def check_time(body: dict[str, Any], last: str, since: str) -> str:
    """When it was: not before the case's `last` event, nor before the head it came after, of time `since`."""
    at, is_taken_over = body["at"], (body["kind"], body["seq"]) == ("imported", 1)
    came = datetime.fromisoformat(body["data"].get("taken_at", at) if is_taken_over else at)
    is_early = bool(since) and came + TOLERANCE < datetime.fromisoformat(f"{since[:-1]}+00:00")
    if is_early or at < last or not re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{6}\+00:00", at):
        raise Misfit(f"event {body['seq']} of {body['case']} is dated before what it came after")
    return str(at)


def check_consistency(files: list[str], keys: list[Key]) -> None:
    found = parse(load(files[-1]), {"first": {str}, "second": {str}, "path": {list}}, "tuntas-consistency-1")
    old, new = open_head(found["first"], keys), open_head(found["second"], keys)
    for head, file in zip((old, new), files[:-1]):  # noqa: B905 - Python 3.9 has no `strict`
        compare(head, open_heads(load(file), keys))
    path, is_possible = hashes(found["path"]), 0 < old.size <= new.size
    if not is_possible or consistency_roots(old.size, new.size, path, old.root) != (old.root, new.root):
        raise Misfit(f"the {old.size} events of the first head are not the first of the {new.size} events")
    say(f"The {old.size} events signed {old.time} are the first of the {new.size} signed {new.time}.")


def check_export(path: str, keys: list[Key], own: dict[int, Head]) -> None:
    """The tree, and the chain of every case; heads of one's own narrow down where something was changed."""
    with Path(path).open("rb") as file:
        lines = iter(partial(file.readline, MAX_LINE), b"")
        head = open_head(parse(next(lines, b"0"), {"head": {str}}, "tuntas-export-1")["head"], keys)
        expected = {**own, head.size: head}
        compare(head, {size: known for size, known in own.items() if size == head.size})
        tree, fits_to, since = Tree(), 0, ""
        cases: dict[str, tuple[int, str, str]] = {}
        for line in lines:
            tree.add(check_line(line, tree.size, cases, since))
            if tree.size in expected:
                if tree.root() != expected[tree.size].root:
                    raise Misfit(f"something at index {fits_to} to {tree.size - 1} was changed")
                fits_to, since = tree.size, max(since, expected[tree.size].time)
    if tree.size != head.size or head.root != tree.root():
        raise Misfit(f"it has {tree.size} events, its head {head.size}")
    if max(expected) > head.size:
        raise Misfit(f"you have a head of {max(expected)} events: the end of the history is missing")
    say(f"All {head.size} events of {len(cases)} cases fit the head signed {head.time}.")


def check_line(line: bytes, index: int, cases: dict[str, tuple[int, str, str]], since: str) -> bytes:
    """The leaf of one event, which has to follow the last of its case."""
    row = parse(line, {"index": {int}, "body": {dict}})
    body = typed(row["body"], BODY, f"index {index}")
    seq, previous, last = cases.get(body["case"], (0, "", ""))
    if row["index"] != index or not line.endswith(b"\n"):
        raise Misfit(f"index {index} is missing, cut off or out of order")
    if (body["seq"], body["prev"]) != (seq + 1, previous):
        raise Misfit(f"index {index}: event {body['seq']} of {body['case']} does not follow event {seq}")
    leaf = leaf_of(body)
    cases[body["case"]] = (seq + 1, leaf.hex(), check_time(body, last, since))
    return leaf


def unpack(file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each member; refuses a ZIP with any byte that is not as Tuntas writes it."""
    listed, count, start, header = b"", 0, 0, file.read(30)
    while header.startswith(b"PK\3\4" + PACKED) and count < MAX_MEMBERS:
        crc, packed, size, length, extra = struct.unpack("<IIIHH", header[14:].ljust(16))
        name, unpacker = file.read(length), zlib.decompressobj(-15)
        content = unpacker.decompress(file.read(packed), MAX_FILE)
        is_whole = unpacker.eof and not unpacker.unused_data and len(content) == size and not extra
        if not is_whole or zlib.crc32(content) != crc:
            raise Misfit(f"{name!r} does not stand in the ZIP as it was sealed")
        listed += b"PK\1\2\24\3" + header[4:] + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, start) + name
        yield name.decode("ascii"), content
        count, start, header = count + 1, file.tell(), file.read(30)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), start, 0)
    if header + file.read(len(listed) + len(end)) != listed + end:
        raise Misfit("this is no ZIP as Tuntas writes it, or it holds more than its files")


def check_bundle(path: str, keys: list[Key], own: dict[int, Head]) -> None:
    found, digests = dict[str, bytes](), list[str]()
    with Path(path).open("rb") as file:
        for name, content in unpack(file):
            digests.append(f"{sha256(content).hexdigest()}  {name}")
            if name in ("MANIFEST.txt", "proof.json") or name.startswith("heads/"):
                found[name] = content
    title, case, at, *rows = open_note(found["MANIFEST.txt"].decode(), keys)
    wrong = set(rows) ^ {line for line in digests if line[66:] != "MANIFEST.txt"}
    if title != "tuntas-manifest-1" or wrong or len(digests) != len(rows) + 1:
        raise Misfit(f"changed, or not as MANIFEST.txt lists them: {sorted(line[66:] for line in wrong)}")
    say(f"Sealed file, {case}, {at}: {len(rows)} files, all as they were sealed.")
    number, head = check_proof(found["proof.json"], keys, own)
    if case != f"case {number}" or open_heads(found[f"heads/{head.size}.txt"], keys).get(head.size) != head:
        raise Misfit("the proof is that of another case, or its head is not the one beside it")


def say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write("".join(c if " " <= c <= "~" else "?" for c in line) + "\n")


def run(arguments: list[str] | None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("command", choices=["proof", "consistency", "export", "bundle"])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--key", required=True, help="the public key, or a file in which it stands")
    parser.add_argument("--head", help="a file with signed heads of your own, to compare with")
    parser.add_argument("--allow-unsigned", action="store_true", help="list apart what stands under no head")
    chosen = parser.parse_args(arguments)
    keys = [open_key(key) for key in (chosen.key if "+" in chosen.key else load(chosen.key).decode()).split()]
    own = open_heads(load(chosen.head), keys) if chosen.head else {}
    is_pair = chosen.command == "consistency"
    if len(chosen.files) not in (1, 3 if is_pair else 1) or (own and is_pair):
        raise Unusable("wrong files: heads of your own are two before FILE for consistency, else --head")
    if is_pair:
        check_consistency(chosen.files, keys)
    elif chosen.command == "proof":
        check_proof(load(chosen.files[0]), keys, own, chosen.allow_unsigned)
    else:
        {"export": check_export, "bundle": check_bundle}[chosen.command](chosen.files[0], keys, own)


def main(arguments: list[str] | None = None) -> int:
    try:
        run(arguments)
    except Misfit as why:
        say(f"DOES NOT FIT: {why}")
        return 1
    except Exception as why:  # noqa: BLE001 - hostile input ends in a sentence, never in a traceback
        what = why if isinstance(why, Unusable) else f"damaged, or not what it should be: {why!r}"
        say(f"CANNOT BE CHECKED: {what}"[:300])
        return 2
    say("OK")
    return 0


if __name__ == "__main__":
    sys.exit(main())
