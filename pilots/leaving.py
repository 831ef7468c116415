"""What becomes of somebody's part in pilots when they close their account."""

from django.core.exceptions import ValidationError
from django.urls import reverse

from mkbroute.accounts.leaving import Fate, Leaver, Objection
from mkbroute.accounts.models import User
from mkbroute.core import audit
from pilots.actions.members import LAST_LEAD, is_last_lead, lock_pilots
from pilots.models import Membership, PilotInvitation


def _objection_of_a_last_lead(user: User) -> Objection | None:
    for membership in Membership.objects.filter(user=user).select_related("pilot"):
        if is_last_lead(membership):
            reason = f"U bent de enige penvoerder van de pilot {membership.pilot}. Draag de pilot eerst over."
            return Objection(reason, "Kies wie het overneemt", reverse("portal_members", args=[membership.pilot.slug]))
    return None


def _leave_pilots(leaver: Leaver) -> None:
    """Raises ValidationError when a pilot would lose its last penvoerder; it is locked, so nobody else leaves meanwhile."""
    lock_pilots(Membership.objects.filter(user=leaver.user).values("pilot"))
    for membership in Membership.objects.filter(user=leaver.user).select_related("pilot"):
        if is_last_lead(membership):
            raise ValidationError(LAST_LEAD)
        audit.record(audit.Action.RIGHTS, "hoort niet meer bij de pilot", on=membership.pilot, rol=membership.role)
        membership.delete()


def _forget_invitations(leaver: Leaver) -> None:
    PilotInvitation.objects.filter(leaver.has_written("email")).delete()
    PilotInvitation.objects.filter(accepted_by=leaver.user).delete()


MEMBERSHIPS = Fate("Uw plaats in pilots", "U hoort bij geen pilot meer.", _leave_pilots, _objection_of_a_last_lead)
INVITATIONS = Fate(
    "Uitnodigingen",
    "Wij wissen de uitnodigingen aan u. Wie u uitnodigde, kan blijven meedoen. Uw naam staat er niet meer bij.",
    _forget_invitations,
)
