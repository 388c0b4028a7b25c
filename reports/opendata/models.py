"""What was published: the counts as everybody has them, and, for the next edition, which of them are hidden."""

import gzip
import json
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reports.suppression.cells import Cells
from reports.suppression.editions import Edition


class Series(models.TextChoices):
    REPORT = "report", _("Accountability report")
    STATISTICS = "statistics", _("Statistics of a period")


class PublicEditionQuerySet(models.QuerySet["PublicEdition"]):
    def beside(self, other: Edition) -> "PublicEditionQuerySet":
        """Those that may tell something of it, oldest first: all that overlap, and lie in one another."""
        found = self.filter(first__lte=other.last, last__gte=other.first).exclude(code=other.name)
        return found.filter(Q(scope=other.scope) | Q(first=other.first, last=other.last)).order_by("pk")

    def public(self) -> "PublicEditionQuerySet":
        return self.filter(published_at__isnull=False)

    def standing(self) -> "PublicEditionQuerySet":
        """Without reports of which there is a later version: that is begun when one is withdrawn."""
        ends = {name: OuterRef(name) for name in ("series", "first", "last", "scope")}
        later = PublicEdition.objects.filter(pk__gt=OuterRef("pk"), **ends)
        return self.exclude(Exists(later), series=Series.REPORT)

    def statistics(self) -> "PublicEditionQuerySet":
        return self.filter(series=Series.STATISTICS, scope="")


class PublicEdition(models.Model):
    """One edition, published once and never changed. `tables` is all that anybody gets of it; `cells` has the hidden
    counts, since a later edition must not give them away either."""

    code = models.CharField(max_length=60, unique=True)
    series = models.CharField(max_length=20, choices=Series.choices)
    first = models.DateField()
    last = models.DateField()
    scope = models.CharField(max_length=40, blank=True)  # the code of an agency, or the city
    stood_at = models.DateTimeField()  # the figures are as they stood then
    published_at = models.DateTimeField(
        null=True
    )  # None: decided and not out yet; later ones heed it already
    digest = models.CharField(max_length=64, blank=True)  # of the snapshot of a report
    marks = models.JSONField(default=dict)
    tables = models.JSONField(default=dict)
    labels = models.JSONField(default=dict)
    cells = models.BinaryField()

    objects = PublicEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("published edition")
        verbose_name_plural = _("published editions")
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="public_edition_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["first", "last", "scope"],
                condition=Q(series="statistics"),
                name="statistics_once_a_period",
            ),
        ]
        indexes = [models.Index(fields=["series", "last", "first"], name="public_edition_latest")]

    def __str__(self) -> str:
        return self.code

    @property
    def edition(self) -> Edition:
        cells = Cells.from_json(json.loads(gzip.decompress(bytes(self.cells))))
        return Edition(self.code, self.first, self.last, self.scope, self.series, cells)


def packed(cells: Cells) -> bytes:
    content: Any = json.dumps(cells.as_json(), separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(content.encode(), mtime=0)
