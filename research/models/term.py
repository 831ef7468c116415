from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from mkbroute.core.models import Publishable, PublishableQuerySet, Source


class TermQuerySet(PublishableQuerySet):
    def explained_in_texts(self):
        """Those whose first use in a text is explained on the spot."""
        return self.published().filter(in_texts=True)


class Term(Publishable):
    """A word of the field with its meaning; ``title`` is the word, ``summary`` what it means."""

    also = ArrayField(
        models.CharField(max_length=80),
        verbose_name="andere vormen",
        default=list,
        blank=True,
        help_text="Meervoud, afkorting of ander woord, met komma's ertussen. Zoals: leeruitkomsten.",
    )
    in_texts = models.BooleanField(
        "leg uit in teksten",
        default=True,
        help_text="Dan wordt het woord, de eerste keer dat het in een tekst staat, een knop met de uitleg.",
    )
    source = models.ForeignKey(
        Source, verbose_name="bron", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TermQuerySet.as_manager()

    page_template = "research/term_detail.html"

    class Meta:
        verbose_name = "begrip"
        verbose_name_plural = "begrippen"
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("title"),
                name="term_once",
                violation_error_message="Dit begrip staat er al.",
            ),
            models.CheckConstraint(
                condition=~models.Q(summary=""),
                name="term_has_meaning",
                violation_error_message="Leg uit wat het begrip betekent.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("term_detail", args=[self.slug])

    def page_context(self) -> dict:
        return {
            "term": self,
            "crumbs": [("Begrippen", reverse("term_list")), (self.title, self.get_absolute_url())],
        }

    @property
    def search_keywords(self) -> list[str]:
        return self.also

    @property
    def forms(self) -> list[str]:
        """The word and its other forms."""
        return [self.title, *self.also]

    @property
    def structured_data(self) -> dict:
        """The term for search engines, as schema.org DefinedTerm."""
        return {
            "@type": "DefinedTerm",
            "name": self.title,
            "alternateName": self.also,
            "description": self.summary,
            "url": self.full_url,
            "inDefinedTermSet": self.full_url.removesuffix(f"{self.slug}/"),
        }
