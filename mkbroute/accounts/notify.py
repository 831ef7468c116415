"""Telling people about what others post, as often as each of them wants: at once, every day, every week or never.

A decision about somebody's own work and an invitation are no notifications: those go by ``core.mail.post`` at once.
"""

from collections.abc import Iterable
from itertools import groupby

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mkbroute.accounts.models import Notification, Notify, User
from mkbroute.core.mail import When, post

SIGNER = signing.Signer(salt="mkbroute.unsubscribe")


@transaction.atomic
def tell(people: Iterable[User], *, kind: str, title: str, url: str, key: str, pilot: str = "") -> None:
    """Tell these people that something is there to read, each once, however often this is called with this ``key``.

    ``kind`` is the Dutch word for it, such as "bericht"; ``url`` its path on this site; ``pilot`` the name of the pilot it
    comes from. Who wants it at once is mailed within a minute after the commit, the others find it in their digest. Who
    wants nothing is not told, and nothing is kept of it.
    """
    told = {person.pk: person for person in people if person.is_active and person.notify != Notify.NONE}
    now = timezone.now()
    Notification.objects.bulk_create(
        (
            Notification(
                person=person,
                kind=kind,
                title=title,
                url=url,
                pilot=pilot,
                key=key,
                mailed_at=now if person.notify == Notify.DIRECT else None,
            )
            for person in told.values()
        ),
        ignore_conflicts=True,
    )
    # Only what we put there just now: who was told before, is not told again.
    for notification in Notification.objects.filter(key=key, person__in=told, mailed_at=now):
        _mail(
            told[notification.person_id],
            [notification],
            subject=f"{f'{notification.pilot}: ' if pilot else ''}nieuw {kind}: {title}",
            key=f"notify:{notification.pk}",
        )


def take_back(**about: object) -> None:
    """Tell nobody any more what nobody was mailed yet: of something that went away (``key``), or to a ``person`` who is no
    longer of a ``pilot``, whose name it has."""
    Notification.objects.filter(mailed_at=None, **about).delete()


def send_daily_digests() -> str:
    """Mail who wants a mail a day what came since the last one. So are they who chose to be told at once meanwhile."""
    return _send_digests([Notify.DAILY, Notify.DIRECT], "Nieuw vandaag in de Mkb-route in het hbo")


def send_weekly_digests() -> str:
    """Mail who wants a mail a week what came since the last one."""
    return _send_digests([Notify.WEEKLY], "Nieuw deze week in de Mkb-route in het hbo")


def _send_digests(rhythms: list[Notify], subject: str) -> str:
    """One who cannot be told does not stop the next. Raises ExceptionGroup with the failures."""
    waiting = Notification.objects.filter(mailed_at=None).values("person")
    people = User.objects.filter(is_active=True, notify__in=rhythms, pk__in=waiting)
    failures, mailed = [], 0
    for person in people:
        try:
            mailed += _send_digest(person, subject)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Niet alle overzichten zijn klaargezet.", failures)
    return f"{mailed} {'overzicht' if mailed == 1 else 'overzichten'} klaargezet."


@transaction.atomic
def _send_digest(person: User, subject: str) -> bool:
    """Mail one person all they have not heard of; returns whether there was anything, for another process may have."""
    waiting = Notification.objects.select_for_update(skip_locked=True).filter(person=person, mailed_at=None)
    rows = sorted(waiting, key=lambda row: (row.pilot, row.created_at))
    if not rows:
        return False
    _mail(person, rows, subject=subject, key=f"digest:{person.pk}:{max(row.pk for row in rows)}")
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=timezone.now())
    return True


def _mail(person: User, rows: list[Notification], *, subject: str, key: str) -> None:
    link = settings.SITE_URL + unsubscribe_url(person)
    post(
        to=person.email,
        person=person,
        subject=subject,
        template="notifications",
        context={
            "groups": [(pilot, list(group)) for pilot, group in groupby(rows, key=lambda row: row.pilot)],
            "is_one": len(rows) == 1,
            "unsubscribe": link,
        },
        # RFC 8058: a mail program offers a button of its own, that posts to this address.
        headers={"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        key=key,
        when=When.BY_THE_CLOCK,
    )


# --- Choosing -----------------------------------------------------------------------------------------------


@transaction.atomic
def choose(*, person: User, notify: str) -> None:
    """Set how often somebody is told. Who wants nothing any more is not told what still waited either."""
    person.notify = notify
    person.save(update_fields=["notify"])
    if notify == Notify.NONE:
        Notification.objects.filter(person=person, mailed_at=None).delete()


def unsubscribe_url(person: User) -> str:
    """The path where this person says no without signing in. It works as long as the account is there."""
    return reverse("unsubscribe", args=[SIGNER.sign(str(person.pk))])


def person_of(token: str) -> User | None:
    """Whose path it is; nobody's when it was changed, or when the account is gone."""
    try:
        return User.objects.filter(pk=SIGNER.unsign(token)).first()
    except (signing.BadSignature, ValueError):
        return None
