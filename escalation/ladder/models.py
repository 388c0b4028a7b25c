"""The ladder: dated rules, and one row for each time a case was raised."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from accounts.models import User
from accounts.roles import AGENCY_ROLES, Role, Seat
from complaints.models import Complaint
from complaints.models.catalogue import Kind
from complaints.models.policy import Stage, UnitChoice
from complaints.states import ACTIVE, STORED, State


class Level(models.IntegerChoices):
    AGENCY_HEAD = 1, _("Agency head")
    INSPECTORATE = 2, _("Inspectorate or city secretary")
    OMBUDSMAN = 3, _("Ombudsman")


class Trigger(models.TextChoices):
    """Why a case is raised."""

    SHARE = "share", _("share of the target used")
    BREACH = "breach", _("target missed")
    OVERDUE = "overdue", _("overdue by a time")
    DISPUTED = "disputed", _("answer disputed")
    HANDED_BACK = "handed_back", _("handed back again and again")
    UNACKNOWLEDGED = "unacknowledged", _("nothing came of the escalation before")
    OVERSIGHT_KIND = "oversight_kind", _("oversight complaint")
    REPEATED = "repeated", _("repeated complaints about one agency")
    BROUGHT_BACK = "brought_back", _("not answered by the other body")


# Those of which a rule says who is told. What another body left unanswered is always the supervisors'.
RULED = [(t.value, t.label) for t in Trigger if t != Trigger.BROUGHT_BACK]
# Triggers that look at one target: they may be limited to a stage, and the sweep plans for their moments.
TIMED = frozenset({Trigger.SHARE, Trigger.OVERDUE})
COUNTED = TIMED | {Trigger.HANDED_BACK, Trigger.REPEATED}  # those with an amount
CITY_STAGE_CHOICES = [
    (s.value, s.label) for s in (Stage.VERIFICATION, Stage.FIRST_RESPONSE, Stage.RESOLUTION)
]


class EscalationRule(models.Model):
    """From a day on: this trigger raises cases of this kind (empty: any) to this level.

    A later row for the same kind, trigger, stage and level takes the place of the earlier one on its day.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, blank=True)
    trigger = models.CharField(_("trigger"), max_length=20, choices=RULED)
    stage = models.CharField(
        _("stage"),
        max_length=20,
        choices=CITY_STAGE_CHOICES,
        blank=True,
        help_text=_("Only for a share used and for overdue: which target is meant. Empty: each of them."),
    )
    # How often or how long, where the trigger counts: per cent used, units past the target, times handed back,
    # complaints about one agency.
    amount = models.PositiveSmallIntegerField(
        _("amount"),
        default=0,
        help_text=_(
            "Share used: per cent, 1 to 99. Overdue: how many of the unit. Handed back: how many times. "
            "Repeated complaints: how many, at least 2. Other triggers: 0."
        ),
    )
    within_days = models.PositiveSmallIntegerField(
        _("within days"),
        default=0,
        help_text=_("Only for repeated complaints: in how many calendar days they arrive."),
    )
    unit = models.CharField(
        _("unit"), max_length=20, choices=UnitChoice.choices, default=UnitChoice.WORKING_DAYS
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    acknowledge_amount = models.PositiveSmallIntegerField(_("time to acknowledge"), default=3)
    acknowledge_unit = models.CharField(
        _("unit of that time"), max_length=20, choices=UnitChoice.choices, default=UnitChoice.WORKING_DAYS
    )
    valid_from = models.DateField(_("in force from"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["trigger", "level", "-valid_from"]
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "trigger", "stage", "level", "amount", "valid_from"],
                name="escalation_rule_once",
            ),
            models.CheckConstraint(
                condition=~Q(trigger="share") | Q(amount__gte=1, amount__lte=99),
                name="escalation_rule_share_1_to_99",
                violation_error_message=_("A share is from 1 to 99 per cent."),
            ),
            models.CheckConstraint(
                condition=~Q(trigger="overdue") | Q(amount__gte=1),
                name="escalation_rule_overdue_by_something",
                violation_error_message=_("Say by how much it is overdue, at least 1."),
            ),
            models.CheckConstraint(
                condition=Q(trigger="repeated", amount__gte=2, within_days__gte=1)
                | ~Q(trigger="repeated") & Q(within_days=0),
                name="escalation_rule_repeated_within",
                violation_error_message=_(
                    "For repeated complaints say how many, at least 2, and within how many days. "
                    "Other triggers have no such days."
                ),
            ),
            models.CheckConstraint(
                condition=Q(stage="") | Q(trigger__in=["share", "overdue"]),
                name="escalation_rule_stage_of_a_target",
                violation_error_message=_("Only a share used and overdue look at one stage."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()} → {self.get_level_display()}"


class EscalationState(models.TextChoices):
    RAISED = "raised", _("raised")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    DECIDED = "decided", _("decided")
    LIFTED = "lifted", _("lifted")


UNDECIDED = frozenset({EscalationState.RAISED, EscalationState.ACKNOWLEDGED})


class Lifted(models.TextChoices):
    """Why an escalation was lifted."""

    ANSWERED = "answered", _("the case was answered or is over")
    MOVED = "moved", _("the day moved: it is not late")
    MERGED = "merged", _("the case was merged into another")


class Decision(models.TextChoices):
    INSTRUCT = "instruct", _("instruct the agency")
    EXTEND = "extend", _("extend the target")
    REASSIGN = "reassign", _("take away and reassign")
    REFER = "refer", _("refer to another body")
    UNFOUNDED = "unfounded", _("unfounded")


# Words that name a day until which the case may lie with somebody.
DATED = (Decision.INSTRUCT, Decision.REASSIGN, Decision.EXTEND)
# Of these the ladder waits for the day and calls the next level when nothing came of them. Where an extended
# promise is missed, the missed target raises the case anew.
TO_HEED = (Decision.INSTRUCT, Decision.REASSIGN)


def levels_of(actor: Actor) -> tuple[int, ...]:
    """The levels on which somebody decides: an agency's people on the first, a supervisor up to their seat."""
    if role_of(actor) in AGENCY_ROLES:
        return (Level.AGENCY_HEAD,)
    if isinstance(actor, User) and actor.seat == Seat.INSPECTORATE:
        return (Level.AGENCY_HEAD, Level.INSPECTORATE)
    return tuple(Level)


def levels_seen_by(actor: Actor) -> tuple[int, ...]:
    """A supervisor sees every level, whatever their seat."""
    return tuple(Level) if role_of(actor) == Role.SUPERVISOR else levels_of(actor)


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of cases in scope; an agency head has their own level only."""
        if isinstance(actor, User) and role_of(actor) == Role.SUPERVISOR:
            # All but a few: their index is walked, and no case looked up for each.
            return self.exclude(complaint__in=Complaint.objects.kept_from(actor).values("pk"))
        cases = Complaint.objects.visible_to(actor).values("pk")
        return self.filter(complaint__in=cases, level__in=levels_seen_by(actor))

    def for_decision_by(self, actor: Actor) -> Self:
        """The open ones that wait for this person."""
        return self.visible_to(actor).open().filter(level__in=levels_of(actor))

    def counted(self) -> Self:
        """Without those whose moment moved into the future: there was nothing to raise."""
        return self.exclude(lifted_because=Lifted.MOVED)

    def open(self) -> Self:
        """Raised or acknowledged: somebody still has to decide."""
        return self.filter(state__in=[EscalationState.RAISED, EscalationState.ACKNOWLEDGED])

    def by_level(self) -> list[Self]:
        """The same, apart by level: of what is open each lies in the order in which it is due."""
        return [self.filter(level=level) for level in Level]

    def settled(self, cases: Iterable[int]) -> Self:
        """Instructions of these cases that an answer settled for good. A dispute begins after the answer; but a case
        that another one took up, or another body, may come back as it was."""
        over = sorted(STORED - ACTIVE - {State.MERGED, State.REFERRED})
        answered = {"complaint__state__in": over, "complaint__ended_at__gt": F("decided_at")}
        return self.filter(complaint__in=list(cases), may_stand=True, **answered)

    def unheeded(self, now: datetime) -> Self:
        """Instructions whose day has passed without an answer, read along the index of those that may stand. Only
        they do, so it is not asked again what they are: the database would think it left few of them."""
        return self.filter(may_stand=True)._past_their_day(now)

    def unheeded_of_all(self, now: datetime) -> Self:
        """The same, of all that were ever given."""
        return self.filter(decision__in=TO_HEED)._past_their_day(now)

    def _past_their_day(self, now: datetime) -> Self:
        """`standing.words_that_stand` as a condition."""
        later = Q(decided_at__gt=OuterRef("decided_at")) | Q(
            Q(level__gt=OuterRef("level")) | Q(level=OuterRef("level"), pk__lt=OuterRef("pk")),
            decided_at=OuterRef("decided_at"),
        )
        words = Escalation.objects.filter(complaint=OuterRef("complaint"), decision__in=DATED)
        replaced = Exists(words.filter(later, level__gte=OuterRef("level")).order_by())
        disputed_at = "complaint__disputed_at"
        since = Q(**{f"{disputed_at}__isnull": True}) | Q(decided_at__gte=F(disputed_at))
        back = Escalation.objects.filter(complaint=OuterRef("complaint"), trigger=Trigger.BROUGHT_BACK)
        begun_anew = Exists(back.filter(raised_at__gt=OuterRef("decided_at")).order_by())
        active = {"complaint__state__in": sorted(ACTIVE), "complaint__is_live": True}
        return self.filter(since, ~replaced, ~begun_anew, due_at__lte=now, **active)


class Escalation(models.Model):
    """A case raised to a level. A row, not a state of the case; the unique row makes it exactly-once."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    trigger = models.CharField(max_length=20, choices=Trigger.choices)
    # What set it off: the stage and cycle missed, the count of hand-backs, the escalation not acknowledged.
    cause = models.CharField(max_length=60)
    rule = models.ForeignKey(EscalationRule, on_delete=models.PROTECT, null=True, db_index=False)
    state = models.CharField(max_length=20, choices=EscalationState.choices, default=EscalationState.RAISED)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    # An instruction that nobody has seen answered yet. One too many costs a look, so it stays until a sweep finds the
    # case over for good, or answered after it.
    may_stand = models.BooleanField(default=False, editable=False)
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=20, choices=Lifted.choices, blank=True)
    # When its level was last told that the case is still late, or whoever decided that their day has passed.
    reminded_at = models.DateTimeField(null=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "level", "trigger", "cause"], name="escalation_exactly_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="escalation_level_1_to_3"),
            # The cause of a repetition names the unit and the raise before it, so that of two sweeps that
            # see the same unit on two cases only one raises it.
            models.UniqueConstraint(
                fields=["level", "cause"], condition=Q(trigger="repeated"), name="escalation_repeated_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["level", "due_at", "id"],
                condition=Q(state__in=["raised", "acknowledged"]),
                name="escalation_open",
            ),
            models.Index(fields=["due_at", "id"], condition=Q(may_stand=True), name="escalation_may_stand"),
            # All there ever were, the newest first.
            models.Index(fields=["raised_at", "id"], name="escalation_raised"),
        ]

    def save(self, *args: Any, **options: Any) -> None:
        """Marks the case of a new one; the sweep, which stores many at once, does so itself."""
        is_new = self._state.adding
        if is_new:
            self.may_stand = self.decision in TO_HEED
        super().save(*args, **options)
        if is_new:
            Complaint.objects.filter(pk=self.complaint_id).update(is_raised=True)

    @property
    def is_open(self) -> bool:
        return self.state in UNDECIDED


class LadderState(models.Model):
    """One row: under which rules and calendars the open cases were last planned, and when the sweep last ran."""

    fingerprint = models.CharField(max_length=64)
    swept_at = models.DateTimeField(null=True)
    # A person has seen that the database holds moments up to this one, and let the sweep go on all the same.
    ahead_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of the ladder")
        verbose_name_plural = _("state of the ladder")


class HoldCode(models.TextChoices):
    """Why the worker does not go on by itself. /health/ says the code to anybody."""

    CLOCK_JUMPED = "clock_jumped", _("the clock of the machine has jumped")
    CLOCK_DIFFERS = "clock_differs", _("the clock of the machine is not the database's")
    CATCH_UP = "catch_up", _("nobody swept for a long time")
    BEHIND = "behind", _("the clock is behind what the database holds")
    OLDER_COPY = "older_copy", _("the database is older than what was signed")


class Hold(models.Model):
    """What keeps the sweep, or everything that goes by time on one host, from going on. Gone when it is over."""

    code = models.CharField(max_length=20, choices=HoldCode.choices)
    place = models.CharField(
        max_length=40, blank=True
    )  # the host whose clock it is; empty: the sweep, anywhere
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [models.UniqueConstraint(fields=["code", "place"], name="hold_once")]
