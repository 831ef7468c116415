"""How long we keep what is of a person. Each app lists its rules in its ``retention.py``; ``mkbroute.retention`` collects
them, and one job carries them out. A model that has no rule is listed as kept, with the reason."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

YEAR = timedelta(days=365)
WITH_ACCOUNT = "Hoort bij een account en gaat daarmee weg."
WITH_THE_THING = (
    "Zegt wie er aan een onderdeel van de site werkte. Gaat weg met dat onderdeel; de naam met het account."
)


@dataclass(frozen=True)
class Rule:
    """Rows of a model go, or lose what is personal, so long after the moment in a field.

    ``what`` names the rows and ``after`` the moment, in Dutch. ``wipe`` gives fields their empty value; without it the row
    is deleted.
    """

    name: str
    what: str
    model: str
    since: str
    after: str
    keep: timedelta
    condition: models.Q = field(default_factory=models.Q)
    wipe: dict[str, object] | None = None

    def rows(self) -> models.QuerySet:
        """What is due now."""
        model = apps.get_model(self.model)
        limit: datetime = timezone.now() - self.keep
        is_day = not isinstance(model._meta.get_field(self.since), models.DateTimeField)
        due = model._base_manager.filter(
            self.condition, **{f"{self.since}__lt": timezone.localdate(limit) if is_day else limit}
        )
        return due.exclude(**self.wipe) if self.wipe else due

    @transaction.atomic
    def apply(self) -> int:
        """Do it, and return how many rows that were."""
        rows = self.rows().order_by()
        if self.wipe:
            return rows.update(**self.wipe)
        _let_the_trail_be_removed("on")
        _, per_model = rows.delete()
        _let_the_trail_be_removed("off")
        return per_model.get(rows.model._meta.label, 0)

    @property
    def period(self) -> str:
        """How long, in words."""
        days = self.keep.days
        count = f"{days // 365} jaar" if days and days % 365 == 0 else f"{days} {'dag' if days == 1 else 'dagen'}"
        return f"{count if days else 'meteen'} {self.after}"

    @property
    def outcome(self) -> str:
        """What happens, in words."""
        return "persoonsgegevens gewist" if self.wipe else "verwijderd"


@dataclass(frozen=True)
class Kept:
    """Models with something of a person that no rule removes: what they are in Dutch, and why they stay."""

    what: str
    models: tuple[str, ...]
    why: str


def _let_the_trail_be_removed(setting: str) -> None:
    """Tell the trigger of the trail that retention is at work; it forgets so at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mkbroute.retention', %s, true)", [setting])


# --- What of core and of Wagtail is personal -----------------------------------------------------------------

DONE = models.Q(state__in=["verzonden", "mislukt"])

RULES = [
    Rule("audit", "Regels van toegang en besluiten", "core.AuditEntry", "at", "na wat er gebeurde", keep=2 * YEAR),
    Rule("mail-sent", "Verzonden mails", "core.Mail", "sent_at", "na het verzenden", keep=timedelta(days=90)),
    Rule(
        "mail-failed",
        "Mails die niet aankwamen",
        "core.Mail",
        "created_at",
        "na het maken",
        keep=timedelta(days=90),
        condition=models.Q(state="mislukt"),
    ),
    Rule(
        "mail-secret",
        "Mails over inloggen",
        "core.Mail",
        "created_at",
        "na het maken",
        keep=timedelta(days=14),
        condition=DONE & models.Q(is_secret=True),
    ),
    Rule("preview-links", "Voorbeeldlinks", "core.PreviewLink", "expires_at", "na het vervallen", keep=timedelta(0)),
    Rule(
        "searched-terms",
        "Gezochte woorden",
        "core.SearchedTerm",
        "month",
        "na het begin van de maand",
        keep=timedelta(days=396),  # a year after the month is over
    ),
    Rule("sessions", "Sessies", "sessions.Session", "expire_date", "na het aflopen", keep=timedelta(0)),
    Rule(
        "editing-sessions",
        "Wie in het beheer iets open had",
        "wagtailadmin.EditingSession",
        "last_seen_at",
        "na het laatste moment",
        keep=timedelta(days=1),
    ),
    Rule(
        "form-states",
        "Wat in het beheer getypt is en niet bewaard",
        "wagtailadmin.FormState",
        "last_updated_at",
        "na het typen",
        keep=timedelta(days=7),
    ),
]

KEPT = [
    Kept("Besluiten", ("core.Decision",), "Een besluit gaat weg met wat iemand instuurde; de naam met het account."),
    Kept("Beeld en bestanden", ("core.Picture", "wagtailimages.Image", "wagtaildocs.Document"), WITH_THE_THING),
    Kept(
        "Versies, controles en opmerkingen in het beheer",
        (
            *("wagtailcore.Page", "wagtailcore.Revision", "wagtailcore.ModelLogEntry", "wagtailcore.PageLogEntry"),
            *("wagtailcore.WorkflowState", "wagtailcore.TaskState", "wagtailcore.UploadedFile"),
            *("wagtailcore.Comment", "wagtailcore.CommentReply"),
        ),
        WITH_THE_THING,
    ),
    Kept(
        "Instellingen in het beheer",
        ("wagtailusers.UserProfile", "wagtailcore.PageSubscription", "wagtailcore.APIToken"),
        WITH_ACCOUNT,
    ),
]
