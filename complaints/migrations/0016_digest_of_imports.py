from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0015_drafts_of_pages")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="sha256",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]
