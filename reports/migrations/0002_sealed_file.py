from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(
            model_name="document",
            name="document_is_about_something",
        ),
        migrations.AddField(
            model_name="document",
            name="is_for_citizen",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="document",
            name="purpose",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ombudsman", "for the ombudsman"),
                    ("appeal", "for the citizen's appeal"),
                    ("court", "for a court"),
                    ("other", "for another purpose"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("report", "Accountability report"),
                    ("case_file", "Case file"),
                    ("sealed_file", "Sealed file"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("complaint", None),
                        ("kind", "report"),
                        ("period_from__lte", models.F("period_to")),
                    ),
                    models.Q(("complaint__isnull", False), ("kind", "case_file")),
                    models.Q(
                        ("complaint__isnull", False),
                        ("kind", "sealed_file"),
                        models.Q(("purpose", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="document_is_about_something",
            ),
        ),
    ]
