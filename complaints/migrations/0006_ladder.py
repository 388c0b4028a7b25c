"""Indexes for the supervisors' desk. Adding one remakes no table, so the guards of the history stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0005_reported_parties")]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["assigned", "awaiting_citizen", "in_progress", "resolved", "submitted"])
                ),
                fields=["received_at", "id"],
                name="complaint_oldest",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "identity_opened")), fields=["at", "id"], name="event_identity"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["complaint"], name="message_case"),
        ),
    ]
