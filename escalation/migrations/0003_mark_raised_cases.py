"""Marks the cases that were raised before there was a mark."""

from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    escalations = apps.get_model("escalation", "Escalation").objects
    waiting = escalations.filter(state__in=["raised", "acknowledged"]).order_by()
    cases = apps.get_model("complaints", "Complaint").objects
    cases.filter(pk__in=waiting.values("complaint_id")).update(is_raised=True)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0008_raised_cases"), ("escalation", "0002_signals")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
