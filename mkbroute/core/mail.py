"""The one place from which this site sends mail.

``post()`` keeps a mail in the transaction of whatever it tells about, and it is sent once that is certain. What cannot be
sent is tried again by the clock (``send_waiting``). See ``docs/adr/0010-mail-by-way-of-an-outbox.md``.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from enum import Enum, auto
from hashlib import sha256
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from mkbroute.core.models import Mail

logger = logging.getLogger(__name__)

PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""How long after each failure the next try is; after the last the team must look."""

AWAY = "De mailserver is niet bereikbaar."
TOO_LATE = "Te laat: deze mail had geen zin meer."


class When(Enum):
    """When a mail is tried for the first time."""

    AFTER_COMMIT = auto()
    """As soon as what it tells about is certain; in the request, so its reader has it at once."""
    NOW = auto()
    """Without waiting for the transaction around it: somebody sits before a page that asks for what is in the mail."""
    BY_THE_CLOCK = auto()
    """Within a minute, by ``send_waiting``: for many mails at a time, for which no request should wait."""


class Outcome(Enum):
    """How a try went."""

    SENT = auto()
    FAILED = auto()
    AWAY = auto()
    """There is no mail server; nothing is said about the mail itself."""
    LEFT = auto()
    """It does not wait (any more), or another process is at it."""


# --- Posting ------------------------------------------------------------------------------------------------


def post(
    *,
    to: str,
    subject: str,
    template: str,
    context: dict,
    key: str,
    person: models.Model | None = None,
    reply_to: str = "",
    headers: dict[str, str] | None = None,
    is_secret: bool = False,
    useful_for: timedelta | None = None,
    when: When = When.AFTER_COMMIT,
) -> None:
    """Keep a mail and send it when the transaction around it is certain, or as ``when`` says.

    ``template`` is the name of a text in ``templates/emails/`` without ``.txt``; its HTML is drawn from the same text. A
    mail whose ``key`` was used before is not sent again. ``is_secret`` wipes the text once it is sent or given up;
    ``useful_for`` says how long it makes sense to try.
    """
    text = render_to_string(f"emails/{template}.txt", {**context, "site": settings.SITE_URL, "person": person})
    mail = Mail(
        key=key,
        to=to,
        person=person,
        subject=_one_line(subject)[:200],
        text=text.replace("\0", "").strip() + "\n",
        headers={
            name: _one_line(value)
            for name, value in {**(headers or {}), **({"Reply-To": reply_to} if reply_to else {})}.items()
        },
        is_secret=is_secret,
        useful_until=timezone.now() + useful_for if useful_for else None,
    )
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    if when is When.NOW:
        send(key=key)
    elif when is When.AFTER_COMMIT:
        transaction.on_commit(lambda: send(key=key), robust=True)


