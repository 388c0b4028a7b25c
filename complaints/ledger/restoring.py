"""After a restore of an older copy: what is lost is put on record, signed, and numbers go on above all known ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from complaints.clock.dates import moment_words
from complaints.database.keys import last_id, skip_ids
from complaints.ledger.checkpoints import grow, make_checkpoint
from complaints.ledger.entries import EntryType, write_entry
from complaints.ledger.gap_notes import LONGEST_REASON, GapNote
from complaints.ledger.notes import TreeHead, find_notes
from complaints.ledger.outside import STEP, append, heads_file, marked_in, numbers_file
from complaints.ledger.signing import sign_note
from complaints.ledger.standing import GAP, acknowledged, open_gap
from complaints.ledger.tree import leaf_count, root
from complaints.models import Head, LedgerEntry


class NothingToAcknowledge(Exception):
    """The database leads to every head that is known outside, or the words or the clock do not do."""


@dataclass(frozen=True)
class Loss:
    """The heads outside that the database does not lead to, and up to how many events all of them fit."""

    heads: Sequence[TreeHead]
    agrees: int

    @property
    def known(self) -> TreeHead:
        return max(self.heads, key=lambda head: (head.size, head.at))

    @property
    def until(self) -> datetime:
        return max(head.at for head in self.heads)


def find_loss(files: Iterable[Path] = ()) -> Loss | None:
    """Reads this host's whole file of heads, and `files` of other hosts; None where nothing is lost that was not
    acknowledged. OSError where a given file cannot be read."""
    own = heads_file()
    paths = [*([own] if own.exists() else []), *files]
    known = {
        TreeHead.parse(note) for path in paths for note in find_notes(path.read_text("utf-8", "replace"))
    }
    ours = {size: bytes(found) for size, found in Head.objects.values_list("size", "root")}
    size = leaf_count()

    def fits(head: TreeHead) -> bool:
        if head.size in ours:
            return ours[head.size] == head.root
        return head.size <= size and root(head.size) == head.root

    agrees = max((head.size for head in known if fits(head)), default=0)
    gaps = [gap for _note, gap in acknowledged()]
    lost = [head for head in known if not fits(head) and not any(gap.covers(head) for gap in gaps)]
    if not lost:
        return None
    return Loss(lost, min(agrees, min(head.size for head in lost) - 1))


def acknowledge(
    *, actor: User, now: datetime, why: str, files: Sequence[Path] = (), numbers_above: int = 0
) -> GapNote:
    """Puts a signed note of the gap into the ledger and into the file outside, lets numbers go on above all that
    may have been given, and signs a head. Raises NothingToAcknowledge.

    Whoever does it twice at once writes two notes of the same gap; both are true.
    """
    why = " ".join(why.split())
    if not why or len(why) > LONGEST_REASON or not why.isprintable():
        raise NothingToAcknowledge(
            f"say why, in one line of at most {LONGEST_REASON} characters: it is published"
        )
    with transaction.atomic():
        grow()
        loss = find_loss(files)
        if loss is None:
            raise NothingToAcknowledge(
                "the database leads to every head that is known outside: nothing is lost"
            )
        if now.replace(microsecond=0) <= loss.until:
            raise NothingToAcknowledge(
                f"the clock is behind the last head outside ({loss.until:%Y-%m-%d %H:%M} UTC)"
            )
        held = leaf_count()
        numbers = max(numbers_above, _highest(loss, files))
        gap = GapNote(
            settings.LEDGER_ORIGIN, loss.known, loss.until, loss.agrees, held, root(held), numbers, now, why
        )
        note = sign_note(gap.text())
        write_entry(GAP, actor=actor, now=now, data={"note": note})
        skip_ids(numbers)
    append(heads_file(), f"\n{note}")
    make_checkpoint(now)
    return gap


def _highest(loss: Loss, files: Sequence[Path]) -> int:
    """A serial above every number that may have been given: those written down outside, and a thousand more for
    other hosts; where nothing was written down, one for each event that is lost."""
    marks = [marked_in(numbers_file(path)) for path in (heads_file(), *files)]
    last = last_id()
    return max(*marks, last, last + loss.known.size - loss.agrees) + STEP


class GapEntry(models.TextChoices):
    """Kinds of entries."""

    ACKNOWLEDGED = GAP, gettext_lazy("Gap after a restore")


def _in_words(entry: LedgerEntry) -> str:
    gap = open_gap(str(entry.data.get("note", "")))
    if gap is None:
        return _("A gap was noted, but the note is not signed.")
    return _(
        "The database was put back to an older copy. Up to %(agrees)d events everything is as it was signed. What was "
        "signed after that, up to %(known)d events until %(until)s, is no longer in the history. New reports have "
        "numbers above %(numbers)d. The reason given: %(why)s"
    ) % {
        "agrees": gap.agrees,
        "known": gap.known.size,
        "until": moment_words(gap.until),
        "numbers": gap.numbers,
        "why": gap.why,
    }


ENTRIES = (EntryType(GapEntry.ACKNOWLEDGED, _in_words),)
