"""What the team keeps of its contact with a pilot."""

from uuid import uuid4

from django.db import transaction

from mkbroute.accounts.models import User
from pilots.models import ContactMoment

TOLD_APART_BY = ("pilot_id", "date", "kind", "hours", "agreements", "internal_note", "next_contact_on", "is_shared")


@transaction.atomic
def keep_contact(*, moment: ContactMoment, by: User) -> ContactMoment:
    """Keep a new moment, by ``by`` unless it names another of the team. ``moment`` carries the ``submission`` of its form.

    A second click keeps nothing more; other words from the same form are another moment.
    """
    moment.by = moment.by or by
    ContactMoment.objects.bulk_create([moment], ignore_conflicts=True)
    kept = ContactMoment.objects.get(submission=moment.submission)
    if any(getattr(kept, name) != getattr(moment, name) for name in TOLD_APART_BY):
        moment.submission = uuid4()
        moment.save(force_insert=True)
        return moment
    return kept
