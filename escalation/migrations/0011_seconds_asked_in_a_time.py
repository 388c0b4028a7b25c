"""How long the citizen was asked within a time with an agency. Rows from before are read from the history once more."""

from typing import Any

from django.db import migrations, models


def read_anew(apps: Any, schema_editor: Any) -> None:
    apps.get_model("escalation", "KeptStayState").objects.update(calendars="", built_to=0)


class Migration(migrations.Migration):
    dependencies = [("escalation", "0009_stays")]

    operations = [
        migrations.AddField(
            model_name="keptstay",
            name="paused",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(read_anew, migrations.RunPython.noop),
    ]
