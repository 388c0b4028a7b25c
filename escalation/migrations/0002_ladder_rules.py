from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial")]

    operations = []
