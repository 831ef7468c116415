"""Tailored support: what a pilot asks of the programme team, and what they write to each other about it."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mkbroute.core.models import Decision, Theme

from .choices import MemberRole
from .members import Membership, name_of

REOPENED_WITHIN = timedelta(days=30)
"""How long after closing the pilot can open a request again; after that it is a new question."""

TEAM_NAME = "het programmateam"

WRITERS = [MemberRole.LEAD, MemberRole.EDITOR]


def _member_of_its_pilot(user, roles: list[str]) -> models.Exists:
    """Whether this user has one of these roles in the pilot of the row around it."""
    mine = Membership.objects.filter(user=user, user__is_active=True, role__in=roles)
    return models.Exists(mine.filter(pilot=models.OuterRef("pilot")))


class SupportRequestQuerySet(models.QuerySet):
    def open(self):
        """What is not closed."""
        return self.exclude(state=SupportRequest.State.CLOSED)

    def for_the_team(self):
        """What waits for the team: nobody took it on, or the pilot answered."""
        return self.filter(state__in=SupportRequest.TEAM_TO_ACT)

    def with_people(self):
        """With the names that a list shows, in the same query."""
        return self.select_related("pilot", "theme", "author", "assignee")

    def drafts_of(self, user):
        """A question is asked at once: there are no drafts."""
        return self.none()

    def sent_in_by(self, user):
        """What this user asked in the pilots they are still in."""
        return self.filter(_member_of_its_pilot(user, MemberRole.values), author=user)

    def asked_of(self, user):
        """What waits for this user: the team answered, and the user may still write in that pilot.

        Of who has left, everybody who writes for the pilot takes over.
        """
        return self.filter(
            Q(author=user) | Q(author=None), _member_of_its_pilot(user, WRITERS), state=SupportRequest.State.ASKED
        )

    def news_for(self, user, since):
        """The requests of this user's pilots to which the team wrote something after this moment."""
        answers = SupportMessage.objects.filter(
            request=models.OuterRef("pk"), is_from_team=True, is_internal=False, at__gt=since
        )
        return self.filter(_member_of_its_pilot(user, MemberRole.values), models.Exists(answers))


