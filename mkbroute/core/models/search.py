"""What the search of the site looks in, what editors steer it with, and what visitors looked for."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Upper
from django.utils import timezone
from wagtail.fields import StreamField

from mkbroute.core.words import joined_words, words_of

CONFIG = "nl"
"""The text search configuration of migration 0004: Dutch stems, without accents."""

MAX_TEXT = 200_000
"""So many characters of a text are searched; PostgreSQL refuses a vector of more than a megabyte."""

SHORTEST, LONGEST = 3, 80
"""Words with fewer or more letters are not suggested and nothing looks like them."""

# What Wagtail writes when a draft is kept, a page is locked or a tree is moved: nothing of it is searched.
BOOKKEEPING = {
    *("latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "live_revision"),
    *("locked", "locked_at", "locked_by", "numchild", "path", "depth", "alias_of_id"),
}


class Visibility(models.TextChoices):
    """Who may find an entry."""

    PUBLIC = "publiek", "iedereen"
    PARTNERS = "partners", "de partners en het programmateam"
    TEAM = "team", "het programmateam"


def seen_by(user) -> list[str]:
    """The visibilities of what this user may find; for a query that is written by hand."""
    if not user.is_authenticated:
        return [Visibility.PUBLIC]
    if user.has_perm("wagtailadmin.access_admin"):
        return [Visibility.PUBLIC, Visibility.PARTNERS, Visibility.TEAM]
    # Of the apps above only the name of a relation is known here.
    return [Visibility.PUBLIC, *([Visibility.PARTNERS] if user.memberships.exists() else [])]


class Searchable(models.Model):
    """Something the search finds. It keeps its own entry: written in the transaction of ``save()`` while the object is
    live, and removed when it goes.

    A subclass has ``live``, ``title`` and ``get_absolute_url()``, and says below what else it is found by.
    """

    search_visibility = Visibility.PUBLIC
    searched_fields: tuple[str, ...] = ()
    """Names of text fields that visitors see. StreamFields are searched anyway; a field not named here never is."""

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        with transaction.atomic():
            saved = super().save(*args, update_fields=update_fields, **kwargs)
            if update_fields is None:
                SearchEntry.objects.index(self)
            elif not BOOKKEEPING.issuperset(update_fields):
                # The rest of this object may be a draft; what counts is what stands in the table.
                SearchEntry.objects.index(type(self)._base_manager.get(pk=self.pk))
        return saved

    save.alters_data = True

    def delete(self, *args, **kwargs):
        key = key_of(self)
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            SearchEntry.objects.forget(key)
        return deleted

    delete.alters_data = True

    @classmethod
    def findable(cls) -> models.QuerySet:
        """All that has an entry: every object whose ``live`` is true."""
        return cls._base_manager.filter(live=True)

    @property
    def search_kind(self) -> str:
        """The name of the model below whose plural it stands on the result page."""
        return self._meta.model_name

    @property
    def search_title(self) -> str:
        """The title of the result."""
        return self.title

    @property
    def search_summary(self) -> str:
        """What stands below the title when the search term is in neither summary nor text."""
        return getattr(self, "summary", "")

    @property
    def search_keywords(self) -> list[str]:
        """Other names, and names of what belongs to it; they count for more than the text."""
        return [str(mentioned) for mentioned in self.search_mentions if getattr(mentioned, "live", True)]

    @property
    def search_text(self) -> str:
        """All running text that a visitor sees on its page."""
        return "\n".join(part for part in self._search_parts() if part)

    def _search_parts(self) -> Iterable[str]:
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(field, StreamField):
                # An address is no text.
                yield from (part for part in field.get_searchable_content(value) if " " in part or "/" not in part)
            elif field.name in self.searched_fields:
                yield str(value or "")

    @property
    def search_themes(self) -> list:
        """The themes it can be filtered by."""
        return list(self.themes.all()) if hasattr(self, "themes") else []

    @property
    def search_mentions(self) -> list[models.Model]:
        """The objects whose names are among the keywords while visitors may see them; a new name of one of them, or its
        withdrawal, is followed."""
        return [*self.search_themes, *filter(None, [getattr(self, "sector", None)])]


class SearchEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What this user may find. Everything that shows, counts or suggests starts from here."""
        return self.filter(visibility__in=seen_by(user))

    @transaction.atomic
    def index(self, target: Searchable) -> None:
        """Write the entry of an object as it is now; one that is not live loses its entry."""
        if not target.live:
            self.forget(key_of(target))
            return
        entry = SearchEntry.of(target)
        before = self.filter(key=entry.key).values_list("title", flat=True).first()
        self.put([entry])
        if before != entry.title:
            self.follow(entry.key)

    def forget(self, *keys: str) -> None:
        """Remove the entries of these objects, as far as they have one."""
        if self.filter(key__in=keys).delete()[0]:
            self.follow(*keys)

    def follow(self, *keys: str) -> None:
        """Write the entries anew that are found by the name of one of these objects."""
        for key in list(self.filter(mentions__overlap=list(keys)).values_list("key", flat=True)):
            if target := object_of(key):
                self.index(target)

    def put(self, entries: list["SearchEntry"]) -> None:
        """Store these entries, over those with the same key, and the words visitors may mean; what is there stays."""
        columns = [f.name for f in SearchEntry._meta.concrete_fields if not f.primary_key and not f.generated]
        compared = [name for name in columns if name != "updated"]
        there = self.filter(key__in=[entry.key for entry in entries]).values_list(*compared)
        stored = {values[compared.index("key")]: list(values) for values in there}
        changed = [e for e in entries if stored.get(e.key) != [getattr(e, name) for name in compared]]
        self.bulk_create(changed, batch_size=500, update_conflicts=True, unique_fields=["key"], update_fields=columns)
        words = {word for entry in entries for word in entry.words}
        words.difference_update(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))
        SearchWord.objects.bulk_create(
            [SearchWord(word=word) for word in sorted(words)], batch_size=5000, ignore_conflicts=True
        )


