from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import LooselyDated, Publishable, PublishableQuerySet, Theme
from network.models import Organisation
from pilots.models import Pilot

from .choices import QuestionStatus


class QuestionQuerySet(PublishableQuerySet):
    def for_agenda(self):
        """With what the research agenda shows, in the same query."""
        return self.select_related("theme").defer("body")


class Question(LooselyDated, Publishable):
    """A question of the research agenda, with the best answer there is now. ``date`` is when an answer is planned.

    The three questions of the programme have no ``root``; every other question helps to answer one of them.
    """

    root = models.ForeignKey(
        "self",
        verbose_name="hoofdvraag",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subquestions",
        help_text="Leeg bij een hoofdvraag van het programma.",
    )
    number = models.PositiveSmallIntegerField("volgorde", default=0, help_text="Laag staat vooraan.")
    theme = models.ForeignKey(
        Theme, verbose_name="thema", null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    status = models.CharField("status", max_length=12, choices=QuestionStatus, default=QuestionStatus.OPEN)
    background = models.TextField("achtergrond", blank=True, help_text="Waarom willen wij dit weten?")
    researcher = models.CharField("wie zoekt het uit", max_length=200, blank=True)
    body = StreamField(BodyBlock(), verbose_name="wat we nu weten", blank=True)
    known_on = models.DateField("stand van", null=True, blank=True, help_text="Op deze dag was dit wat wij wisten.")
    known_by = models.CharField("opgeschreven door", max_length=120, blank=True)
    missing = models.TextField("wat ontbreekt", blank=True)
    pilots = ParentalManyToManyField(Pilot, verbose_name="pilots", blank=True, related_name="questions")
    organisations = ParentalManyToManyField(
        Organisation, verbose_name="organisaties", blank=True, related_name="questions"
    )

    objects = QuestionQuerySet.as_manager()

    columns_in_rows = ("live", "title", "slug", "status")
    searched_fields = ("background", "researcher", "missing")
    page_template = "research/question_detail.html"
    heading_above_text = 2

    class Meta:
        verbose_name = "onderzoeksvraag"
        verbose_name_plural = "onderzoeksvragen"
        ordering = ["number", "title"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=QuestionStatus.values), name="question_status_known"),
            models.CheckConstraint(
                condition=models.Q(root=None) | ~models.Q(root=models.F("id")),
                name="question_not_its_own_root",
                violation_error_message="Een vraag kan niet haar eigen hoofdvraag zijn.",
            ),
            models.CheckConstraint(
                condition=models.Q(known_on=None, known_by="")
                | (models.Q(known_on__isnull=False) & ~models.Q(known_by="")),
                name="answer_is_dated_and_signed",
                violation_error_message="Bij wat wij nu weten horen een datum en een naam.",
            ),
        ]

    def clean(self):
        super().clean()
        if self.body and not (self.known_on and self.known_by):
            raise ValidationError({"known_on": "Bij wat wij nu weten horen een datum en een naam."})
        if self.status == QuestionStatus.ANSWERED and not self.body:
            raise ValidationError({"status": "Een beantwoorde vraag heeft een antwoord: vul in wat wij nu weten."})
        if self.root and self.root.root_id:
            raise ValidationError({"root": "Kies een van de hoofdvragen; dit is zelf een deelvraag."})
        if self.root and self.pk and self.subquestions.exists():
            raise ValidationError({"root": "Deze vraag heeft zelf deelvragen en blijft een hoofdvraag."})

    def get_absolute_url(self) -> str:
        return reverse("question_detail", args=[self.slug])

    def page_context(self) -> dict:
        saved = self.pk is not None
        return {
            "question": self,
            "subquestions": self.subquestions.published().for_agenda() if saved else [],
            "practices": self.practices.published().in_short() if saved else [],
            "publications": self.publications.published().in_short() if saved else [],
            "sources": sources_in(self.body),
            "crumbs": [("Onderzoek", reverse("question_list")), (self.title, self.get_absolute_url())],
        }

    @property
    def search_themes(self) -> list[Theme]:
        return [self.theme] if self.theme else []

    @property
    def search_mentions(self) -> list[models.Model]:
        return [*super().search_mentions, *self.pilots.all(), *self.organisations.all()]

    @property
    def planned(self) -> str:
        """When an answer is planned, in words."""
        return self.shown_date if self.date or self.date_text else ""

    @property
    def structured_data(self) -> dict:
        """The question with what is known, as schema.org Article."""
        return {
            "@type": "Article",
            "headline": self.title,
            "description": self.summary,
            "url": self.full_url,
            "inLanguage": "nl",
            "about": str(self.theme) if self.theme else None,
            **self.published_dates,
        }