class SupportRequest(models.Model):
    """A question of a pilot to the programme team. The team and the people of that pilot read it, nobody else.

    ``turn_since`` is since when whoever is to act is to act; ``version`` grows with everything that is done.
    """

    class Urgency(models.TextChoices):
        CAN_WAIT = "kan-wachten", "kan wachten"
        TWO_WEEKS = "twee-weken", "binnen twee weken"
        URGENT = "dringend", "dringend"

    class State(models.TextChoices):
        """In the words of who asks."""

        NEW = "nieuw", "nieuw"
        TAKEN = "in-behandeling", "in behandeling"
        ASKED = "wacht-op-u", "wacht op u"
        CLOSED = "afgerond", "afgerond"

    TEAM_TO_ACT = [State.NEW, State.TAKEN]

    pilot = models.ForeignKey(
        "pilots.Pilot", verbose_name="pilot", on_delete=models.CASCADE, related_name="support_requests"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="gevraagd door",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    theme = models.ForeignKey(Theme, verbose_name="thema", on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField("hoe snel", max_length=12, choices=Urgency)
    title = models.CharField("onderwerp", max_length=120)
    question = models.TextField("vraag", max_length=5000)
    follows = models.ForeignKey(
        "self", verbose_name="vervolg op", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    privacy_reason = models.CharField("reden bij persoonsgegevens", max_length=250, blank=True)
    state = models.CharField("stand", max_length=16, choices=State, default=State.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="behandelaar",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("gevraagd op", auto_now_add=True)
    changed_at = models.DateTimeField("gewijzigd op", auto_now=True)
    turn_since = models.DateTimeField("wacht sinds", default=timezone.now)
    closed_at = models.DateTimeField("afgerond op", null=True, blank=True)
    version = models.PositiveIntegerField("versie", default=1, editable=False)
    # One per form that was opened: a second click meets it and asks nothing twice.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    decisions = GenericRelation(Decision)  # what was decided on it goes when it goes
    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "ondersteuningsvraag"
        verbose_name_plural = "ondersteuningsvragen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(urgency__in=["kan-wachten", "twee-weken", "dringend"]), name="support_urgency_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["nieuw", "in-behandeling", "wacht-op-u", "afgerond"]), name="support_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="afgerond", closed_at__isnull=False)
                | ~Q(state="afgerond") & Q(closed_at__isnull=True),
                name="support_closed_has_moment",
                violation_error_message="Een afgeronde vraag heeft een datum, een open vraag niet.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn_since"], condition=Q(state__in=["nieuw", "in-behandeling"]), name="support_for_the_team"
            )
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.follows and self.follows.pilot_id != self.pilot_id:
            raise ValidationError({"follows": "Die vraag hoort bij een andere pilot."})

    @property
    def is_shared(self) -> bool:
        """Whether others wrote in it, so that it is not only its author's to take away."""
        return self.messages.exclude(author=self.author_id).exists()

    @property
    def portal_url(self) -> str:
        """Where the people of the pilot read it."""
        return reverse("portal_support_request", args=[self.pilot.slug, self.pk])

    @property
    def author_name(self) -> str:
        return name_of(self.author)

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def waits_for_team(self) -> bool:
        """Whether the team is to act."""
        return self.state in self.TEAM_TO_ACT

    @property
    def waits_for_pilot(self) -> bool:
        """Whether the pilot is to act."""
        return self.state == self.State.ASKED

    @property
    def state_for_team(self) -> str:
        """The state in the words of the team, for which "u" is somebody else."""
        return "wacht op de pilot" if self.waits_for_pilot else self.get_state_display()

    @property
    def last_day_to_reopen(self) -> date | None:
        """The last day on which the pilot can open it again; None while it is open."""
        return timezone.localdate(self.closed_at) + REOPENED_WITHIN if self.closed_at else None

    @property
    def can_be_reopened(self) -> bool:
        """Whether the pilot can open it again today."""
        return self.is_closed and timezone.localdate() <= self.last_day_to_reopen


class SupportMessageQuerySet(models.QuerySet):
    def shared(self):
        """What the people of the pilot may read too."""
        return self.filter(is_internal=False)

    def drafts_of(self, user):
        """What is written is sent at once: there are no drafts."""
        return self.none()

    def sent_in_by(self, user):
        """What this user wrote."""
        return self.filter(author=user)


class SupportMessage(models.Model):
    """Something said about a request, or done with it (``deed``), or both."""

    class Deed(models.TextChoices):
        TAKEN_ON = "opgepakt", "pakte de vraag op"
        CLOSED = "afgerond", "rondde de vraag af"
        REOPENED = "heropend", "opende de vraag opnieuw"

    request = models.ForeignKey(
        SupportRequest, verbose_name="ondersteuningsvraag", on_delete=models.CASCADE, related_name="messages"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="wie",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_from_team = models.BooleanField("van het programmateam", default=False)
    is_internal = models.BooleanField("alleen voor het team", default=False)
    deed = models.CharField("wat er gebeurde", max_length=10, choices=Deed, blank=True)
    text = models.TextField("tekst", max_length=5000, blank=True)
    at = models.DateTimeField("wanneer", auto_now_add=True)
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = SupportMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "bericht bij een ondersteuningsvraag"
        verbose_name_plural = "berichten bij ondersteuningsvragen"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(deed=""),
                name="support_message_says_something",
                violation_error_message="Schrijf eerst een tekst.",
            ),
            models.CheckConstraint(
                condition=Q(deed__in=["", "opgepakt", "afgerond", "heropend"]), name="support_message_deed_known"
            ),
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(is_from_team=True),
                name="support_note_is_of_the_team",
                violation_error_message="Alleen het team schrijft notities.",
            ),
        ]

    def __str__(self):
        return f"{self.author_name} bij ‘{self.request}’"

    @property
    def author_name(self) -> str:
        if self.is_from_team:
            return (self.author and self.author.get_full_name()) or TEAM_NAME
        return name_of(self.author)

    @property
    def pilot(self):
        """The pilot it is about."""
        return self.request.pilot

    @property
    def portal_url(self) -> str:
        """Where it is read."""
        return self.request.portal_url

    @property
    def changed_at(self) -> datetime:
        """When it was written: it never changes."""
        return self.at

    def get_state_display(self) -> str:
        """What goes for every message: what is said, is said."""
        return "verstuurd"
