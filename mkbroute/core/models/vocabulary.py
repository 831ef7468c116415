"""Words everybody tags with and nobody owns."""

from django.db import models, transaction
from django.urls import reverse

from .search import SearchEntry, key_of


class Label(models.Model):
    """A word of a fixed list, with a place in that list."""

    title = models.CharField("naam", max_length=80, unique=True)
    slug = models.SlugField(
        "webnaam",
        max_length=80,
        unique=True,
        help_text="Staat in adressen, zoals ?sector=ict.",
    )
    sort_order = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        abstract = True
        ordering = ["sort_order", "title"]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Save the word; what is found by it, is from now on found by its new name."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            SearchEntry.objects.follow(key_of(self))


class Theme(Label):
    """One of the five themes that learning network, handreiking and research share."""

    summary = models.CharField("waar gaat het over", max_length=250, blank=True)

    class Meta(Label.Meta):
        verbose_name = "thema"
        verbose_name_plural = "thema's"

    def get_absolute_url(self) -> str:
        return reverse("theme_detail", args=[self.slug])


class Sector(Label):
    """A part of the labour market, such as bouw en infra."""

    class Meta(Label.Meta):
        verbose_name = "sector"
        verbose_name_plural = "sectoren"


class TargetGroup(Label):
    """Who a route is for, such as a mbo-4 graduate or a working person."""

    class Meta(Label.Meta):
        verbose_name = "doelgroep"
        verbose_name_plural = "doelgroepen"


class Province(Label):
    """One of the twelve provinces; ``code`` is its ISO 3166-2 code and finds its shape on the map."""

    code = models.CharField("code", max_length=5, unique=True)

    class Meta(Label.Meta):
        verbose_name = "provincie"
        verbose_name_plural = "provincies"
