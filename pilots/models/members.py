from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse

from mkbroute.accounts.models import BaseInvitation
from network.models import Organisation

from .choices import MemberRole


class MembershipQuerySet(models.QuerySet):
    def in_order(self):
        """First who looks after the pilot, then who writes, then who reads; each by name."""
        rank = Case(*(When(role=role, then=Value(rank)) for rank, role in enumerate(MemberRole.values)))
        return self.order_by(rank, "user__last_name", "user__first_name", "pk")

    def leads(self):
        """Who can look after a pilot: somebody who is blocked cannot."""
        return self.filter(role=MemberRole.LEAD, user__is_active=True)


class Membership(models.Model):
    """Somebody's place in a pilot: what they may do there in the partner portal."""

    pilot = models.ForeignKey(
        "pilots.Pilot", verbose_name="pilot", on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="wie", on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisatie",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    role = models.CharField("rol", max_length=12, choices=MemberRole)
    may_post_directly = models.BooleanField(
        "plaatst zonder controle",
        default=False,
        help_text="Openbare berichten verschijnen dan meteen. Kan pas na twee goedgekeurde berichten.",
    )
    joined_at = models.DateTimeField("sinds", auto_now_add=True)
    seen_at = models.DateTimeField("laatst gezien", null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "lid van een pilot"
        verbose_name_plural = "leden van pilots"
        ordering = ["pilot", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "user"],
                name="membership_once",
                violation_error_message="Deze persoon hoort al bij de pilot.",
            ),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user} ({self.get_role_display()})"


def name_of(user) -> str:
    """How members see who wrote or shared something: never by mail address, and no name once the account is closed."""
    return "voormalig lid" if user is None else user.get_full_name() or "een lid zonder naam"


class PilotInvitation(BaseInvitation):
    """Somebody is asked to take part in a pilot, with a role and on behalf of an organisation."""

    pilot = models.ForeignKey(
        "pilots.Pilot", verbose_name="pilot", on_delete=models.CASCADE, related_name="invitations"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisatie",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    role = models.CharField("rol", max_length=12, choices=MemberRole, default=MemberRole.EDITOR)
    submission = models.UUIDField(null=True, unique=True, editable=False)
    """The form it came from: a second click on its button invites nobody twice."""

    class Meta(BaseInvitation.Meta):
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="invitation_role_known"),
            models.UniqueConstraint(
                "pilot",
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_once",
                violation_error_message="Dit adres heeft al een uitnodiging voor deze pilot. U kunt die opnieuw versturen.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.token])
