"""The guards of the history, of its tree and of the ledger's own entries, from the first migration on."""

from typing import Any

from django.db import migrations

from complaints.database import triggers


def install(apps: Any, schema_editor: Any) -> None:
    triggers.install_guards(schema_editor.connection)
    triggers.install_tree_guards(schema_editor.connection)
    triggers.install_entry_guards(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    triggers.remove_entry_guards(schema_editor.connection)
    triggers.remove_tree_guards(schema_editor.connection)
    triggers.remove_guards(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
