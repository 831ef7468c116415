"""What a pilot consists of: where, what one studies, and who takes part."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from mkbroute.core.models import Province
from network.models import Organisation

from .choices import Degree, Form, Role


class Region(Orderable):
    """Where a pilot works. The point on the map is set by an editor and proposed from the city; degrees, WGS 84."""

    pilot = ParentalKey("pilots.Pilot", on_delete=models.CASCADE, related_name="regions")
    name = models.CharField(
        "regio",
        max_length=80,
        help_text="Zoals: Zuidoost-Brabant, of: Zwolle en omgeving.",
    )
    province = models.ForeignKey(
        Province,
        verbose_name="provincie",
        on_delete=models.PROTECT,
        related_name="regions",
    )
    city = models.CharField("plaats voor de kaart", max_length=60, blank=True)
    latitude = models.FloatField("breedtegraad", null=True, blank=True)
    longitude = models.FloatField("lengtegraad", null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "regio"
        verbose_name_plural = "regio's"
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "name"],
                name="region_once",
                violation_error_message="Deze regio staat er al.",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__range=(50.6, 53.7), longitude__range=(3.2, 7.3)),
                name="region_point_in_the_netherlands",
                violation_error_message="Dit punt ligt niet in Nederland. Vul breedte- en lengtegraad allebei in.",
            ),
        ]

    def __str__(self):
        return self.name


class Programme(Orderable):
    """What one enrols in. Text fields that are empty read "nog niet bekend" on the site."""

    pilot = ParentalKey("pilots.Pilot", on_delete=models.CASCADE, related_name="programmes")
    title = models.CharField("opleiding", max_length=120)
    degree = models.CharField("diploma", max_length=20, choices=Degree, blank=True, default=Degree.UNKNOWN)
    form = models.CharField("vorm", max_length=10, choices=Form, blank=True, default=Form.UNKNOWN)
    form_note = models.CharField("toelichting bij de vorm", max_length=200, blank=True)
    duration_years = models.PositiveSmallIntegerField("duur in jaren", null=True, blank=True)
    places = models.CharField(
        "plaatsen",
        max_length=200,
        blank=True,
        help_text="Waar de lessen zijn, met jaar als dat telt.",
    )
    entry = models.CharField("toelating", max_length=250, blank=True)
    rhythm = models.CharField(
        "week",
        max_length=200,
        blank=True,
        help_text="Zoals: 3 dagen bedrijf, 2 dagen school.",
    )
    costs = models.CharField("kosten voor de student", max_length=200, blank=True)
    start = models.CharField("volgende start", max_length=120, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "opleiding"
        verbose_name_plural = "opleidingen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(degree__in=Degree.values),
                name="programme_degree_known",
            ),
            models.CheckConstraint(condition=models.Q(form__in=Form.values), name="programme_form_known"),
            models.CheckConstraint(
                condition=models.Q(duration_years=None) | models.Q(duration_years__range=(1, 8)),
                name="programme_duration_sane",
                violation_error_message="Een opleiding duurt 1 tot 8 jaar.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def nlqf_level(self) -> int | None:
        """The level in the Dutch qualifications framework, from the degree."""
        return Degree(self.degree).nlqf_level

    @property
    def degree_in_short(self) -> str:
        """The degree with its duration, such as "Ad, 2 jaar"."""
        words = {
            Degree.AD: "Ad",
            Degree.BACHELOR: "Bachelor",
            Degree.UNDECIDED: "Ad of bachelor, nog te bepalen",
        }
        degree = words.get(self.degree, "Diploma nog niet bekend")
        return f"{degree}, {self.duration_years} jaar" if self.duration_years else degree


class Partnership(Orderable):
    """An organisation in a pilot, in a role."""

    pilot = ParentalKey("pilots.Pilot", on_delete=models.CASCADE, related_name="partnerships")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisatie",
        on_delete=models.PROTECT,
        related_name="partnerships",
    )
    role = models.CharField("rol", max_length=20, choices=Role)
    note = models.CharField("wat zij doet", max_length=200, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "partner"
        verbose_name_plural = "partners"
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "organisation", "role"],
                name="partnership_once",
                violation_error_message="Deze organisatie staat al in deze rol bij de pilot.",
            ),
            models.UniqueConstraint(
                fields=["pilot"],
                condition=models.Q(role=Role.LEAD),
                name="partnership_one_lead",
                violation_error_message="Een pilot heeft hoogstens een penvoerder.",
            ),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.get_role_display()})"
