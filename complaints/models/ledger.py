"""The Merkle tree over all events, and its signed heads. Append-only, guarded by triggers (migration 0004).

The leaf of an event is its canonical body, so the leaf's hash is the event's own. Only whole tiles are stored;
the ragged edge is made from the events and from the tiles below it.
"""

from base64 import b64encode
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.event import AppendOnly, Event, event_hash

TILE_BITS = 8
TILE = 1 << TILE_BITS  # hashes in a tile, as C2SP tlog-tiles has it


LEDGER = "ledger"  # what stands for the number of a case where an entry is of none


class LedgerEntry(models.Model):
    """What is in the history and of no case: an audit announced, a gap acknowledged. A chain of its own, read by
    everybody on the page of the history: codes and figures only, no names.

    Its body is that of an event of the case "ledger", so whoever checks events checks these too.
    """

    seq = models.PositiveIntegerField(primary_key=True)
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    content_digest = ""  # nothing is kept apart: all of it is public

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        ordering = ["seq"]
        indexes = [models.Index(fields=["kind", "seq"], name="entry_kind")]

    def compute_hash(self) -> str:
        return event_hash(self, LEDGER)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("entries are never deleted")


class Leaf(models.Model):
    """The place in the tree of an event, or of the ledger's own entry `seq` where `number` is "ledger". What names
    it is kept here too, for when it is gone or another."""

    index = models.BigIntegerField(primary_key=True)
    # No constraint in the database: the tree tells of a deletion, it does not take part in it.
    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, null=True, related_name="leaf", db_constraint=False
    )
    number = models.CharField(max_length=24)
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("leaf of the ledger")
        verbose_name_plural = _("leaves of the ledger")
        indexes = [models.Index(fields=["seq"], condition=models.Q(event=None), name="leaf_of_entry")]


class Tile(models.Model):
    """256 hashes side by side at height 8 × level, and the root over them (a hash of the level above)."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    root = models.BinaryField()
    hashes = models.BinaryField()

    class Meta:
        verbose_name = _("tile of the ledger")
        verbose_name_plural = _("tiles of the ledger")
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_once")]


class Head(models.Model):
    """A signed tree head: the note says how many leaves there are, their root, and when that was signed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("head of the ledger")
        verbose_name_plural = _("heads of the ledger")
        ordering = ["-size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root_base64}"

    @property
    def root_base64(self) -> str:
        return b64encode(bytes(self.root)).decode()
