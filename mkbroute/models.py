from collections import Counter
from datetime import date

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast, Concat
from django.urls import resolve, reverse
from django.utils.text import capfirst
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.fields import StreamField
from wagtail.models import Page

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import Decision, Province, Searchable, SearchEntry
from mkbroute.core.models.dates import UNKNOWN_DATE
from mkbroute.core.models.search import key_of
from mkbroute.core.proofreading import Proofread
from pilots.models import AMBITION, Pilot, Update
from research.models import NewsItem, PolicyFile, Practice, Publication, Question

FOLLOWED = (NewsItem, Practice, Question, Publication, PolicyFile, Pilot)
"""What visitors can follow: the front page and the feeds tell what is new of these."""
NEWEST = 4
"""How many pages the front page names as changed last."""


def page_address(url_path: str) -> str:
    """The address of a page from its place in Wagtail's tree, where the home page comes first: "/home/over/" is "/over/"."""
    return "/" + url_path.split("/", 2)[2]


class OwnAddress(Searchable):
    """A page of the one site there is: its address follows from its place, without looking the site up."""

    search_kind = "contentpage"

    class Meta:
        abstract = True

    def get_url(self, request=None, current_site=None) -> str:
        return page_address(self.url_path)

    url = property(get_url)

    def get_absolute_url(self) -> str:
        return page_address(self.url_path)

    @property
    def search_summary(self) -> str:
        return self.lead

    def delete(self, *args, **kwargs):
        """Delete the page with those below it, of which Wagtail deletes only the rows."""
        keys = [key_of(page) for page in self.get_descendants().specific()]
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            SearchEntry.objects.forget(*keys)
        return deleted

    delete.alters_data = True


class HomePage(Proofread, OwnAddress, Page):
    """The front page: its words are edited here, its places, map and newest content come from the database."""

    heading = models.CharField("kop", max_length=120)
    lead = models.TextField("inleiding", max_length=400)
    body = StreamField(BodyBlock(), verbose_name="onder de route", blank=True)

    content_panels = [*Page.content_panels, "heading", "lead", "body"]

    template = "home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["mkbroute.ContentPage"]
    max_count = 1
    private_page_options: list[str] = []

    class Meta:
        verbose_name = "startpagina"
        verbose_name_plural = "startpagina's"

    @property
    def search_title(self) -> str:
        return self.heading

    def get_context(self, request, *args, **kwargs):
        pilots = list(Pilot.objects.published().with_places())
        return {
            **super().get_context(request, *args, **kwargs),
            "sources": sources_in(self.body),
            "pilots": pilots,
            "not_established": sum(not pilot.is_established for pilot in pilots),
            "ambition": AMBITION,
            "still_open": max(AMBITION - len(pilots), 0),
            "as_of": as_of(pilots),
            "provinces": per_province(pilots),
            "audiences": entrances(),
            "newest": newest(),
        }


class ContentPageForm(WagtailAdminPageForm):
    """A page gets no address that the site itself answers, such as /contact/: nobody would ever see it."""

    def clean(self) -> dict:
        cleaned = super().clean()
        if slug := cleaned.get("slug"):
            address = page_address(f"{self.parent_page.url_path}{slug}/")
            if resolve(address).url_name != "wagtail_serve":
                self.add_error(
                    "slug", f"Het adres {address} is al in gebruik voor iets anders. Kies een andere webnaam."
                )
        return cleaned


