"""Who may do what in the partner portal, as named rules about one pilot.

What a role means stands in ``PilotQuerySet`` (``of_member``, ``writable_by``, ``managed_by``): a view fetches its pilot
through that, so that what is not yours does not exist.
"""

from django.contrib.auth.backends import ModelBackend
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from mkbroute.accounts.models import User
from mkbroute.accounts.permissions import may_enter_admin
from mkbroute.core.models import Decision
from pilots.models import Membership, Pilot, Update


def may_read(user: User, pilot: Pilot) -> bool:
    """Everybody of the pilot reads what is inside it."""
    return Pilot.objects.of_member(user).filter(pk=pilot.pk).exists()


def may_write(user: User, pilot: Pilot) -> bool:
    """A penvoerder and a redacteur post, propose, share and ask."""
    return Pilot.objects.writable_by(user).filter(pk=pilot.pk).exists()


def may_manage(user: User, pilot: Pilot) -> bool:
    """A penvoerder invites and looks after who takes part."""
    return Pilot.objects.managed_by(user).filter(pk=pilot.pk).exists()


def is_of_network(user: User) -> bool:
    """Whether this user belongs to any pilot, and so reads what is for the network."""
    return user.is_authenticated and user.is_active and Membership.objects.filter(user=user).exists()


# --- Updates ---------------------------------------------------------------------------------------------------------

APPROVED_FIRST = 2
"""So many updates of a member the team has approved before that member can be let post without being read first."""


def approved_of(user: User, pilot: Pilot) -> int:
    """How many updates of this user in this pilot the team has ever approved."""
    approvals = Decision.objects.filter(
        content_type=ContentType.objects.get_for_model(Update),
        object_id=Cast(OuterRef("pk"), CharField()),
        verb=Decision.Verb.APPROVED,
    )
    return Update.objects.filter(Exists(approvals), author=user, pilot=pilot).count()


def posts_directly(user: User, pilot: Pilot) -> bool:
    """Whether a public update of this user appears without being read first."""
    return Membership.objects.filter(pilot=pilot, user=user, may_post_directly=True).exists()


def may_answer(user: User) -> bool:
    """Whether this user is of the team that answers what pilots ask; only while the account is on."""
    return user.has_perm("pilots.change_supportrequest")


def answerers() -> models.QuerySet[User]:
    """Everybody who may."""
    return ModelBackend().with_perm("pilots.change_supportrequest").order_by("first_name", "last_name", "email")


def belongs_here(user: User) -> bool:
    """Whether the portal is for this user: somebody of a pilot, or of the team."""
    return is_of_network(user) or may_enter_admin(user)
