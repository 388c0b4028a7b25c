"""The words by which a case is found, as a column of its own, and the search index made anew from it."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations, models

from complaints.database import bulk, triggers
from complaints.searchable import words_of

BATCH = 2000
SEARCHED = ("number", "subject", "description", "location", "external_reference")


def remove(apps: Any, schema_editor: Any) -> None:
    triggers.remove_search(schema_editor.connection)


def fill(apps: Any, schema_editor: Any) -> None:
    complaint = apps.get_model("complaints", "Complaint")
    last = 0
    while rows := list(
        complaint.objects.filter(pk__gt=last).order_by("pk").values_list("pk", *SEARCHED)[:BATCH]
    ):
        last = rows[-1][0]
        bulk.update(
            complaint,
            [SimpleNamespace(pk=pk, search_text=words_of(*texts)) for pk, *texts in rows],
            ["search_text"],
        )


def install(apps: Any, schema_editor: Any) -> None:
    triggers.install_search(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0005_lanes")]
    operations = [
        migrations.RunPython(remove, install),
        migrations.AddIndex(
            "complaint",
            models.Index(
                fields=["received_at", "id"],
                condition=models.Q(state__in=["awaiting_citizen", "submitted"]),
                name="complaint_unassigned",
            ),
        ),
        migrations.AddField("complaint", "search_text", models.TextField(default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
