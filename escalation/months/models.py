"""What was counted of one officer's month, and what they say to it. Rows are only added."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import Agency, User
from accounts.roles import Role


class OfficerMonthQuerySet(models.QuerySet["OfficerMonth"]):
    def visible_to(self, user: User, today: date) -> "OfficerMonthQuerySet":
        """Their own at once; a head's people's, of the cases of their line, from the day that stands on each."""
        own = self.filter(user=user)
        if role_of(user) != Role.AGENCY_HEAD:
            return own
        return own | self.filter(agency__in=user.agency_scope, head_from__lte=today)


class OfficerMonth(models.Model):
    """`figures`: the counts of `turns.COUNTED`, and `days_away`. Somebody who changed the agency has one at each."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="months", db_index=False
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    first_day = models.DateField(_("month"))  # of the month
    figures = models.JSONField(default=dict)
    counted_at = models.DateTimeField()
    head_from = models.DateField()  # the first day on which the head sees it

    objects = OfficerMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of an officer")
        verbose_name_plural = _("months of officers")
        constraints = [
            models.UniqueConstraint(fields=["user", "first_day", "agency"], name="officer_month_once")
        ]
        indexes = [models.Index(fields=["agency", "-first_day"], name="officer_month_by_agency")]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day}"

    def count(self, what: str) -> int:
        value: Any = self.figures.get(what, 0)
        return int(value)


def was_officer(user: User) -> bool:
    """Whether anything was ever counted of them: it stays theirs to read and to answer, in whatever role they are."""
    return OfficerMonth.objects.filter(user=user).exists()


class MonthRemark(models.Model):
    """What the officer says to it: their head reads it beside the figures, and nobody changes it."""

    month = models.ForeignKey(OfficerMonth, on_delete=models.PROTECT, related_name="remarks")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        verbose_name = _("remark of an officer")
        verbose_name_plural = _("remarks of officers")
        ordering = ["at", "pk"]


class MonthCount(models.Model):
    """That a month was counted, once and for good."""

    first_day = models.DateField(primary_key=True)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("counted month")
        verbose_name_plural = _("counted months")
