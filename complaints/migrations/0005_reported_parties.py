import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_user_seat"),
        ("complaints", "0004_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                        condition=Q(cleared_at__isnull=True, user__isnull=False),
                        fields=["user"],
                        name="party_person",
                    ),
                    models.Index(
                        condition=Q(agency__isnull=False, cleared_at__isnull=True),
                        fields=["agency"],
                        name="party_unit",
                    ),
                    models.Index(fields=["complaint"], name="party_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(user__isnull=False) | Q(agency__isnull=False), name="party_is_somebody"
                    ),
                    models.CheckConstraint(
                        condition=Q(cleared_at__isnull=True) | Q(cleared_at__gte=F("named_at")),
                        name="party_cleared_after_named",
                    ),
                    models.UniqueConstraint(
                        condition=Q(cleared_at__isnull=True, user__isnull=False),
                        fields=("complaint", "user"),
                        name="party_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=Q(cleared_at__isnull=True, user__isnull=True),
                        fields=("complaint", "agency"),
                        name="party_unit_once",
                    ),
                ],
            },
        ),
    ]
