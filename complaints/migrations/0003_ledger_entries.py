"""What the history holds of no case: entries of the ledger's own, append-only like the events."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from complaints.database import triggers


def install(apps: Any, schema_editor: Any) -> None:
    triggers.install_entry_guards(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    triggers.remove_entry_guards(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0002_guards_and_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="leaf",
            name="event",
            field=models.OneToOneField(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leaf",
                to="complaints.event",
            ),
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
            },
        ),
        migrations.RunPython(install, remove),
    ]
