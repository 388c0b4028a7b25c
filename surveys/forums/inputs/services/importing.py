"""A discussion that was held elsewhere, taken over as a thread: contributions and replies, each once by its key."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex

from django.db import transaction

from accounts.actors import Actor
from complaints.database.keys import reserve_ids
from complaints.ledger.recording import recording
from surveys.forums.inputs.entries import InputEntry
from surveys.forums.inputs.services.saying import number_of, place_in_thread, set_dates, words_digest
from surveys.forums.models import Forum, ForumInput, InputState, InputWords

BATCH = 500


@dataclass(frozen=True)
class Line:
    """One contribution, or with `parent` a reply to the line of that key; in whatever order. `thread`: the key of the
    contribution below which a reply stands whose parent is not there; `supports`: how many the other place counted."""

    key: str
    text: str
    at: datetime
    parent: str = ""
    pseudonym: str = ""
    thread: str = ""
    supports: int = 0


@dataclass
class Imported:
    """What came of the lines. Without a parent: replies to something that the other place no longer had; they are
    there, and say so."""

    read: int = 0
    created: int = 0
    duplicates: int = 0
    without_parent: int = 0


@transaction.atomic
def import_thread(forum: Forum, lines: Iterable[Line], *, actor: Actor, now: datetime) -> Imported:
    """Contributions wait for an answer from now on, as others do. Supports are kept as the other place counted them,
    beside those given here. One entry of the ledger holds the digest of all words."""
    found, counts = list(lines), Imported()
    there = {row.idempotency_key: row for row in ForumInput.objects.filter(forum=forum)}
    new: list[ForumInput] = []
    words: list[InputWords] = []
    keys = iter(reserve_ids(len(found), ForumInput))
    for line in _parents_first(found):
        key = _key(forum, line.key)
        if key in there:
            continue
        parent = there.get(_key(forum, line.parent)) if line.parent else None
        is_lost = bool(line.parent) and parent is None
        if is_lost and line.thread:
            parent = there.get(_key(forum, line.thread))
        row = _row(next(keys), forum, line, parent, now, key)
        row.parent_lost = is_lost
        there[key] = row
        new.append(row)
        words.append(InputWords(input=row, salt=token_hex(16), text=line.text))
    ForumInput.objects.bulk_create(new, batch_size=BATCH)
    InputWords.objects.bulk_create(words, batch_size=BATCH)
    counts.read, counts.created = len(found), len(new)
    counts.duplicates = len(found) - len(new)
    counts.without_parent = sum(row.parent_lost for row in new)
    if new:
        digest = sha256("".join(words_digest(each) for each in words).encode()).hexdigest()
        data = {"forum": forum.code, "count": len(new), "words": digest}
        with recording(InputEntry.IMPORTED, actor=actor, now=now, data=data) as record:
            record.new(*new, *words)
    return counts


def _parents_first(lines: Iterable[Line]) -> Iterator[Line]:
    """Each key once, what is replied to before the reply, else as the file has it. In a ring of replies the one that
    is met last begins it, as if its parent were not there."""
    by_key: dict[str, Line] = {}
    for line in lines:
        by_key.setdefault(line.key, line)
    done: set[str] = set()
    for line in by_key.values():
        way: list[Line] = []
        each: Line | None = line
        while each is not None and each.key not in done:
            done.add(each.key)
            way.append(each)
            each = by_key.get(each.parent) or by_key.get(each.thread)
        yield from reversed(way)


def _key(forum: Forum, key: str) -> str:
    return sha256(f"import\0{forum.pk}\0{key}".encode()).hexdigest()


def _row(pk: int, forum: Forum, line: Line, parent: ForumInput | None, now: datetime, key: str) -> ForumInput:
    row = ForumInput(
        pk=pk,
        number=number_of(pk, now),
        forum=forum,
        parent=parent,
        source=ForumInput.Source.THREAD,
        agency=forum.agency,
        pseudonym=line.pseudonym[:60],
        supports_elsewhere=line.supports,
        at=line.at,
        idempotency_key=key,
    )
    place_in_thread(row, parent)
    if parent is None:
        set_dates(row, now)
    else:
        row.state = InputState.SHOWN
    return row
