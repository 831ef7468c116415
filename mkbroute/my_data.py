"""All the site knows about somebody, in sections: shown under "Mijn gegevens" and given along as a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import ModelLogEntry, PageLogEntry

from mkbroute import contributions
from mkbroute.accounts.institution import links_of
from mkbroute.accounts.models import User
from mkbroute.accounts.templatetags.accounts import device
from mkbroute.core.models import AuditEntry, Mail
from mkbroute.models import ContactMessage
from pilots.models import Membership, PilotInvitation

Row = dict[str, object]
"""What we know of one thing: Dutch labels with plain values. The first is what the thing is called."""


@dataclass(frozen=True)
class Section:
    """One kind of what we know: its name in the file, its title on the page, and the rows of a user."""

    name: str
    title: str
    rows: Callable[[User], Iterable[Row]]


def _account(user: User) -> Iterable[Row]:
    factors = [str(Authenticator.Type(one.type).label) for one in Authenticator.objects.filter(user=user)]
    yield {
        "Naam": user.get_full_name(),
        "E-mailadres": user.email,
        "Account sinds": when(user.date_joined),
        "Laatst ingelogd": when(user.last_login),
        "Wachtwoord": "ingesteld" if user.has_usable_password() else "geen",
        "Tweede stap": ", ".join(factors) or "geen",
        "Nummer bij uw instelling": ", ".join(link.uid for link in links_of(user)) or "niet gekoppeld",
        "Meldingen": user.get_notify_display(),
        "Programmateam": "ja" if user.is_staff else "nee",
        "Groepen": ", ".join(group.name for group in user.groups.all()) or "geen",
    }


def _memberships(user: User) -> Iterable[Row]:
    for membership in Membership.objects.filter(user=user).select_related("pilot", "organisation"):
        yield {
            "Pilot": membership.pilot.title,
            "Rol": membership.get_role_display(),
            "Organisatie": str(membership.organisation or "nog niet bekend"),
            "Sinds": when(membership.joined_at),
            "Plaatst zonder controle": "ja" if membership.may_post_directly else "nee",
        }


def _invitations(user: User) -> Iterable[Row]:
    mine = Q(invited_by=user) | Q(accepted_by=user) | Q(email__iexact=user.email)
    for invitation in PilotInvitation.objects.filter(mine).select_related("pilot"):
        from_me = invitation.invited_by_id == user.pk
        yield {
            "Uitnodiging": f"door u, aan {invitation.email}" if from_me else "aan u",
            "Pilot": invitation.pilot.title,
            "Rol": invitation.get_role_display(),
            "Verstuurd": when(invitation.sent_at),
            "Aangenomen": when(invitation.accepted_at),
        }


def _contributions(user: User) -> Iterable[Row]:
    for contribution in contributions.of(user):
        yield {
            "Titel": str(contribution),
            "Soort": str(contribution._meta.verbose_name),
            "Stand": contribution.get_state_display(),
            "Gewijzigd": when(contribution.changed_at),
            **_texts(contribution),
        }


def _texts(instance: models.Model) -> Row:
    """What somebody wrote in a thing, field by field."""
    written = (models.CharField, models.TextField)
    return {
        str(field.verbose_name).capitalize(): getattr(instance, field.name)
        for field in instance._meta.concrete_fields
        if isinstance(field, written) and field.editable and not field.choices and getattr(instance, field.name)
    }


def _sessions(user: User) -> Iterable[Row]:
    for session in UserSession.objects.filter(user=user).order_by("-last_seen_at"):
        yield {
            "Waar": device(session.user_agent),
            "IP-adres": session.ip,
            "Ingelogd": when(session.created_at),
            "Laatst gebruikt": when(session.last_seen_at),
        }


def _mails(user: User) -> Iterable[Row]:
    for mail in Mail.objects.filter(Q(person=user) | Q(to__iexact=user.email)):
        yield {
            "Onderwerp": mail.subject,
            "Aan": mail.to,
            "Stand": mail.get_state_display(),
            "Verzonden": when(mail.sent_at),
            "Tekst": mail.text,
        }


def _contact(user: User) -> Iterable[Row]:
    for message in ContactMessage.objects.filter(email__iexact=user.email):
        yield {
            "Onderwerp": message.subject,
            "Ontvangen": when(message.received_at),
            "Bericht": message.message,
            "Stand": message.get_state_display(),
        }


def _trail(user: User) -> Iterable[Row]:
    about = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    for entry in AuditEntry.objects.filter(Q(by=user) | about):
        yield {
            "Wat": f"{entry.get_action_display()}: {entry.summary}",
            "Wanneer": when(entry.at),
            "Door": "u" if entry.by_id == user.pk else "een ander",
        }


def _history(user: User) -> Iterable[Row]:
    for log in (ModelLogEntry, PageLogEntry):
        for entry in log.objects.filter(user=user).select_related("content_type"):
            yield {"Wat": f"{entry.label}: {entry.action}", "Wanneer": when(entry.timestamp)}


SECTIONS = [
    Section("account", "Uw account", _account),
    Section("pilots", "Uw pilots", _memberships),
    Section("bijdragen", "Wat u schreef", _contributions),
    Section("uitnodigingen", "Uitnodigingen", _invitations),
    Section("sessies", "Waar u bent ingelogd", _sessions),
    Section("mails", "Mails die wij u stuurden", _mails),
    Section("contact", "Uw vragen via het contactformulier", _contact),
    Section("logboek", "Wat het logboek over u weet", _trail),
    Section("wijzigingen", "Wat u op de site wijzigde", _history),
]


def about(user: User) -> list[tuple[Section, list[Row]]]:
    """Every section with its rows."""
    return [(section, list(section.rows(user))) for section in SECTIONS]


def when(moment) -> str:
    """A moment in Dutch, or that there is none."""
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else "nog niet"
