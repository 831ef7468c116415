"""What is known of a pilot: each with the date it was true and the source that says so."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from mkbroute.core.models import LooselyDated, Source

from .choices import Answer, Criterion, Status


class StatusChange(Orderable, LooselyDated):
    """From this date the pilot has this status; the last row is the present one."""

    pilot = ParentalKey("pilots.Pilot", on_delete=models.CASCADE, related_name="status_changes")
    status = models.CharField("status", max_length=20, choices=Status)
    explanation = models.TextField("toelichting", max_length=400, blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name="bron",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(Orderable.Meta):
        verbose_name = "statuswijziging"
        verbose_name_plural = "statuswijzigingen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values),
                name="status_change_status_known",
            ),
        ]

    def __str__(self):
        return f"{self.get_status_display()}, {self.shown_date}"


class CriterionAnswer(Orderable):
    """Whether the pilot has one of the seven marks. "Ja" needs a source."""

    pilot = ParentalKey("pilots.Pilot", on_delete=models.CASCADE, related_name="criterion_answers")
    criterion = models.CharField("kenmerk", max_length=2, choices=Criterion)
    answer = models.CharField("antwoord", max_length=10, choices=Answer, default=Answer.UNKNOWN)
    remark = models.CharField("opmerking", max_length=250, blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name="bron",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(Orderable.Meta):
        verbose_name = "kenmerk"
        verbose_name_plural = "kenmerken"
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "criterion"],
                name="criterion_once",
                violation_error_message="Dit kenmerk staat er al.",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer=Answer.YES) | models.Q(source__isnull=False),
                name="yes_needs_a_source",
                violation_error_message="Bij het antwoord 'Ja' hoort een bron. Zonder bron is het nog niet bekend.",
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.get_answer_display()}"


class Fact(Orderable, LooselyDated):
    """A fact or figure of the pilot for its list "In het kort"; ``date`` is the day it was true."""

    pilot = ParentalKey("pilots.Pilot", on_delete=models.CASCADE, related_name="facts")
    label = models.CharField("wat", max_length=60, help_text="Zoals: starters.")
    value = models.CharField("feit", max_length=250, help_text="Zoals: circa 50 studenten.")
    source = models.ForeignKey(Source, verbose_name="bron", on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = "feit"
        verbose_name_plural = "feiten"

    def __str__(self):
        return f"{self.label}: {self.value}"


class Reference(Orderable):
    """A source of the page, with what was taken from it."""

    pilot = ParentalKey("pilots.Pilot", on_delete=models.CASCADE, related_name="references")
    source = models.ForeignKey(Source, verbose_name="bron", on_delete=models.PROTECT, related_name="+")
    taken = models.CharField("wat komt hieruit", max_length=250)

    class Meta(Orderable.Meta):
        verbose_name = "bronvermelding"
        verbose_name_plural = "bronvermeldingen"
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "source"],
                name="reference_once",
                violation_error_message="Deze bron staat er al.",
            ),
        ]

    def __str__(self):
        return str(self.source)
