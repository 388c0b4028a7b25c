"""The case and, kept apart from it, the person who complained."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from accounts.models import Agency
from complaints.models.catalogue import Area, Category, Kind, Service
from complaints.models.search_text import SearchText
from complaints.querysets import ComplaintQuerySet
from complaints.states import OPEN, STORED, TRANSITIONS, WITH_AGENCY, Lane, State, Verb


class Conflict(Exception):
    """Somebody else changed the case since it was read; nothing was written."""


class Channel(models.TextChoices):
    """How a case reached the city."""

    WEB = "web", _("Web form")
    PHONE = "phone", _("Telephone")
    COUNTER = "counter", _("Counter")
    LETTER = "letter", _("Letter")
    BOX = "box", _("Suggestion box")
    MESSAGE = "message", _("Message (WhatsApp, SMS)")
    LAPOR = "lapor", _("SP4N-LAPOR!")
    FORUM = "forum", _("Forum of the city")
    OTHER = "other", _("Other system")


class StateChoice(models.TextChoices):
    """Labels of the stored states."""

    SUBMITTED = State.SUBMITTED.value, _("Waiting for verification")
    AWAITING_CITIZEN = State.AWAITING_CITIZEN.value, _("Waiting for the citizen")
    ASSIGNED = State.ASSIGNED.value, _("With the agency")
    IN_PROGRESS = State.IN_PROGRESS.value, _("In progress")
    RESOLVED = State.RESOLVED.value, _("Answered")
    CLOSED = State.CLOSED.value, _("Closed")
    LAPSED = State.LAPSED.value, _("Lapsed")
    REJECTED = State.REJECTED.value, _("Rejected")
    MERGED = State.MERGED.value, _("Merged")
    REFERRED = State.REFERRED.value, _("Referred")
    WITHDRAWN = State.WITHDRAWN.value, _("Withdrawn")


class OutsideAnswer(models.TextChoices):
    """Whether the body that a case was referred to has answered its citizen."""

    YES = "yes", _("answered by the other body")
    NO = "no", _("not answered by the other body")


def _moves(verb: Verb) -> dict[str, Any]:
    """The source and target of a transition as the table in states.py has them."""
    edge = TRANSITIONS[verb]
    targets = sorted(edge.targets)
    return {
        "source": sorted(edge.sources),
        "target": targets[0] if len(targets) == 1 else RETURN_VALUE(*targets),
    }


def _lane() -> Case:
    """The queue that a case lies in; none for what is over, and for history of another system."""
    return Case(
        When(is_live=False, then=Value(None)),
        When(state=State.SUBMITTED, then=Value(Lane.VERIFY.value)),
        When(state__in=sorted(WITH_AGENCY), then=Value(Lane.WORK.value)),
        When(
            state=State.AWAITING_CITIZEN, returns_to=State.SUBMITTED, then=Value(Lane.ASKED_BY_VERIFIER.value)
        ),
        When(state=State.AWAITING_CITIZEN, then=Value(Lane.ASKED_BY_AGENCY.value)),
        When(state=State.RESOLVED, then=Value(Lane.ANSWERED.value)),
        default=Value(None),
    )


class Complaint(FSMModelMixin, models.Model):
    """One case. Its `state` is written by the transition methods only, its moments by `deadlines` only.

    `due_at` is what falls due next for whoever's turn it is; `target_at` the promised moment of resolution;
    `next_action_at` when the sweep has to look again. All are stored and only compared.
    """

    number = models.CharField(_("number"), max_length=24)
    receipt_digest = models.CharField(max_length=64, null=True, editable=False)
    submission_digest = models.CharField(max_length=64, null=True, editable=False)
    state = FSMField(_("state"), default=State.NEW.value, choices=StateChoice.choices, protected=True)
    returns_to = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.COMPLAINT)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.WEB)
    subject = models.CharField(_("subject"), max_length=150)
    description = models.TextField(_("description"))
    # Keys without an index of their own: each index is written at every change of state (see Meta.indexes).
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    location = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    happened_on = models.DateField(_("when it happened"), null=True, blank=True)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    language = models.CharField(max_length=2, default="id")

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints", db_index=False
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="handled",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="entered",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="children"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="merged"
    )
    referred_to = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="referred_complaints",
    )
    external_reference = models.CharField(_("outside reference"), max_length=80, blank=True)
    # A referral is looked at again: when next, how often its citizen was asked, and what was said in the end.
    check_at = models.DateTimeField(null=True, blank=True)
    outside_asked = models.PositiveSmallIntegerField(default=0)
    ombudsman_told_at = models.DateTimeField(null=True, blank=True)
    outside_answer = models.CharField(max_length=10, choices=OutsideAnswer.choices, blank=True, default="")

    received_at = models.DateTimeField(_("received"))
    assigned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    target_at = models.DateTimeField(_("promised resolution"), null=True, blank=True)
    next_action_at = models.DateTimeField(null=True, blank=True)
    # When the ladder has to look again, whatever the clocks say; part of `next_action_at`.
    watch_at = models.DateTimeField(null=True, blank=True)
    next_level = models.PositiveSmallIntegerField(null=True, blank=True)
    # Set when the case is raised; taken away once it was answered and its escalations are lifted.
    is_raised = models.BooleanField(default=False, editable=False)
    policy = models.JSONField(default=dict, editable=False)
    cycle = models.PositiveSmallIntegerField(default=1)
    hand_backs = models.PositiveSmallIntegerField(default=0)
    disputed_at = models.DateTimeField(null=True, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    end_reason = models.CharField(max_length=60, blank=True)

    # False for what was taken over from another system: history, without clock and sweep.
    is_live = models.BooleanField(default=True)
    # By which queues are read and counted in the order of an index, whoever asks (docs/decisions/0076).
    lane = models.GeneratedField(
        expression=_lane(), output_field=models.CharField(max_length=20, null=True), db_persist=True
    )
    search_text = SearchText(default="", editable=False)
    source = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=80, blank=True)

    # How many events the case has and the hash of the last: each write checks that nobody came between.
    version = models.PositiveIntegerField(default=0, editable=False)
    last_event_hash = models.CharField(max_length=64, default="", editable=False)
    sweep_error = models.CharField(max_length=200, blank=True, editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [
            # Constraints, not `unique=True`, which on PostgreSQL adds a second index to each for LIKE.
            models.UniqueConstraint(fields=["number"], name="complaint_number_once"),
            models.UniqueConstraint(fields=["receipt_digest"], name="complaint_receipt_once"),
            models.UniqueConstraint(fields=["submission_digest"], name="complaint_submission_once"),
            models.CheckConstraint(condition=Q(state__in=sorted(STORED)), name="complaint_state_known"),
            # The invariant: an open case has an owner, a next due moment and a next escalation level.
            models.CheckConstraint(
                condition=Q(is_live=False)
                | ~Q(state__in=sorted(OPEN))
                | Q(next_action_at__isnull=False, next_level__isnull=False)
                & (Q(agency__isnull=False) | Q(state=State.SUBMITTED) | Q(returns_to=State.SUBMITTED)),
                name="complaint_open_is_watched",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WITH_AGENCY)) | Q(agency__isnull=False),
                name="complaint_agency_when_assigned",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state=State.MERGED),
                name="complaint_follows_while_merged",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=4),
                name="complaint_rating_1_to_4",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="complaint_source_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_action_at", "id"],
                condition=Q(next_action_at__isnull=False),
                name="complaint_sweep",
            ),
            # Queues, by what they wait for: of the city, of an agency, of a person.
            models.Index(
                fields=["lane", "due_at", "id"], condition=Q(lane__isnull=False), name="complaint_lane"
            ),
            models.Index(
                fields=["agency", "lane", "due_at", "id"],
                condition=Q(lane__isnull=False),
                name="complaint_agency_lane",
            ),
            models.Index(
                fields=["handler", "lane", "due_at", "id"],
                condition=Q(lane__isnull=False, handler__isnull=False),
                name="complaint_handler_lane",
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(state__in=sorted(OPEN)), name="complaint_queue"
            ),
            # Whose words verifiers may read.
            models.Index(
                fields=["received_at", "id"],
                condition=Q(state__in=[State.AWAITING_CITIZEN, State.SUBMITTED]),
                name="complaint_unassigned",
            ),
            models.Index(fields=["agency", "received_at", "id"], name="complaint_agency_received"),
            models.Index(fields=["received_at", "id"], name="complaint_received"),
            models.Index(
                fields=["entered_by", "-id"], condition=Q(entered_by__isnull=False), name="complaint_entered"
            ),
            # The oldest that is not over, past all that are.
            models.Index(
                fields=["received_at", "id"], condition=Q(state__in=sorted(OPEN)), name="complaint_oldest"
            ),
            # What ended lately, of all that ever did.
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="complaint_ended"),
            # Referred, and nobody has said yet what became of it.
            models.Index(
                fields=["ended_at", "id"],
                condition=Q(state=State.REFERRED, outside_answer=""),
                name="complaint_referred",
            ),
            # Raised and answered since: what the next sweep has to lift, by the states of what is answered or over.
            models.Index(fields=["state"], condition=Q(is_raised=True), name="complaint_raised"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="complaint_parent"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="complaint_merged"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_oversight(self) -> bool:
        return self.kind == Kind.OVERSIGHT

    @property
    def is_plain_complaint(self) -> bool:
        """As most reports are; pages name the kind of the others only."""
        return self.kind == Kind.COMPLAINT

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.stored_version = self.version

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> "Complaint":
        case: Complaint = super().from_db(db, field_names, values)
        case.stored_version = case.__dict__.get("version", 0)
        return case

    def _do_update(
        self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: bool
    ) -> bool:
        """An UPDATE that only hits the version that was read: on SQLite as on PostgreSQL, two never both win."""
        guarded = base_qs.filter(version=self.stored_version)
        if not super()._do_update(guarded, using, pk_val, values, update_fields, forced_update):
            raise Conflict(self.number)
        return True

    def stand_as_elsewhere(self, state: State) -> None:
        """Of a case that is history only: another system says where it stands, which is no transition of ours."""
        if self.is_live:
            raise ValueError(self.number)
        field: Any = self._meta.get_field("state")
        field.set_state(self, state.value)

    # The transitions. Each changes the state and nothing else; what belongs to it is done by the service
    # of the same name.

    @transition(field=state, **_moves(Verb.SUBMIT))
    def submit(self) -> None: ...

    @transition(field=state, **_moves(Verb.ASK_CITIZEN))
    def ask_citizen(self) -> None: ...

    @transition(field=state, **_moves(Verb.ASK_FOR_PART))
    def ask_for_part(self) -> None: ...

    @transition(field=state, **_moves(Verb.ANSWER))
    def answer(self) -> str:
        return self.returns_to

    @transition(field=state, **_moves(Verb.LAPSE))
    def lapse(self) -> None: ...

    @transition(field=state, **_moves(Verb.REJECT))
    def reject(self) -> None: ...

    @transition(field=state, **_moves(Verb.MERGE))
    def merge(self) -> None: ...

    @transition(field=state, **_moves(Verb.ASSIGN))
    def assign(self) -> None: ...

    @transition(field=state, **_moves(Verb.HAND_BACK))
    def hand_back(self) -> None: ...

    @transition(field=state, **_moves(Verb.REASSIGN))
    def reassign(self) -> None: ...

    @transition(field=state, **_moves(Verb.ACCEPT))
    def accept(self) -> None: ...

    @transition(field=state, **_moves(Verb.RESOLVE))
    def resolve(self) -> None: ...

    @transition(field=state, **_moves(Verb.CONFIRM))
    def confirm(self) -> None: ...

    @transition(field=state, **_moves(Verb.DISPUTE))
    def dispute(self) -> None: ...

    @transition(field=state, **_moves(Verb.AUTO_CLOSE))
    def auto_close(self) -> None: ...

    @transition(field=state, **_moves(Verb.REFER))
    def refer(self) -> None: ...

    @transition(field=state, **_moves(Verb.WITHDRAW))
    def withdraw(self) -> None: ...

    @transition(field=state, **_moves(Verb.BRING_BACK))
    def bring_back(self) -> None: ...

    @transition(field=state, **_moves(Verb.GO_ON))
    def go_on(self) -> str:
        return State.ASSIGNED.value if self.agency_id else State.SUBMITTED.value


# As annotations name them; the queryset stands below and does not know the model.
Complaints = ComplaintQuerySet[Complaint]


class Complainant(models.Model):
    """Who complained, encrypted, in a table of its own. An anonymous case has no row here."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, primary_key=True)
    sealed = models.BinaryField()  # {"name", "email", "phone"} under IDENTITY_KEY

    class Meta:
        verbose_name = _("complainant")
        verbose_name_plural = _("complainants")
