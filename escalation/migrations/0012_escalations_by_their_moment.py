"""An index of all escalations by when they were raised: the list of those that are over comes in its order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalation", "0011_seconds_asked_in_a_time")]
    operations = [
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(fields=["raised_at", "id"], name="escalation_raised"),
        ),
    ]