class SearchEntry(models.Model):
    """One thing that can be found, copied out of the page it stands for. Names that only programs compare and sort have
    the collation "C", for results are counted by them, thousands at a time."""

    # What is read of every hit stands first in a row, where PostgreSQL finds it soonest. Hits are ranked by the short
    # vector: the long one lies outside the table and is slow to fetch.
    kind = models.CharField("soort", max_length=40, db_collation="C", help_text='The name of the model, "pilot".')
    visibility = models.CharField(
        "wie het vindt", max_length=20, db_collation="C", choices=Visibility, default=Visibility.PUBLIC
    )
    themes = ArrayField(
        models.CharField(max_length=80, db_collation="C"), verbose_name="thema's", default=list, blank=True
    )
    short = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=CONFIG)
        + SearchVector("keywords", weight="B", config=CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    key = models.CharField(
        "sleutel", max_length=100, unique=True, db_collation="C", help_text='What it stands for: "pilots.pilot:12".'
    )
    title = models.CharField("titel", max_length=250)
    summary = models.TextField("samenvatting", blank=True)
    keywords = models.TextField(
        "trefwoorden", blank=True, help_text="Other names, and compounds of the title written as one word."
    )
    text = models.TextField("tekst", blank=True)
    joined = models.TextField(
        "samenstellingen", blank=True, help_text="Compounds of summary and text written as one word."
    )
    words = ArrayField(
        models.TextField(db_collation="C"),
        verbose_name="woorden",
        default=list,
        blank=True,
        help_text="The words of title and keywords.",
    )
    address = models.CharField("adres", max_length=500)
    mentions = ArrayField(
        models.CharField(max_length=100),
        verbose_name="genoemd",
        default=list,
        blank=True,
        help_text="Keys of what the keywords name.",
    )
    updated = models.DateTimeField("bijgewerkt", default=timezone.now)
    document = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=CONFIG)
        + SearchVector("keywords", weight="B", config=CONFIG)
        + SearchVector("summary", weight="C", config=CONFIG)
        + SearchVector("text", "joined", weight="D", config=CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "vindbaar onderdeel"
        verbose_name_plural = "vindbare onderdelen"
        ordering = ["title", "pk"]
        indexes = [
            GinIndex("document", name="search_document"),
            GinIndex("words", name="search_words"),
            GinIndex("mentions", name="search_mentions"),
            models.Index(OpClass(Upper("title"), name="text_pattern_ops"), name="search_title_start"),
            models.Index("address", name="search_address"),
        ]

    def __str__(self):
        return self.title

    @classmethod
    def of(cls, target: Searchable) -> "SearchEntry":
        """The entry of an object, not stored yet."""
        return cls.about(
            key=key_of(target),
            kind=target.search_kind,
            title=target.search_title,
            summary=target.search_summary,
            keywords=target.search_keywords,
            text=target.search_text,
            address=target.get_absolute_url(),
            themes=sorted(theme.slug for theme in target.search_themes),
            mentions=sorted(key_of(mentioned) for mentioned in target.search_mentions),
            visibility=target.search_visibility,
            updated=target.last_published_at or timezone.now(),
        )

    @classmethod
    def about(cls, *, title: str, keywords: Iterable[str] = (), summary: str = "", text: str = "", **fields):
        """An entry of these texts, not stored yet, with the words that follow from them."""
        names = " ".join([title, *keywords])
        apart = [title] if clean(title) != title else []  # the title itself stays as it was written
        keywords = " ".join([*keywords, *apart, *joined_words(names)])
        return cls(
            title=title,
            keywords=clean(keywords),
            summary=clean(summary),
            text=clean(text)[:MAX_TEXT],
            joined=" ".join(dict.fromkeys(joined_words(f"{summary} {text[:MAX_TEXT]}"))),
            words=sorted(
                {
                    word
                    for word in words_of(f"{title} {keywords}")
                    if SHORTEST <= len(word) <= LONGEST and not word.isdigit()
                }
            ),
            **fields,
        )


def key_of(target: models.Model) -> str:
    """The key of the entry of an object."""
    return f"{target._meta.label_lower}:{target.pk}"


def object_of(key: str) -> Searchable | None:
    """The object that an entry stands for, if it is one and still there."""
    label, _, pk = key.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model._base_manager.filter(pk=pk).first()


MARKS = "\ue000", "\ue001"
"""Where a found word begins and ends in a snippet, until the snippet is safe HTML. No text keeps these signs."""


def clean(text: str) -> str:
    """The text in one line. PostgreSQL would take two words with a stroke between them for a path, and what follows a <
    for an element to skip; so these signs stand apart."""
    for sign in (*MARKS, "\u0000", "\u00ad"):
        text = text.replace(sign, "")
    return " ".join(text.replace("/", " / ").replace("<", " < ").split())


class SearchWord(models.Model):
    """A word of titles and keywords, for suggestions and typing errors. It belongs to nobody: it is shown only to who
    may see an entry that has it."""

    word = models.CharField("woord", max_length=LONGEST, unique=True)

    class Meta:
        verbose_name = "zoekwoord"
        verbose_name_plural = "zoekwoorden"
        ordering = ["word"]
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="search_word_trigrams")]

    def __str__(self):
        return self.word


