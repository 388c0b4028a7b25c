from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0004_audit")]

    operations = []
