"""Who may do what with accounts."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from mkbroute.accounts.adapter import SECOND_FACTORS
from mkbroute.accounts.models import User

TEAM, EDITORS = "Programmateam", "Redacteur"
"""The groups that work in the admin; ``mkbroute.permissions`` says what they may."""


def may_enter_admin(user: User) -> bool:
    """Whether this user works in the staff admin."""
    return user.has_perm("wagtailadmin.access_admin")


def needs_second_factor(user: User) -> bool:
    """Whether this user must set up an app with codes or a passkey before anything else.

    Recovery codes do not count: they are for who lost the factor they had.
    """
    if not settings.STAFF_NEEDS_SECOND_FACTOR or not (user.is_staff or may_enter_admin(user)):
        return False
    return not is_mfa_enabled(user, SECOND_FACTORS)


def may_manage(user: User, other: User) -> bool:
    """Whether ``user``, who manages accounts, may change this one.

    Who changes an e-mail address can have a code mailed there, so only a superuser may touch a superuser.
    """
    return user.is_superuser or not other.is_superuser
