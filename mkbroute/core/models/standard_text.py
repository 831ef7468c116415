from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .decision import Decision


class StandardTextQuerySet(models.QuerySet):
    def for_kind(self, kind: str):
        """The texts for one kind of the team's queue, with those for every kind."""
        return self.filter(Q(kinds=[]) | Q(kinds__contains=[kind]))


class StandardText(models.Model):
    """A reason the team often gives, to start from and change to fit; see ``mkbroute.queue``."""

    title = models.CharField("naam", max_length=80, unique=True, help_text="Alleen het team ziet dit.")
    text = models.TextField(
        "tekst",
        max_length=1000,
        help_text="Dit komt in het vak met de reden te staan. U past het daar aan. Zeg wat er mis is en wat iemand kan doen.",
    )
    kinds = ArrayField(
        models.CharField(max_length=40),
        verbose_name="bij welke soorten",
        blank=True,
        default=list,
        help_text="Kiest u niets, dan staat de tekst overal.",
    )
    verb = models.CharField(
        "bij welk besluit",
        max_length=20,
        choices=Decision.Verb,
        blank=True,
        help_text="Onder dit kopje staat de tekst in de lijst.",
    )
    sort_order = models.PositiveSmallIntegerField(
        "volgorde", default=0, help_text="Laag staat vooraan. Bij gelijke nummers telt het alfabet."
    )

    objects = StandardTextQuerySet.as_manager()

    class Meta:
        verbose_name = "standaardtekst"
        verbose_name_plural = "standaardteksten"
        ordering = ["sort_order", "title"]

    def __str__(self):
        return self.title
