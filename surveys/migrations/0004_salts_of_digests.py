from typing import Any

from django.db import migrations, models

import surveys.salts

SALTED = ("Forum", "RoundResult")


def salt(apps: Any, schema_editor: Any) -> None:
    """A new column has one value in all rows; each gets its own, and each finding a key."""
    for name in SALTED:
        rows = apps.get_model("surveys", name)._base_manager
        for pk in rows.values_list("pk", flat=True):
            rows.filter(pk=pk).update(salt=surveys.salts.new_salt())
    findings = apps.get_model("surveys", "Finding")._base_manager
    for pk in findings.filter(idempotency_key=None).values_list("pk", flat=True):
        findings.filter(pk=pk).update(idempotency_key=surveys.salts.new_salt())


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_correct_slips")]

    operations = [
        *(
            migrations.AddField(
                model_name=name.lower(),
                name="salt",
                field=models.CharField(default=surveys.salts.new_salt, editable=False, max_length=32),
            )
            for name in SALTED
        ),
        migrations.RunPython(salt, migrations.RunPython.noop),
    ]
