import complaints.states
import django.db.models.deletion
import django.db.models.functions.comparison
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_successor_of_closed_agency"),
    ]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "head of the ledger",
                "verbose_name_plural": "heads of the ledger",
                "ordering": ["-size"],
            },
        ),
        migrations.CreateModel(
            name="RejectReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("explanation_id", models.TextField(verbose_name="explanation (Indonesian)")),
                ("explanation_en", models.TextField(blank=True, verbose_name="explanation (English)")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_senders_own",
                    models.BooleanField(
                        default=False,
                        help_text="Of cases merged into the rejected one the oldest then goes on in its place.",
                        verbose_name="lies with the sender",
                    ),
                ),
            ],
            options={
                "verbose_name": "reason for rejecting",
                "verbose_name_plural": "reasons for rejecting",
                "ordering": ["name_id"],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                (
                    "level",
                    models.CharField(
                        choices=[("city", "City"), ("district", "District"), ("ward", "Ward")],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="complaints.area",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("complaint", "Complaint"),
                            ("oversight", "Oversight complaint"),
                            ("aspiration", "Aspiration"),
                            ("information", "Information request"),
                        ],
                        default="complaint",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("hint_id", models.TextField(blank=True, verbose_name="explanation (Indonesian)")),
                ("hint_en", models.TextField(blank=True, verbose_name="explanation (English)")),
                ("keywords", models.JSONField(blank=True, default=list, verbose_name="routing words")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "needs_evidence",
                    models.BooleanField(default=False, verbose_name="resolving needs a file as evidence"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="accounts.agency",
                        verbose_name="suggested agency",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="complaints.category",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["position", "name_id"],
            },
        ),
        migrations.CreateModel(
            name="OfficeCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "agency",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "office calendar",
                "verbose_name_plural": "office calendars",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Coalesce("agency", 0),
                        name="office_calendar_one_per_agency",
                        violation_error_message="There is a calendar for this agency already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("on", models.DateField(verbose_name="day")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("national", "National holiday"),
                            ("joint_leave", "Joint leave"),
                            ("local", "Local closure"),
                        ],
                        default="local",
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("is_tentative", models.BooleanField(default=False, verbose_name="date may still move")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="complaints.officecalendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "day off",
                "verbose_name_plural": "days off",
                "ordering": ["on"],
                "constraints": [models.UniqueConstraint(fields=("calendar", "on"), name="holiday_once")],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("opens_at", models.TimeField(verbose_name="opens")),
                ("closes_at", models.TimeField(verbose_name="closes")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="complaints.officecalendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ["weekday", "opens_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="opening_hours_forward",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("description_id", models.TextField(blank=True, verbose_name="description (Indonesian)")),
                ("description_en", models.TextField(blank=True, verbose_name="description (English)")),
                ("requirements_id", models.TextField(blank=True, verbose_name="requirements (Indonesian)")),
                ("requirements_en", models.TextField(blank=True, verbose_name="requirements (English)")),
                (
                    "promised_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="promised working days"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "service",
                "verbose_name_plural": "services",
                "ordering": ["name_id"],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, verbose_name="number")),
                ("receipt_digest", models.CharField(editable=False, max_length=64, null=True)),
                ("submission_digest", models.CharField(editable=False, max_length=64, null=True)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("submitted", "Waiting for verification"),
                            ("awaiting_citizen", "Waiting for the citizen"),
                            ("assigned", "With the agency"),
                            ("in_progress", "In progress"),
                            ("resolved", "Answered"),
                            ("closed", "Closed"),
                            ("lapsed", "Lapsed"),
                            ("rejected", "Rejected"),
                            ("merged", "Merged"),
                            ("referred", "Referred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="new",
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("returns_to", models.CharField(blank=True, default="", max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("complaint", "Complaint"),
                            ("oversight", "Oversight complaint"),
                            ("aspiration", "Aspiration"),
                            ("information", "Information request"),
                        ],
                        default="complaint",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web form"),
                            ("phone", "Telephone"),
                            ("counter", "Counter"),
                            ("letter", "Letter"),
                            ("box", "Suggestion box"),
                            ("message", "Message (WhatsApp, SMS)"),
                            ("lapor", "SP4N-LAPOR!"),
                            ("forum", "Forum of the city"),
                            ("other", "Other system"),
                        ],
                        default="web",
                        max_length=20,
                        verbose_name="channel",
                    ),
                ),
                ("subject", models.CharField(max_length=150, verbose_name="subject")),
                ("description", models.TextField(verbose_name="description")),
                ("location", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("happened_on", models.DateField(blank=True, null=True, verbose_name="when it happened")),
                ("is_anonymous", models.BooleanField(default=False, verbose_name="anonymous")),
                ("is_confidential", models.BooleanField(default=False, verbose_name="confidential")),
                ("language", models.CharField(default="id", max_length=2)),
                (
                    "external_reference",
                    models.CharField(blank=True, max_length=80, verbose_name="outside reference"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("assigned_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "target_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="promised resolution"),
                ),
                ("next_action_at", models.DateTimeField(blank=True, null=True)),
                ("watch_at", models.DateTimeField(blank=True, null=True)),
                ("next_level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("policy", models.JSONField(default=dict, editable=False)),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("hand_backs", models.PositiveSmallIntegerField(default=0)),
                ("disputed_at", models.DateTimeField(blank=True, null=True)),
                ("rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=60)),
                ("is_live", models.BooleanField(default=True)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("source_id", models.CharField(blank=True, max_length=80)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("last_event_hash", models.CharField(default="", editable=False, max_length=64)),
                ("sweep_error", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="accounts.agency",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="complaints.area",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="complaints.category",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entered",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handled",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "referred_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referred_complaints",
                        to="accounts.agency",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="complaints.service",
                    ),
                ),
                ("check_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outside_answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "answered by the other body"),
                            ("no", "not answered by the other body"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("outside_asked", models.PositiveSmallIntegerField(default=0)),
                ("ombudsman_told_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "id"],
                        name="complaint_sweep",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    complaints.states.State["ASSIGNED"],
                                    complaints.states.State["AWAITING_CITIZEN"],
                                    complaints.states.State["IN_PROGRESS"],
                                    complaints.states.State["RESOLVED"],
                                    complaints.states.State["SUBMITTED"],
                                ],
                            )
                        ),
                        fields=["agency", "due_at", "id"],
                        name="complaint_agency_queue",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    complaints.states.State["ASSIGNED"],
                                    complaints.states.State["AWAITING_CITIZEN"],
                                    complaints.states.State["IN_PROGRESS"],
                                    complaints.states.State["RESOLVED"],
                                    complaints.states.State["SUBMITTED"],
                                ],
                            )
                        ),
                        fields=["due_at", "id"],
                        name="complaint_queue",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    complaints.states.State["AWAITING_CITIZEN"],
                                    complaints.states.State["SUBMITTED"],
                                ],
                            )
                        ),
                        fields=["due_at", "id"],
                        name="complaint_verification_queue",
                    ),
                    models.Index(fields=["agency", "received_at", "id"], name="complaint_agency_received"),
                    models.Index(fields=["received_at", "id"], name="complaint_received"),
                    models.Index(
                        condition=models.Q(
                            ("handler__isnull", False),
                            (
                                "state__in",
                                [
                                    complaints.states.State["ASSIGNED"],
                                    complaints.states.State["AWAITING_CITIZEN"],
                                    complaints.states.State["IN_PROGRESS"],
                                    complaints.states.State["RESOLVED"],
                                    complaints.states.State["SUBMITTED"],
                                ],
                            ),
                        ),
                        fields=["handler", "due_at", "id"],
                        name="complaint_handler_queue",
                    ),
                    models.Index(
                        condition=models.Q(("entered_by__isnull", False)),
                        fields=["entered_by", "-id"],
                        name="complaint_entered",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    complaints.states.State["ASSIGNED"],
                                    complaints.states.State["AWAITING_CITIZEN"],
                                    complaints.states.State["IN_PROGRESS"],
                                    complaints.states.State["RESOLVED"],
                                    complaints.states.State["SUBMITTED"],
                                ],
                            )
                        ),
                        fields=["received_at", "id"],
                        name="complaint_oldest",
                    ),
                    models.Index(
                        condition=models.Q(("parent__isnull", False)),
                        fields=["parent"],
                        name="complaint_parent",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="complaint_merged",
                    ),
                    models.Index(
                        condition=models.Q(("outside_answer", ""), ("state", "referred")),
                        fields=["ended_at", "id"],
                        name="complaint_referred",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="complaint_number_once"),
                    models.UniqueConstraint(fields=("receipt_digest",), name="complaint_receipt_once"),
                    models.UniqueConstraint(fields=("submission_digest",), name="complaint_submission_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    complaints.states.State["ASSIGNED"],
                                    complaints.states.State["AWAITING_CITIZEN"],
                                    complaints.states.State["CLOSED"],
                                    complaints.states.State["IN_PROGRESS"],
                                    complaints.states.State["LAPSED"],
                                    complaints.states.State["MERGED"],
                                    complaints.states.State["REFERRED"],
                                    complaints.states.State["REJECTED"],
                                    complaints.states.State["RESOLVED"],
                                    complaints.states.State["SUBMITTED"],
                                    complaints.states.State["WITHDRAWN"],
                                ],
                            )
                        ),
                        name="complaint_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_live", False),
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        complaints.states.State["ASSIGNED"],
                                        complaints.states.State["AWAITING_CITIZEN"],
                                        complaints.states.State["IN_PROGRESS"],
                                        complaints.states.State["RESOLVED"],
                                        complaints.states.State["SUBMITTED"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                ("next_action_at__isnull", False),
                                ("next_level__isnull", False),
                                models.Q(
                                    ("agency__isnull", False),
                                    ("state", complaints.states.State["SUBMITTED"]),
                                    ("returns_to", complaints.states.State["SUBMITTED"]),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_open_is_watched",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        complaints.states.State["ASSIGNED"],
                                        complaints.states.State["IN_PROGRESS"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("agency__isnull", False),
                            _connector="OR",
                        ),
                        name="complaint_agency_when_assigned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rating__isnull", True),
                            models.Q(("rating__gte", 1), ("rating__lte", 4)),
                            _connector="OR",
                        ),
                        name="complaint_rating_1_to_4",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_id"),
                        name="complaint_source_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True), ("state", "merged"), _connector="OR"
                        ),
                        name="complaint_follows_while_merged",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("content_digest", models.CharField(blank=True, max_length=64)),
                ("prev_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "identity_opened")),
                        fields=["at", "id"],
                        name="event_identity",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("complaint", "seq"), name="event_seq_once")],
            },
        ),
        migrations.CreateModel(
            name="Complainant",
            fields=[
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="complaints.complaint",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "verbose_name": "complainant",
                "verbose_name_plural": "complainants",
            },
        ),
        migrations.CreateModel(
            name="EventContent",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="complaints.event",
                    ),
                ),
                ("salt", models.CharField(max_length=32)),
                ("words", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "event content",
                "verbose_name_plural": "event contents",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("draft_digest", models.CharField(blank=True, db_index=True, max_length=64)),
                ("key", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=150, verbose_name="file name")),
                ("content_type", models.CharField(max_length=60)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("is_public", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="complaints.event",
                    ),
                ),
                ("is_personal", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=24)),
                ("seq", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaf",
                        to="complaints.event",
                    ),
                ),
            ],
            options={
                "verbose_name": "leaf of the ledger",
                "verbose_name_plural": "leaves of the ledger",
                "indexes": [
                    models.Index(condition=models.Q(("event", None)), fields=["seq"], name="leaf_of_entry")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dedupe_key", models.CharField(max_length=120)),
                (
                    "medium",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("telegram", "Telegram"),
                            ("web_push", "Web push"),
                        ],
                        default="email",
                        max_length=10,
                    ),
                ),
                ("template", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reader",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("workers", "Whoever works on the report"),
                            ("level_1", "The head of the agency"),
                            ("level_2", "The inspectorate or the city secretary"),
                            ("level_3", "The ombudsman"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["due_at", "id"],
                        name="message_waiting",
                    ),
                    models.Index(fields=["complaint"], name="message_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("dedupe_key",), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reader", ""), ("complaint__isnull", False), _connector="OR"),
                        name="message_reader_of_a_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("verification", "Verification"),
                            ("first_response", "First response"),
                            ("resolution", "Resolution"),
                            ("citizen_answer", "Citizen's answer"),
                            ("confirmation", "Citizen's confirmation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("amount", models.PositiveSmallIntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("warn_at", models.DateTimeField(null=True)),
                ("warned_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="complaints.officecalendar",
                    ),
                ),
                ("extended_by", models.PositiveSmallIntegerField(default=0)),
                ("promised_at", models.DateTimeField(null=True)),
                (
                    "stopped_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("handed_back", "Handed back by the agency"),
                            ("reassigned", "Taken away by decision"),
                            ("stood_aside", "Taken from whom it is about"),
                            ("agency_closed", "The agency was closed"),
                            ("rejected", "Rejected"),
                            ("merged", "Merged"),
                            ("referred", "Referred"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                            ("closed", "Closed"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("given_due_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "clock",
                "verbose_name_plural": "clocks",
                "ordering": ["started_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=("complaint", "stage"),
                        name="clock_one_running",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at__isnull", True), ("stopped_by", "")),
                            models.Q(
                                ("stopped_at__isnull", False), models.Q(("stopped_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="clock_stopped_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="complaints.complaint",
                    ),
                ),
                ("stops_clock", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "pause",
                "verbose_name_plural": "pauses",
                "ordering": ["started_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="pause_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportedParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("named_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported_parties",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reported party",
                "verbose_name_plural": "reported parties",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("cleared_at__isnull", True), ("user__isnull", False)),
                        fields=["user"],
                        name="party_person",
                    ),
                    models.Index(
                        condition=models.Q(("agency__isnull", False), ("cleared_at__isnull", True)),
                        fields=["agency"],
                        name="party_unit",
                    ),
                    models.Index(fields=["complaint"], name="party_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False), ("agency__isnull", False), _connector="OR"
                        ),
                        name="party_is_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cleared_at__isnull", True),
                            ("cleared_at__gte", models.F("named_at")),
                            _connector="OR",
                        ),
                        name="party_cleared_after_named",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at__isnull", True), ("user__isnull", False)),
                        fields=("complaint", "user"),
                        name="party_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at__isnull", True), ("user__isnull", True)),
                        fields=("complaint", "agency"),
                        name="party_unit_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("complaint", "Complaint"),
                            ("oversight", "Oversight complaint"),
                            ("aspiration", "Aspiration"),
                            ("information", "Information request"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="in force from")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="source or reason")),
                ("verification_amount", models.PositiveSmallIntegerField()),
                (
                    "verification_unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        default="working_days",
                        max_length=20,
                    ),
                ),
                ("first_response_amount", models.PositiveSmallIntegerField()),
                (
                    "first_response_unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        default="working_days",
                        max_length=20,
                    ),
                ),
                ("resolution_amount", models.PositiveSmallIntegerField()),
                (
                    "resolution_unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        default="working_days",
                        max_length=20,
                    ),
                ),
                ("citizen_answer_amount", models.PositiveSmallIntegerField()),
                (
                    "citizen_answer_unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        default="working_days",
                        max_length=20,
                    ),
                ),
                ("confirmation_amount", models.PositiveSmallIntegerField()),
                (
                    "confirmation_unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        default="working_days",
                        max_length=20,
                    ),
                ),
                (
                    "warn_at_percent",
                    models.PositiveSmallIntegerField(
                        default=75, verbose_name="warn when this per cent is used"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="complaints.category",
                        verbose_name="only for category",
                    ),
                ),
                (
                    "extensions_a_level",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="How often each level may give more time in one round; after that the next level only.",
                        verbose_name="extensions a level",
                    ),
                ),
                (
                    "head_extension_days",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Working days at a time. 0: this level gives no more time.",
                        verbose_name="days an agency head may add",
                    ),
                ),
                (
                    "inspectorate_extension_days",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="days the inspectorate or the city secretary may add"
                    ),
                ),
                (
                    "ombudsman_extension_days",
                    models.PositiveSmallIntegerField(default=40, verbose_name="days the ombudsman may add"),
                ),
                (
                    "pausing_questions",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="In one round. Later questions may be asked, and the time runs on.",
                        verbose_name="questions that stop the clock",
                    ),
                ),
                (
                    "referral_check_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        verbose_name="calendar days after which the citizen of a referred case is asked",
                    ),
                ),
                (
                    "ombudsman_after_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="Of complaints that nobody has answered. 0: they are not told.",
                        verbose_name="calendar days after which the citizen is told of the ombudsman",
                    ),
                ),
            ],
            options={
                "verbose_name": "service level",
                "verbose_name_plural": "service levels",
                "ordering": ["kind", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("kind"),
                        django.db.models.functions.comparison.Coalesce("category", 0),
                        models.F("valid_from"),
                        name="service_level_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("warn_at_percent__gte", 1), ("warn_at_percent__lte", 99)),
                        name="service_level_warns_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("referral_check_days__gte", 7), ("referral_check_days__lte", 90)),
                        name="service_level_checks_referrals",
                        violation_error_message="A referral is looked at again after 7 to 90 days.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandardReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("ask", "Question to the citizen"),
                            ("resolve", "Answer"),
                            ("reject", "Rejection"),
                            ("hand_back", "Handing back"),
                        ],
                        max_length=20,
                        verbose_name="used for",
                    ),
                ),
                ("text_id", models.TextField(verbose_name="text (Indonesian)")),
                ("text_en", models.TextField(blank=True, verbose_name="text (English)")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.agency",
                        verbose_name="only for agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "standard reply",
                "verbose_name_plural": "standard replies",
                "ordering": ["use", "name_id"],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "verbose_name": "tile of the ledger",
                "verbose_name_plural": "tiles of the ledger",
                "constraints": [models.UniqueConstraint(fields=("level", "index"), name="tile_once")],
            },
        ),
        migrations.CreateModel(
            name="DeadlineMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("after", models.BigIntegerField(default=0)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.agency",
                        verbose_name="only for agency",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recomputation of deadlines",
                "verbose_name_plural": "recomputations of deadlines",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=["id"],
                        name="deadline_move_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("seq", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("prev_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the ledger",
                "verbose_name_plural": "entries of the ledger",
                "ordering": ["seq"],
                "indexes": [models.Index(fields=["kind", "seq"], name="entry_kind")],
            },
        ),
    ]
