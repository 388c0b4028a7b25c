"""The words by which cases are found worked out anew: the number of a case is found whole or by its serial."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from complaints.database import bulk, triggers
from complaints.searchable import words_of_case

BATCH = 2000
SEARCHED = ("number", "subject", "description", "location", "external_reference")


def work_out(apps: Any, schema_editor: Any) -> None:
    """Without the index, which is made anew in one go."""
    complaint, last = apps.get_model("complaints", "Complaint"), 0
    triggers.remove_search(schema_editor.connection)
    while rows := list(
        complaint.objects.filter(pk__gt=last).order_by("pk").values_list("pk", *SEARCHED)[:BATCH]
    ):
        last = rows[-1][0]
        found = [SimpleNamespace(pk=pk, search_text=words_of_case(*texts)) for pk, *texts in rows]
        bulk.update(complaint, found, ["search_text"])
    triggers.install_search(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0008_raised_cases")]
    operations = [migrations.RunPython(work_out, migrations.RunPython.noop)]
