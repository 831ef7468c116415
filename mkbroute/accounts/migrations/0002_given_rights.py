import django.db.models.deletion
from django.db import migrations, models

GROUPS = ["Programmateam", "Redacteur"]
KNOWN_BEFORE = [
    *("pilot", "organisation", "person", "source", "theme", "sector", "targetgroup", "province"),
    *("contactmessage", "user", "redirect", "workflow", "task", "admin"),
]


def record_what_was_given(apps, schema_editor):
    """Groups that exist have had the rights of their day: which of those they still have is up to a superuser."""
    GivenRight = apps.get_model("accounts", "GivenRight")
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__model__in=KNOWN_BEFORE)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        GivenRight.objects.bulk_create(GivenRight(group=group, permission=permission) for permission in permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GivenRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="auth.group",
                        verbose_name="groep",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="auth.permission",
                        verbose_name="recht",
                    ),
                ),
            ],
            options={
                "verbose_name": "gegeven recht",
                "verbose_name_plural": "gegeven rechten",
                "ordering": ["group", "permission"],
                "constraints": [models.UniqueConstraint(fields=("group", "permission"), name="right_given_once")],
            },
        ),
        migrations.RunPython(record_what_was_given, migrations.RunPython.noop),
    ]
