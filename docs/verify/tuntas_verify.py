#!/usr/bin/env python3
"""Checks what a Tuntas complaint desk says of its history, without asking it.

    tuntas_verify.py proof FILE --key KEY [--head HEADS]     a case's proof
    tuntas_verify.py consistency FILE --key KEY              nothing was taken back between two heads
    tuntas_verify.py consistency OLD NEW FILE --key KEY      the same, with two heads of your own
    tuntas_verify.py export FILE --key KEY [--head HEADS]    the whole history
    tuntas_verify.py bundle FILE.zip --key KEY [--head …]    a sealed file

KEY is the public key, `origin+8 hex digits+base64`, or a file with one a line, where the city has changed it.
Get it from elsewhere than what you check. HEADS is a file with signed heads that you were sent or kept.
Ends with 0 when everything fits, 1 when something does not, 2 when it cannot be checked at all.
Needs Python 3.9 or newer and the package `cryptography`, and nothing else. The formats: docs/proofs.md.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.stderr.write("The package `cryptography` is missing: pip install cryptography\n")
    sys.exit(2)

MAX_FILE = 64 * 2**20  # bytes of a proof, a head or a key
MAX_LINE = 2**20  # bytes of one line of an export
MAX_MEMBERS, MAX_UNPACKED = 1000, 2**30  # of a sealed file
EVENT = {"seq", "index", "hash", "path", "body", "words", "salt", "erased"}


class Misfit(Exception): ...  # something does not fit


class Unusable(Exception): ...  # it cannot be checked


class Key(NamedTuple):
    name: str
    key_id: bytes
    public: bytes


class Head(NamedTuple):
    """A signed tree head: `root` stands for the first `size` events."""

    size: int
    root: bytes
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
    return Key(name, expected, raw[1:])


def open_note(note: str, keys: list[Key]) -> list[str]:
    """The lines of a note (c2sp.org/signed-note) that one of `keys` signed; other signatures are passed over."""
    text, _gap, signatures = note.rpartition("\n\n")
    for line, key in ((line, key) for line in signatures.split("\n") for key in keys):
        raw = bytes_of(line[len(key.name) + 3 :]) if line.startswith(f"— {key.name} ") else b""
        if raw[:4] == key.key_id:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], f"{text}\n".encode())
            except InvalidSignature:
                continue
            return text.split("\n")
    raise Misfit("not signed by the key")


def open_head(note: str, keys: list[Key]) -> Head:
    """Origin, size, root and time, each on a line (c2sp.org/tlog-checkpoint)."""
    lines = open_note(note, keys)
    names = [key.name for key in keys]
    if len(lines) < 4 or lines[0] not in names or not re.fullmatch("0|[1-9][0-9]{0,17}", lines[1]):
        raise Misfit("what is signed is not a head of this history")
    return Head(int(lines[1]), bytes_of(lines[2]), lines[3].replace("time ", ""))


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
        sizes = ", ".join(str(size) for size in sorted(own)[-3:])
        raise Unusable(f"this head has {head.size} events, yours {sizes}: check their consistency first")


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
    if old == new:
        start = ([] if known is None else [known]) + path
        if len(start) == 1:
            return start[0], start[0]
    if old == new or not path:
        raise Misfit("a path has the wrong length")
    left = 1 << ((new - 1).bit_length() - 1)
    if old <= left:
        first, second = consistency_roots(old, left, path[:-1], known)
        return first, node(second, path[-1])
    first, second = consistency_roots(old - left, new - left, path[:-1], None)
    return node(path[-1], first), node(path[-1], second)


class Tree:
    """The root over a growing list of leaves, from the roots of its complete parts."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        self._parts.append(leaf)
        self.size += 1
        rest = self.size
        while rest % 2 == 0:
            right, left = self._parts.pop(), self._parts.pop()
            self._parts.append(node(left, right))
            rest //= 2

    def root(self) -> bytes:
        root = self._parts[-1] if self._parts else sha256(b"").digest()
        for part in reversed(self._parts[:-1]):
            root = node(part, root)
        return root


