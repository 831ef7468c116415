"""What becomes of what is somebody's when they close their account. Every app describes its part; the roof lists them."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from wagtail.models import ModelLogEntry

from mkbroute.accounts.actions import end_sessions
from mkbroute.accounts.models import User
from mkbroute.accounts.permissions import may_enter_admin
from mkbroute.core.models import Mail
from mkbroute.core.redaction import take_out


@dataclass(frozen=True)
class Leaver:
    """Somebody who closes their account: every address we know of them, and whether what they sent in stays."""

    user: User
    addresses: frozenset[str]
    keeps: bool

    @classmethod
    def of(cls, user: User, *, keeps: bool) -> "Leaver":
        more = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
        mailed = Mail.objects.filter(person=user).values_list("to", flat=True)  # addresses of before
        return cls(user, frozenset(address.lower() for address in {user.email, *more, *mailed}), keeps)

    def has_written(self, field: str) -> Q:
        """Matches a column with one of the addresses, whatever its capitals."""
        return Q(*[(f"{field}__iexact", address) for address in self.addresses], _connector=Q.OR)


@dataclass(frozen=True)
class Objection:
    """Why an account cannot be closed yet, and where to go about that: the words of a link and its address."""

    reason: str
    label: str
    url: str


@dataclass(frozen=True)
class Fate:
    """What happens to one kind of thing, in the words somebody reads before they decide, and how it is done.

    ``carry_out`` runs in the one transaction that closes the account; ``object_to`` says what stands in the way.
    """

    what: str
    happens: str
    carry_out: Callable[[Leaver], object]
    object_to: Callable[[User], Objection | None] = lambda user: None


def _objection_of_the_team(user: User) -> Objection | None:
    if not (user.is_staff or may_enter_admin(user)):
        return None
    reason = "U werkt in het beheer van de site. Vraag het programmateam om uw account te sluiten."
    return Objection(reason, "Vraag het programmateam", reverse("contact"))


def _forget_mails(leaver: Leaver) -> None:
    Mail.objects.filter(Q(person=leaver.user) | leaver.has_written("to")).delete()


def _forget_account(leaver: Leaver) -> None:
    """The last step: after it nothing leads to the person any more."""
    mine = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(leaver.user.pk)
    )
    mine.update(label="oud-gebruiker")  # the name or the address of who the line is about
    end_sessions(user=leaver.user)
    leaver.user.delete()
    take_out(set(leaver.addresses))


MAILS = Fate("Mails die wij u stuurden", "Wij wissen ze uit onze lijst.", _forget_mails)
ACCOUNT = Fate(
    "Uw account, uw wachtwoord, uw tweede stap en waar u bent ingelogd",
    "Wij wissen alles. Ook uit teksten waarin uw e-mailadres staat, halen wij het weg.",
    _forget_account,
    _objection_of_the_team,
)