class ContentPage(Proofread, OwnAddress, Page):
    """A page of free text: about, an audience, privacy. Its place in the tree is its address."""

    class Audience(models.TextChoices):
        """The groups of visitors that have a page of their own, entered from the front page."""

        NONE = "", "voor iedereen"
        STUDENT = "student", "studenten en werkenden"
        COMPANY = "mkb-bedrijf", "mkb-bedrijven"
        HOGESCHOOL = "hogeschool", "hogescholen"
        BRANCHE = "branche", "branches en fondsen"
        POLICY = "beleid", "beleid, onderzoek en pers"

    lead = models.TextField("inleiding", max_length=400, blank=True)
    audience = models.CharField(
        "voor wie",
        max_length=20,
        choices=Audience,
        blank=True,
        default=Audience.NONE,
        help_text="Staat hier een groep, dan is dit de ingang van die groep op de startpagina.",
    )
    question = models.CharField(
        "hun vraag",
        max_length=120,
        blank=True,
        help_text="De vraag waarmee deze groep komt; de link op de startpagina.",
    )
    body = StreamField(BodyBlock(), verbose_name="tekst", blank=True)
    review_on = models.DateField(
        "nakijken op",
        null=True,
        blank=True,
        help_text="Op deze dag vraagt het startscherm om de pagina na te kijken.",
    )

    content_panels = [*Page.content_panels, "lead", "audience", "question", "body"]
    settings_panels = [*Page.settings_panels, "review_on"]

    base_form_class = ContentPageForm
    template = "content_page.html"
    parent_page_types = ["mkbroute.HomePage", "mkbroute.ContentPage"]
    subpage_types = ["mkbroute.ContentPage"]
    private_page_options: list[str] = []

    class Meta:
        verbose_name = "pagina"
        verbose_name_plural = "pagina's"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audience="") | ~models.Q(question=""),
                name="audience_page_has_question",
                violation_error_message="Vul de vraag in waarmee deze groep naar de site komt.",
            )
        ]

    @property
    def search_keywords(self) -> list[str]:
        return [self.get_audience_display(), self.question] if self.audience else []

    def get_context(self, request, *args, **kwargs):
        above, below, beside = self.relatives()
        nearby = [(page.title, page_address(page.url_path)) for page in below or beside]
        return {
            **super().get_context(request, *args, **kwargs),
            "sources": sources_in(self.body),
            "crumbs": [(page.title, page_address(page.url_path)) for page in [*above, self]],
            "nearby": [pair for pair in nearby if pair[1] not in self.links_in_body()],
            "nearby_is_below": bool(below),
        }

    def links_in_body(self) -> set[str]:
        """The addresses that a list of links in the text leads to already."""
        return {
            link["address"] for block in self.body if block.block_type == "related" for link in block.value["links"]
        }

    def relatives(self) -> tuple[list[Page], list[Page], list[Page]]:
        """The pages above this one (home aside), those below it, and those beside it; live ones, in one query."""
        parent = self.path[: -self.steplen]
        ancestors = [self.path[:length] for length in range(self.steplen, len(self.path), self.steplen)]
        family = Page.objects.live().filter(
            Q(path__in=ancestors, depth__gt=2)
            | Q(path__startswith=self.path, depth=self.depth + 1)
            | Q(path__startswith=parent, depth=self.depth)
        )
        above, below, beside = [], [], []
        for page in family.order_by("path").only("title", "url_path", "depth"):
            {self.depth: beside, self.depth + 1: below}.get(page.depth, above).append(page)
        return above, below, beside if above else []


def as_of(pilots: list[Pilot]) -> str:
    """The date of the newest status among these pilots, in words."""
    changes = [change for pilot in pilots if (change := pilot.newest_change)]
    return max(changes, key=lambda change: change.date or date.min).shown_date if changes else UNKNOWN_DATE


def per_province(pilots: list[Pilot]) -> list[tuple[Province, int]]:
    """The provinces in which these pilots work, with how many there are in each."""
    counts = Counter(province for pilot in pilots for province in {region.province for region in pilot.regions.all()})
    return sorted(counts.items(), key=lambda item: item[0].title)


def entrances() -> list[dict]:
    """The pages of the audiences: for ``whom``, their ``question``, the ``lead`` and the ``address``."""
    pages = ContentPage.objects.live().exclude(audience="").order_by("path")
    return [
        {
            "whom": ContentPage.Audience(page["audience"]).label,
            "question": page["question"],
            "lead": page["lead"],
            "address": page_address(page["url_path"]),
        }
        for page in pages.values("audience", "question", "lead", "url_path")
    ]


def newest() -> list[dict]:
    """What was published last of all kinds together, newest first: ``title``, ``kind``, ``address`` and ``when``."""
    parts = [
        model.objects.filter(live=True)
        .exclude(last_published_at=None)
        .order_by()
        .values("title", "last_published_at", model=models.Value(model._meta.label), place=models.F(place))
        for model, place in [(ContentPage, "url_path"), *((model, "slug") for model in FOLLOWED)]
    ]
    place = Concat("pilot__slug", models.Value("/"), Cast("pk", models.CharField()))
    updates = Update.objects.public().order_by()
    parts.append(updates.values("title", "last_published_at", model=models.Value(Update._meta.label), place=place))
    rows = parts[0].union(*parts[1:], all=True).order_by("-last_published_at", "title")[:NEWEST]
    return [
        {
            "title": row["title"],
            "kind": capfirst(apps.get_model(row["model"])._meta.verbose_name),
            "address": _address_of(apps.get_model(row["model"]), row["place"]),
            "when": row["last_published_at"],
        }
        for row in rows
    ]


def _address_of(model: type[models.Model], place: str) -> str:
    if model is Update:
        return reverse("pilot_update", args=place.split("/"))
    return page_address(place) if model is ContentPage else model(slug=place).get_absolute_url()


