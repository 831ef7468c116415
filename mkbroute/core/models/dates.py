from django.db import models
from django.utils.formats import date_format

UNKNOWN_DATE = "datum nog niet bekend"


class LooselyDated(models.Model):
    """Something with a date that may be known only roughly: "zomer 2021", "eind 2020", or not at all.

    ``date`` orders the rows and is shown when it is exact; ``date_text`` is shown instead when it is not.
    """

    date = models.DateField(
        "datum",
        null=True,
        blank=True,
        help_text="De dag, of bij een ruwe datum de eerste dag van die periode.",
    )
    date_text = models.CharField(
        "datum in woorden",
        max_length=60,
        blank=True,
        help_text="Alleen als de dag niet precies bekend is. Bijvoorbeeld: eind 2020, zomer 2021, oktober 2021.",
    )

    class Meta:
        abstract = True

    @property
    def shown_date(self) -> str:
        """The date as it appears on the site: in words, as "1 september 2026", or as unknown."""
        if self.date_text:
            return self.date_text
        return date_format(self.date, "j F Y") if self.date else UNKNOWN_DATE
