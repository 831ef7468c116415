"""Who may do what in the partner portal, as named rules about one pilot.

What a role means stands in ``PilotQuerySet`` (``of_member``, ``writable_by``, ``managed_by``): a view fetches its pilot
through that, so that what is not yours does not exist.
"""

from mkbroute.accounts.models import User
from pilots.models import Membership, Pilot


def membership_of(user: User, pilot: Pilot) -> Membership | None:
    """The place of this user in this pilot, if they have one."""
    return Membership.objects.filter(pilot=pilot, user=user).first() if user.is_authenticated else None


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
