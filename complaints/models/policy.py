"""Policy as data: office calendars with their days off, and dated service levels."""

from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from complaints.clock.arithmetic import Target, Unit
from complaints.models.catalogue import Bilingual, Category, Kind

# What holds where a policy does not say otherwise: cases from before there were limits, too.
PAUSING_QUESTIONS = 2
EXTENSIONS_A_LEVEL = 1
EXTENSION_DAYS = (10, 20, 40)  # working days; agency head, inspectorate or city secretary, ombudsman


class UnitChoice(models.TextChoices):
    WORKING_DAYS = Unit.WORKING_DAYS.value, _("working days")
    WORKING_HOURS = Unit.WORKING_HOURS.value, _("working hours")
    CALENDAR_DAYS = Unit.CALENDAR_DAYS.value, _("calendar days")


class Stage(models.TextChoices):
    """The stretches of a case that have a target of their own."""

    VERIFICATION = "verification", _("Verification")
    FIRST_RESPONSE = "first_response", _("First response")
    RESOLUTION = "resolution", _("Resolution")
    CITIZEN_ANSWER = "citizen_answer", _("Citizen's answer")
    CONFIRMATION = "confirmation", _("Citizen's confirmation")


class OfficeCalendar(models.Model):
    """When an office is open. The city's own has no agency; an agency's own replaces its weekly hours
    and adds its days off to the city's."""

    name = models.CharField(_("name"), max_length=100)
    agency = models.OneToOneField(
        Agency,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar",
        verbose_name=_("agency"),
    )
    # Raised by each change of hours or days off, so that processes know when to read them again.
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("office calendar")
        verbose_name_plural = _("office calendars")
        constraints = [
            # A missing agency counts as a value: the city has one calendar.
            models.UniqueConstraint(
                Coalesce("agency", 0),
                name="office_calendar_one_per_agency",
                violation_error_message=_("There is a calendar for this agency already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def touch() -> None:
        """Says that days off, hours or targets changed: to all calendars, since each includes the city's days off."""
        OfficeCalendar.objects.update(revision=F("revision") + 1)


class CalendarPart(models.Model):
    """A row whose change raises the calendars' revision, by which processes know that they must read anew."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        OfficeCalendar.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        OfficeCalendar.touch()
        return result


class OpeningHours(CalendarPart):
    """One stretch of opening on one weekday; two stretches leave a break between them."""

    calendar = models.ForeignKey(OfficeCalendar, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=list(
            enumerate(
                [
                    _("Monday"),
                    _("Tuesday"),
                    _("Wednesday"),
                    _("Thursday"),
                    _("Friday"),
                    _("Saturday"),
                    _("Sunday"),
                ]
            )
        ),
    )
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens_at"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=F("opens_at")), name="opening_hours_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


class Holiday(CalendarPart, Bilingual):
    """A day off: national, joint leave (cuti bersama) or a local closure."""

    class Source(models.TextChoices):
        NATIONAL = "national", _("National holiday")
        JOINT_LEAVE = "joint_leave", _("Joint leave")
        LOCAL = "local", _("Local closure")

    calendar = models.ForeignKey(OfficeCalendar, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField(_("day"))
    source = models.CharField(_("type"), max_length=20, choices=Source.choices, default=Source.LOCAL)
    is_tentative = models.BooleanField(_("date may still move"), default=False)

    class Meta:
        ordering = ["on"]
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        constraints = [models.UniqueConstraint(fields=["calendar", "on"], name="holiday_once")]


# The law gives 60 days from the complete file (UU 25/2009 art. 50); who got no answer may go to the ombudsman.
OMBUDSMAN_AFTER_DAYS = 60
# A referral is looked at again after so many calendar days; whoever refers may set another number within the bounds.
REFERRAL_CHECK_DAYS = 30
SHORTEST_CHECK, LONGEST_CHECK = 7, 90


def _amount() -> Any:
    return models.PositiveSmallIntegerField()


def _unit() -> Any:
    return models.CharField(max_length=20, choices=UnitChoice.choices, default=UnitChoice.WORKING_DAYS)


class ServiceLevel(CalendarPart):
    """The targets in force from a day on, for a kind of case and, where set, one category.

    The row in force when a case arrives is copied onto it; later rows do not touch it.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("only for category")
    )
    valid_from = models.DateField(_("in force from"))
    note = models.CharField(_("source or reason"), max_length=300, blank=True)
    verification_amount = _amount()
    verification_unit = _unit()
    first_response_amount = _amount()
    first_response_unit = _unit()
    resolution_amount = _amount()
    resolution_unit = _unit()
    citizen_answer_amount = _amount()
    citizen_answer_unit = _unit()
    confirmation_amount = _amount()
    confirmation_unit = _unit()
    warn_at_percent = models.PositiveSmallIntegerField(_("warn when this per cent is used"), default=75)
    # How far a promise may be moved in one round, from receipt to the answer or from a dispute to the next.
    pausing_questions = models.PositiveSmallIntegerField(
        _("questions that stop the clock"),
        default=PAUSING_QUESTIONS,
        help_text=_("In one round. Later questions may be asked, and the time runs on."),
    )
    extensions_a_level = models.PositiveSmallIntegerField(
        _("extensions a level"),
        default=EXTENSIONS_A_LEVEL,
        help_text=_("How often each level may give more time in one round; after that the next level only."),
    )
    head_extension_days = models.PositiveSmallIntegerField(
        _("days an agency head may add"),
        default=EXTENSION_DAYS[0],
        help_text=_("Working days at a time. 0: this level gives no more time."),
    )
    inspectorate_extension_days = models.PositiveSmallIntegerField(
        _("days the inspectorate or the city secretary may add"), default=EXTENSION_DAYS[1]
    )
    ombudsman_extension_days = models.PositiveSmallIntegerField(
        _("days the ombudsman may add"), default=EXTENSION_DAYS[2]
    )
    ombudsman_after_days = models.PositiveSmallIntegerField(
        _("calendar days after which the citizen is told of the ombudsman"),
        default=OMBUDSMAN_AFTER_DAYS,
        help_text=_("Of complaints that nobody has answered. 0: they are not told."),
    )
    referral_check_days = models.PositiveSmallIntegerField(
        _("calendar days after which the citizen of a referred case is asked"), default=REFERRAL_CHECK_DAYS
    )

    update_is_response = models.BooleanField(
        _("word on how far it is counts as the first answer"),
        default=False,
        help_text=_("Otherwise only a question or the answer does."),
    )

    class Meta:
        ordering = ["kind", "-valid_from"]
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        constraints = [
            models.UniqueConstraint(
                "kind", Coalesce("category", 0), "valid_from", name="service_level_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(warn_at_percent__gte=1, warn_at_percent__lte=99),
                name="service_level_warns_before",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    referral_check_days__gte=SHORTEST_CHECK, referral_check_days__lte=LONGEST_CHECK
                ),
                name="service_level_checks_referrals",
                violation_error_message=_("A referral is looked at again after 7 to 90 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.valid_from}"

    def targets(self) -> dict[str, Any]:
        """The copy kept on a case: `{stage: [amount, unit]}`, the warning share and the limits of one round."""
        copied: dict[str, Any] = {
            stage: [getattr(self, f"{stage}_amount"), getattr(self, f"{stage}_unit")]
            for stage in Stage.values
        }
        return (
            copied
            | {
                "warn_at_percent": self.warn_at_percent,
                "referral_check_days": self.referral_check_days,
                "ombudsman_after_days": self.ombudsman_after_days,
                "pausing_questions": self.pausing_questions,
                "extensions_a_level": self.extensions_a_level,
                "extension_days": [
                    self.head_extension_days,
                    self.inspectorate_extension_days,
                    self.ombudsman_extension_days,
                ],
                "service_level": self.pk,
            }
            | ({"update_is_response": True} if self.update_is_response else {})
        )


def pausing_questions(policy: dict[str, Any]) -> int:
    """How many questions of one round stop the clock."""
    return int(policy.get("pausing_questions", PAUSING_QUESTIONS))


def update_is_response(policy: dict[str, Any]) -> bool:
    """Whether telling the citizen how far it is counts as the first response."""
    return bool(policy.get("update_is_response", False))


def target_of(policy: dict[str, Any], stage: str) -> Target:
    """The target of `stage` in the policy copied onto a case."""
    amount, unit = policy[stage]
    return Target(amount, Unit(unit))
