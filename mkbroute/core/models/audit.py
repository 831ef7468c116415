from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class AuditEntry(models.Model):
    """Who did what that matters: signing in, rights, decisions, exports, downloads. Rows are only ever added (a trigger of
    the database sees to that) and kept two years. No address or name of a person stands in ``details``."""

    class Action(models.TextChoices):
        SIGNED_IN = "ingelogd", "ingelogd"
        SIGN_IN_FAILED = "inloggen-mislukt", "inloggen mislukt"
        RIGHTS = "rechten", "rechten gewijzigd"
        INVITED = "uitnodiging", "uitnodiging"
        DECISION = "besluit", "besluit"
        EXPORT = "export", "export"
        DOWNLOAD = "download", "download"
        ACCOUNT = "account", "account"

    at = models.DateTimeField("wanneer", auto_now_add=True)
    action = models.CharField("wat", max_length=20, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="wie",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    content_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64, blank=True)
    subject = GenericForeignKey()
    summary = models.CharField("omschrijving", max_length=250)
    details = models.JSONField("bijzonderheden", default=dict, blank=True)

    class Meta:
        verbose_name = "regel van het logboek"
        verbose_name_plural = "regels van het logboek"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    action__in=[
                        *("ingelogd", "inloggen-mislukt", "rechten", "uitnodiging"),
                        *("besluit", "export", "download", "account"),
                    ]
                ),
                name="audit_action_known",
            )
        ]

    def __str__(self):
        return f"{self.get_action_display()}: {self.summary}"

    @property
    def about(self) -> str:
        """What it is about, in words; empty when that is gone."""
        return f"{self.content_type.model_class()._meta.verbose_name} {self.subject}" if self.subject else ""

    @property
    def in_detail(self) -> str:
        """The details in one line."""
        lines = (
            (name.replace("_", " "), ", ".join(map(str, value)) if isinstance(value, list) else value)
            for name, value in self.details.items()
        )
        return "; ".join(f"{name}: {value}" for name, value in lines if value not in ("", None))
