from typing import Any

from surveys.questionnaires import frozen
from surveys.rounds import triggers
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import surveys.rounds.keys
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


def install(apps: Any, schema_editor: Any) -> None:
    triggers.install(schema_editor.connection)
    frozen.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    frozen.remove(schema_editor.connection)
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_successor_of_closed_agency"),
        ("complaints", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("sealed", models.BinaryField()),
                ("language", models.CharField(default="id", max_length=2)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Survey",
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
                    "purpose",
                    models.CharField(
                        choices=[
                            ("national", "National satisfaction survey"),
                            ("after_case", "After a report has ended"),
                            ("other", "Survey of the city's own"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "survey",
                "verbose_name_plural": "surveys",
                "ordering": ["name_id"],
            },
        ),
        migrations.CreateModel(
            name="Forum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("topic", models.TextField(verbose_name="topic")),
                ("agenda", models.TextField(blank=True, verbose_name="agenda")),
                ("has_meeting", models.BooleanField(default=True, verbose_name="people meet")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("has_thread", models.BooleanField(default=True, verbose_name="can be discussed online")),
                ("thread_until", models.DateField(blank=True, null=True, verbose_name="online until")),
                (
                    "moderation",
                    models.CharField(
                        choices=[("before", "before it is shown"), ("after", "after it is shown")],
                        default="after",
                        max_length=10,
                        verbose_name="moderated",
                    ),
                ),
                ("attendance_code", models.CharField(blank=True, max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "in preparation"),
                            ("announced", "announced"),
                            ("open", "under way"),
                            ("held", "held"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "agencies",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="accounts.agency", verbose_name="agencies concerned"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forums",
                        to="accounts.agency",
                        verbose_name="held by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True,
                        related_name="forums",
                        to="complaints.service",
                        verbose_name="services concerned",
                    ),
                ),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_because", models.TextField(blank=True, verbose_name="why it was cancelled")),
                (
                    "cases",
                    models.ManyToManyField(
                        blank=True,
                        related_name="forums",
                        to="complaints.complaint",
                        verbose_name="reports that it is about",
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "seats",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="number of places"),
                ),
                ("sequence", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "forum",
                "verbose_name_plural": "forums",
                "ordering": ["-starts_at", "-id"],
                "indexes": [
                    models.Index(fields=["starts_at", "id"], name="forum_by_day"),
                    models.Index(fields=["agency", "starts_at", "id"], name="forum_agency"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="forum_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancelled_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="forum_cancelled_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("title", models.CharField(max_length=150, verbose_name="finding")),
                ("words", models.TextField(blank=True, verbose_name="in more words")),
                ("made_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="accounts.agency",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="complaints.service",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="surveys.forum",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("idempotency_key", models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                "ordering": ["id"],
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
            },
        ),
        migrations.CreateModel(
            name="ForumInput",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("meeting", "said in the meeting"),
                            ("before", "sent in beforehand"),
                            ("thread", "online"),
                            ("box", "suggestion box"),
                            ("call", "telephone"),
                        ],
                        max_length=10,
                        verbose_name="came by",
                    ),
                ),
                ("pseudonym", models.CharField(blank=True, max_length=60, verbose_name="shown as")),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for an answer"),
                            ("case", "became a report"),
                            ("commitment", "became a promise"),
                            ("answered", "answered"),
                            ("declined", "declined with a reason"),
                            ("shown", "reply"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("pending", "waits for the moderator"),
                            ("shown", "shown"),
                            ("hidden", "hidden"),
                        ],
                        default="shown",
                        max_length=10,
                    ),
                ),
                ("hidden_because", models.CharField(blank=True, max_length=40)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("next_action_at", models.DateTimeField(blank=True, null=True)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("sweep_error", models.CharField(blank=True, max_length=200)),
                ("supports", models.PositiveIntegerField(default=0)),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forum_inputs",
                        to="accounts.agency",
                    ),
                ),
                (
                    "answered_by",
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
                        related_name="forum_inputs",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inputs",
                        to="surveys.contact",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inputs",
                        to="surveys.finding",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inputs",
                        to="surveys.forum",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="surveys.foruminput",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forum_inputs",
                        to="complaints.service",
                    ),
                ),
                ("commitment", models.CharField(blank=True, max_length=20)),
                ("declined_because", models.CharField(blank=True, max_length=40)),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("hidden_words", models.CharField(blank=True, max_length=300)),
                (
                    "in_own_name",
                    models.BooleanField(default=False, verbose_name="wishes to be the one who reports"),
                ),
                ("path", models.CharField(blank=True, max_length=80)),
                (
                    "root",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.foruminput",
                    ),
                ),
                ("case_told_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "input",
                "verbose_name_plural": "inputs",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "id"],
                        name="input_sweep",
                    ),
                    models.Index(fields=["agency", "state", "due_at"], name="input_agency"),
                    models.Index(
                        condition=models.Q(("parent", None)),
                        fields=["forum", "-at", "-id"],
                        name="input_by_time",
                    ),
                    models.Index(
                        condition=models.Q(("parent", None)),
                        fields=["forum", "-supports", "-id"],
                        name="input_by_support",
                    ),
                    models.Index(fields=["root", "path"], name="input_replies"),
                    models.Index(
                        condition=models.Q(("case_told_at__isnull", True), ("state", "case")),
                        fields=["id"],
                        name="input_case_runs",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at__isnull", False), ("parent__isnull", True), ("state", "waiting")
                            ),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("next_action_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="input_waits_with_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state__in", ["waiting", "shown"])),
                            models.Q(
                                models.Q(("state__in", ["waiting", "shown"]), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="input_answered_fits_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("visibility", "hidden"), _negated=True),
                            models.Q(("hidden_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="input_hidden_because",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "case"), _negated=True),
                            ("complaint__isnull", False),
                            _connector="OR",
                        ),
                        name="input_case_has_its_report",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InputWords",
            fields=[
                (
                    "input",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="surveys.foruminput",
                    ),
                ),
                ("salt", models.CharField(max_length=32)),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("on", models.DateField()),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="supports",
                        to="surveys.contact",
                    ),
                ),
                (
                    "input",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supporters",
                        to="surveys.foruminput",
                    ),
                ),
                ("is_confirmed", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("input", "digest"), name="support_once"),
                    models.UniqueConstraint(fields=("input", "contact"), name="support_once_an_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("intro_id", models.TextField(blank=True, verbose_name="introduction (Indonesian)")),
                ("intro_en", models.TextField(blank=True, verbose_name="introduction (English)")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="surveys.survey",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "version of a survey",
                "verbose_name_plural": "versions of surveys",
                "ordering": ["survey", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "number"), name="survey_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("survey",),
                        name="survey_one_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_id", models.CharField(max_length=200, verbose_name="name (Indonesian)")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="name (English)")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("is_profile", models.BooleanField(default=False, verbose_name="about the respondent")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="surveys.surveyversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, unique=True, verbose_name="code")),
                ("opens_on", models.DateField(verbose_name="first day")),
                ("closes_on", models.DateField(verbose_name="last day")),
                (
                    "population",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="users of the service"),
                ),
                (
                    "target",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="sample asked for"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "in preparation"),
                            ("open", "open"),
                            ("closed", "closed"),
                            ("annulled", "annulled"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("annulled_because", models.TextField(blank=True, verbose_name="why it was annulled")),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_rounds",
                        to="accounts.agency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
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
                        related_name="survey_rounds",
                        to="complaints.service",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="surveys.surveyversion",
                    ),
                ),
                ("enter_until", models.DateField(blank=True, null=True, verbose_name="typed in until")),
                ("in_steps", models.BooleanField(default=False, verbose_name="asks section by section")),
                ("needs_token", models.BooleanField(default=False, verbose_name="only with a personal code")),
                (
                    "opens_itself",
                    models.BooleanField(default=True, verbose_name="opens by itself on the first day"),
                ),
                ("target_is_own", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "survey round",
                "verbose_name_plural": "survey rounds",
                "ordering": ["-opens_on", "-id"],
                "indexes": [models.Index(fields=["state", "closes_on"], name="round_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="round_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "annulled"), _negated=True),
                            models.Q(("annulled_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="round_annulled_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    surveys.rounds.keys.DrawnKey(
                        default=surveys.rounds.keys.draw_key, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("link", "link"),
                            ("qr", "poster"),
                            ("tablet", "tablet at the counter"),
                            ("mail", "mail"),
                            ("paper", "paper, typed in"),
                            ("import", "file"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("slip", models.CharField(blank=True, max_length=40, verbose_name="number of the slip")),
                ("flags", models.JSONField(default=list)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a survey",
                "verbose_name_plural": "answers to surveys",
                "indexes": [
                    models.Index(fields=["round", "day"], name="response_by_day"),
                    models.Index(fields=["day"], name="response_of_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("slip", ""), _negated=True),
                        fields=("round", "slip"),
                        name="response_slip_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponseWords",
            fields=[
                (
                    "response",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="surveys.response",
                    ),
                ),
                ("words", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("scale", "scale of four steps"),
                            ("choice", "one of several"),
                            ("choices", "several of several"),
                            ("yes_no", "yes or no"),
                            ("number", "number"),
                            ("text", "text"),
                            ("service", "which of the unit's services"),
                        ],
                        max_length=10,
                        verbose_name="type",
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
                        max_length=20,
                        verbose_name="element",
                    ),
                ),
                ("text_id", models.TextField(verbose_name="question (Indonesian)")),
                ("text_en", models.TextField(blank=True, verbose_name="question (English)")),
                ("help_id", models.TextField(blank=True, verbose_name="explanation (Indonesian)")),
                ("help_en", models.TextField(blank=True, verbose_name="explanation (English)")),
                (
                    "options",
                    models.JSONField(blank=True, default=list, verbose_name="answers to choose from"),
                ),
                ("minimum", models.IntegerField(blank=True, null=True, verbose_name="least")),
                ("maximum", models.IntegerField(blank=True, null=True, verbose_name="most")),
                ("is_required", models.BooleanField(default=False, verbose_name="has to be answered")),
                ("show_if_key", models.CharField(blank=True, max_length=40, verbose_name="shown only after")),
                (
                    "show_if_values",
                    models.JSONField(blank=True, default=list, verbose_name="with one of the answers"),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="surveys.section",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["section", "position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("element", ""), ("type", "scale"), _connector="OR"),
                        name="question_element_is_a_scale",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    surveys.rounds.keys.DrawnKey(
                        default=surveys.rounds.keys.draw_key, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("used_on", models.DateField(null=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to="surveys.round"
                    ),
                ),
                ("is_personal", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "digest"), name="survey_token_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CounterDevice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="where it stands")),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                ("code_until", models.DateTimeField(null=True)),
                ("secret_digest", models.CharField(blank=True, max_length=64)),
                ("let_in_on", models.DateField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "tablet at a counter",
                "verbose_name_plural": "tablets at counters",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("secret_digest", ""), _negated=True),
                        fields=("secret_digest",),
                        name="device_secret_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InputMark",
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
                    "input",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="surveys.foruminput",
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at__isnull", True)),
                        fields=("input", "user"),
                        name="input_mark_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InputStep",
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
                            ("received", "received"),
                            ("passed_on", "given to an agency"),
                            ("gathered", "gathered under a finding"),
                            ("split", "taken out of a finding"),
                            ("case", "became a report"),
                            ("commitment", "became a promise"),
                            ("answered", "answered"),
                            ("declined", "declined with a reason"),
                            ("case_ended", "the report that came of it ended"),
                            ("kept", "promise kept"),
                            ("broken", "promise broken"),
                            ("effect", "effect of the promise shown"),
                            ("shown", "let through by the moderator"),
                            ("hidden", "hidden"),
                            ("unhidden", "shown again"),
                            ("switched", "moderation switched"),
                            ("named", "marked whom it speaks of"),
                            ("cleared", "mark taken back"),
                            ("reminded", "reminder: due soon"),
                            ("raised", "raised"),
                            ("erased", "erased"),
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
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="surveys.finding",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moderation_steps",
                        to="surveys.forum",
                    ),
                ),
                (
                    "input",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="surveys.foruminput",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("forum__isnull", False)),
                        fields=["forum", "-id"],
                        name="input_step_moderation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InputTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(unique=True, verbose_name="valid from")),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        default=14, verbose_name="working days to answer an input"
                    ),
                ),
                (
                    "remind_days",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="working days before that, reminder"
                    ),
                ),
            ],
            options={
                "verbose_name": "time to answer inputs",
                "verbose_name_plural": "times to answer inputs",
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer_days__gt", models.F("remind_days"))),
                        name="input_term_reminds_before",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("box", models.CharField(max_length=60, verbose_name="box or line")),
                ("batch", models.CharField(max_length=40, verbose_name="round of emptying")),
                ("number", models.CharField(max_length=40, verbose_name="number of the slip")),
                ("entered_at", models.DateTimeField()),
                (
                    "complaint",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slip",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "input",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slip",
                        to="surveys.foruminput",
                    ),
                ),
                (
                    "photo",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="complaints.attachment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("box", "batch", "number"),
                        name="slip_once",
                        violation_error_message="This slip was entered already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("complaint__isnull", True), ("input__isnull", False)),
                            models.Q(("complaint__isnull", False), ("input__isnull", True)),
                            _connector="OR",
                        ),
                        name="slip_became_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Counter",
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
                ("place", models.CharField(blank=True, max_length=200, verbose_name="where")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counters",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, related_name="counters", to="complaints.service", verbose_name="services"
                    ),
                ),
            ],
            options={
                "verbose_name": "counter",
                "verbose_name_plural": "counters",
                "ordering": ["name_id"],
            },
        ),
        migrations.CreateModel(
            name="StandardChange",
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
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.TextField(verbose_name="why")),
                ("cause", models.CharField(blank=True, max_length=20)),
                ("cause_number", models.CharField(blank=True, max_length=20)),
                ("made_at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("idempotency_key", models.CharField(max_length=32, unique=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="surveys.counter",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.forum",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "previous",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next_change",
                        to="surveys.standardchange",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standard_changes",
                        to="complaints.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a standard",
                "verbose_name_plural": "changes of standards",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["service", "part", "starts_on"], name="standard_of_service"),
                    models.Index(fields=["counter", "part", "starts_on"], name="standard_of_counter"),
                    models.Index(fields=["agency", "part", "starts_on"], name="standard_of_agency"),
                ],
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
                                ("counter__isnull", False),
                                ("part__in", ("hours", "closure")),
                                ("service__isnull", True),
                            ),
                            models.Q(
                                ("counter__isnull", True), ("part", "pledge"), ("service__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="standard_change_is_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="standard_change_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="standard_change_with_reason"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("previous__isnull", True), ("service__isnull", False)),
                        fields=("part", "service"),
                        name="standard_first_of_service",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("previous__isnull", True), ("counter__isnull", False)),
                        fields=("part", "counter"),
                        name="standard_first_of_counter",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("previous__isnull", True), ("part", "pledge")),
                        fields=("part", "agency"),
                        name="standard_first_of_agency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("provider", "provider of the service"),
                            ("users", "people who use the service"),
                            ("stakeholders", "agencies and others concerned"),
                            ("experts", "experts and academics"),
                            ("civil_society", "civil society"),
                            ("press", "press"),
                        ],
                        max_length=20,
                        verbose_name="group",
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[("code", "code on the wall"), ("list", "list of the office")], max_length=10
                    ),
                ),
                ("nonce", models.CharField(max_length=32)),
                ("code_digest", models.CharField(max_length=64, unique=True)),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.contact",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="surveys.forum",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "indexes": [models.Index(fields=["forum", "group"], name="attendance_group")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("contact__isnull", False)),
                        fields=("forum", "contact"),
                        name="attended_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ForumPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=150, verbose_name="what it shows")),
                ("is_public", models.BooleanField(default=False, verbose_name="may be shown to everybody")),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.attachment",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="surveys.forum"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ForumPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(unique=True, verbose_name="valid from")),
                (
                    "draft_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="until the minutes are written",
                    ),
                ),
                (
                    "objection_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="for objections by those present",
                    ),
                ),
                (
                    "signing_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="until both sides have signed",
                    ),
                ),
                (
                    "publishing_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="until they are published",
                    ),
                ),
            ],
            options={
                "verbose_name": "times for minutes",
                "verbose_name_plural": "times for minutes",
                "ordering": ["-valid_from"],
            },
        ),
        migrations.CreateModel(
            name="ForumStep",
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
                            ("made", "prepared"),
                            ("announced", "announced"),
                            ("changed", "changed"),
                            ("moved", "moved"),
                            ("opened", "opened"),
                            ("held", "closed: it was held"),
                            ("cancelled", "cancelled"),
                            ("invited", "invitations sent"),
                            ("list_typed", "attendance list typed in"),
                            ("photos", "photos added"),
                            ("drafted", "minutes written"),
                            ("circulated", "minutes open to objections"),
                            ("objected", "objection to the minutes"),
                            ("objection_answered", "objection answered"),
                            ("named", "representative of the public named"),
                            ("signed", "signed"),
                            ("published", "minutes published"),
                            ("reminded", "reminder"),
                            ("raised", "raised to the next level"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
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
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="surveys.forum"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("provider", "provider of the service"),
                            ("users", "people who use the service"),
                            ("stakeholders", "agencies and others concerned"),
                            ("experts", "experts and academics"),
                            ("civil_society", "civil society"),
                            ("press", "press"),
                        ],
                        max_length=20,
                        verbose_name="group",
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.contact",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="surveys.forum",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("forum", "contact"), name="invited_once")],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being written"),
                            ("objections", "open to objections, then to be signed"),
                            ("signed", "signed by both sides"),
                            ("published", "published"),
                            ("dropped", "the meeting was cancelled"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("policy", models.JSONField(default=dict)),
                ("objections_until", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("next_action_at", models.DateTimeField(null=True)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("sweep_error", models.CharField(blank=True, max_length=200)),
                ("representative", models.BinaryField(null=True)),
                (
                    "representative_for",
                    models.CharField(blank=True, max_length=120, verbose_name="speaks for"),
                ),
                ("nonce", models.CharField(blank=True, max_length=32)),
                ("code_digest", models.CharField(max_length=64, null=True, unique=True)),
                (
                    "forum",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="surveys.forum",
                    ),
                ),
                (
                    "representative_contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "minutes",
                "verbose_name_plural": "minutes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "id"],
                        name="minutes_sweep",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", False), ("state", "published")),
                            models.Q(models.Q(("state", "published"), _negated=True), ("published_at", None)),
                            _connector="OR",
                        ),
                        name="minutes_published_with_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "objections"), _negated=True),
                            ("objections_until__isnull", False),
                            _connector="OR",
                        ),
                        name="minutes_objections_have_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("summary", models.TextField(verbose_name="what was said")),
                ("changes", models.TextField(blank=True, verbose_name="what is different")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="surveys.minutes",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("minutes", "number"), name="minutes_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=150, verbose_name="agreement")),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="surveys.finding",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.service",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="surveys.minutesversion",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="agreement_place_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pseudonym", models.CharField(blank=True, max_length=60, verbose_name="shown as")),
                ("text", models.TextField(verbose_name="objection")),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True)),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "attendance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="objections",
                        to="surveys.attendance",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="surveys.minutes",
                    ),
                ),
                ("digest", models.CharField(default="", max_length=64)),
                ("salt", models.CharField(blank=True, default="", max_length=32)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="objection_answered_with_words",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("provider", "provider of the service"),
                            ("users", "people who use the service"),
                            ("stakeholders", "agencies and others concerned"),
                            ("experts", "experts and academics"),
                            ("civil_society", "civil society"),
                            ("press", "press"),
                        ],
                        max_length=20,
                        verbose_name="group",
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("at", models.DateTimeField()),
                ("place", models.PositiveSmallIntegerField(null=True)),
                ("nonce", models.CharField(max_length=32)),
                ("code_digest", models.CharField(max_length=64, unique=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.contact",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="surveys.forum",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("forum", "place"), name="registration_place_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None), ("contact__isnull", False)),
                        fields=("forum", "contact"),
                        name="registered_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cancelled_at", None), ("place", None), _connector="OR"),
                        name="registration_cancelled_frees_its_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("provider", "for the provider"), ("public", "for the public")],
                        max_length=10,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("account", "signed in with their account"),
                            ("link", "by a link that was mailed to them"),
                            ("paper", "on paper; the office keeps the sheet"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("capacity", models.CharField(blank=True, max_length=120, verbose_name="speaks for")),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="surveys.minutes",
                    ),
                ),
                (
                    "scan",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.attachment",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.minutesversion",
                    ),
                ),
            ],
            options={
                "ordering": ["side"],
                "constraints": [
                    models.UniqueConstraint(fields=("minutes", "side"), name="signature_once_a_side"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("how", "paper"), _negated=True),
                            ("scan__isnull", False),
                            _connector="OR",
                        ),
                        name="signature_on_paper_has_a_scan",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundResult",
            fields=[
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="result",
                        serialize=False,
                        to="surveys.round",
                    ),
                ),
                ("computed_at", models.DateTimeField()),
                ("responses", models.PositiveIntegerField()),
                ("is_final", models.BooleanField(default=False)),
                ("format", models.PositiveSmallIntegerField()),
                ("data", models.JSONField()),
                ("lines", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "result of a survey round",
                "verbose_name_plural": "results of survey rounds",
            },
        ),
        migrations.CreateModel(
            name="PublishedIndex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("name", models.CharField(max_length=150, verbose_name="unit that published it")),
                ("period", models.CharField(max_length=60, verbose_name="period")),
                ("source", models.CharField(max_length=300, verbose_name="where it was published")),
                (
                    "index",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal(25)),
                            django.core.validators.MaxValueValidator(Decimal(100)),
                        ],
                        verbose_name="published index",
                    ),
                ),
                ("places", models.PositiveSmallIntegerField(default=2)),
                (
                    "respondents",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="respondents"),
                ),
                ("means", models.JSONField(verbose_name="element means")),
                (
                    "weighted",
                    models.JSONField(blank=True, default=dict, verbose_name="weighted means, as printed"),
                ),
                ("entered_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "taken_back_because",
                    models.CharField(blank=True, max_length=300, verbose_name="why it was taken back"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_indices",
                        to="accounts.agency",
                        verbose_name="agency of this city",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "published index",
                "verbose_name_plural": "published indices",
                "ordering": ["-entered_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_back_at__isnull", True),
                            models.Q(("taken_back_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="published_index_taken_back_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AfterCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("ended_on", models.DateField()),
                ("mails", models.PositiveSmallIntegerField(default=0)),
                ("is_answered", models.BooleanField(default=False)),
                ("next_action_at", models.DateTimeField(null=True)),
                ("sweep_error", models.CharField(blank=True, max_length=200)),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="after_case",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "question after a report",
                "verbose_name_plural": "questions after a report",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "id"],
                        name="after_case_due",
                    ),
                    models.Index(fields=["agency", "ended_on"], name="after_case_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "about", "cycle"), name="after_case_once_a_cycle"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AfterCaseRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.DateField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after_case",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "quarter"), name="after_case_round_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AfterCaseTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(unique=True, verbose_name="valid from")),
                (
                    "ask_days",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="working days after the end, invitation"
                    ),
                ),
                (
                    "remind_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="0: no reminder.",
                        verbose_name="working days after the invitation, reminder",
                    ),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="calendar days after the end, last day to answer"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whoever runs the complaints desk. Without one, the inspectorate.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="unit of reports that no agency had",
                    ),
                ),
            ],
            options={
                "verbose_name": "time to ask after a report",
                "verbose_name_plural": "times to ask after a report",
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__gte", 7), ("answer_days__lte", 60), ("ask_days__gte", 1)
                        ),
                        name="after_case_term_bounds",
                    )
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
