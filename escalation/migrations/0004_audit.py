import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0003_recommendations_and_commitments"),
        ("complaints", "0006_ladder"),
        ("accounts", "0002_user_seat"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                ("seed", models.CharField(max_length=64)),
                ("size", models.PositiveSmallIntegerField()),
                ("twice", models.PositiveSmallIntegerField()),
                ("frame_size", models.PositiveIntegerField()),
                ("frame_digest", models.CharField(max_length=64)),
                ("frame", models.BinaryField()),
                ("drawn_at", models.DateTimeField()),
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
            ],
            options={
                "verbose_name": "audit sample",
                "verbose_name_plural": "audit samples",
                "ordering": ["-drawn_at", "-id"],
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
        migrations.AddConstraint(
            model_name="auditsample",
            constraint=models.UniqueConstraint(fields=("seed",), name="audit_seed_once"),
        ),
        migrations.AddConstraint(
            model_name="auditsample",
            constraint=models.CheckConstraint(
                condition=models.Q(("second_reviewer", models.F("drawn_by")), _negated=True),
                name="audit_two_reviewers",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditsample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("size__gte", 1), ("size__lte", models.F("frame_size")), ("twice__lte", models.F("size"))
                ),
                name="audit_sizes",
            ),
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.UniqueConstraint(fields=("sample", "rank"), name="audit_rank_once"),
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.UniqueConstraint(fields=("sample", "complaint"), name="audit_case_once"),
        ),
    ]