class ContactMessage(models.Model):
    """What a visitor asked through the form; kept for the team until it is dealt with, mailed once when it arrives."""

    class State(models.TextChoices):
        NEW = "nieuw", "nieuw"
        DONE = "afgehandeld", "afgehandeld"

    name = models.CharField("naam", max_length=100)
    email = models.EmailField("e-mailadres")
    organisation = models.CharField("organisatie", max_length=120, blank=True)
    subject = models.CharField("onderwerp", max_length=120)
    message = models.TextField("bericht", max_length=5000)
    state = models.CharField("stand", max_length=12, choices=State, default=State.NEW)
    note = models.TextField("notitie van het team", blank=True)
    received_at = models.DateTimeField("ontvangen", auto_now_add=True)
    # One per form that was opened: a second click on "Verstuur" meets it and is not stored again.
    submission = models.UUIDField(unique=True, editable=False)
    decisions = GenericRelation(Decision)  # what was noted about it goes when the message goes

    class Meta:
        verbose_name = "contactbericht"
        verbose_name_plural = "contactberichten"
        ordering = ["-received_at"]

    def __str__(self):
        return f"{self.subject} ({self.name})"


class LoadedItem(models.Model):
    """What ``load_content`` has put in the database, so that it never does so twice nor over an editor's work."""

    key = models.CharField(max_length=200, unique=True, help_text="Kind and name of the item.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the item as it stood in the file.")
    object_id = models.PositiveBigIntegerField(
        help_text="What the item became; an editor may have changed or deleted it."
    )
    state = models.CharField(
        max_length=64,
        help_text="How the object was left; one that looks different was changed by an editor.",
    )
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "geladen onderdeel"
        verbose_name_plural = "geladen onderdelen"
        ordering = ["key"]

    def __str__(self):
        return self.key


class JobRun(models.Model):
    """The last run of a job of the clock: one row per job."""

    class Outcome(models.TextChoices):
        DONE = "gelukt", "gelukt"
        FAILED = "mislukt", "mislukt"

    name = models.CharField("taak", max_length=60, unique=True)
    started_at = models.DateTimeField("begonnen")
    finished_at = models.DateTimeField("klaar", null=True, blank=True)
    outcome = models.CharField("uitkomst", max_length=10, choices=Outcome, blank=True)
    message = models.TextField("toelichting", blank=True)

    class Meta:
        verbose_name = "taak van de klok"
        verbose_name_plural = "taken van de klok"
        ordering = ["name"]

    def __str__(self):
        return f"{self.name} ({self.get_outcome_display() or 'bezig'})"


class BrokenLink(models.Model):
    """A link on a page or in a source that leads nowhere. The weekly check makes and deletes the rows."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", editable=False)
    object_id = models.CharField(max_length=64, editable=False)
    subject = GenericForeignKey()
    title = models.CharField("staat op", max_length=200)
    place = models.CharField("plek", max_length=250)
    label = models.CharField("tekst van de link", max_length=250, blank=True)
    address = models.TextField("leidt naar", help_text="Het adres, of de titel van de pagina.")
    fingerprint = models.CharField(
        max_length=64, editable=False, help_text="Van waar de link heen leidt, want een adres past niet in een index."
    )
    status = models.PositiveSmallIntegerField("antwoord", null=True, blank=True, help_text="Het getal van HTTP.")
    reason = models.CharField("reden", max_length=100, blank=True)
    broken_since = models.DateTimeField("kapot sinds")
    checked_at = models.DateTimeField("gecontroleerd")
    is_ignored = models.BooleanField("negeren", default=False, help_text="De link staat dan niet meer in de lijst.")
    ignored_because = models.CharField(
        "waarom", max_length=200, blank=True, help_text="Zoals: de site laat controles niet toe, maar de link werkt."
    )
    ignored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="genegeerd door",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = "kapotte link"
        verbose_name_plural = "kapotte links"
        ordering = ["title", "address"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "fingerprint"], name="broken_link_once"),
            models.CheckConstraint(
                condition=models.Q(is_ignored=False) | ~models.Q(ignored_because=""),
                name="broken_link_ignored_because",
            ),
        ]

    def __str__(self):
        return f"{self.address} op {self.title}"

    def clean(self):
        if self.is_ignored and not self.ignored_because:
            raise ValidationError({"ignored_because": "Schrijf erbij waarom u deze link negeert."})

    @property
    def what_is_wrong(self) -> str:
        """The answer in words, such as "404, niet gevonden". A link that is ignored may work."""
        words = {
            401: "vraagt om in te loggen",
            403: "laat onze controle niet toe",
            404: "niet gevonden",
            410: "weggehaald",
            429: "wil minder vaak controle",
        }
        if self.status is None:
            return self.reason
        otherwise = "de link werkt" if self.status < 400 else "fout bij de andere site"
        return f"{self.status}, {words.get(self.status, otherwise)}"


class ReviewReminder(models.Model):
    """Somebody was mailed that the review date of a page has come; so nobody hears of one date twice."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="aan", on_delete=models.CASCADE, related_name="review_reminders"
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)
    review_on = models.DateField("nakijken op")
    mailed_at = models.DateTimeField("gemaild op", auto_now_add=True)

    class Meta:
        verbose_name = "herinnering om na te kijken"
        verbose_name_plural = "herinneringen om na te kijken"
        ordering = ["-mailed_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "content_type", "object_id", "review_on"], name="reminded_once")
        ]

    def __str__(self):
        return f"{self.person}, {self.review_on}"
