from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0003_recommendations_and_commitments")]

    operations = []
