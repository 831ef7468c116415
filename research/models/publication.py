from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalManyToManyField
from wagtail.documents import get_document_model_string
from wagtail.fields import StreamField

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import Publishable, PublishableQuerySet, Source, Theme
from network.models import Organisation
from pilots.models import Pilot

from .choices import PublicationKind

DOI = RegexValidator(r"^10\.\d{4,9}/\S+$", "Een DOI begint met 10., zoals 10.1234/abcd. Laat https://doi.org/ weg.")


class PublicationQuerySet(PublishableQuerySet):
    def in_short(self):
        """With what a list shows of a publication, in the same query."""
        return self.defer("body", "alternative").with_rows("themes")

    def with_details(self):
        """With all that the publication's own page shows, in the same query."""
        return self.select_related("source", "file").with_rows("themes", "pilots", "organisations", "questions")


class Publication(Publishable):
    """A report, magazine, thesis or article about mkb-routes, with a summary in plain Dutch and how to cite it."""

    kind = models.CharField("soort", max_length=12, choices=PublicationKind, default=PublicationKind.REPORT)
    authors = models.TextField(
        "auteurs",
        blank=True,
        help_text="Een auteur per regel: achternaam, komma, voornaam of voorletters. Bij een organisatie de naam.",
    )
    year = models.PositiveSmallIntegerField("jaar", null=True, blank=True)
    date_text = models.CharField(
        "datum in woorden", max_length=60, blank=True, help_text="Als u meer weet dan het jaar. Zoals: september 2022."
    )
    publisher = models.CharField("uitgever", max_length=160, blank=True)
    doi = models.CharField("DOI", max_length=120, blank=True, validators=[DOI])
    url = models.URLField("adres van het origineel", max_length=500, blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name="in het bronnenregister",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Als feiten op de site hieruit komen.",
    )
    themes = ParentalManyToManyField(Theme, verbose_name="thema's", blank=True, related_name="publications")
    pilots = ParentalManyToManyField(Pilot, verbose_name="pilots", blank=True, related_name="publications")
    organisations = ParentalManyToManyField(
        Organisation, verbose_name="organisaties", blank=True, related_name="publications"
    )
    questions = ParentalManyToManyField(
        "research.Question", verbose_name="geeft antwoord op", blank=True, related_name="publications"
    )
    body = StreamField(BodyBlock(), verbose_name="in gewone taal", blank=True)
    file = models.ForeignKey(
        get_document_model_string(),
        verbose_name="bestand",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file_is_accessible = models.BooleanField(
        "het bestand is toegankelijk",
        default=False,
        help_text="Getest: een schermlezer leest het in de goede volgorde, met koppen en beschreven beelden.",
    )
    alternative = models.TextField(
        "toegankelijke versie",
        blank=True,
        help_text="Waar staat de inhoud voor wie het bestand niet kan lezen? Of: hoe vraagt iemand die aan?",
    )

    objects = PublicationQuerySet.as_manager()

    columns_in_rows = ("live", "title", "slug", "kind", "year")
    searched_fields = ("authors", "publisher")
    page_template = "research/publication_detail.html"

    class Meta:
        verbose_name = "publicatie"
        verbose_name_plural = "publicaties"
        ordering = [models.F("year").desc(nulls_last=True), "title"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PublicationKind.values), name="publication_kind_known"),
            models.CheckConstraint(
                condition=models.Q(year=None) | models.Q(year__range=(1950, 2100)),
                name="publication_year_sane",
                violation_error_message="Vul het jaar in vier cijfers in, zoals 2022.",
            ),
            models.CheckConstraint(
                condition=models.Q(file=None) | models.Q(file_is_accessible=True) | ~models.Q(alternative=""),
                name="file_has_accessible_version",
                violation_error_message=(
                    "Schrijf waar de toegankelijke versie van het bestand is, of geef aan dat het bestand toegankelijk is."
                ),
            ),
        ]

    def clean(self):
        super().clean()
        if not (self.url or self.doi or self.file):
            raise ValidationError({"url": "Vul een adres, een DOI of een bestand in: waar kan iemand dit lezen?"})

    def get_absolute_url(self) -> str:
        return reverse("publication_detail", args=[self.slug])

    def page_context(self) -> dict:
        return {
            "publication": self,
            "sources": sources_in(self.body),
            "crumbs": [
                ("Kennis", reverse("knowledge")),
                ("Publicaties", reverse("publication_list")),
                (self.title, self.get_absolute_url()),
            ],
        }

    @property
    def search_mentions(self) -> list[models.Model]:
        return [*super().search_mentions, *self.pilots.all(), *self.organisations.all()]

    @property
    def author_names(self) -> list[str]:
        """The authors as they were typed, one each: "Lieshout, H. van" or the name of an organisation."""
        return [line.strip() for line in self.authors.splitlines() if line.strip()]

    @property
    def shown_date(self) -> str:
        return self.date_text or (str(self.year) if self.year else "jaar nog niet bekend")

    @property
    def original(self) -> str:
        """Where the publication itself is: its DOI, else its address."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def citation(self) -> str:
        """One line in the manner of APA: authors (year). Title. Publisher. Address."""
        *most, last = self.author_names or [self.publisher or "Auteur nog niet bekend"]
        names = f"{', '.join(most)} & {last}" if most else last
        parts = [f"{names} ({self.year or 'z.j.'})", self.title, self.other_publisher if self.author_names else ""]
        ended = [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part]
        return " ".join([*ended, self.original]).strip()

    @property
    def other_publisher(self) -> str:
        """The publisher, unless that is the author: nobody is named twice."""
        return "" if self.publisher in self.author_names else self.publisher

    @property
    def structured_data(self) -> dict:
        """The publication for search engines, as schema.org; research as ScholarlyArticle."""
        kinds = {
            PublicationKind.REPORT: "Report",
            PublicationKind.THESIS: "Thesis",
            PublicationKind.ARTICLE: "ScholarlyArticle",
            PublicationKind.MAGAZINE: "PublicationIssue",
        }
        return {
            "@type": kinds[PublicationKind(self.kind)],
            "name": self.title,
            "headline": self.title,
            "abstract": self.summary,
            "url": self.full_url,
            "sameAs": self.original,
            "author": [
                {"@type": "Person" if "," in name else "Organization", "name": name} for name in self.author_names
            ],
            "publisher": {"@type": "Organization", "name": self.publisher} if self.publisher else None,
            "datePublished": str(self.year) if self.year else None,
            "about": [str(theme) for theme in self.themes.all()],
        }
