from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """What PostgreSQL needs before the first table: searching without accents."""

    operations = [UnaccentExtension()]
