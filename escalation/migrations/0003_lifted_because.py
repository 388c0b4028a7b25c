from typing import Any

from django.db import migrations, models


def say_why(apps: Any, schema_editor: Any) -> None:
    """Until now only an answer, or an end, lifted anything."""
    apps.get_model("escalation", "Escalation").objects.filter(state="lifted").update(
        lifted_because="answered"
    )


class Migration(migrations.Migration):
    dependencies = [("escalation", "0002_holds")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="lifted_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "the case was answered or is over"),
                    ("moved", "the day moved: it is not late"),
                ],
                default="",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(say_why, migrations.RunPython.noop),
    ]
