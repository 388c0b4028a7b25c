import django.db.models.deletion
import escalation.audits.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_successor_of_closed_agency"),
        ("complaints", "0001_initial"),
        ("surveys", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditChecklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("valid_from", models.DateField(verbose_name="in force from")),
            ],
            options={
                "verbose_name": "audit checklist",
                "verbose_name_plural": "audit checklists",
                "ordering": ["-valid_from", "-id"],
            },
        ),
        migrations.CreateModel(
            name="LadderState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("ahead_until", models.DateTimeField(null=True)),
                ("swept_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "state of the ladder",
                "verbose_name_plural": "state of the ladder",
            },
        ),
        migrations.CreateModel(
            name="AuditSample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("received", "received in the period"), ("ended", "ended in the period")],
                        max_length=10,
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("complaint", "Complaint"),
                            ("oversight", "Oversight complaint"),
                            ("aspiration", "Aspiration"),
                            ("information", "Information request"),
                        ],
                        max_length=20,
                    ),
                ),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("twice", models.PositiveSmallIntegerField(default=0)),
                ("frame_size", models.PositiveIntegerField()),
                ("frame_digest", models.CharField(max_length=64)),
                ("frame", models.BinaryField()),
                ("drawn_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.category",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="escalation.auditchecklist",
                    ),
                ),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("announced_at", models.DateTimeField(null=True)),
                ("asked", models.PositiveSmallIntegerField(default=0)),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("scope", "period or scope were not what was meant"),
                            ("reviewers", "there is nobody who can review"),
                            ("other", "another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cancel_words", models.CharField(blank=True, max_length=300)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.ledgerentry",
                    ),
                ),
                ("head_size", models.BigIntegerField(null=True)),
                (
                    "salt",
                    models.CharField(
                        default=escalation.audits.models.new_salt, editable=False, max_length=32
                    ),
                ),
            ],
            options={
                "verbose_name": "audit sample",
                "verbose_name_plural": "audit samples",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second_reviewer", models.F("drawn_by")), _negated=True),
                        name="audit_two_reviewers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("size__lte", models.F("frame_size")), ("twice__lte", models.F("size"))
                        ),
                        name="audit_sizes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drawn_at", None), ("seed", ""), ("size", 0)),
                            models.Q(
                                ("cancelled_at", None),
                                ("drawn_at__isnull", False),
                                ("size__gte", 1),
                                models.Q(("seed", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="audit_drawn_by_a_seed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("is_twice", models.BooleanField(default=False)),
                ("agreed", models.JSONField(default=dict)),
                (
                    "agreed_event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.event",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="escalation.auditsample",
                    ),
                ),
            ],
            options={
                "ordering": ["rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "rank"), name="audit_rank_once"),
                    models.UniqueConstraint(fields=("sample", "complaint"), name="audit_case_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("due_on", models.DateField(verbose_name="due")),
                ("next_action_at", models.DateTimeField(blank=True, null=True)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "–"),
                            (1, "Agency head"),
                            (2, "Inspectorate or city secretary"),
                            (3, "Ombudsman"),
                        ],
                        default=0,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(max_length=32, unique=True)),
                ("sweep_error", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "promised"),
                            ("reported", "reported as done, to be judged"),
                            ("kept", "kept"),
                            ("broken", "broken"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hours", "opening hours"),
                            ("procedure", "procedure"),
                            ("training", "staff training"),
                            ("facility", "facility"),
                            ("information", "information"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        verbose_name="what changes",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="promise")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("made_at", models.DateTimeField()),
                ("done_on", models.DateField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.agency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="complaints.service",
                        verbose_name="about the service",
                    ),
                ),
            ],
            options={
                "verbose_name": "commitment",
                "verbose_name_plural": "commitments",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "id"],
                        name="commitment_sweep",
                    ),
                    models.Index(fields=["agency", "due_on", "id"], name="commitment_agency"),
                    models.Index(fields=["made_at", "id"], name="commitment_made"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ["open", "reported"])),
                            models.Q(("ended_at__isnull", False), ("state__in", ["kept", "broken"])),
                            _connector="OR",
                        ),
                        name="commitment_ended_fits_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["reported", "kept"]), _negated=True),
                            ("done_on__isnull", False),
                            _connector="OR",
                        ),
                        name="commitment_done_when_reported",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitmentStep",
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
                            ("made", "made"),
                            ("answered", "answered"),
                            ("reported", "reported as done"),
                            ("returned", "given back"),
                            ("judged", "judged"),
                            ("withdrawn", "withdrawn"),
                            ("reminded", "reminder: due soon"),
                            ("raised", "raised"),
                            ("handed_over", "handed over: the agency was closed"),
                            ("waiting", "reminder: waiting for a judgement"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("words", models.TextField(blank=True)),
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
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="escalation.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CommitmentEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.attachment",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="escalation.commitmentstep",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EscalationRule",
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
                        blank=True,
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
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("share", "share of the target used"),
                            ("breach", "target missed"),
                            ("overdue", "overdue by a time"),
                            ("disputed", "answer disputed"),
                            ("handed_back", "handed back again and again"),
                            ("unacknowledged", "nothing came of the escalation before"),
                            ("oversight_kind", "oversight complaint"),
                            ("repeated", "repeated complaints about one agency"),
                        ],
                        max_length=20,
                        verbose_name="trigger",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("verification", "Verification"),
                            ("first_response", "First response"),
                            ("resolution", "Resolution"),
                        ],
                        help_text="Only for a share used and for overdue: which target is meant. Empty: each of them.",
                        max_length=20,
                        verbose_name="stage",
                    ),
                ),
                (
                    "amount",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Share used: per cent, 1 to 99. Overdue: how many of the unit. Handed back: how many times. Repeated complaints: how many, at least 2. Other triggers: 0.",
                        verbose_name="amount",
                    ),
                ),
                (
                    "within_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Only for repeated complaints: in how many calendar days they arrive.",
                        verbose_name="within days",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        default="working_days",
                        max_length=20,
                        verbose_name="unit",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Agency head"), (2, "Inspectorate or city secretary"), (3, "Ombudsman")],
                        verbose_name="level",
                    ),
                ),
                (
                    "acknowledge_amount",
                    models.PositiveSmallIntegerField(default=3, verbose_name="time to acknowledge"),
                ),
                (
                    "acknowledge_unit",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_hours", "working hours"),
                            ("calendar_days", "calendar days"),
                        ],
                        default="working_days",
                        max_length=20,
                        verbose_name="unit of that time",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="in force from")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "escalation rule",
                "verbose_name_plural": "escalation rules",
                "ordering": ["trigger", "level", "-valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "trigger", "stage", "level", "amount", "valid_from"),
                        name="escalation_rule_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("trigger", "share"), _negated=True),
                            models.Q(("amount__gte", 1), ("amount__lte", 99)),
                            _connector="OR",
                        ),
                        name="escalation_rule_share_1_to_99",
                        violation_error_message="A share is from 1 to 99 per cent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("trigger", "overdue"), _negated=True),
                            ("amount__gte", 1),
                            _connector="OR",
                        ),
                        name="escalation_rule_overdue_by_something",
                        violation_error_message="Say by how much it is overdue, at least 1.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gte", 2), ("trigger", "repeated"), ("within_days__gte", 1)),
                            models.Q(models.Q(("trigger", "repeated"), _negated=True), ("within_days", 0)),
                            _connector="OR",
                        ),
                        name="escalation_rule_repeated_within",
                        violation_error_message="For repeated complaints say how many, at least 2, and within how many days. Other triggers have no such days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage", ""), ("trigger__in", ["share", "overdue"]), _connector="OR"
                        ),
                        name="escalation_rule_stage_of_a_target",
                        violation_error_message="Only a share used and overdue look at one stage.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Agency head"), (2, "Inspectorate or city secretary"), (3, "Ombudsman")]
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("share", "share of the target used"),
                            ("breach", "target missed"),
                            ("overdue", "overdue by a time"),
                            ("disputed", "answer disputed"),
                            ("handed_back", "handed back again and again"),
                            ("unacknowledged", "nothing came of the escalation before"),
                            ("oversight_kind", "oversight complaint"),
                            ("repeated", "repeated complaints about one agency"),
                            ("brought_back", "not answered by the other body"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cause", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "raised"),
                            ("acknowledged", "acknowledged"),
                            ("decided", "decided"),
                            ("lifted", "lifted"),
                        ],
                        default="raised",
                        max_length=20,
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("instruct", "instruct the agency"),
                            ("extend", "extend the target"),
                            ("reassign", "take away and reassign"),
                            ("refer", "refer to another body"),
                            ("unfounded", "unfounded"),
                        ],
                        max_length=20,
                    ),
                ),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "acknowledged_by",
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
                        related_name="escalations",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="escalation.escalationrule",
                    ),
                ),
                (
                    "lifted_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "the case was answered or is over"),
                            ("moved", "the day moved: it is not late"),
                            ("merged", "the case was merged into another"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reminded_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
                "ordering": ["-raised_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["raised", "acknowledged"])),
                        fields=["level", "due_at", "id"],
                        name="escalation_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "level", "trigger", "cause"), name="escalation_exactly_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 3)),
                        name="escalation_level_1_to_3",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("trigger", "repeated")),
                        fields=("level", "cause"),
                        name="escalation_repeated_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("due_on", models.DateField(verbose_name="due")),
                ("next_action_at", models.DateTimeField(blank=True, null=True)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "–"),
                            (1, "Agency head"),
                            (2, "Inspectorate or city secretary"),
                            (3, "Ombudsman"),
                        ],
                        default=0,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(max_length=32, unique=True)),
                ("sweep_error", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("issued", "waiting for the agency"),
                            ("answered", "answered, to be judged"),
                            ("complied", "complied with"),
                            ("partly", "partly complied with"),
                            ("not_complied", "not complied with"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="issued",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("subject", models.CharField(max_length=150, verbose_name="subject")),
                ("findings", models.TextField(verbose_name="findings")),
                ("recommended", models.TextField(verbose_name="what is recommended")),
                (
                    "maladministration",
                    models.CharField(
                        choices=[
                            ("none", "none found: advice only"),
                            ("no_service", "service not given"),
                            ("procedure", "procedure not followed"),
                            ("delay", "undue delay"),
                            ("neglect", "legal duty neglected"),
                            ("unlawful", "unlawful act"),
                            ("incompetence", "lack of competence"),
                            ("reward", "reward demanded"),
                            ("improper", "improper conduct"),
                            ("discrimination", "discrimination"),
                            ("partiality", "taking sides"),
                            ("interest", "conflict of interest"),
                        ],
                        max_length=20,
                        verbose_name="maladministration",
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("accepted", models.BooleanField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.agency",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recommendation",
                "verbose_name_plural": "recommendations",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "id"],
                        name="recommendation_sweep",
                    ),
                    models.Index(fields=["agency", "due_on", "id"], name="recommendation_agency"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ["issued", "answered"])),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["complied", "partly", "not_complied", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="recommendation_ended_fits_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitmentSource",
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
                            ("case", "report"),
                            ("recommendation", "recommendation"),
                            ("survey_element", "result of a survey"),
                            ("finding", "finding of a forum"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="escalation.commitment",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitment_sources",
                        to="escalation.recommendation",
                    ),
                ),
                (
                    "element",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("requirements", "Requirements"),
                            ("procedure", "System, mechanism and procedure"),
                            ("time", "Completion time"),
                            ("cost", "Cost or tariff"),
                            ("product", "Product of the service"),
                            ("competence", "Competence of staff"),
                            ("behaviour", "Behaviour of staff"),
                            ("complaints", "Handling of complaints, suggestions and input"),
                            ("facilities", "Facilities"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitment_sources",
                        to="surveys.finding",
                    ),
                ),
                (
                    "survey_round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitment_sources",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("commitment", "complaint"), name="commitment_case_once"),
                    models.UniqueConstraint(
                        fields=("commitment", "recommendation"), name="commitment_recommendation_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("complaint__isnull", False),
                                ("finding__isnull", True),
                                ("kind", "case"),
                                ("recommendation__isnull", True),
                                ("survey_round__isnull", True),
                                ("element", ""),
                            ),
                            models.Q(
                                ("complaint__isnull", True),
                                ("finding__isnull", True),
                                ("kind", "recommendation"),
                                ("recommendation__isnull", False),
                                ("survey_round__isnull", True),
                                ("element", ""),
                            ),
                            models.Q(
                                ("complaint__isnull", True),
                                ("finding__isnull", True),
                                ("kind", "survey_element"),
                                ("recommendation__isnull", True),
                                ("survey_round__isnull", False),
                                models.Q(("element", ""), _negated=True),
                            ),
                            models.Q(
                                ("complaint__isnull", True),
                                ("finding__isnull", False),
                                ("kind", "finding"),
                                ("recommendation__isnull", True),
                                ("survey_round__isnull", True),
                                ("element", ""),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_source_is_one_thing",
                    ),
                    models.UniqueConstraint(
                        fields=("commitment", "survey_round", "element"), name="commitment_element_once"
                    ),
                    models.UniqueConstraint(fields=("commitment", "finding"), name="commitment_finding_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecommendationCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="escalation.recommendation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recommendation", "complaint"), name="recommendation_case_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecommendationStep",
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
                            ("made", "made"),
                            ("answered", "answered"),
                            ("reported", "reported as done"),
                            ("returned", "given back"),
                            ("judged", "judged"),
                            ("withdrawn", "withdrawn"),
                            ("reminded", "reminder: due soon"),
                            ("raised", "raised"),
                            ("handed_over", "handed over: the agency was closed"),
                            ("waiting", "reminder: waiting for a judgement"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("words", models.TextField(blank=True)),
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
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="escalation.recommendation",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecommendationEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.attachment",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="escalation.recommendationstep",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WhatIf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_from", models.DateField(verbose_name="from")),
                ("period_to", models.DateField(verbose_name="to")),
                ("proposal", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "being computed"),
                            ("ready", "ready"),
                            ("failed", "could not be computed"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("after", models.BigIntegerField(default=0)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("sums", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("ready_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
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
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "trial of a policy",
                "verbose_name_plural": "trials of policies",
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at", "id"],
                        name="what_if_waiting",
                    ),
                    models.Index(fields=["-asked_at", "-id"], name="what_if_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("period_from__lte", models.F("period_to"))),
                        name="what_if_period_forward",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("code", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                ("rule_id", models.CharField(blank=True, max_length=200)),
                ("rule_en", models.CharField(blank=True, max_length=200)),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="escalation.auditchecklist",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit question",
                "verbose_name_plural": "audit questions",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("checklist", "code"), name="audit_question_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField(default=dict)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("none", "No finding"),
                            ("minor", "Minor"),
                            ("serious", "Serious"),
                            ("grave", "Grave"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("finding", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField()),
                ("final_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.event",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="escalation.audititem",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "place"), name="audit_review_once"),
                    models.CheckConstraint(
                        condition=models.Q(("place__in", [1, 2])), name="audit_place_1_or_2"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("clock_jumped", "the clock of the machine has jumped"),
                            ("clock_differs", "the clock of the machine is not the database's"),
                            ("catch_up", "nobody swept for a long time"),
                            ("behind", "the clock is behind what the database holds"),
                            ("older_copy", "the database is older than what was signed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField()),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "constraints": [models.UniqueConstraint(fields=("code", "place"), name="hold_once")],
            },
        ),
        migrations.CreateModel(
            name="EffectTold",
            fields=[
                (
                    "commitment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="effect_told",
                        serialize=False,
                        to="escalation.commitment",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PlannedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("requirements", "Requirements"),
                            ("procedure", "Procedure"),
                            ("time", "Time"),
                            ("cost", "Cost"),
                            ("product", "What you receive"),
                            ("complaints", "Complaints, suggestions and input"),
                            ("legal", "Legal basis"),
                            ("facilities", "Facilities"),
                            ("competence", "Competence of staff"),
                            ("supervision", "Internal supervision"),
                            ("staff", "Number of staff"),
                            ("guarantee", "Guarantee of the service"),
                            ("safety", "Guarantee of security and safety"),
                            ("evaluation", "Evaluation of the work done"),
                            ("hours", "Opening hours"),
                            ("closure", "Closed days"),
                            ("pledge", "Pledge"),
                        ],
                        max_length=20,
                        verbose_name="part",
                    ),
                ),
                ("after", models.JSONField()),
                ("starts_on", models.DateField(verbose_name="from")),
                ("not_made", models.CharField(blank=True, default="", max_length=20)),
                (
                    "commitment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned",
                        to="escalation.commitment",
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.counter",
                    ),
                ),
                (
                    "made",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned",
                        to="surveys.standardchange",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "planned change of a standard",
                "verbose_name_plural": "planned changes of standards",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("counter__isnull", True),
                                (
                                    "part__in",
                                    (
                                        "requirements",
                                        "procedure",
                                        "time",
                                        "cost",
                                        "product",
                                        "complaints",
                                        "legal",
                                        "facilities",
                                        "competence",
                                        "supervision",
                                        "staff",
                                        "guarantee",
                                        "safety",
                                        "evaluation",
                                    ),
                                ),
                                ("service__isnull", False),
                            ),
                            models.Q(
                                ("counter__isnull", False), ("part", "hours"), ("service__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="planned_change_is_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made__isnull", True), ("not_made", ""), _connector="OR"),
                        name="planned_change_ends_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("due_on", models.DateField(verbose_name="due")),
                ("next_action_at", models.DateTimeField(blank=True, null=True)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "–"),
                            (1, "Agency head"),
                            (2, "Inspectorate or city secretary"),
                            (3, "Ombudsman"),
                        ],
                        default=0,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(max_length=32, unique=True)),
                ("sweep_error", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "waiting for the head of the unit"),
                            ("accepted", "became a promise"),
                            ("declined", "declined with a reason"),
                            ("void", "void: the round was annulled"),
                        ],
                        default="proposed",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "element",
                    models.CharField(
                        choices=[
                            ("requirements", "Requirements"),
                            ("procedure", "System, mechanism and procedure"),
                            ("time", "Completion time"),
                            ("cost", "Cost or tariff"),
                            ("product", "Product of the service"),
                            ("competence", "Competence of staff"),
                            ("behaviour", "Behaviour of staff"),
                            ("complaints", "Handling of complaints, suggestions and input"),
                            ("facilities", "Facilities"),
                        ],
                        max_length=20,
                        verbose_name="element",
                    ),
                ),
                ("mean", models.FloatField()),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("answered", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, verbose_name="why not")),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.agency",
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="escalation.commitment",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.service",
                    ),
                ),
                (
                    "survey_round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal from a survey",
                "verbose_name_plural": "proposals from surveys",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "id"],
                        name="proposal_sweep",
                    ),
                    models.Index(fields=["agency", "due_on", "id"], name="proposal_agency"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("survey_round", "element"), name="proposal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("commitment__isnull", True),
                                ("ended_at__isnull", True),
                                ("reason", ""),
                                ("state", "proposed"),
                            ),
                            models.Q(
                                ("commitment__isnull", False),
                                ("ended_at__isnull", False),
                                ("state", "accepted"),
                            ),
                            models.Q(
                                ("commitment__isnull", True),
                                ("ended_at__isnull", False),
                                ("state", "declined"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("commitment__isnull", True), ("ended_at__isnull", False), ("state", "void")
                            ),
                            _connector="OR",
                        ),
                        name="proposal_ended_fits_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(unique=True, verbose_name="valid from")),
                (
                    "most",
                    models.PositiveSmallIntegerField(default=2, verbose_name="how many elements at most"),
                ),
                ("band_below", models.FloatField(default=3.0644, verbose_name="below this mean")),
                ("always_lowest", models.BooleanField(default=True, verbose_name="the lowest always")),
                (
                    "fewest_answers",
                    models.PositiveSmallIntegerField(default=10, verbose_name="fewest answers"),
                ),
                ("answer_days", models.PositiveSmallIntegerField(default=30, verbose_name="days to answer")),
            ],
            options={
                "verbose_name": "rule for proposals from surveys",
                "verbose_name_plural": "rules for proposals from surveys",
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__gte", 8), ("fewest_answers__gte", 5), ("most__gte", 1)
                        ),
                        name="proposal_rule_is_possible",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalStep",
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
                            ("made", "made"),
                            ("answered", "answered"),
                            ("reported", "reported as done"),
                            ("returned", "given back"),
                            ("judged", "judged"),
                            ("withdrawn", "withdrawn"),
                            ("reminded", "reminder: due soon"),
                            ("raised", "raised"),
                            ("handed_over", "handed over: the agency was closed"),
                            ("waiting", "reminder: waiting for a judgement"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("words", models.TextField(blank=True)),
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
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="escalation.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoundLooked",
            fields=[
                (
                    "survey_round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="looked",
                        serialize=False,
                        to="surveys.round",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