class Synonym(models.Model):
    """Words that mean the same, for who searches."""

    terms = models.CharField(
        "woorden met dezelfde betekenis",
        max_length=500,
        unique=True,
        help_text="Met komma's ertussen. Zoals: bbl, beroepsbegeleidende leerweg, werkend leren in het mbo.",
    )

    class Meta:
        verbose_name = "synoniem"
        verbose_name_plural = "synoniemen"
        ordering = ["terms"]

    def __str__(self):
        return self.terms

    def clean(self):
        super().clean()
        if len({tuple(words) for words in self.phrases}) < 2:
            raise ValidationError({"terms": "Geef minstens twee verschillende woorden, met een komma ertussen."})

    @property
    def phrases(self) -> list[list[str]]:
        """Each term as its words, folded."""
        return [words for term in self.terms.split(",") if (words := words_of(term))]


class PromotedResult(models.Model):
    """A page that stands on top for who searches exactly this. While nobody may see that page, it stays away."""

    term = models.CharField(
        "zoekterm",
        max_length=60,
        unique=True,
        error_messages={"unique": "Bij deze zoekterm staat al een pagina bovenaan."},
        help_text="Precies wat bezoekers typen, zonder hoofdletters of leestekens. Zoals: subsidie.",
    )
    address = models.CharField(
        "adres",
        max_length=500,
        help_text="Het adres van de pagina op deze site. Zoals: /over/financiering/.",
    )
    note = models.CharField(
        "toelichting", max_length=200, blank=True, help_text="In plaats van de samenvatting van de pagina."
    )

    class Meta:
        verbose_name = "uitgelicht resultaat"
        verbose_name_plural = "uitgelichte resultaten"
        ordering = ["term"]

    def __str__(self):
        return f"{self.term}: {self.address}"

    def save(self, *args, **kwargs):
        self.term = " ".join(words_of(self.term))
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        self.term = " ".join(words_of(self.term))
        if not self.term:
            raise ValidationError({"term": "Vul een woord in."})
        if not SearchEntry.objects.filter(address=self.address, visibility=Visibility.PUBLIC).exists():
            raise ValidationError(
                {"address": "Op dit adres staat geen pagina die bezoekers kunnen vinden. Begin met een /."}
            )


class SearchedTerm(models.Model):
    """What visitors searched for in a month, and how often. Never who, nor when exactly."""

    month = models.DateField("maand", help_text="De eerste dag van de maand.")
    term = models.CharField("zoekterm", max_length=60)
    found = models.BooleanField("iets gevonden")
    count = models.PositiveIntegerField("aantal keer", default=1)

    class Meta:
        verbose_name = "gezocht woord"
        verbose_name_plural = "gezochte woorden"
        ordering = ["-month", "-count", "term"]
        constraints = [models.UniqueConstraint(fields=["month", "term", "found"], name="searched_term_once")]

    def __str__(self):
        return self.term

    @property
    def outcome(self) -> str:
        """Whether something was found, in a word."""
        return "ja" if self.found else "nee"
