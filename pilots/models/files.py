"""Files that the people of a pilot share with each other and with the team."""

import secrets
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from mkbroute.core.files import MEDIA_TYPES

from .choices import MemberRole
from .members import Membership, name_of
from .updates import moderates


class PilotFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What this user may fetch: the files of their pilots; the team those of all."""
        if not user.is_authenticated:
            return self.none()
        if moderates(user):
            return self.all()
        mine = Membership.objects.filter(user=user, user__is_active=True, pilot=OuterRef("pilot"))
        return self.filter(Exists(mine))

    def deletable_by(self, user):
        """What this user may remove: what they put there while they write in the pilot; a penvoerder everything."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(user=user, user__is_active=True, pilot=OuterRef("pilot"))
        own = Q(Exists(mine.filter(role=MemberRole.EDITOR)), uploaded_by=user)
        return self.filter(own | Q(Exists(mine.filter(role=MemberRole.LEAD))))


def new_file_path(file: "PilotFile", name: str) -> str:
    """Where a file is kept: in a folder no address leads to, under a name that nobody can guess and that says nothing."""
    return f"partner/bestanden/{secrets.token_urlsafe(24)}"


class PilotFile(models.Model):
    """A file of a pilot. It leaves only through a view that asks who wants it."""

    pilot = models.ForeignKey("pilots.Pilot", verbose_name="pilot", on_delete=models.CASCADE, related_name="files")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="geplaatst door", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField("wat is het?", max_length=120, help_text="Zoals: verslag van de startbijeenkomst.")
    file = models.FileField("bestand", upload_to=new_file_path, max_length=100)
    name = models.CharField("naam van het bestand", max_length=100, editable=False)
    kind = models.CharField("soort", max_length=5, choices=[(kind, kind) for kind in MEDIA_TYPES], editable=False)
    size = models.PositiveIntegerField("grootte", editable=False)
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    uploaded_at = models.DateTimeField("geplaatst op", auto_now_add=True)

    objects = PilotFileQuerySet.as_manager()

    class Meta:
        verbose_name = "bestand van een pilot"
        verbose_name_plural = "bestanden van pilots"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(MEDIA_TYPES)), name="pilot_file_kind_known"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal_file", args=[self.pilot.slug, self.pk])

    def delete(self, *args, **kwargs):
        """Delete the row; the file goes from the disk once that is certain."""
        storage, name = self.file.storage, self.file.name
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            transaction.on_commit(lambda: storage.delete(name), robust=True)
        return deleted

    delete.alters_data = True

    @property
    def uploader_name(self) -> str:
        return name_of(self.uploaded_by)
