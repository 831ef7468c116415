from collections import Counter
from datetime import date, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import Orderable

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import LooselyDated, Publishable, PublishableQuerySet, Source, Theme

from .choices import PolicyKind, PolicyStatus

TRUSTED_FOR = timedelta(days=365)
"""Amounts and terms of schemes change every year: after so long a check no longer says anything."""


class PolicyFileQuerySet(PublishableQuerySet):
    def for_list(self):
        """With their events and schemes in the same query; those with a date ahead first, then by what happened last."""
        ahead = models.Case(models.When(next_on__gte=timezone.localdate(), then="next_on"))
        order = (ahead.asc(nulls_last=True), models.F("latest_on").desc(nulls_last=True), "title")
        return self.defer("body", "internal_notes").with_rows("events__source", "schemes__source").order_by(*order)

    def with_details(self):
        """With all rows of the file's own page, in the same query."""
        return self.defer("internal_notes").with_rows("events__source", "schemes__source", "themes")


class PolicyFile(Publishable):
    """A policy file: a motion, law, agreement or scheme, what it means for mkb-routes and what happened when."""

    number = models.CharField("nummer", max_length=60, blank=True, help_text="Zoals: 35300-VIII, nr. 42.")
    kind = models.CharField("soort", max_length=12, choices=PolicyKind)
    status = models.CharField("status", max_length=12, choices=PolicyStatus, default=PolicyStatus.UNKNOWN)
    status_note = models.CharField("toelichting bij de status", max_length=250, blank=True)
    meaning = models.TextField("wat betekent dit voor mkb-routes", help_text="In gewone taal, in enkele zinnen.")
    body = StreamField(BodyBlock(), verbose_name="tekst", blank=True)
    url = models.URLField("adres van het origineel", max_length=500, blank=True)
    next_on = models.DateField("volgende datum", null=True, blank=True)
    next_what = models.CharField("wat gebeurt er dan", max_length=200, blank=True)
    themes = ParentalManyToManyField(Theme, verbose_name="thema's", blank=True, related_name="policy_files")
    internal_notes = models.TextField("interne notities", blank=True, help_text="Verschijnt nooit op de site.")
    latest_on = models.DateField("datum van de laatste gebeurtenis", null=True, editable=False)

    objects = PolicyFileQuerySet.as_manager()

    page_template = "research/policy_detail.html"
    private_fields = ("internal_notes",)
    searched_fields = ("number", "meaning", "status_note", "next_what")

    class Meta:
        verbose_name = "beleidsdossier"
        verbose_name_plural = "beleidsdossiers"
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PolicyKind.values), name="policy_kind_known"),
            models.CheckConstraint(condition=models.Q(status__in=PolicyStatus.values), name="policy_status_known"),
            models.CheckConstraint(
                condition=models.Q(next_on=None) | ~models.Q(next_what=""),
                name="next_date_says_what",
                violation_error_message="Schrijf bij de volgende datum wat er dan gebeurt.",
            ),
        ]

    def save(self, *args, **kwargs):
        self.latest_on = self.newest_event and self.newest_event.date
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("policy_detail", args=[self.slug])

    def page_context(self) -> dict:
        return {
            "file": self,
            "sources": sources_in(self.body),
            "crumbs": [("Beleid", reverse("policy_list")), (self.title, self.get_absolute_url())],
        }

    @property
    def search_keywords(self) -> list[str]:
        return [*super().search_keywords, self.get_kind_display(), *(scheme.title for scheme in self.schemes.all())]

    @property
    def search_text(self) -> str:
        return "\n".join([super().search_text, *(event.what for event in self.events.all())])

    @property
    def upcoming(self) -> date | None:
        """The next date, while it still lies ahead."""
        return self.next_on if self.next_on and self.next_on >= timezone.localdate() else None

    @property
    def timeline(self) -> list["PolicyEvent"]:
        """What happened, from old to new; what has no date comes last."""
        return sorted(self.events.all(), key=lambda event: event.date or date.max)

    @property
    def scheme_warnings(self) -> str:
        """What is wrong with the schemes of this file, such as "2 verlopen, 1 niet gecontroleerd"."""
        counted = Counter(scheme.warning for scheme in self.schemes.all() if scheme.warning)
        return ", ".join(f"{number} {warning}" for warning, number in sorted(counted.items(), reverse=True))

    @property
    def newest_event(self) -> "PolicyEvent | None":
        """What happened last, of what has a date."""
        return max((event for event in self.events.all() if event.date), key=lambda event: event.date, default=None)

    @property
    def structured_data(self) -> dict:
        """The file for search engines, as schema.org Article about a law or decision."""
        return {
            "@type": "Article",
            "headline": self.title,
            "description": self.summary or self.meaning,
            "url": self.full_url,
            "inLanguage": "nl",
            "about": {
                "@type": "Legislation" if self.kind == PolicyKind.LAW else "Thing",
                "name": self.title,
                "identifier": self.number or None,
                "sameAs": self.url or None,
            },
            **self.published_dates,
        }


class PolicyEvent(Orderable, LooselyDated):
    """Something that happened in a policy file, with the source that says so."""

    policy_file = ParentalKey(PolicyFile, on_delete=models.CASCADE, related_name="events")
    what = models.CharField("wat gebeurde er", max_length=300)
    source = models.ForeignKey(Source, verbose_name="bron", on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = "gebeurtenis"
        verbose_name_plural = "gebeurtenissen"

    def __str__(self):
        return f"{self.shown_date}: {self.what}"


class Scheme(Orderable):
    """What a subsidy scheme gives and to whom, while that is true; afterwards it says so by itself."""

    policy_file = ParentalKey(PolicyFile, on_delete=models.CASCADE, related_name="schemes")
    title = models.CharField("regeling", max_length=120)
    amount = models.CharField(
        "bedrag", max_length=160, blank=True, help_text="Zoals: tot € 2.700 per student per jaar."
    )
    for_whom = models.CharField("voor wie", max_length=250, blank=True)
    conditions = models.CharField("voorwaarden", max_length=300, blank=True)
    how = models.CharField("aanvragen", max_length=200, blank=True, help_text="Waar en wanneer?")
    valid_from = models.DateField("geldig van", null=True, blank=True)
    valid_to = models.DateField("geldig tot en met", null=True, blank=True)
    checked_on = models.DateField("gecontroleerd op", null=True, blank=True)
    source = models.ForeignKey(Source, verbose_name="bron", on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = "regeling"
        verbose_name_plural = "regelingen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="scheme_ends_after_start",
                violation_error_message="De einddatum ligt voor de begindatum.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def warning(self) -> str:
        """Why a reader must not count on it, or nothing when it was checked lately and still runs."""
        today = timezone.localdate()
        if self.valid_to and self.valid_to < today:
            return "verlopen"
        if self.valid_from and self.valid_from > today:
            return "nog niet ingegaan"
        if not self.checked_on or self.checked_on < today - TRUSTED_FOR:
            return "niet gecontroleerd"
        return ""
