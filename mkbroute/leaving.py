"""Closing an account: what happens to what, in one list."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

import pilots.leaving
from mkbroute import contributions
from mkbroute.accounts import leaving as accounts
from mkbroute.accounts.leaving import Fate, Leaver, Objection
from mkbroute.accounts.models import User
from mkbroute.core import audit, mail
from mkbroute.core.models import Mail
from mkbroute.models import ContactMessage

CONTRIBUTIONS = Fate(
    "Wat u instuurde",
    "U kiest hieronder: het blijft staan onder ‘voormalig lid’, of wij wissen het. Uw concepten wissen wij altijd. Waar een "
    "ander in meeschreef, blijft staan zonder uw naam.",
    lambda leaver: contributions.forget(leaver.user, keeps=leaver.keeps),
)
CONTACT_MESSAGES = Fate(
    "Uw vragen via het contactformulier",
    "Wij wissen ze, ook als u nog geen antwoord kreeg.",
    lambda leaver: ContactMessage.objects.filter(leaver.has_written("email")).delete(),
)
TRAIL = Fate(
    "Het logboek",
    "Daarin staat hoogstens twee jaar wat er gebeurde. Uw naam staat er niet meer bij.",
    lambda leaver: None,  # the database takes the name out when the account goes
)

FATES = [
    CONTRIBUTIONS,  # before the places in pilots, which tell whose drafts are whose
    pilots.leaving.MEMBERSHIPS,
    pilots.leaving.INVITATIONS,
    CONTACT_MESSAGES,
    accounts.MAILS,
    TRAIL,
    accounts.ACCOUNT,  # last: the others need to know whose they are
]


def objections(user: User) -> list[Objection]:
    """What stands in the way of closing this account; empty when nothing does."""
    return [objection for fate in FATES if (objection := fate.object_to(user))]


@transaction.atomic
def close_account(*, user: User, keeps: bool) -> None:
    """Delete somebody's account with all that is theirs; with ``keeps`` what they sent in stays, under "voormalig lid".

    Raises ValidationError when something stands in the way.
    """
    user = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    if user is None:  # the second click
        return
    if found := objections(user):
        raise ValidationError([objection.reason for objection in found])
    leaver = Leaver.of(user, keeps=keeps)
    for fate in FATES:
        fate.carry_out(leaver)
    audit.record(audit.Action.ACCOUNT, "account gesloten", bijdragen="blijven" if keeps else "gewist")
    _say_goodbye(leaver)


def _say_goodbye(leaver: Leaver) -> None:
    """A last mail, tried once: keeping it for later would keep the address."""
    key = f"goodbye:{uuid4()}"
    mail.post(
        to=leaver.user.email, subject="Uw account is gesloten", template="account_closed",
        context={"name": leaver.user.get_short_name(), "keeps": leaver.keeps}, key=key, is_secret=True,
    )  # fmt: skip
    transaction.on_commit(lambda: Mail.objects.filter(key=key).delete())
