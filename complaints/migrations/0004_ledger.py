from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_more_kinds_and_mails")]

    operations = []
