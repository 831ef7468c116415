from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.models import Orderable

from mkbroute.core.blocks import BodyBlock, sources_in
from mkbroute.core.models import (
    IllustratedMixin,
    LooselyDated,
    Province,
    Publishable,
    PublishableQuerySet,
    Sector,
)

BRIN = RegexValidator(
    r"^\d{2}[A-Z]{2}$",
    "Een BRIN-code heeft twee cijfers en twee hoofdletters, zoals 12AB.",
)


class Kind(models.TextChoices):
    """What sort of organisation it is."""

    HOGESCHOOL = "hogeschool", "hogeschool"
    MBO = "mbo-school", "mbo-school"
    BRANCHE = "branche", "brancheorganisatie"
    FUND = "fonds", "opleidings- of ontwikkelfonds"
    TRAINING_COMPANY = "opleidingsbedrijf", "opleidingsbedrijf"
    MINISTRY = "ministerie", "ministerie"
    NATIONAL = "landelijk", "landelijke organisatie"

    @property
    def plural(self) -> str:
        """The heading above a list of them."""
        irregular = {
            Kind.HOGESCHOOL: "hogescholen",
            Kind.MBO: "mbo-scholen",
            Kind.FUND: "opleidings- en ontwikkelfondsen",
            Kind.TRAINING_COMPANY: "opleidingsbedrijven",
            Kind.NATIONAL: "landelijke organisaties",
        }
        return irregular.get(self, f"{self.label}s")


BRANCHE_KINDS = (Kind.BRANCHE, Kind.FUND, Kind.TRAINING_COMPANY)


class OrganisationQuerySet(PublishableQuerySet):
    def hogescholen(self):
        return self.filter(kind=Kind.HOGESCHOOL)

    def branches(self):
        """Branches and what branches set up together: funds and training companies."""
        return self.filter(kind__in=BRANCHE_KINDS)

    def for_list(self):
        """With their places and the whole they are part of, in the same query."""
        return self.select_related("part_of").with_rows("places__province")


