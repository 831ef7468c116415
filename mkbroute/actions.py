"""What the roof of the site does that matters: verbs, each atomic, with keywords only."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from mkbroute.models import ContactMessage

RETENTION = timedelta(days=365)
"""How long a message that is dealt with is kept. The privacy page says the same."""


@transaction.atomic
def send_contact_message(*, message: ContactMessage) -> None:
    """Store what a visitor wrote and, once that is certain, mail it to the team.

    ``message`` is new and carries the ``submission`` of its form. When that form was sent before, by a second
    click, the database has the message already and nothing happens. When the mail fails the message is safe,
    and ``mail_contact_messages`` tries again later.
    """
    ContactMessage.objects.bulk_create([message], ignore_conflicts=True)
    transaction.on_commit(lambda: mail_contact_message(submission=message.submission), robust=True)


@transaction.atomic
def mail_contact_message(*, submission: UUID) -> None:
    """Mail one stored message to the team, unless that was done or another process is doing it right now.

    Raises whatever the mail backend raises; the message then stays unmailed.
    """
    unmailed = ContactMessage.objects.select_for_update(skip_locked=True).filter(mailed_at=None)
    message = unmailed.filter(submission=submission).first()
    if message is None:
        return
    EmailMessage(
        subject=f"Vraag via de site: {message.subject}",
        body=render_to_string("emails/contact_message.txt", {"message": message, "site": settings.SITE_URL}),
        to=[settings.CONTACT_EMAIL],
        reply_to=[message.email],
        # Always the same, so that a mailbox knows a copy if we are cut off between sending and noting it.
        headers={"Message-ID": f"<{message.submission}@{urlsplit(settings.SITE_URL).hostname}>"},
    ).send()
    message.mailed_at = timezone.now()
    message.save(update_fields=["mailed_at"])


def mail_contact_messages() -> None:
    """Mail every stored message that is not mailed yet, oldest first; one that fails does not stop the next.

    Raises ExceptionGroup with the failures.
    """
    failures = []
    unmailed = ContactMessage.objects.filter(mailed_at=None).order_by("received_at")
    for submission in list(unmailed.values_list("submission", flat=True)):
        try:
            mail_contact_message(submission=submission)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some contact messages could not be mailed", failures)


def forget_contact_messages() -> None:
    """Delete the messages that are dealt with and arrived longer ago than we keep them."""
    done = ContactMessage.objects.filter(state=ContactMessage.State.DONE)
    done.filter(received_at__lt=timezone.now() - RETENTION).delete()
