import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from mkbroute.core import decisions
from mkbroute.core.models import ChoicesField, Decision, Theme
from pilots.models import Membership, Pilot
from pilots.models.members import name_of
from research.consent import IN_HANDS_OF_EXPERT, still_holds

from .choices import Audience, SubmissionState
from .practice import Practice

WRITABLE = (SubmissionState.CONCEPT, SubmissionState.RETURNED)
"""The states in which partners write; in all others the words stay as they were sent in."""
ENDED = (SubmissionState.PLACED, SubmissionState.REJECTED, SubmissionState.WITHDRAWN)
STOPS = {
    "Schrijven": WRITABLE,
    "Ingediend": (SubmissionState.SENT,),
    "Oordeel van een expert": (SubmissionState.JUDGED, SubmissionState.OBJECTED),
    "Uw akkoord": (SubmissionState.ASKED, SubmissionState.AGREED),
    "Op de site": (SubmissionState.PLACED,),
}
"""The line on which partners see how far it is: its stops, and the states in which it stands there."""
LONGEST = 4000
"""Signs in one answer: about two pages."""


class SubmissionQuerySet(models.QuerySet):
    def writable_by(self, user):
        """Those of the pilots in which somebody writes, whoever of the pilot began them."""
        return self.filter(pilot__in=Pilot.objects.writable_by(user))

    def readable_by(self, user):
        """Those of one's pilots; what was never sent in is only for who can write in it."""
        sent_in = Q(pilot__in=Pilot.objects.of_member(user), sent_at__isnull=False)
        return self.filter(sent_in | Q(pilot__in=Pilot.objects.writable_by(user)))

    def drafts_of(self, user):
        """What somebody can go on writing, newest first."""
        return self._listed(self.writable_by(user).filter(state=SubmissionState.CONCEPT))

    def sent_in_by(self, user):
        """What somebody began and the pilot sent in, newest first."""
        return self._listed(self.readable_by(user).filter(author=user, sent_at__isnull=False))

    def asked_of(self, user):
        """What waits for somebody's pilot: more words or its consent. Any writer of the pilot can answer."""
        asked = Q(state=SubmissionState.ASKED, practice__latest_revision=models.F("asked_revision"))
        return self._listed(self.writable_by(user).filter(Q(state=SubmissionState.RETURNED) | asked))

    def news_for(self, user, since: datetime):
        """What others did since then with what is of one's pilots."""
        mine = Q(by=user)
        events = SubmissionEvent.objects.filter(submission=OuterRef("pk"), at__gt=since).exclude(mine)
        return self._listed(self.readable_by(user).filter(Exists(events)))

    def waiting_for_completeness(self):
        """The first stage: is it complete?"""
        return self.filter(state=SubmissionState.SENT)

    def waiting_for_judgement(self):
        """The second stage. What partners were asked about waits for the team again once the team has changed it."""
        newer_draft = Q(state=SubmissionState.ASKED) & ~Q(practice__latest_revision=models.F("asked_revision"))
        with_team = (SubmissionState.JUDGED, SubmissionState.OBJECTED, SubmissionState.AGREED)
        return self.filter(Q(state__in=with_team) | newer_draft)

    def _listed(self, rows):
        return rows.select_related("pilot", "author", "edited_by").order_by("-changed_at", "-pk")


