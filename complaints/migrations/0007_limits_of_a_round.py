"""How far a promise may be moved in one round, and whether a question stops the clock."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0006_merged_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="pause",
            name="stops_clock",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="servicelevel",
            name="extensions_a_level",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How often each level may give more time in one round; after that the next level only.",
                verbose_name="extensions a level",
            ),
        ),
        migrations.AddField(
            model_name="servicelevel",
            name="head_extension_days",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="Working days at a time. 0: this level gives no more time.",
                verbose_name="days an agency head may add",
            ),
        ),
        migrations.AddField(
            model_name="servicelevel",
            name="inspectorate_extension_days",
            field=models.PositiveSmallIntegerField(
                default=20, verbose_name="days the inspectorate or the city secretary may add"
            ),
        ),
        migrations.AddField(
            model_name="servicelevel",
            name="ombudsman_extension_days",
            field=models.PositiveSmallIntegerField(default=40, verbose_name="days the ombudsman may add"),
        ),
        migrations.AddField(
            model_name="servicelevel",
            name="pausing_questions",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="In one round. Later questions may be asked, and the time runs on.",
                verbose_name="questions that stop the clock",
            ),
        ),
    ]
