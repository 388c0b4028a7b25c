"""What a citizen or a stranger takes home to check the history by themselves. The formats: docs/proofs.md.

A proof shows of each event no more than its reader's timeline does; of the others the hash only.
"""

from typing import Any

from accounts.actors import Actor
from complaints.history.rows import WORDS_OF_CASE
from complaints.history.timeline import Audience, SeenEvent, audience_of, events_for
from complaints.ledger.merkle import inclusion_path
from complaints.ledger.standing import GAP
from complaints.ledger.tree import consistency, index_of, latest_head, reader
from complaints.models import Complaint, Head, Leaf, LedgerEntry
from complaints.models.event import canonical, event_body

# What a citizen's page shows of what was written. Words of other names are kept among staff.
CITIZENS_WORDS = frozenset({"text", *WORDS_OF_CASE, "subject_before", "location_before"})
PROOF, CONSISTENCY = "tuntas-proof-1", "tuntas-consistency-1"


class NoHead(Exception):
    """No head has been signed yet over any event of the case."""


def proof_for(case: Complaint, actor: Actor) -> dict[str, Any]:
    """The proof of a case in the actor's scope, under the latest head. Raises NoHead."""
    return proof_as_seen_by(case, audience_of(actor, case))


def proof_as_seen_by(
    case: Complaint,
    audience: Audience,
    *,
    withheld: frozenset[str] = frozenset(),
    under: Head | None = None,
) -> dict[str, Any]:
    """The same for whoever it is handed to. Of the kinds `withheld` the hash only. Raises NoHead.

    `under` this head instead of the latest, and without what is newer than it.
    """
    head = under or latest_head()
    if head is None:
        raise NoHead
    seen = [
        SeenEvent(each.event, is_shown=False, shows_words=False) if each.event.kind in withheld else each
        for each in events_for(case, audience)
    ]
    places = index_of([each.event for each in seen])
    if not any(index < head.size for index in places.values()):
        raise NoHead
    look_up = reader()
    events: list[dict[str, Any]] = []
    for each in seen:
        index = places.get(each.event.pk, head.size)
        under_head = index < head.size
        if under is not None and not under_head:
            break
        path = inclusion_path(look_up, index, head.size) if under_head else []
        events.append(
            {
                "seq": each.event.seq,
                "index": index if under_head else None,
                "hash": each.event.hash,
                "path": [step.hex() for step in path] if under_head else None,
                "body": event_body(each.event, case.number) if each.is_shown else None,
                **_words(each, audience),
            }
        )
    gaps = _gaps_under(head)
    told = {"gaps": gaps} if gaps else {}
    return {"format": PROOF, "number": case.number, "head": head.note, "events": events, **told}


def _gaps_under(head: Head) -> list[str]:
    """The signed notes of what was lost in restores, as far as they stand under the head."""
    signed = Leaf.objects.filter(event=None, index__lt=head.size).values("seq")
    entries = LedgerEntry.objects.filter(kind=GAP, seq__in=signed).order_by("seq")
    return [str(data.get("note", "")) for data in entries.values_list("data", flat=True)]


def _words(seen: SeenEvent, audience: Audience) -> dict[str, Any]:
    content = getattr(seen.event, "content", None)
    if not seen.shows_words or content is None:
        erased = seen.shows_words and bool(seen.event.content_digest)
        return {"words": None, "salt": None, "erased": erased}
    if audience != Audience.STAFF and not CITIZENS_WORDS.issuperset(content.words):
        return {"words": None, "salt": None, "erased": False}
    return {"words": content.words, "salt": content.salt, "erased": False}


def is_all_signed(proof: dict[str, Any]) -> bool:
    """Whether each of its events stands under the head."""
    return all(event["index"] is not None for event in proof["events"])


def consistency_between(old: int, new: int) -> dict[str, Any]:
    """That the history under the head of `new` events begins with that of `old`. Raises Head.DoesNotExist,
    or ValueError unless 0 < old <= new."""
    heads = {head.size: head for head in Head.objects.filter(size__in=[old, new])}
    if len(heads) != len({old, new}):
        raise Head.DoesNotExist
    path = [step.hex() for step in consistency(old, new)]
    return {"format": CONSISTENCY, "first": heads[old].note, "second": heads[new].note, "path": path}


def as_file(content: dict[str, Any]) -> bytes:
    return canonical(content) + b"\n"
