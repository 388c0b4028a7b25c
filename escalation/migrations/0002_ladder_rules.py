from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="LadderState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "state of the ladder",
                "verbose_name_plural": "state of the ladder",
            },
        ),
        migrations.RemoveConstraint(
            model_name="escalationrule",
            name="escalation_rule_once",
        ),
        migrations.AddField(
            model_name="escalationrule",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("verification", "Verification"),
                    ("first_response", "First response"),
                    ("resolution", "Resolution"),
                ],
                help_text="Only for a share used and for overdue: which target is meant. Empty: each of them.",
                max_length=20,
                verbose_name="stage",
            ),
        ),
        migrations.AddField(
            model_name="escalationrule",
            name="within_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Only for repeated complaints: in how many calendar days they arrive.",
                verbose_name="within days",
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("share", "share of the target used"),
                    ("breach", "target missed"),
                    ("overdue", "overdue by a time"),
                    ("disputed", "answer disputed"),
                    ("handed_back", "handed back again and again"),
                    ("unacknowledged", "escalation not acknowledged"),
                    ("oversight_kind", "oversight complaint"),
                    ("repeated", "repeated complaints about one agency"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="escalationrule",
            name="amount",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Share used: per cent, 1 to 99. Overdue: how many of the unit. Handed back: how many times. Repeated complaints: how many, at least 2. Other triggers: 0.",
                verbose_name="amount",
            ),
        ),
        migrations.AlterField(
            model_name="escalationrule",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("share", "share of the target used"),
                    ("breach", "target missed"),
                    ("overdue", "overdue by a time"),
                    ("disputed", "answer disputed"),
                    ("handed_back", "handed back again and again"),
                    ("unacknowledged", "escalation not acknowledged"),
                    ("oversight_kind", "oversight complaint"),
                    ("repeated", "repeated complaints about one agency"),
                ],
                max_length=20,
                verbose_name="trigger",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("trigger", "repeated")),
                fields=("level", "cause"),
                name="escalation_repeated_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.UniqueConstraint(
                fields=("kind", "trigger", "stage", "level", "amount", "valid_from"),
                name="escalation_rule_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("trigger", "share"), _negated=True),
                    models.Q(("amount__gte", 1), ("amount__lte", 99)),
                    _connector="OR",
                ),
                name="escalation_rule_share_1_to_99",
                violation_error_message="A share is from 1 to 99 per cent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("trigger", "overdue"), _negated=True), ("amount__gte", 1), _connector="OR"
                ),
                name="escalation_rule_overdue_by_something",
                violation_error_message="Say by how much it is overdue, at least 1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gte", 2), ("trigger", "repeated"), ("within_days__gte", 1)),
                    models.Q(models.Q(("trigger", "repeated"), _negated=True), ("within_days", 0)),
                    _connector="OR",
                ),
                name="escalation_rule_repeated_within",
                violation_error_message="For repeated complaints say how many, at least 2, and within how many days. Other triggers have no such days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage", ""), ("trigger__in", ["share", "overdue"]), _connector="OR"),
                name="escalation_rule_stage_of_a_target",
                violation_error_message="Only a share used and overdue look at one stage.",
            ),
        ),
    ]
