"""What the roof of the site does that matters: verbs, each atomic, with keywords only."""

import logging
from unicodedata import normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from mkbroute.core.decisions import Verb, decide
from mkbroute.core.mail import post
from mkbroute.core.models import SearchedTerm
from mkbroute.models import ContactMessage

logger = logging.getLogger(__name__)

TERMS_PER_MONTH = 5000
"""So many different terms are counted in a month; a robot that makes up words cannot fill the table."""


@transaction.atomic
def send_contact_message(*, message: ContactMessage) -> None:
    """Store what a visitor wrote and, once that is certain, mail it to the team.

    ``message`` is new and carries the ``submission`` of its form. When that form was sent before, by a second click, the
    database has the message and its mail already and nothing happens. When the mail fails both are safe, and the clock
    tries again.
    """
    ContactMessage.objects.bulk_create([message], ignore_conflicts=True)
    post(
        to=settings.CONTACT_EMAIL,
        reply_to=message.email,
        subject=f"Vraag via de site: {message.subject}",
        template="contact_message",
        context={"message": message},
        key=f"contact:{message.submission}",
    )


COUNT_TERM = """
INSERT INTO core_searchedterm (month, term, found, count)
SELECT %(month)s, %(term)s, %(found)s, 1
WHERE (SELECT count(*) FROM core_searchedterm WHERE month = %(month)s) < %(most)s
   OR EXISTS (SELECT FROM core_searchedterm WHERE month = %(month)s AND term = %(term)s AND found = %(found)s)
ON CONFLICT (month, term, found) DO UPDATE SET count = core_searchedterm.count + 1
"""


def count_searched_term(*, term: str, found: bool) -> None:
    """Count that somebody searched for this term in this month. Nothing else is kept: not who, nor when.

    A term that could tell about a person is not kept at all: one with an @ or a digit, or a long one. A search goes on
    when counting fails.
    """
    term = " ".join(normalize("NFKC", term).lower().split())
    if not _may_be_kept(term):
        return
    month = timezone.localdate().replace(day=1)
    params = {"month": month, "term": term, "found": found, "most": TERMS_PER_MONTH}
    try:
        with connection.cursor() as cursor:
            cursor.execute(COUNT_TERM, params)
    except DatabaseError:
        logger.warning("A searched term was not counted", exc_info=True)


def _may_be_kept(term: str) -> bool:
    return (
        len(term) <= SearchedTerm._meta.get_field("term").max_length
        and any(sign.isalpha() for sign in term)
        and not any(sign == "@" or sign.isnumeric() for sign in term)
    )


@transaction.atomic
def close_contact_message(*, message: ContactMessage, by: models.Model, note: str = "") -> None:
    """Note that a message is answered. Raises ValidationError when a colleague did so already."""
    _turn(message, to=ContactMessage.State.DONE, verb=Verb.CLOSED, by=by, note=note)


@transaction.atomic
def reopen_contact_message(*, message: ContactMessage, by: models.Model, note: str = "") -> None:
    """Put a message back among what waits. Raises ValidationError when it waits already."""
    _turn(message, to=ContactMessage.State.NEW, verb=Verb.REOPENED, by=by, note=note)


def _turn(message: ContactMessage, *, to: str, verb: str, by: models.Model, note: str) -> None:
    stored = ContactMessage.objects.select_for_update().get(pk=message.pk)
    if stored.state == to:
        raise ValidationError(f"Dit bericht staat al op {stored.get_state_display()}.")
    stored.state, stored.note = to, note.strip() or stored.note
    stored.save(update_fields=["state", "note"])
    decide(verb, stored, by=by, author=None, reason=note)
