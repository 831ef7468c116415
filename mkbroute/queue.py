"""The team's queue: everything that waits for the programme team, of every app, and deciding on it.

The kinds come from ``KINDS`` of the apps; the contact messages of the site itself are the last one.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote, urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format

import pilots.queue
import research.queue
from mkbroute.actions import close_contact_message, reopen_contact_message
from mkbroute.core.decisions import LONGEST_REASON
from mkbroute.core.models import Decision
from mkbroute.core.queue import Choice, QueueKind, Waiting
from mkbroute.models import ContactMessage


class ContactKind(QueueKind):
    """What visitors ask through the form. They are answered by mail; here the team notes that it did."""

    name = "contactbericht"
    label = "contactbericht"
    icon = "mail"
    template = "queue/contactbericht.html"
    reason_label = "Notitie"
    reason_help = "Alleen het team leest dit. Bijvoorbeeld: gemaild met de opleiding, die belt terug."

    def waiting(self) -> Iterable[Waiting]:
        new = ContactMessage.objects.filter(state=ContactMessage.State.NEW)
        for message in new.only("name", "organisation", "subject", "received_at"):
            who = f"{message.name}, {message.organisation}" if message.organisation else message.name
            yield Waiting(self, message.pk, message.subject, who, "", message.received_at)

    def items(self) -> models.QuerySet:
        return ContactMessage.objects.all()

    def may_see(self, user) -> bool:
        return user.has_perm("mkbroute.change_contactmessage")

    def version(self, item: ContactMessage) -> str:
        return item.state

    def texts(self, item: ContactMessage) -> list[tuple[str, str]]:
        return [("Bericht", item.message)]

    def context(self, item: ContactMessage, user) -> dict:
        subject = urlencode({"subject": f"Re: {item.subject}"}, quote_via=quote)
        return {"reply_url": f"mailto:{quote(item.email, safe='@')}?{subject}"}

    def choices(self, item: ContactMessage) -> list[Choice]:
        if item.state == ContactMessage.State.DONE:
            return [Choice("heropenen", "Zet terug op nieuw", _reopen)]
        return [Choice("afhandelen", "Zet op afgehandeld", _close)]


def _close(item: ContactMessage, *, by, reason: str, version: str) -> None:
    close_contact_message(message=item, by=by, note=reason)


def _reopen(item: ContactMessage, *, by, reason: str, version: str) -> None:
    reopen_contact_message(message=item, by=by, note=reason)


KINDS: list[QueueKind] = [*pilots.queue.KINDS, *research.queue.KINDS, ContactKind()]
"""In the order of the filter of the queue."""


# --- What waits -----------------------------------------------------------------------------------------------------


def kinds_for(user) -> list[QueueKind]:
    """The kinds that this user handles."""
    return [kind for kind in KINDS if kind.may_see(user)]


def kind_for(user, name: str) -> QueueKind:
    """One kind by its name. Raises Http404 when there is none, PermissionDenied when this user does not handle it."""
    kind = next((kind for kind in KINDS if kind.name == name), None)
    if kind is None:
        raise Http404
    if not kind.may_see(user):
        raise PermissionDenied
    return kind


def waiting_for(user) -> list[Waiting]:
    """Everything that waits and that this user handles, oldest first; one query per kind."""
    return sorted((one for kind in kinds_for(user) for one in kind.waiting()), key=lambda one: one.since)


def age_in_words(since: datetime) -> str:
    """How long ago that was, such as "vandaag", "gisteren" or "5 dagen"."""
    days = (timezone.localdate() - timezone.localdate(since)).days
    return {0: "vandaag", 1: "gisteren"}.get(days, f"{days} dagen")


# --- Deciding -------------------------------------------------------------------------------------------------------


def newest_decision(item: models.Model) -> Decision | None:
    """The last thing the team decided on an item."""
    return Decision.objects.on(item).select_related("by").first()


@transaction.atomic
def choose(*, kind: QueueKind, pk: int, choice: str, by, reason: str, version: str, seen: str) -> models.Model:
    """Do what ``by`` chose on an item, unless it is no longer what they had before them. Returns the item as it was.

    ``version`` is that of the item they read, ``seen`` the key of the newest decision they knew of. Two of the team at the
    same time come one after the other: PostgreSQL lets the second in when the first is done.

    Raises ValidationError with a sentence for the reader when it cannot be done, or not any more.
    """
    items = kind.items()
    with connection.cursor() as cursor:  # on the object, for it may wait in more than one kind
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"queue:{items.model._meta.label}:{pk}".encode())]
        )
    item = items.filter(pk=pk).first()
    if item is None:
        raise ValidationError("Dit is er niet meer. Misschien trok de indiener het in.")
    newest = newest_decision(item)
    if newest and str(newest.pk) != seen:
        raise ValidationError(_told_by(newest, by))
    if kind.version(item) != version:
        raise ValidationError(
            "Er is intussen een nieuwere versie. U ziet die hieronder. Lees haar eerst en kies dan opnieuw.",
            code="newer",
        )
    chosen = next((one for one in kind.choices(item) if one.name == choice), None)
    if chosen is None:
        raise ValidationError("Dit kan niet meer. Bekijk hieronder hoe het er nu voor staat.")
    require_reason(chosen, reason)
    chosen.run(item, by=by, reason=reason, version=version)
    return item


def require_reason(choice: Choice, reason: str) -> None:
    """Raises ValidationError when the choice wants a reason and there is none, or it is too long to keep."""
    if choice.needs_reason and not reason.strip():
        raise ValidationError({"reason": f"Vul dit in als u kiest voor ‘{choice.label}’."})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": f"Dit is te lang: {len(reason)} tekens. Het mogen er {LONGEST_REASON} zijn."})


def _told_by(decision: Decision, reader) -> str:
    who = "u" if decision.by == reader else decision.by or "een collega"
    when = date_format(timezone.localtime(decision.at), "j F Y, H:i")
    return f"Al afgehandeld door {who} op {when}: {decision.get_verb_display()}."
