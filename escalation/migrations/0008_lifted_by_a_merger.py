from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalation", "0007_brought_back")]

    operations = [
        migrations.AlterField(
            model_name="escalation",
            name="lifted_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "the case was answered or is over"),
                    ("moved", "the day moved: it is not late"),
                    ("merged", "the case was merged into another"),
                ],
                max_length=20,
            ),
        ),
    ]
