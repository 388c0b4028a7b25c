"""Marks the instructions that may still stand; the next sweep takes the mark from those that were answered."""

from typing import Any

from django.db import migrations, models

OVER = ["resolved", "closed", "lapsed", "rejected", "withdrawn"]


def mark(apps: Any, schema_editor: Any) -> None:
    given = apps.get_model("escalation", "Escalation").objects.order_by()
    instructions = given.filter(decision__in=["instruct", "reassign"])
    answered = {"complaint__state__in": OVER, "complaint__ended_at__gt": models.F("decided_at")}
    instructions.exclude(**answered).update(may_stand=True)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_word_on_progress"), ("escalation", "0007_oversight_sums")]
    operations = [
        migrations.AddField(
            model_name="escalation",
            name="may_stand",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(
                condition=models.Q(("may_stand", True)), fields=["due_at", "id"], name="escalation_may_stand"
            ),
        ),
    ]
