from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0002_ladder_rules")]

    operations = []
