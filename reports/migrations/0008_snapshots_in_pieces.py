import django.db.models.deletion
from django.db import migrations, models

# A megabyte each, by the database itself: no snapshot goes through this process.
CUT = """
WITH RECURSIVE piece(snapshot_id, number, size) AS (
  SELECT id, 0, length(content) FROM reports_reportsnapshot
  UNION ALL
  SELECT snapshot_id, number + 1, size FROM piece WHERE (number + 1) * 1048576 < size
)
INSERT INTO reports_snapshotpiece (snapshot_id, number, content)
SELECT s.id, p.number, substr(s.content, p.number * 1048576 + 1, 1048576)
FROM piece p JOIN reports_reportsnapshot s ON s.id = p.snapshot_id
ORDER BY s.id, p.number
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0007_counter_posters"),
    ]

    operations = [
        migrations.CreateModel(
            name="SnapshotPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="reports.reportsnapshot",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of a snapshot",
                "verbose_name_plural": "pieces of snapshots",
                "ordering": ["snapshot", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "number"), name="snapshot_piece_once")
                ],
            },
        ),
        migrations.RunSQL(CUT),
        migrations.RemoveField(model_name="reportsnapshot", name="content"),
    ]