class PracticeSubmission(models.Model):
    """A good practice as partners tell it, on its road to the site. What it became is ``practice``.

    The fields of the guided form have the names they have in ``Practice``. ``asked_revision`` and ``asked_seal`` are the
    version about which the pilot was asked last, ``version`` counts every change of the words.
    """

    State = SubmissionState

    pilot = models.ForeignKey(
        Pilot, verbose_name="pilot", on_delete=models.CASCADE, related_name="practice_submissions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="begonnen door",
        null=True,
        on_delete=models.SET_NULL,
        related_name="practice_submissions",
    )
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField("stand", max_length=20, choices=SubmissionState, default=SubmissionState.CONCEPT)
    version = models.PositiveIntegerField("versie", default=1, editable=False)

    title = models.CharField("titel", max_length=120, blank=True)
    context = models.TextField("aanleiding", max_length=LONGEST, blank=True)
    aim = models.TextField("doel", max_length=LONGEST, blank=True)
    done = models.TextField("wat u deed", max_length=LONGEST, blank=True)
    by_whom = models.CharField("door wie", max_length=250, blank=True)
    hours = models.CharField("tijd", max_length=120, blank=True)
    costs = models.CharField("geld", max_length=120, blank=True)
    result = models.TextField("wat het gaf", max_length=LONGEST, blank=True)
    evidence = models.TextField("hoe u dat weet", max_length=LONGEST, blank=True)
    difficulties = models.TextField("wat lastig was of mislukte", max_length=LONGEST, blank=True)
    lesson = models.TextField("les", max_length=LONGEST, blank=True)
    transferable = models.TextField("bruikbaar voor", max_length=LONGEST, blank=True)
    audiences = ChoicesField(
        models.CharField(max_length=20, choices=Audience), verbose_name="voor wie", default=list, blank=True
    )
    themes = models.ManyToManyField(Theme, verbose_name="thema's", blank=True, related_name="+")
    summary = models.TextField("samenvatting", max_length=400, blank=True)
    privacy_reason = models.CharField("reden bij persoonsgegevens", max_length=250, blank=True)

    practice = models.OneToOneField(
        Practice,
        verbose_name="goed voorbeeld",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="submission",
    )
    asked_revision = models.ForeignKey(
        Revision, verbose_name="gevraagde versie", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_seal = models.CharField("kenmerk van de gevraagde versie", max_length=64, blank=True, editable=False)

    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="laatst bewerkt door",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    edited_at = models.DateTimeField("laatst bewerkt op", default=timezone.now)
    created_at = models.DateTimeField("begonnen op", auto_now_add=True)
    changed_at = models.DateTimeField("gewijzigd op", auto_now=True)
    moved_at = models.DateTimeField("in deze stand sinds", default=timezone.now)
    sent_at = models.DateTimeField("ingediend op", null=True, blank=True)

    decisions = GenericRelation(Decision)  # what was decided on it goes when it goes
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "voorbeeld"
        verbose_name_plural = "voorbeelden"
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[SubmissionState.CONCEPT, SubmissionState.WITHDRAWN]) | Q(sent_at__isnull=False),
                name="submission_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SubmissionState.ASKED, SubmissionState.AGREED]) | ~Q(asked_seal=""),
                name="submission_consent_is_about_a_version",
            ),
        ]

    def __str__(self):
        return self.title or "Voorbeeld zonder titel"

    @transaction.atomic
    def delete(self, *args, **kwargs):
        """With it goes the draft made of it: without a pilot to ask, its words would be free to publish."""
        if self.practice and not self.practice.first_published_at:
            self.practice.delete()
        return super().delete(*args, **kwargs)

    @property
    def is_shared(self) -> bool:
        """Whether somebody else wrote in it last, so that it is not only its author's to take away."""
        return self.edited_by_id not in (None, self.author_id)

    @property
    def portal_url(self) -> str:
        """Where its pilot finds it."""
        return reverse("portal_practice", args=[self.pilot.slug, self.pk])

    @property
    def is_writable(self) -> bool:
        """Whether partners can change the words now."""
        return self.state in WRITABLE

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it is still on its way."""
        return self.state not in ENDED

    @property
    def asks_partners(self) -> bool:
        """Whether it waits for the pilot: for more words, or for consent to what is still the newest draft."""
        if self.state == SubmissionState.ASKED:
            return bool(self.practice) and self.practice.latest_revision_id == self.asked_revision_id
        return self.state == SubmissionState.RETURNED

    @property
    def is_under_way(self) -> bool:
        """Whether the team has it, and the pilot waits."""
        return self.state not in (*ENDED, SubmissionState.CONCEPT) and not self.asks_partners

    @property
    def is_in_hands_of_expert(self) -> bool:
        """Whether it passed the first stage and did not end."""
        return self.state in IN_HANDS_OF_EXPERT

    @property
    def draft(self) -> Practice | None:
        """The practice made of it, in its newest version."""
        return self.practice.get_latest_revision_as_object() if self.practice else None

    @property
    def asked_version(self) -> Practice | None:
        """The version about which partners were asked, as long as nobody changed it."""
        version = self.asked_revision.as_object() if self.asked_revision else None
        return version if version and still_holds(self, version) else None

    @property
    def waits_for_consent(self) -> bool:
        """Whether partners can answer now: asked, and the team has changed nothing since."""
        return self.state == SubmissionState.ASKED and self.draft is not None and still_holds(self, self.draft)

    @property
    def explanation(self) -> str:
        """What its state means for the pilot, and what happens next."""
        if self.state == SubmissionState.ASKED and not self.waits_for_consent:
            return "Het programmateam past de tekst nog aan. Daarna vragen wij u opnieuw om akkoord."
        return SubmissionState(self.state).explanation

    @property
    def stops(self) -> list[tuple[str, datetime | None, bool]]:
        """The line for partners: each stop with when it was last reached, and whether it is there now.

        What was refused or withdrawn stays at the last stop it reached.
        """
        reached: dict[str, datetime] = {}
        here = "Schrijven"
        for event in self.events.all():
            for name, states in STOPS.items():
                if event.state in states:
                    reached[name] = event.at
                    here = name
        passed = list(STOPS)[: list(STOPS).index(here) + 1]
        return [(name, reached.get(name) if name in passed else None, name == here) for name in STOPS]

    @property
    def reader(self):
        """Who of the pilot is mailed: who began it or else, once that person has left, the penvoerder longest there."""
        members = Membership.objects.filter(pilot=self.pilot, user__is_active=True).exclude(role="lezer")
        first = members.filter(user=self.author).first() or members.filter(role="penvoerder").order_by("pk").first()
        return first and first.user

    def move(self, state: str, *, by: models.Model | None, remark: str = "") -> None:
        """Bring it to another state, and remember who did that, when and with which remark."""
        self.state, self.moved_at = state, timezone.now()
        self.save()
        self.events.create(state=state, by=by, remark=remark)

    def follow_publication(self, *, by: models.Model | None) -> None:
        """The practice made of it has just been published, by whatever road: tell its pilot, once."""
        if self.state == SubmissionState.PLACED:
            return
        self.move(SubmissionState.PLACED, by=by)
        decisions.decide(
            decisions.Verb.APPROVED,
            self,
            by=by,
            author=self.reader,
            reason=f"Uw voorbeeld staat nu op de site: {self.practice.full_url}",
            version=self.asked_revision_id or self.practice.latest_revision_id,
        )


class SubmissionEvent(models.Model):
    """Something that happened to a submission on its road: which state it came in, by whom and with which remark."""

    OF_TEAM = (
        *(SubmissionState.RETURNED, SubmissionState.JUDGED, SubmissionState.ASKED),
        *(SubmissionState.PLACED, SubmissionState.REJECTED),
    )

    submission = models.ForeignKey(
        PracticeSubmission, verbose_name="voorbeeld", on_delete=models.CASCADE, related_name="events"
    )
    state = models.CharField("stand", max_length=20, choices=SubmissionState)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="door", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField("op", auto_now_add=True)
    remark = models.TextField("opmerking", blank=True)

    class Meta:
        verbose_name = "gebeurtenis bij een voorbeeld"
        verbose_name_plural = "gebeurtenissen bij voorbeelden"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_state_display()} ({self.submission})"

    @property
    def who(self) -> str:
        """Who did it, for partners: people of the team are not named."""
        if self.state in self.OF_TEAM:
            return "het programmateam"
        return name_of(self.by)
