from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from complaints import triggers


def install(apps: Any, schema_editor: Any) -> None:
    triggers.install_tree_guards(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    triggers.remove_tree_guards(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_more_kinds_and_mails")]

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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaf",
                        to="complaints.event",
                    ),
                ),
            ],
            options={
                "verbose_name": "leaf of the ledger",
                "verbose_name_plural": "leaves of the ledger",
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
        migrations.RunPython(install, remove),
    ]
