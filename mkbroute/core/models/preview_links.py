import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone

LIFETIME = timedelta(days=14)


def new_token() -> str:
    """A name nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


class PreviewLinkQuerySet(models.QuerySet):
    def valid(self):
        """Links that still open: not withdrawn and not past their date."""
        return self.filter(withdrawn_at=None, expires_at__gt=timezone.now())


class PreviewLink(models.Model):
    """A secret address that shows the newest draft of one page to somebody without an account."""

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)
    target = GenericForeignKey()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="gemaakt door",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)
    expires_at = models.DateTimeField("vervalt op")
    withdrawn_at = models.DateTimeField("ingetrokken op", null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "voorbeeldlink"
        verbose_name_plural = "voorbeeldlinks"
        ordering = ["-created_at"]
        indexes = [models.Index("content_type", "object_id", name="preview_link_target")]

    def __str__(self):
        return f"Voorbeeld van {self.target}"

    def save(self, *args, **kwargs):
        if self.expires_at is None:
            self.expires_at = timezone.now() + LIFETIME
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("preview_link", args=[self.token])

    @property
    def full_url(self) -> str:
        """The address with the host, to copy and send."""
        return settings.SITE_URL + self.get_absolute_url()
