"""Files that show a person or papers; and names of files that say who a protected sender is are taken away."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

SENDERS = ("citizen", "clerk")


def name_plainly(apps: Any, schema_editor: Any) -> None:
    files = apps.get_model("complaints", "Attachment").objects.filter(
        Q(complaint__is_confidential=True) | Q(complaint__is_anonymous=True), event__role__in=SENDERS
    )
    for file in files.only("pk", "name").iterator():
        ending = file.name.rpartition(".")[2]
        files.model.objects.filter(pk=file.pk).update(name=f"berkas-{file.pk}.{ending}")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0007_limits_of_a_round")]

    operations = [
        migrations.AddField("attachment", "is_personal", models.BooleanField(default=False)),
        migrations.RunPython(name_plainly, migrations.RunPython.noop),
    ]