class Organisation(IllustratedMixin, Publishable):
    """A hogeschool, branche or other organisation around the programme; ``title`` is its name."""

    kind = models.CharField("soort", max_length=20, choices=Kind)
    short_name = models.CharField(
        "korte naam of afkorting",
        max_length=40,
        blank=True,
        help_text="Voor lijsten en kaart.",
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name="onderdeel van",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    sector = models.ForeignKey(
        Sector,
        verbose_name="sector",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    role = models.CharField(
        "rol in het programma",
        max_length=200,
        blank=True,
        help_text="Zoals: initiatiefnemer, of: voert het programma uit.",
    )
    website = models.URLField("website", blank=True)
    brin = models.CharField(
        "BRIN-code",
        max_length=4,
        blank=True,
        validators=[BRIN],
        help_text="Alleen als u de code hebt nagezocht bij DUO.",
    )
    brin_checked_on = models.DateField("BRIN gecontroleerd op", null=True, blank=True)
    body = StreamField(BodyBlock(), verbose_name="tekst", blank=True)

    objects = OrganisationQuerySet.as_manager()

    columns_in_rows = ("live", "title", "slug", "kind", "short_name")
    page_template = "network/organisation_detail.html"

    class Meta:
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"
        ordering = ["title"]
        constraints = [
            *IllustratedMixin.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(brin="", brin_checked_on=None)
                | (models.Q(brin__regex=r"^\d{2}[A-Z]{2}$") & models.Q(brin_checked_on__isnull=False)),
                name="brin_is_checked",
                violation_error_message="Vul bij een BRIN-code ook in wanneer die is gecontroleerd.",
            ),
            models.CheckConstraint(
                condition=models.Q(part_of=None) | ~models.Q(part_of=models.F("id")),
                name="organisation_not_part_of_itself",
                violation_error_message="Een organisatie kan geen onderdeel van zichzelf zijn.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("organisation_detail", args=[self.slug])

    @property
    def search_keywords(self) -> list[str]:
        places = [word for place in self.places.all() for word in (place.city, place.province.title)]
        return [*super().search_keywords, self.short_name, self.get_kind_display(), self.role, *places]

    def page_context(self) -> dict:
        return {
            "organisation": self,
            "parts": self.parts.published() if self.pk else [],
            "sources": sources_in(self.body),
            "crumbs": [("Netwerk", reverse("organisation_list")), (self.title, self.get_absolute_url())],
        }

    @property
    def structured_data(self) -> dict:
        """The organisation for search engines, as schema.org Organization."""
        return {
            "@type": "CollegeOrUniversity" if self.kind == Kind.HOGESCHOOL else "Organization",
            "name": self.title,
            "alternateName": self.short_name,
            "url": self.website or self.full_url,
            "description": self.summary,
            "location": [{"@type": "Place", "name": place.city} for place in self.places.all()],
        }

    @property
    def website_name(self) -> str:
        """The website as people say it, such as "avans.nl"."""
        return self.website.split("://")[-1].removeprefix("www.").rstrip("/")

    @property
    def label(self) -> str:
        """The name for lists and the map: the short one if there is one."""
        return self.short_name or self.title


class Place(Orderable):
    """Where an organisation is; coordinates in degrees (WGS 84), proposed from the city."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="places")
    city = models.CharField("plaats", max_length=60)
    province = models.ForeignKey(
        Province,
        verbose_name="provincie",
        on_delete=models.PROTECT,
        related_name="places",
    )
    latitude = models.FloatField("breedtegraad", null=True, blank=True)
    longitude = models.FloatField("lengtegraad", null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "vestiging"
        verbose_name_plural = "vestigingen"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "city"],
                name="place_once",
                violation_error_message="Deze plaats staat er al.",
            ),
        ]

    def __str__(self):
        return self.city


class PersonQuerySet(PublishableQuerySet):
    def for_page(self):
        """With their appointments, in the same query."""
        return self.with_rows("appointments__organisation")


class Person(IllustratedMixin, Publishable):
    """Somebody with a public role in the programme; ``title`` is the name. No mail addresses: there is a contact form."""

    objects = PersonQuerySet.as_manager()

    needs_summary = False  # a role says enough
    page_template = "network/person_detail.html"

    class Meta:
        verbose_name = "persoon"
        verbose_name_plural = "personen"
        ordering = ["title"]
        constraints = [*IllustratedMixin.Meta.constraints]

    def get_absolute_url(self) -> str:
        return reverse("person_detail", args=[self.slug])

    @property
    def search_mentions(self) -> list[models.Model]:
        return [appointment.organisation for appointment in self.appointments.all() if appointment.organisation]

    @property
    def search_keywords(self) -> list[str]:
        said = [word for appointment in self.appointments.all() for word in (appointment.role, appointment.function)]
        return [*super().search_keywords, *self.bodies, *said]

    @property
    def bodies(self) -> list[str]:
        """The names of the groups this person is in."""
        return list(dict.fromkeys(appointment.get_body_display() for appointment in self.appointments.all()))

    def page_context(self) -> dict:
        appointments = self.appointments.all()
        body = Body(appointments[0].body) if appointments else Body.TEAM
        return {
            "person": self,
            "appointments": appointments,
            "crumbs": [
                ("Over het programma", "/over/"),
                (body.heading, body.url),
                (self.title, self.get_absolute_url()),
            ],
        }


class Body(models.TextChoices):
    """The two groups of the programme whose members are public."""

    TEAM = "programmateam", "programmateam"
    BOARD = "raad-van-advies", "Raad van Advies"

    @property
    def heading(self) -> str:
        """The name with a capital, for headings and breadcrumbs."""
        return self.label[0].upper() + self.label[1:]

    @property
    def url(self) -> str:
        return reverse("team" if self is Body.TEAM else "board")


class AppointmentQuerySet(models.QuerySet):
    def published(self):
        """Those of people a visitor may see."""
        return self.filter(person__live=True)

    def present(self):
        """Those that have begun and not ended."""
        today = timezone.localdate()
        started = models.Q(starts_on=None) | models.Q(starts_on__lte=today)
        return self.filter(started, models.Q(ends_on=None) | models.Q(ends_on__gte=today))


class Appointment(Orderable, LooselyDated):
    """What somebody does in a body, on whose behalf. ``date`` is the day up to which this is known to be true."""

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="appointments")
    body = models.CharField("groep", max_length=20, choices=Body)
    role = models.CharField("rol in de groep", max_length=80, blank=True, help_text="Zoals: projectleiding.")
    function = models.CharField(
        "functie",
        max_length=120,
        blank=True,
        help_text="De functie bij de eigen organisatie.",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisatie",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    position = models.PositiveSmallIntegerField("volgorde in de groep", default=0)
    starts_on = models.DateField("vanaf", null=True, blank=True)
    ends_on = models.DateField("tot en met", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = "benoeming"
        verbose_name_plural = "benoemingen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_start",
                violation_error_message="De einddatum ligt voor de begindatum.",
            ),
        ]

    def __str__(self):
        return f"{self.person} ({self.get_body_display()})"
