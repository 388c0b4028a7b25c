"""The standard of a service (Permenpan-RB 15/2014) as dated changes that nobody rewrites, and the counters.

A standard is not stored: what is in force on a day follows from the changes (`in_force.py`). `Service` stays the
catalogue; its requirements and promised days are copies of what is in force, written by `services.follow` alone.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.models import Service
from complaints.models.catalogue import Bilingual
from complaints.models.event import AppendOnly
from surveys.forums.models import Forum


class Part(models.TextChoices):
    """What a standard is made of. The first six are owed to the public, the next eight may be given; hours and closed
    days are of a counter, the pledge (*maklumat*) is of an agency."""

    REQUIREMENTS = "requirements", _("Requirements")
    PROCEDURE = "procedure", _("Procedure")
    TIME = "time", _("Time")
    COST = "cost", _("Cost")
    PRODUCT = "product", _("What you receive")
    COMPLAINTS = "complaints", _("Complaints, suggestions and input")
    LEGAL = "legal", _("Legal basis")
    FACILITIES = "facilities", _("Facilities")
    COMPETENCE = "competence", _("Competence of staff")
    SUPERVISION = "supervision", _("Internal supervision")
    STAFF = "staff", _("Number of staff")
    GUARANTEE = "guarantee", _("Guarantee of the service")
    SAFETY = "safety", _("Guarantee of security and safety")
    EVALUATION = "evaluation", _("Evaluation of the work done")
    HOURS = "hours", _("Opening hours")
    CLOSURE = "closure", _("Closed days")
    PLEDGE = "pledge", _("Pledge")


OWED = (Part.REQUIREMENTS, Part.PROCEDURE, Part.TIME, Part.COST, Part.PRODUCT, Part.COMPLAINTS)
OPTIONAL = (
    Part.LEGAL,
    Part.FACILITIES,
    Part.COMPETENCE,
    Part.SUPERVISION,
    Part.STAFF,
    Part.GUARANTEE,
    Part.SAFETY,
    Part.EVALUATION,
)
OF_SERVICE = (*OWED, *OPTIONAL)
OF_COUNTER = (Part.HOURS, Part.CLOSURE)


class Counter(Bilingual):
    """Where people are served: one counter of an agency, for one service or several."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="counters", verbose_name=_("agency")
    )
    services = models.ManyToManyField(
        Service, related_name="counters", blank=True, verbose_name=_("services")
    )
    place = models.CharField(_("where"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name_id"]
        verbose_name = _("counter")
        verbose_name_plural = _("counters")


class ChangeQuerySet(models.QuerySet["StandardChange"]):
    def update(self, **values: Any) -> int:
        raise AppendOnly("changes of a standard are never changed")

    def delete(self) -> Any:
        raise AppendOnly("changes of a standard are never deleted")


class StandardChange(models.Model):
    """One part of a standard from a day on: from what to what, who decided it and why. Rows are only added.

    `before` and `after` hold `{"id", "en"}` for words, with `days` for the time, and `{"weekly": {"0": [["08:00",
    "15:00"]]}}` for hours, Monday first. With `ends_on` it holds for so long only, and what was before holds again.
    `previous` is the change of the same part before it: of two people who change it at once one is refused.
    """

    part = models.CharField(_("part"), max_length=20, choices=Part.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, related_name="standard_changes", db_index=False
    )
    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, null=True, related_name="changes", db_index=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(_("why"))
    # What led to it: the code of a registered cause, what it is called there, and the forum where it began.
    cause = models.CharField(max_length=20, blank=True)
    cause_number = models.CharField(max_length=20, blank=True)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next_change")
    idempotency_key = models.CharField(max_length=32, unique=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("change of a standard")
        verbose_name_plural = _("changes of standards")
        indexes = [
            models.Index(fields=["service", "part", "starts_on"], name="standard_of_service"),
            models.Index(fields=["counter", "part", "starts_on"], name="standard_of_counter"),
            models.Index(fields=["agency", "part", "starts_on"], name="standard_of_agency"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=OF_SERVICE, service__isnull=False, counter__isnull=True)
                | Q(part__in=OF_COUNTER, service__isnull=True, counter__isnull=False)
                | Q(part=Part.PLEDGE, service__isnull=True, counter__isnull=True),
                name="standard_change_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="standard_change_days_in_order",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="standard_change_with_reason"),
            *(
                models.UniqueConstraint(
                    fields=["part", target],
                    condition=Q(previous__isnull=True) & extra,
                    name=f"standard_first_of_{target}",
                )
                for target, extra in (
                    ("service", Q(service__isnull=False)),
                    ("counter", Q(counter__isnull=False)),
                    ("agency", Q(part=Part.PLEDGE)),
                )
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("changes of a standard are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("changes of a standard are never deleted")


OUTCOMES = ("in_time", "late", "running", "past", "otherwise", "unpromised")


class ServiceRecord(models.Model):
    """What became of the reports of a year about a service, as the worker counted it at `counted_at`
    (`surveys.standards.keeping`): all that were received, and each once by what became of it.

    `promises` is a digest of what they were held against; `last_event` was the newest when it was counted.
    """

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="record")
    received = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    running = models.PositiveIntegerField()
    past = models.PositiveIntegerField()
    otherwise = models.PositiveIntegerField()
    unpromised = models.PositiveIntegerField()
    promises = models.CharField(max_length=64)
    last_event = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("record of a service")
        verbose_name_plural = _("records of services")
        constraints = [
            models.CheckConstraint(
                condition=Q(received=sum((F(name) for name in OUTCOMES[1:]), F(OUTCOMES[0]))),
                name="service_record_adds_up",
            )
        ]
