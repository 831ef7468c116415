from django.db import models
from django.utils import timezone

from .dates import LooselyDated


class Source(LooselyDated):
    """Where a fact comes from: every figure, amount and claim on the site points at one of these.

    ``date`` is when the source was published; ``checked_on`` when somebody of the team last saw that it says so.
    """

    class Kind(models.TextChoices):
        """What sort of knowledge it is; a reader weighs a measurement differently from an experience."""

        MEASUREMENT = "meting", "meting"
        RESEARCH = "onderzoek", "onderzoek"
        EXPERIENCE = "ervaring", "ervaring"
        POLICY = "beleid", "beleid"

    title = models.CharField("titel", max_length=200)
    kind = models.CharField("soort", max_length=10, choices=Kind, default=Kind.EXPERIENCE)
    publisher = models.CharField("uitgever of website", max_length=120, blank=True)
    url = models.URLField("adres", max_length=500, blank=True)
    checked_on = models.DateField("nagekeken op", null=True, blank=True)
    review_on = models.DateField(
        "nakijken op",
        null=True,
        blank=True,
        help_text="Na deze dag ziet u in de lijst dat de bron opnieuw bekeken moet worden.",
    )
    note = models.TextField(
        "opmerking voor redacteuren",
        blank=True,
        help_text="Verschijnt niet op de site.",
    )

    class Meta:
        verbose_name = "bron"
        verbose_name_plural = "bronnen"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "publisher"],
                name="source_once",
                violation_error_message="Deze bron staat al in het register.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["meting", "onderzoek", "ervaring", "beleid"]), name="source_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.shown_date})"

    @property
    def needs_review(self) -> bool:
        """Whether somebody should look again whether it still says what we took from it."""
        return self.review_on is not None and self.review_on <= timezone.localdate()
