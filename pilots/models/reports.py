"""What readers of the network report to the team."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .updates import Update


class UpdateReportQuerySet(models.QuerySet):
    def open(self):
        """What the team did not look at yet."""
        return self.filter(closed_at=None)


class UpdateReport(models.Model):
    """Somebody of the network thinks that an update should not be there."""

    update = models.ForeignKey(Update, verbose_name="bericht", on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="gemeld door", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField("waarom", max_length=1000)
    reported_at = models.DateTimeField("gemeld op", default=timezone.now)
    closed_at = models.DateTimeField("bekeken op", null=True, blank=True)

    objects = UpdateReportQuerySet.as_manager()

    class Meta:
        verbose_name = "melding over een bericht"
        verbose_name_plural = "meldingen over berichten"
        ordering = ["reported_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["update", "by"],
                condition=Q(closed_at=None),
                name="update_reported_once",
                violation_error_message="U hebt dit bericht al gemeld. Het programmateam kijkt ernaar.",
            )
        ]

    def __str__(self):
        return f"Melding over {self.update}"
