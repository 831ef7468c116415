"""What partners post: to everybody, to all pilots or to their own."""

import secrets
import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import RevisionMixin

from mkbroute.core.files import empty_folder
from mkbroute.core.markdown import in_short, plain
from mkbroute.core.models import Decision, Searchable, Theme

from .choices import MemberRole
from .members import Membership, name_of

LONGEST_TEXT = 10_000


class Audience(models.TextChoices):
    """Who reads an update."""

    PUBLIC = "publiek", "iedereen"
    NETWORK = "netwerk", "alle pilots"
    PILOT = "pilot", "alleen deze pilot"


class UpdateState(models.TextChoices):
    """Where the newest version of an update stands. What readers see may be an older one."""

    DRAFT = "concept", "concept"
    WAITING = "wacht", "wacht op het programmateam"
    RETURNED = "teruggestuurd", "teruggestuurd"
    POSTED = "geplaatst", "geplaatst"
    WITHDRAWN = "ingetrokken", "ingetrokken"
    HIDDEN = "verborgen", "verborgen door het programmateam"


class UpdateQuerySet(models.QuerySet):
    def public(self):
        """What everybody may read, with or without an account."""
        return self.filter(is_shown=True, audience=Audience.PUBLIC, pilot__live=True)

    def visible_to(self, user):
        """What this user may read: what is public, what is for the network they belong to, what is for their pilots."""
        if not user.is_authenticated:
            return self.public()
        if moderates(user):
            return self.filter(is_shown=True)
        mine = Membership.objects.filter(user=user, user__is_active=True)
        network = Q(audience__in=[Audience.PUBLIC, Audience.NETWORK]) & Exists(mine)
        own = Q(Exists(mine.filter(pilot=OuterRef("pilot"))))
        return self.filter(Q(audience=Audience.PUBLIC, pilot__live=True) | network | own, is_shown=True)

    def editable_by(self, user):
        """What this user may change: their own, as long as they write in the pilot, and as penvoerder of it also what
        others sent in."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(user=user, user__is_active=True, pilot=OuterRef("pilot"))
        own = Q(Exists(mine.filter(role__in=[MemberRole.LEAD, MemberRole.EDITOR])), author=user)
        never_sent = Q(state=UpdateState.DRAFT, published_at=None)
        return self.filter(own | Q(Exists(mine.filter(role=MemberRole.LEAD))) & ~never_sent)

    def readable_by(self, user):
        """What this user may read as a reader, and what they may change."""
        visible, editable = self.visible_to(user).values("pk"), self.editable_by(user).values("pk")
        return self.filter(Q(pk__in=visible) | Q(pk__in=editable))

    def drafts_of(self, user):
        """What this user began and has not sent in yet, changes to what is posted included."""
        return self.editable_by(user).filter(author=user, state=UpdateState.DRAFT)

    def sent_in_by(self, user):
        """What this user ever sent in for the pilots they are still in, wherever it stands now."""
        return self.editable_by(user).filter(author=user).exclude(state=UpdateState.DRAFT, published_at=None)

    def asked_of(self, user):
        """What the team gave back to this user."""
        return self.editable_by(user).filter(author=user, state=UpdateState.RETURNED)

    def news_for(self, user, since=None):
        """What others posted for this user, newest first; after a moment if one is given."""
        news = self.visible_to(user).exclude(author=user).order_by("-published_at")
        return news.filter(published_at__gt=since) if since else news

    def waiting(self):
        """What the team must read before anybody else does, longest waiting first."""
        return self.filter(state=UpdateState.WAITING).order_by("changed_at", "pk")

    def in_stream(self):
        """With what a list shows of an update, in the same query."""
        return self.select_related("pilot", "author", "theme").defer("text").order_by("-published_at", "-pk")


def moderates(user) -> bool:
    """Whether this user reads and judges what partners post."""
    return user.is_staff and user.has_perm("pilots.change_update")  # spares partners the questions about groups


def new_picture_path(update: "Update", name: str) -> str:
    """Where a picture is kept: in the folder of its update, which no address leads to, under a name nobody can guess."""
    return f"{update.picture_folder}/{secrets.token_urlsafe(18)}.webp"


class Update(Searchable, RevisionMixin, models.Model):
    """A short message of a partner.

    The row is what readers see, once they do; every version its author saves is a revision. A version that must be
    read by the team first leaves the row as it is, so that what was approved stays until the new one is.
    """

    pilot = models.ForeignKey("pilots.Pilot", verbose_name="pilot", on_delete=models.CASCADE, related_name="updates")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="van", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField("titel", max_length=120, blank=True)
    text = models.TextField("tekst", max_length=LONGEST_TEXT, blank=True)
    summary = models.CharField("begin van de tekst", max_length=250, blank=True, editable=False)
    picture = models.FileField("foto", upload_to=new_picture_path, max_length=200, blank=True)
    picture_width = models.PositiveSmallIntegerField(null=True, editable=False)
    picture_height = models.PositiveSmallIntegerField(null=True, editable=False)
    picture_alt = models.CharField(
        "wat staat er op de foto?",
        max_length=200,
        blank=True,
        help_text="Voor wie de foto niet ziet. Beschrijf in een zin wat ertoe doet.",
    )
    picture_decorative = models.BooleanField("de foto is alleen versiering", default=False)
    theme = models.ForeignKey(
        Theme, verbose_name="thema", null=True, blank=True, on_delete=models.SET_NULL, related_name="updates"
    )
    audience = models.CharField("voor wie", max_length=10, choices=Audience, default=Audience.PUBLIC)
    privacy_reason = models.CharField("reden bij persoonsgegevens", max_length=250, blank=True)

    state = models.CharField("stand", max_length=15, choices=UpdateState, default=UpdateState.DRAFT, editable=False)
    is_shown = models.BooleanField("lezers zien het", default=False, editable=False)
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    changed_at = models.DateTimeField("gewijzigd op", default=timezone.now, editable=False)
    published_at = models.DateTimeField("geplaatst op", null=True, editable=False)
    last_published_at = models.DateTimeField("laatst geplaatst op", null=True, editable=False)
    hidden_at = models.DateTimeField("verborgen op", null=True, editable=False)

    decisions = GenericRelation(Decision)  # what was decided on it goes when it goes
    objects = UpdateQuerySet.as_manager()

    OF_THE_ROW = (
        *("pilot_id", "author_id", "submission", "state", "is_shown"),
        *("changed_at", "published_at", "last_published_at", "hidden_at"),
    )
    """Columns that no version carries along."""

    class Meta:
        verbose_name = "bericht"
        verbose_name_plural = "berichten"
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(is_shown=True), name="update_stream"),
            models.Index(fields=["changed_at"], condition=Q(state="wacht"), name="update_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="update_audience_known"),
            models.CheckConstraint(condition=Q(state__in=UpdateState.values), name="update_state_known"),
            models.CheckConstraint(
                condition=Q(is_shown=False) | (~Q(title="") & Q(published_at__isnull=False, hidden_at=None)),
                name="update_shown_is_whole",
            ),
            models.CheckConstraint(condition=~Q(state="geplaatst") | Q(is_shown=True), name="update_posted_is_shown"),
            models.CheckConstraint(
                condition=Q(is_shown=False) | Q(picture="") | Q(picture_decorative=True) | ~Q(picture_alt=""),
                name="update_picture_has_alt",
            ),
        ]

    def __str__(self):
        return self.title or "Bericht zonder titel"

    def get_absolute_url(self) -> str:
        return reverse("pilot_update", args=[self.pilot.slug, self.pk])

    def delete(self, *args, **kwargs):
        """Delete the update; its photos go from the disk once that is certain."""
        folder = self.picture_folder
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            transaction.on_commit(lambda: empty_folder(folder), robust=True)
        return deleted

    delete.alters_data = True

    @property
    def full_url(self) -> str:
        """The address with the host, for feeds and search engines."""
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def portal_url(self) -> str:
        """Where the people of the pilot find it."""
        return reverse("portal_update", args=[self.pilot.slug, self.pk])

    @property
    def author_name(self) -> str:
        return name_of(self.author)

    @property
    def network_url(self) -> str:
        """Where the people of other pilots find it."""
        return reverse("portal_network_update", args=[self.pk])

    # -- versions

    def with_content_json(self, content):
        version = super().with_content_json(content)
        for name in self.OF_THE_ROW:
            setattr(version, name, getattr(self, name))
        version._state.adding = False
        return version

    @property
    def newest(self) -> "Update":
        """The update as its author left it: the row itself as long as it was never shown, else the newest version."""
        return self if self.published_at is None else self.get_latest_revision_as_object()

    @property
    def version(self) -> str:
        """The name of the newest version; whoever saves or approves says which one they had before them."""
        return str(self.latest_revision_id or "")

    @property
    def has_changes(self) -> bool:
        """Whether readers see an older version than the newest."""
        return self.is_shown and self.state != UpdateState.POSTED

    @property
    def standing(self) -> str:
        """Where it stands, in the words of the portal."""
        return f"geplaatst; uw wijziging: {self.get_state_display()}" if self.has_changes else self.get_state_display()

    @property
    def lacking(self) -> dict[str, str]:
        """What is missing before anybody else can read it, by field."""
        lacking = {}
        if not self.title.strip():
            lacking["title"] = "Geef uw bericht een titel."
        if not self.text.strip():
            lacking["text"] = "Schrijf eerst uw bericht."
        if self.picture and not self.picture_alt.strip() and not self.picture_decorative:
            lacking["picture_alt"] = "Beschrijf wat er op de foto staat, of geef aan dat zij alleen versiering is."
        return lacking

    @property
    def may_be_deleted(self) -> bool:
        """Only what nobody ever read, and the team is not reading now."""
        return self.published_at is None and self.state != UpdateState.WAITING

    # -- what readers see

    @property
    def shown_date(self) -> str:
        """The day it appeared, or was last changed as long as it has not."""
        return date_format(timezone.localtime(self.published_at or self.changed_at), "j F Y")

    @property
    def picture_folder(self) -> str:
        return f"partner/berichten/{self.submission}"

    @property
    def picture_name(self) -> str:
        """The last part of the addresses of the picture."""
        return self.picture.name.rpartition("/")[2]

    @property
    def picture_url(self) -> str:
        """Where everybody gets the picture of a public update."""
        if not self.picture:
            return ""
        return reverse("pilot_update_picture", args=[self.pilot.slug, self.pk, self.picture_name])

    @property
    def portal_picture_url(self) -> str:
        """Where who may read or change the update gets its picture."""
        return reverse("portal_update_picture", args=[self.pk, self.picture_name]) if self.picture else ""

    @property
    def structured_data(self) -> dict:
        """A public update for search engines, as schema.org Article. It names no person."""
        return {
            "@type": "Article",
            "headline": self.title,
            "description": self.summary,
            "url": self.full_url,
            "inLanguage": "nl",
            "image": settings.SITE_URL + self.picture_url if self.picture else None,
            "about": [str(self.theme)] if self.theme else [],
            "author": {"@type": "Organization", "name": f"Pilot {self.pilot}", "url": self.pilot.full_url},
            "datePublished": self.published_at.isoformat(timespec="seconds"),
            "dateModified": self.last_published_at.isoformat(timespec="seconds"),
        }

    # -- search: only what is public has an entry

    @property
    def live(self) -> bool:
        """Whether everybody may read it."""
        return self.is_shown and self.audience == Audience.PUBLIC and self.pilot.live

    @classmethod
    def findable(cls) -> models.QuerySet:
        return cls.objects.public().select_related("pilot", "theme")

    @property
    def search_text(self) -> str:
        return plain(self.text)

    @property
    def search_themes(self) -> list[Theme]:
        return [self.theme] if self.theme else []

    @property
    def search_mentions(self) -> list[models.Model]:
        return [*super().search_mentions, self.pilot]

    def summarise(self) -> None:
        """Let lists begin with the words of the text."""
        self.summary = in_short(self.text)
