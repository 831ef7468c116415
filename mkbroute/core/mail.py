"""The one place from which this site sends mail.

``post()`` keeps a mail in the transaction of whatever it tells about and sends it once that is certain; what cannot be
sent is tried again by the clock (``send_waiting``).
"""

import logging
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from mkbroute.core.models import Mail

logger = logging.getLogger(__name__)

PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""How long after each failure the next try is; after the last the team must look."""


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
) -> None:
    """Keep a mail and send it when the transaction around it is certain.

    ``template`` is the name of a text in ``templates/emails/`` without ``.txt``; its HTML is drawn from the same text. A
    mail whose ``key`` was used before is not sent again. ``is_secret`` wipes the text once it is sent.
    """
    text = render_to_string(f"emails/{template}.txt", {**context, "site": settings.SITE_URL, "person": person})
    mail = Mail(
        key=key,
        to=to,
        person=person,
        subject=" ".join(subject.split())[:200],
        text=text,
        headers={**(headers or {}), **({"Reply-To": reply_to} if reply_to else {})},
        is_secret=is_secret,
    )
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(lambda: send(key=key), robust=True)


@transaction.atomic
def send(*, key: str) -> bool:
    """Send one mail that waits, unless another process is at it. Returns whether it is sent now.

    A failure is noted with the moment of the next try; after the last one the mail counts as failed.
    """
    mail = Mail.objects.select_for_update(skip_locked=True).waiting().filter(key=key).first()
    if mail is None:
        return False
    mail.attempts += 1
    try:
        _message(mail).send()
    except Exception as error:
        logger.exception("A mail could not be sent: %s", mail.subject)
        mail.error = f"{type(error).__name__}: {error}"[:250]
        if mail.attempts > len(PATIENCE):
            mail.state = Mail.State.FAILED
        else:
            mail.next_try_at = timezone.now() + PATIENCE[mail.attempts - 1]
    else:
        mail.state, mail.sent_at, mail.error = Mail.State.SENT, timezone.now(), ""
        if mail.is_secret:
            mail.text = ""
    mail.save()
    return mail.state == Mail.State.SENT


def send_waiting() -> str:
    """Send every mail that waits, oldest first; one that fails does not stop the next.

    Raises ExceptionGroup when some could not be sent.
    """
    keys = list(Mail.objects.waiting().values_list("key", flat=True))
    failed = [key for key in keys if not send(key=key) and Mail.objects.filter(key=key).exclude(error="").exists()]
    if failed:
        raise ExceptionGroup("Niet alle mails zijn verzonden.", [RuntimeError(key) for key in failed])
    return f"{len(keys)} {'mail' if len(keys) == 1 else 'mails'} verzonden."


def _message(mail: Mail) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname
    # Always the same, so that a mailbox knows a copy if we are cut off between sending and noting it.
    headers = {"Message-ID": f"<{sha256(mail.key.encode()).hexdigest()[:40]}@{host}>", **mail.headers}
    message = EmailMultiAlternatives(subject=mail.subject, body=mail.text, to=[mail.to], headers=headers)
    message.attach_alternative(
        render_to_string("emails/message.html", {"mail": mail, "site": settings.SITE_URL}), "text/html"
    )
    return message