def _one_line(text: str) -> str:
    """Without line breaks, that would begin another header, and other signs nobody sees."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


@transaction.atomic
def try_again(*, mail: Mail) -> None:
    """Begin anew with a mail that did not arrive. Raises ValidationError when there is nothing to try."""
    mail = Mail.objects.select_for_update().get(pk=mail.pk)
    if not mail.can_be_tried:
        raise ValidationError("Deze mail kan niet opnieuw. Hij is al verzonden of de tekst is gewist.")
    mail.state, mail.attempts, mail.next_try_at, mail.useful_until = Mail.State.WAITING, 0, timezone.now(), None
    mail.save(update_fields=["state", "attempts", "next_try_at", "useful_until"])
    transaction.on_commit(lambda: send(key=mail.key), robust=True)


def forget(*, person: models.Model) -> None:
    """Delete every mail to somebody who closes their account, those that still wait included."""
    Mail.objects.filter(models.Q(person=person) | models.Q(to__iexact=person.email)).delete()


# --- Sending ------------------------------------------------------------------------------------------------


@transaction.atomic
def send(*, key: str, server: BaseEmailBackend | None = None) -> Outcome:
    """Send one mail that waits, unless another process is at it, and note how that went.

    The row stays locked meanwhile. Cut off before it is noted, the mail goes out once more under the same Message-ID, by
    which a mailbox knows the copy: better twice in a rare while than never.
    """
    mail = Mail.objects.select_for_update(skip_locked=True).waiting().filter(key=key).first()
    if mail is None:
        return Outcome.LEFT
    outcome = _try(mail, server or get_connection())
    mail.save()
    return outcome


def _try(mail: Mail, server: BaseEmailBackend) -> Outcome:
    """Hand a mail to the server; its row is changed but not saved."""
    now = timezone.now()
    try:
        server.open()
    except Exception as error:
        logger.warning("There is no mail server", exc_info=error)
        mail.error, mail.next_try_at = AWAY, now + PATIENCE[0]
        return Outcome.AWAY
    mail.attempts += 1
    try:
        _message(mail, server).send()
    except Exception as error:
        logger.warning("Mail %s could not be sent", mail.pk, exc_info=error)  # who it is for stays out of the log
        mail.error = _in_words(error)[:250]
        if mail.attempts > len(PATIENCE):
            mail.give_up()
        else:
            mail.next_try_at = now + PATIENCE[mail.attempts - 1]
        return Outcome.FAILED
    mail.state, mail.sent_at, mail.error = Mail.State.SENT, now, ""
    mail.wipe_if_secret()
    return Outcome.SENT


def send_waiting() -> str:
    """Send every mail that waits, oldest first; one that fails does not stop the next.

    Raises ExceptionGroup when there is no mail server; then nothing is lost and nothing counts as tried.
    """
    give_up_what_is_too_late()
    server = get_connection()
    sent = failed = 0
    try:
        for key in list(Mail.objects.waiting().values_list("key", flat=True)):
            outcome = send(key=key, server=server)
            if outcome is Outcome.AWAY:
                raise ExceptionGroup(AWAY, [ConnectionError("There is no mail server.")])
            if outcome is Outcome.FAILED:
                _close(server)  # the next one begins with a clean conversation
            sent += outcome is Outcome.SENT
            failed += outcome is Outcome.FAILED
    finally:
        _close(server)
    return f"{sent} {'mail' if sent == 1 else 'mails'} verzonden" + (f", {failed} niet." if failed else ".")


def give_up_what_is_too_late() -> None:
    """Stop trying what no longer makes sense, such as a code that has lapsed."""
    late = Mail.objects.select_for_update(skip_locked=True).filter(
        state=Mail.State.WAITING, useful_until__lt=timezone.now()
    )
    with transaction.atomic():
        for mail in late:
            mail.give_up()
            mail.error = mail.error or TOO_LATE
            mail.save()


def _close(server: BaseEmailBackend) -> None:
    with suppress(OSError):
        server.close()


def _message(mail: Mail, server: BaseEmailBackend) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        # Always the same, so that a mailbox knows a copy if we are cut off between sending and noting it.
        "Message-ID": f"<{sha256(mail.key.encode()).hexdigest()[:40]}@{host}>",
        "Auto-Submitted": "auto-generated",  # who is on holiday need not tell us
        **mail.headers,
    }
    reply_to = [address] if (address := headers.pop("Reply-To", "")) else []
    message = EmailMultiAlternatives(
        subject=mail.subject, body=mail.text, to=[mail.to], reply_to=reply_to, headers=headers, connection=server
    )
    html = render_to_string("emails/message.html", {"mail": mail, "site": settings.SITE_URL})
    message.attach_alternative(html, "text/html")
    return message


def _in_words(error: Exception) -> str:
    """What went wrong, for the team: what it means in Dutch, and what the server said."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        code, reply = next(iter(error.recipients.values()))
        return f"De mailserver weigert dit adres: {code} {_decoded(reply)}"
    if isinstance(error, SMTPResponseException):
        return f"De mailserver neemt de mail niet aan: {error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, OSError):
        return f"De verbinding met de mailserver viel weg: {error}"
    return f"Van deze mail is geen bericht te maken: {error}"


def _decoded(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
