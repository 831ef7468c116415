from django.db import models
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import IllustratedMixin, LooselyDated, Publishable, PublishableQuerySet, Theme
from network.models import Organisation
from pilots.models import Pilot


class NewsQuerySet(PublishableQuerySet):
    def in_short(self):
        """With what a list shows of a news item, in the same query."""
        return self.defer("body").with_rows("themes")

    def with_details(self):
        """With all rows of the item's own page, in the same query."""
        return self.with_rows("themes", "pilots", "organisations")


class NewsItem(IllustratedMixin, LooselyDated, Publishable):
    """News of the programme. ``date`` is when it happened, which may be long before it was put on this site."""

    themes = ParentalManyToManyField(Theme, verbose_name="thema's", blank=True, related_name="news")
    pilots = ParentalManyToManyField(Pilot, verbose_name="pilots", blank=True, related_name="news")
    organisations = ParentalManyToManyField(Organisation, verbose_name="organisaties", blank=True, related_name="news")
    body = StreamField(BodyBlock(), verbose_name="tekst", blank=True)

    objects = NewsQuerySet.as_manager()

    page_template = "research/news_detail.html"

    class Meta:
        verbose_name = "nieuwsbericht"
        verbose_name_plural = "nieuwsberichten"
        ordering = [models.F("date").desc(nulls_last=True), "-pk"]
        constraints = [*IllustratedMixin.Meta.constraints]

    def save(self, *args, **kwargs):
        if self.date is None:
            self.date = timezone.localdate()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("news_detail", args=[self.slug])

    def page_context(self) -> dict:
        return {
            "item": self,
            "sources": sources_in(self.body),
            "crumbs": [("Nieuws", reverse("news_list")), (self.title, self.get_absolute_url())],
        }

    @property
    def search_mentions(self) -> list[models.Model]:
        return [*super().search_mentions, *self.pilots.all(), *self.organisations.all()]

    @property
    def structured_data(self) -> dict:
        """The item for search engines, as schema.org NewsArticle."""
        return {
            "@type": "NewsArticle",
            "headline": self.title,
            "description": self.summary,
            "url": self.full_url,
            "inLanguage": "nl",
            "about": [str(theme) for theme in self.themes.all()],
            **self.published_dates,
            "datePublished": self.date and self.date.isoformat(),
        }
