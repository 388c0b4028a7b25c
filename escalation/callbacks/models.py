"""Who is drawn from the reports that the city counts as answered, and what they say: was it done?"""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, LedgerEntry
from escalation.audits.models import AuditSample, new_salt
from escalation.audits.sampling import numbers_in
from escalation.callbacks import figures
from escalation.callbacks.figures import Tally


class Said(models.TextChoices):
    """What came of one try."""

    DONE = figures.DONE, _("Yes, done")
    PARTLY = figures.PARTLY, _("Partly done")
    NOT_DONE = figures.NOT_DONE, _("Not done")
    NOT_REACHED = figures.NOT_REACHED, _("Not reached")
    REFUSED = figures.REFUSED, _("Did not want to answer")


class CallBack(models.Model):
    """The call-back of a quarter: announced with the list it is drawn from, drawn by the first head over that, closed
    with what was said. `quarter` is the first day of the one in which the reports were answered."""

    quarter = models.DateField(unique=True)
    frame_size = models.PositiveIntegerField()
    frame_digest = models.CharField(max_length=64)
    frame = models.BinaryField()
    announced_at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+")
    head_size = models.BigIntegerField(null=True)
    seed = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    drawn_at = models.DateTimeField(null=True)
    closes_on = models.DateField()  # the last day on which somebody may answer
    closed_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)

    class Meta:
        ordering = ["-quarter"]
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn_at=None, seed="", size=0, closed_at=None)
                | Q(drawn_at__isnull=False, size__gte=1, size__lte=models.F("frame_size")) & ~Q(seed=""),
                name="call_back_drawn_by_a_seed",
            )
        ]

    def __str__(self) -> str:
        return self.quarter.isoformat()

    @property
    def frame_text(self) -> str:
        return AuditSample.unpacked(self.frame)

    @property
    def numbers(self) -> list[str]:
        return numbers_in(self.frame_text)

    @property
    def tally(self) -> Tally | None:
        """What was said, once it is closed."""
        return Tally.from_json(self.result) if self.closed_at else None

    def is_open(self, today: date) -> bool:
        return self.drawn_at is not None and self.closed_at is None and today <= self.closes_on


class CallBackItem(models.Model):
    """A report that was drawn. `rank`: its place by hash; `answered_on`: the day of the answer that is asked about."""

    call_back = models.ForeignKey(CallBack, on_delete=models.PROTECT, related_name="items", db_index=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    answered_on = models.DateField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["call_back", "rank"], name="call_back_rank_once"),
            models.UniqueConstraint(fields=["call_back", "complaint"], name="call_back_case_once"),
        ]


class CallBackAnswer(models.Model):
    """One try, never changed: `place` 0 is the citizen's own word on their page, 1 and on are calls. The citizen's own
    word counts before any other, else the last call."""

    MOST_CALLS: ClassVar[int] = 12

    item = models.ForeignKey(CallBackItem, on_delete=models.PROTECT, related_name="answers", db_index=False)
    place = models.PositiveSmallIntegerField()
    said = models.CharField(max_length=12, choices=Said.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["item", "place"], name="call_back_try_once"),
            models.CheckConstraint(
                condition=Q(place=0, by=None, said__in=figures.ANSWERS) | Q(place__gte=1, by__isnull=False),
                name="call_back_whose_word",
            ),
        ]
