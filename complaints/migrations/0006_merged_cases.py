"""Which reasons to reject lie with the sender alone; a case follows another only while it is merged into it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_readers"),
    ]

    operations = [
        migrations.AddField(
            model_name="rejectreason",
            name="is_senders_own",
            field=models.BooleanField(
                default=False,
                help_text="Of cases merged into the rejected one the oldest then goes on in its place.",
                verbose_name="lies with the sender",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into__isnull", True), ("state", "merged"), _connector="OR"),
                name="complaint_follows_while_merged",
            ),
        ),
    ]
