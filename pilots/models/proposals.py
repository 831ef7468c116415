import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils import timezone
from wagtail.models import RevisionMixin

from mkbroute.core.models import Decision

from .choices import MemberRole


class ProposalQuerySet(models.QuerySet):
    def open(self):
        """What is not settled yet."""
        return self.filter(state__in=Proposal.OPEN)

    def sent(self):
        """What waits for the team, oldest first."""
        return self.filter(state=Proposal.State.SENT).order_by("sent_at", "pk")

    def of_pilots_of(self, user, roles=(MemberRole.LEAD, MemberRole.EDITOR)):
        """Those of the pilots in which somebody has one of these roles."""
        return self.filter(pilot__memberships__user=user, pilot__memberships__role__in=roles).select_related("pilot")

    def drafts_of(self, user):
        """What this user can go on with; the people of a pilot share their proposal."""
        return self.of_pilots_of(user).filter(state=Proposal.State.DRAFT)

    def sent_in_by(self, user):
        """What this user sent in for the pilots they are still in, whatever became of it."""
        mine = self.of_pilots_of(user, MemberRole.values).filter(author=user)
        return mine.exclude(sent_at=None).select_related("pilot")

    def asked_of(self, user):
        """What came back and waits for this user or a colleague of the pilot."""
        return self.of_pilots_of(user).filter(state=Proposal.State.RETURNED)

    def news_for(self, user, since):
        """What was published since then on the pages of this user's pilots."""
        placed = self.of_pilots_of(user, MemberRole.values).filter(state=Proposal.State.PLACED)
        return placed.filter(changed_at__gt=since)


class Proposal(RevisionMixin, models.Model):
    """Changes that partners propose to the page of their pilot; see ``docs/adr/0011-proposals-of-partners.md``.

    ``base`` is what stood on the page when it was begun, ``content`` what they want there (``pilots.content``). The people
    of a pilot share one proposal at a time. ``version`` counts what was saved, so that nobody saves over what they did not
    see and the team approves exactly what it read. Each version that was sent in is kept as a revision.
    """

    class State(models.TextChoices):
        DRAFT = "concept", "concept"
        SENT = "ingediend", "ingediend"
        RETURNED = "teruggestuurd", "teruggestuurd"
        PLACED = "geplaatst", "geplaatst"
        WITHDRAWN = "ingetrokken", "ingetrokken"

    OPEN = (State.DRAFT, State.SENT, State.RETURNED)

    pilot = models.ForeignKey("pilots.Pilot", verbose_name="pilot", on_delete=models.CASCADE, related_name="proposals")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ingestuurd door",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="proposals",
        help_text="Wie het begon, en daarna wie het instuurde.",
    )
    state = models.CharField("stand", max_length=15, choices=State, default=State.DRAFT)
    base = models.JSONField(default=dict, editable=False)
    content = models.JSONField(default=dict, editable=False)
    note = models.TextField("bericht aan het team", max_length=2000, blank=True)
    privacy_reason = models.CharField("reden bij persoonsgegevens", max_length=250, blank=True)
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    started_at = models.DateTimeField("begonnen op", auto_now_add=True)
    changed_at = models.DateTimeField("gewijzigd op", default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="gewijzigd door",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sent_at = models.DateTimeField("ingestuurd op", null=True, blank=True)

    decisions = GenericRelation(Decision)  # what was decided on it goes when it goes
    objects = ProposalQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # a pilot is not "in use" because somebody wants it changed

    class Meta:
        verbose_name = "voorstel"
        verbose_name_plural = "voorstellen"
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot"],
                condition=models.Q(state__in=["concept", "ingediend", "teruggestuurd"]),
                name="proposal_one_open",
                violation_error_message="Voor deze pilot is al een voorstel begonnen.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["concept", "ingediend", "teruggestuurd", "geplaatst", "ingetrokken"]),
                name="proposal_state_known",
            ),
        ]

    def __str__(self):
        return f"pilotpagina {self.pilot}"

    @property
    def is_shared(self) -> bool:
        """Whether somebody else went on with it, so that it is not only its author's to take away."""
        return self.changed_by_id not in (None, self.author_id)

    @property
    def portal_url(self) -> str:
        return reverse("portal_proposal", args=[self.pilot.slug])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to judge."""
        return self.content != self.base or bool(self.note)
