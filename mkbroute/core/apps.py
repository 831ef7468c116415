from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "mkbroute.core"
    label = "core"
    verbose_name = "Gedeeld"
