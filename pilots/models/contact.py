"""The contact of the programme team with a pilot: what was talked about, what was agreed, and when it goes on."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

from .choices import Status

WITHOUT_CONTACT = timedelta(days=90)
"""A pilot that nobody of the team spoke for this long is one to call."""


class ContactMomentQuerySet(models.QuerySet):
    def shared(self):
        """What the pilot may see of it."""
        return self.filter(is_shared=True)

    def with_next(self):
        """The same rows, each knowing whether ``has_later``: whether there was contact with that pilot since."""
        later = ContactMoment.objects.filter(pilot=models.OuterRef("pilot")).filter(
            Q(date__gt=models.OuterRef("date")) | Q(date=models.OuterRef("date"), pk__gt=models.OuterRef("pk"))
        )
        return self.annotate(has_later=models.Exists(later))

    def overdue(self):
        """The appointments that are past without any contact since; of a pilot at most one."""
        return self.with_next().filter(next_contact_on__lt=timezone.localdate(), has_later=False)

    def hours_per_year(self):
        """How many hours were spent in each year, the newest first: dicts of ``year``, ``hours`` and ``times``."""
        return (
            self.order_by()
            .annotate(year=ExtractYear("date"))
            .values("year")
            .annotate(hours=models.Sum("hours"), times=models.Count("pk"))
            .order_by("-year")
        )


class ContactMoment(models.Model):
    """One talk, visit, call, mail or meeting with a pilot. Hours and note are the team's own; the pilot sees date,
    agreements and next date of what is shared."""

    class Kind(models.TextChoices):
        TALK = "gesprek", "gesprek"
        VISIT = "bezoek", "bezoek"
        CALL = "telefoon", "telefoon"
        MAIL = "mail", "mail"
        MEETING = "bijeenkomst", "bijeenkomst"

    pilot = models.ForeignKey(
        "pilots.Pilot", verbose_name="pilot", on_delete=models.CASCADE, related_name="contact_moments"
    )
    date = models.DateField("datum", default=timezone.localdate)
    kind = models.CharField("soort", max_length=12, choices=Kind, default=Kind.TALK)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="wie van het team",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
    )
    hours = models.DecimalField(
        "uren",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "Uren zijn nul of meer.")],
        help_text="Met voorbereiding en reistijd, zoals 1,5. De pilot ziet dit niet.",
    )
    agreements = models.TextField("afspraken", max_length=3000, blank=True)
    is_shared = models.BooleanField(
        "delen met de pilot",
        default=False,
        help_text="De pilot ziet dan de datum, de afspraken en het volgende contact.",
    )
    next_contact_on = models.DateField(
        "volgend contact op",
        null=True,
        blank=True,
        help_text="Is de dag voorbij zonder contact, dan ziet u dat op Vandaag.",
    )
    internal_note = models.TextField(
        "notitie van het team", max_length=3000, blank=True, help_text="De pilot ziet dit niet."
    )
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)
    changed_at = models.DateTimeField("gewijzigd op", auto_now=True)
    # One per form that was opened: a second click keeps nothing twice.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = ContactMomentQuerySet.as_manager()

    class Meta:
        verbose_name = "contactmoment"
        verbose_name_plural = "contactmomenten"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["gesprek", "bezoek", "telefoon", "mail", "bijeenkomst"]),
                name="contact_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0),
                name="contact_hours_from_zero",
                violation_error_message="Uren zijn nul of meer.",
            ),
            models.CheckConstraint(
                condition=Q(next_contact_on__isnull=True) | Q(next_contact_on__gt=models.F("date")),
                name="contact_next_is_later",
                violation_error_message="Het volgende contact is na dit contact.",
            ),
            models.CheckConstraint(
                condition=Q(is_shared=False) | ~Q(agreements="") | Q(next_contact_on__isnull=False),
                name="contact_shared_says_something",
                violation_error_message="Er is niets te delen: schrijf de afspraken op, of wanneer u weer contact hebt.",
            ),
        ]
        indexes = [models.Index(fields=["pilot", "-date"], name="contact_last_of_pilot")]

    def __str__(self):
        return f"{self.get_kind_display()} met {self.pilot}"

    @property
    def is_overdue(self) -> bool:
        """Whether the next contact is past and there was none since; of rows ``with_next``."""
        return bool(self.next_contact_on) and self.next_contact_on < timezone.localdate() and not self.has_later

    def clean(self):
        if self.date and self.date > timezone.localdate():
            raise ValidationError(
                {"date": "Deze dag komt nog. Leg contact vast als het is geweest, of vul ‘volgend contact op’ in."}
            )


def with_contact(pilots: models.QuerySet) -> models.QuerySet:
    """The same pilots, each with ``last_contact`` and ``next_contact`` (dates) and ``hours_this_year``."""
    moments = ContactMoment.objects.filter(pilot=models.OuterRef("pk"))
    this_year = moments.filter(date__year=timezone.localdate().year).order_by()
    return pilots.annotate(
        last_contact=models.Subquery(moments.values("date")[:1]),
        next_contact=models.Subquery(moments.values("next_contact_on")[:1]),
        hours_this_year=models.Subquery(this_year.values("pilot").annotate(total=models.Sum("hours")).values("total")),
    )


def without_contact(pilots: models.QuerySet, today: date | None = None) -> models.QuerySet:
    """Of these pilots, those that go on and that nobody of the team had contact with for 90 days, or ever."""
    since = (today or timezone.localdate()) - WITHOUT_CONTACT
    recent = ContactMoment.objects.filter(pilot=models.OuterRef("pk"), date__gte=since)
    return pilots.filter(~models.Exists(recent), live=True).exclude(status=Status.STOPPED)
