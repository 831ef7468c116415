from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import Orderable

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import ChoicesField, IllustratedMixin, Publishable, PublishableQuerySet, Sector, Source, Theme
from mkbroute.core.proofreading import Finding, Level
from network.models import Organisation
from pilots.models import Pilot
from research import consent

from .choices import Audience, Method, PracticeKind
from .publication import Publication

STRONGEST = 5
LONG_PERIOD = 3
"""From so many years on, what a practice gave no longer hangs on one class or one coordinator."""
CONSENT = "Akkoord van de pilot"
"""The place that the check names when a pilot did not agree."""


class PracticeQuerySet(PublishableQuerySet):
    def in_short(self):
        """With what a list shows of a practice, in the same query."""
        return self.select_related("sector").defer("body").with_rows("themes", "pilots", "organisations")

    def with_details(self):
        """With all rows of the practice's own page, in the same query."""
        return self.select_related("sector", "submission__pilot").with_rows(
            "themes", "pilots", "organisations", "questions", "references__source"
        )


class Practice(IllustratedMixin, Publishable):
    """A good practice: what somebody did, what it gave, what was hard, and how sure we are of that.

    ``strength`` is kept by ``save()``: what ``rule_strength`` gives, unless an editor lowered it with a reason.
    """

    kind = models.CharField("soort", max_length=20, choices=PracticeKind, default=PracticeKind.APPROACH)
    audiences = ChoicesField(
        models.CharField(max_length=20, choices=Audience),
        verbose_name="voor wie bruikbaar",
        default=list,
        blank=True,
    )
    themes = ParentalManyToManyField(Theme, verbose_name="thema's", blank=True, related_name="practices")
    sector = models.ForeignKey(
        Sector, verbose_name="sector", null=True, blank=True, on_delete=models.PROTECT, related_name="practices"
    )
    pilots = ParentalManyToManyField(Pilot, verbose_name="pilots", blank=True, related_name="practices")
    organisations = ParentalManyToManyField(
        Organisation, verbose_name="organisaties", blank=True, related_name="practices"
    )
    questions = ParentalManyToManyField(
        "research.Question", verbose_name="onderzoeksvragen", blank=True, related_name="practices"
    )

    context = models.TextField("aanleiding", blank=True, help_text="Wat was er aan de hand, en bij wie?")
    aim = models.TextField("doel", blank=True, help_text="Wat wilden zij bereiken?")
    done = models.TextField("wat er is gedaan", blank=True)
    by_whom = models.CharField("door wie", max_length=250, blank=True)
    hours = models.CharField("tijd", max_length=120, blank=True, help_text="Hoeveel uren of dagen, van wie?")
    costs = models.CharField("geld", max_length=120, blank=True, help_text="Wat kostte het, en wie betaalde?")
    result = models.TextField("wat het gaf", blank=True)
    difficulties = models.TextField("wat lastig was of mislukte", blank=True)
    lesson = models.TextField("les", blank=True, help_text="Wat zou u een ander aanraden?")
    transferable = models.TextField("bruikbaar voor", blank=True, help_text="Voor wie werkt dit ook, en voor wie niet?")
    body = StreamField(BodyBlock(), verbose_name="verhaal", blank=True)

    evidence_method = models.CharField("hoe weten wij dit", max_length=12, choices=Method, default=Method.NONE)
    seen_in = models.PositiveSmallIntegerField(
        "in hoeveel routes gezien", default=0, help_text="Bij hoeveel opleidingen of pilots is dit gedaan?"
    )
    first_year = models.PositiveSmallIntegerField("van jaar", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("tot en met jaar", null=True, blank=True)
    lowered_to = models.PositiveSmallIntegerField(
        "verlaagd tot",
        null=True,
        blank=True,
        help_text="De site berekent de bewijskracht. U kunt die alleen verlagen, met een reden.",
    )
    lowered_because = models.CharField("reden van verlagen", max_length=250, blank=True)
    strength = models.PositiveSmallIntegerField("bewijskracht", default=0, editable=False)

    objects = PracticeQuerySet.as_manager()

    columns_in_rows = ("live", "title", "slug", "kind", "summary")
    searched_fields = ("by_whom", "context", "aim", "done", "result", "difficulties", "lesson", "transferable")
    page_template = "research/practice_detail.html"

    class Meta:
        verbose_name = "goed voorbeeld"
        verbose_name_plural = "goede voorbeelden"
        ordering = ["title"]
        constraints = [
            *IllustratedMixin.Meta.constraints,
            models.CheckConstraint(condition=models.Q(kind__in=PracticeKind.values), name="practice_kind_known"),
            models.CheckConstraint(condition=models.Q(evidence_method__in=Method.values), name="practice_method_known"),
            models.CheckConstraint(
                condition=models.Q(strength__range=(0, STRONGEST)), name="practice_strength_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(lowered_to=None, lowered_because="")
                | (models.Q(lowered_to__isnull=False) & ~models.Q(lowered_because="")),
                name="lowered_strength_has_reason",
                violation_error_message="Verlagen doet u met een getal en een reden: vul ze allebei in.",
            ),
            models.CheckConstraint(
                condition=models.Q(first_year=None, last_year=None)
                | models.Q(first_year__isnull=False, first_year__range=(1990, 2100))
                & (models.Q(last_year=None) | models.Q(last_year__gte=models.F("first_year"), last_year__lte=2100)),
                name="practice_years_in_order",
                violation_error_message="Vul eerst het beginjaar in; het laatste jaar ligt daar niet voor.",
            ),
        ]

    def clean(self):
        super().clean()
        if self.lowered_to is not None and self.lowered_to >= self.rule_strength:
            raise ValidationError(
                {"lowered_to": f"De regel geeft {self.rule_strength}. U kunt de bewijskracht alleen verlagen."}
            )

    def save(self, *args, **kwargs):
        self.follow_rule()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("practice_detail", args=[self.slug])

    def page_context(self) -> dict:
        self.follow_rule()  # a draft in preview was never saved
        cited = [reference.source_id for reference in self.references.all()]
        publications = Publication.objects.published().filter(source__in=cited)
        return {
            "practice": self,
            "publications": {publication.source_id: publication for publication in publications.only("slug", "source")},
            "sources": sources_in(self.body),
            "crumbs": [
                ("Kennis", reverse("knowledge")),
                ("Goede voorbeelden", reverse("practice_list")),
                (self.title, self.get_absolute_url()),
            ],
        }

    @property
    def search_mentions(self) -> list[models.Model]:
        return [*super().search_mentions, *self.pilots.all(), *self.organisations.all()]

    # -- sent in by a pilot

    def publish(self, revision, user=None, **options):
        """As in Wagtail. Of what a pilot sent in, the pilot is told, by whatever road it appears. Raises NotReady."""
        submissions = self._meta.get_field("submission").related_model.objects
        with transaction.atomic():
            # First that row, as everybody who answers or decides does, so that nobody waits for each other.
            submission = submissions.select_for_update(of=["self"]).filter(practice=self).first()
            super().publish(revision, user=user, **options)
            if submission and type(self)._base_manager.filter(pk=self.pk, live=True).exists():
                submission.follow_publication(by=user)

    def findings_of_its_own(self) -> list[Finding]:
        """What a pilot sent in is not published in words that the pilot did not agree to."""
        submission = getattr(self, "submission", None)
        problem = consent.objection(submission, self) if submission else ""
        return [Finding(Level.ERROR, CONSENT, problem)] if problem else []

    # -- how sure we are

    @property
    def years(self) -> int:
        """Over how many years it is known to have been seen; 0 when that is not known."""
        return 0 if self.first_year is None else (self.last_year or self.first_year) - self.first_year + 1

    @property
    def rule(self) -> list[tuple[bool, str]]:
        """The five points of the rule: whether this practice has each, and what it takes."""
        tried = self.kind != PracticeKind.IDEA and self.seen_in > 0
        known = tried and self.evidence_method != Method.NONE
        return [
            (known, "Iemand deed het echt, en de ervaring is beschreven."),
            (known and self.seen_in >= 2, "Het is gezien in twee of meer routes."),
            (known and self.years >= LONG_PERIOD, f"Het is {LONG_PERIOD} jaar of langer gevolgd."),
            (
                known and self.evidence_method in (Method.ASKED, Method.COMPARED),
                "Het is nagevraagd bij meer partijen, met interviews of vragenlijsten.",
            ),
            (
                known and self.evidence_method == Method.COMPARED,
                "Het is gemeten en vergeleken met ervoor of met anderen.",
            ),
        ]

    @property
    def rule_strength(self) -> int:
        """How many of the five points hold: 0 is no proof at all, 5 the strongest.

        The rule is the programme's own: it counts routes, years and method, not how nice the result is.
        """
        return sum(holds for holds, _meaning in self.rule)

    def follow_rule(self) -> None:
        """Give ``strength`` what the rule gives, or less if an editor said so."""
        lowered = STRONGEST if self.lowered_to is None else self.lowered_to
        self.strength = min(self.rule_strength, lowered)

    @property
    def is_lowered(self) -> bool:
        """Whether an editor gives less than the rule."""
        return self.strength < self.rule_strength

    @property
    def strength_in_words(self) -> str:
        return f"{self.strength} van {STRONGEST}" if self.strength else "nog onvoldoende bewijs"

    # -- for templates

    @property
    def audience_labels(self) -> list[str]:
        return self._meta.get_field("audiences").labels_of(self)

    @property
    def structured_data(self) -> dict:
        """The practice for search engines: what one learns from it, as schema.org LearningResource."""
        return {
            "@type": "LearningResource",
            "name": self.title,
            "description": self.summary,
            "url": self.full_url,
            "inLanguage": "nl",
            "learningResourceType": self.get_kind_display(),
            "about": [str(theme) for theme in self.themes.all()],
            "audience": [{"@type": "EducationalAudience", "educationalRole": label} for label in self.audience_labels],
            **self.published_dates,
        }


class PracticeReference(Orderable):
    """A source of a practice, with what was taken from it."""

    practice = ParentalKey(Practice, on_delete=models.CASCADE, related_name="references")
    source = models.ForeignKey(Source, verbose_name="bron", on_delete=models.PROTECT, related_name="+")
    taken = models.CharField("wat komt hieruit", max_length=250)

    class Meta(Orderable.Meta):
        verbose_name = "bronvermelding"
        verbose_name_plural = "bronvermeldingen"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source"],
                name="practice_reference_once",
                violation_error_message="Deze bron staat er al.",
            ),
        ]

    def __str__(self):
        return str(self.source)
