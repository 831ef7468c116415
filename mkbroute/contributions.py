"""What partners send in, of every kind: what "Mijn gegevens" shows of it and what closing an account does to it."""

from collections.abc import Iterator

from django.db import models

from mkbroute.accounts.models import User
from pilots.models import Proposal, SupportMessage, SupportRequest, Update
from research.models import PracticeSubmission

SENT_IN: list[type[models.Model]] = [Update, Proposal, PracticeSubmission, SupportRequest]
"""What stands on the start page of the portal too: its manager also has ``asked_of(user)`` and ``news_for(user, since)``."""

KINDS: list[type[models.Model]] = [*SENT_IN, SupportMessage]
"""Every kind has an ``author`` (null once that person left), a ``pilot``, ``changed_at``, ``portal_url`` and
``get_state_display()``; its manager has ``drafts_of(user)`` and ``sent_in_by(user)``."""


def of(user: User) -> Iterator[models.Model]:
    """All that somebody wrote: drafts and what they sent in, kind by kind."""
    for kind in KINDS:
        yield from kind.objects.filter(author=user)


def forget(user: User, *, keeps: bool) -> None:
    """Delete somebody's drafts and, unless it ``keeps`` them, what they sent in. What stays loses its author with the account.

    What others wrote in too stays either way, if the kind tells so with ``is_shared``: it is not only theirs to take away.
    """
    for kind in KINDS:
        theirs = kind.objects.drafts_of(user) if keeps else kind.objects.all()
        for contribution in theirs.filter(author=user):
            if not getattr(contribution, "is_shared", False):
                contribution.delete()
