import django.db.models.deletion
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
            name="Document",
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
                            ("report", "Accountability report"),
                            ("case_file", "Case file"),
                            ("sealed_file", "Sealed file"),
                            ("survey_report", "Survey report"),
                            ("survey_poster", "Poster of a survey result"),
                            ("round_poster", "Poster of a survey round"),
                        ],
                        max_length=20,
                    ),
                ),
                ("period_from", models.DateField(null=True, verbose_name="from")),
                ("period_to", models.DateField(null=True, verbose_name="to")),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ombudsman", "for the ombudsman"),
                            ("appeal", "for the citizen's appeal"),
                            ("court", "for a court"),
                            ("other", "for another purpose"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_for_citizen", models.BooleanField(default=False)),
                ("language", models.CharField(default="id", max_length=2)),
                ("requested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "being prepared"),
                            ("ready", "ready"),
                            ("failed", "could not be made"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("built_at", models.DateTimeField(null=True)),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("snapshot_digest", models.CharField(blank=True, max_length=64)),
                ("last_error", models.CharField(blank=True, max_length=200)),
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
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["-requested_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at", "id"],
                        name="document_waiting",
                    ),
                    models.Index(fields=["requested_by", "-requested_at"], name="document_mine"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("sha256", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="document_ready_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("requested_by__isnull", False),
                            models.Q(
                                ("is_for_citizen", True), ("kind", "sealed_file"), ("purpose", "ombudsman")
                            ),
                            _connector="OR",
                        ),
                        name="document_asked_by_user_or_citizen",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("requested_by", None), ("state", "waiting")),
                        fields=("complaint",),
                        name="document_of_citizen_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("complaint", None),
                                ("kind", "report"),
                                ("period_from__lte", models.F("period_to")),
                                ("round", None),
                            ),
                            models.Q(("complaint__isnull", False), ("kind", "case_file"), ("round", None)),
                            models.Q(
                                ("complaint__isnull", False),
                                ("kind", "sealed_file"),
                                ("round", None),
                                models.Q(("purpose", ""), _negated=True),
                            ),
                            models.Q(
                                ("complaint", None),
                                ("kind__in", ["survey_report", "survey_poster", "round_poster"]),
                                ("round__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="document_is_about_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinutesPaper",
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
                            ("waiting", "being prepared"),
                            ("ready", "ready"),
                            ("failed", "could not be made"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("built_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "minutes",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="surveys.minutes",
                    ),
                ),
            ],
            options={
                "verbose_name": "printed minutes",
                "verbose_name_plural": "printed minutes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at", "id"],
                        name="minutes_paper_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("sha256", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="minutes_paper_has_file",
                    )
                ],
            },
        ),
    ]
