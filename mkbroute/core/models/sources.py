from django.db import models

from .dates import LooselyDated


class Source(LooselyDated):
    """Where a fact comes from: every figure, amount and claim on the site points at one of these.

    ``date`` is when the source was published; ``checked_on`` when somebody of the team last saw that it says so.
    """

    title = models.CharField("titel", max_length=200)
    publisher = models.CharField("uitgever of website", max_length=120, blank=True)
    url = models.URLField("adres", max_length=500, blank=True)
    checked_on = models.DateField("nagekeken op", null=True, blank=True)
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
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.shown_date})"
