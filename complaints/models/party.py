"""Whom a complaint is about. They, and the line under them, neither see nor handle it nor get mail about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from complaints.aside import LINE_OF
from complaints.models.complaint import Complaint


class ReportedPartyQuerySet(models.QuerySet["ReportedParty"]):
    def active(self) -> "ReportedPartyQuerySet":
        return self.filter(cleared_at=None)

    def against(self, user: User) -> "ReportedPartyQuerySet":
        """What stands between this person and a case: they are named, or their agency or one above it is."""
        named = Q(user=user.pk)
        if user.agency_id is not None:
            named |= Q(agency__in=RawSQL(LINE_OF, [user.agency_id]))  # noqa: S611 - a constant and one key
        return self.active().filter(named)


class ReportedParty(models.Model):
    """A person, a unit with all below it, or both: an agency's head and the line under them.

    A row that was cleared stays, and no longer keeps anybody away.
    """

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="reported_parties", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    cleared_at = models.DateTimeField(null=True)

    objects = ReportedPartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported party")
        verbose_name_plural = _("reported parties")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(agency__isnull=False), name="party_is_somebody"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(cleared_at__gte=F("named_at")),
                name="party_cleared_after_named",
            ),
            models.UniqueConstraint(
                fields=["complaint", "user"],
                condition=Q(cleared_at__isnull=True, user__isnull=False),
                name="party_person_once",
            ),
            models.UniqueConstraint(
                fields=["complaint", "agency"],
                condition=Q(cleared_at__isnull=True, user__isnull=True),
                name="party_unit_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"],
                condition=Q(cleared_at__isnull=True, user__isnull=False),
                name="party_person",
            ),
            models.Index(
                fields=["agency"],
                condition=Q(cleared_at__isnull=True, agency__isnull=False),
                name="party_unit",
            ),
            models.Index(fields=["complaint"], name="party_case"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.user_id or ''} {self.agency_id or ''}".strip()