def canonical(value: Any) -> bytes:
    """The one spelling of JSON over which hashes are taken."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise Misfit("a name stands twice in one object")
    return dict(pairs)


def load(name: str, bundle: zipfile.ZipFile | None = None) -> bytes:
    """A file from the disk or in a bundle."""
    with bundle.open(name) if bundle else Path(name).open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise Unusable(f"{name} is larger than anything it can be")
    return data


def parse(data: bytes, names: set[str], form: str = "") -> dict[str, Any]:
    """One JSON object with exactly these names, and with its format where it has one."""
    found = json.loads(data.decode(), object_pairs_hook=once)
    if not isinstance(found, dict) or found.get("format", "") != form:
        raise Unusable(f"this is not a file of the format {form}" if form else "a line is not an event")
    if set(found) - {"format"} != names:
        raise Misfit(f"it has to have the names {', '.join(sorted(names))} and no others")
    return found


def hashes(values: list[Any]) -> list[bytes]:
    if len(values) > 64 or not all(isinstance(v, str) and re.fullmatch("[0-9a-f]{64}", v) for v in values):
        raise Misfit("a hash is not 64 hexadecimal digits")
    return [bytes.fromhex(value) for value in values]


def check_proof(data: bytes, keys: list[Key], own: dict[int, Head]) -> tuple[str, Head]:
    """Says what the proof shows; returns the case's number and the head."""
    found = parse(data, {"number", "head", "events"}, "tuntas-proof-1")
    head, number = open_head(found["head"], keys), found["number"]
    previous, after = "", -1
    tally = Counter[str]()
    compare(head, own)
    for seq, event in enumerate(found["events"], start=1):
        if set(event) != EVENT or event["seq"] != seq:
            raise Misfit(f"event {seq} is missing or out of order")
        tally[check_event(event, number, previous)] += 1
        if event["index"] is None and event["path"] is None:
            tally["waiting"] += 1
        elif tally["waiting"] or type(event["index"]) is not int or not after < event["index"] < head.size:
            raise Misfit(f"event {seq} has no possible place in the history")
        else:
            after = event["index"]
            leaf, path = hashes([event["hash"]])[0], hashes(event["path"])
            if inclusion_root(leaf, after, head.size, path) != head.root:
                raise Misfit(f"event {seq} is not in the history that was signed")
        previous = event["hash"]
    if len(found["events"]) == tally["hidden"]:
        raise Misfit("no event of it can be read, so it does not show whose history this is")
    say(f"Head of {head.size} events, signed {head.time}{', the same as yours' if own else ''}.")
    say(f"Case {number}: {len(found['events'])} events, each after the one before it. Of these")
    for name, words in TOLD.items():
        say(f"  {tally[name]:4} {words}")
    return number, head


TOLD = {
    "shown": "have words, which are those that were written",
    "plain": "have no words, or words that are not shown to this reader",
    "erased": "had words that are said to be erased since",
    "hidden": "are not shown to this reader, but stand in their place",
    "waiting": "are not under a head yet: take a new proof in an hour",
}


def check_event(event: dict[str, Any], number: str, previous: str) -> str:
    """One event of a proof: its hash, its place in the case, its words. Returns what it is, as in TOLD."""
    seq, body, words, salt, erased = (event[name] for name in ("seq", "body", "words", "salt", "erased"))
    gone_or_shown = erased + (words is not None)
    if (words is None) != (salt is None) or gone_or_shown > bool(body and body["content"]):
        raise Misfit(f"event {seq}: words, salt and what they belong to do not go together")
    if body is None:
        return "hidden"
    if leaf_of(body).hex() != event["hash"]:
        raise Misfit(f"event {seq}: what it says is not what was hashed")
    if (body["case"], body["seq"]) != (number, seq):
        raise Misfit(f"event {seq} belongs elsewhere")
    if body["prev"] != previous:
        raise Misfit(f"event {seq} does not follow event {seq - 1}")
    if words is None:
        return "erased" if erased else "plain"
    if sha256(b"content\0" + salt.encode() + b"\0" + canonical(words)).hexdigest() != body["content"]:
        raise Misfit(f"event {seq}: its words are not those that were hashed")
    return "shown"


def check_consistency(files: list[str], keys: list[Key]) -> None:
    found = parse(load(files[-1]), {"first", "second", "path"}, "tuntas-consistency-1")
    old, new = open_head(found["first"], keys), open_head(found["second"], keys)
    if len(files) == 3:
        compare(old, open_heads(load(files[0]), keys))
        compare(new, open_heads(load(files[1]), keys))
    path = hashes(found["path"])
    roots = (old.root, new.root)
    if not 0 < old.size <= new.size or consistency_roots(old.size, new.size, path, old.root) != roots:
        raise Misfit(f"the {old.size} events of the first head are not the first of the {new.size} events")
    say(f"The {old.size} events signed {old.time} are the first of the {new.size} signed {new.time}.")


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE):
        if not line.endswith(b"\n"):
            raise Unusable("a line is cut off, or longer than any event")
        yield line


def check_export(path: str, keys: list[Key], own: dict[int, Head]) -> None:
    """The tree, and the chain of every case; heads of one's own narrow down where something was changed."""
    with Path(path).open("rb") as file:
        lines = lines_of(file)
        head = open_head(parse(next(lines, b"0"), {"head"}, "tuntas-export-1")["head"], keys)
        expected = {**own, head.size: head}
        compare(head, {size: known for size, known in own.items() if size == head.size})
        tree, fits_to = Tree(), 0
        cases: dict[str, tuple[int, str]] = {}
        for line in lines:
            tree.add(check_line(line, tree.size, cases))
            if tree.size in expected:
                if tree.root() != expected[tree.size].root:
                    raise Misfit(f"something at index {fits_to} to {tree.size - 1} was changed")
                fits_to = tree.size
    if tree.size != head.size or head.root != tree.root():
        raise Misfit(f"it has {tree.size} events, its head {head.size}")
    if max(expected) > head.size:
        raise Misfit(f"you have a head of {max(expected)} events: the end of the history is missing")
    say(f"All {head.size} events of {len(cases)} cases fit the head signed {head.time}.")


def check_line(line: bytes, index: int, cases: dict[str, tuple[int, str]]) -> bytes:
    """The leaf of one event, which has to follow the last of its case."""
    row = parse(line, {"index", "body"})
    body = row["body"]
    seq, previous = cases.get(body["case"], (0, ""))
    if row["index"] != index:
        raise Misfit(f"index {index} is missing or out of order")
    if (body["seq"], body["prev"]) != (seq + 1, previous):
        raise Misfit(f"index {index}: event {body['seq']} of {body['case']} does not follow event {seq}")
    leaf = leaf_of(body)
    cases[body["case"]] = (seq + 1, leaf.hex())
    return leaf


def check_bundle(path: str, keys: list[Key], own: dict[int, Head]) -> None:
    """Reads the ZIP in place: nothing is unpacked to the disk."""
    with zipfile.ZipFile(path) as bundle:
        members = {info.filename: info.file_size for info in bundle.infolist()}
        if len(members) != len(bundle.infolist()):
            raise Misfit("a file stands in it twice")
        if len(members) > MAX_MEMBERS or sum(members.values()) > MAX_UNPACKED:
            raise Unusable("it is larger than any sealed file")
        title, case, at, *rows = open_note(load("MANIFEST.txt", bundle).decode(), keys)
        listed = {row[66:]: row[:64] for row in rows}
        if title != "tuntas-manifest-1" or set(listed) ^ set(members) != {"MANIFEST.txt"}:
            raise Misfit("the files are not those that MANIFEST.txt lists")
        for name, digest in listed.items():
            if sha256(load(name, bundle)).hexdigest() != digest:
                raise Misfit(f"{name} was changed")
        say(f"Sealed file, {case}, {at}: {len(listed)} files, all as they were sealed.")
        number, head = check_proof(load("proof.json", bundle), keys, own)
        beside = open_heads(load(f"heads/{head.size}.txt", bundle), keys)
        if case != f"case {number}" or beside.get(head.size) != head:
            raise Misfit("the proof is that of another case, or its head is not the one beside it")


def say(text: str) -> None:
    sys.stdout.write("".join(c if " " <= c <= "~" else "?" for c in text) + "\n")


def run(arguments: list[str] | None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("command", choices=["proof", "consistency", "export", "bundle"])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--key", required=True, help="the public key, or a file in which it stands")
    parser.add_argument("--head", help="a file with signed heads of your own, to compare with")
    chosen = parser.parse_args(arguments)
    text = chosen.key if "+" in chosen.key else load(chosen.key).decode()
    keys = [open_key(word) for word in text.split()]
    own = open_heads(load(chosen.head), keys) if chosen.head else {}
    if len(chosen.files) not in ((1, 3) if chosen.command == "consistency" else (1,)):
        raise Unusable("wrong number of files")
    if chosen.command == "consistency":
        check_consistency(chosen.files, keys)
    elif chosen.command == "proof":
        check_proof(load(chosen.files[0]), keys, own)
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
