from django.conf import settings
from django.db import models
from django.utils import timezone

TROUBLED_AFTER = 3
"""After so many failures the team is told, while we go on trying."""


class MailQuerySet(models.QuerySet):
    def waiting(self):
        """What is still to be sent and may be tried now, oldest first."""
        return self.filter(state=Mail.State.WAITING, next_try_at__lte=timezone.now()).order_by("next_try_at", "pk")

    def troubled(self):
        """What did not arrive: given up, or refused several times."""
        return self.filter(
            models.Q(state=Mail.State.FAILED) | models.Q(state=Mail.State.WAITING, attempts__gte=TROUBLED_AFTER)
        )


class Mail(models.Model):
    """A mail of this site, kept from before it is sent: none is lost and none goes out twice. See ``core.mail``."""

    class State(models.TextChoices):
        WAITING = "wacht", "wacht"
        SENT = "verzonden", "verzonden"
        FAILED = "mislukt", "mislukt"

    key = models.CharField(
        max_length=200,
        unique=True,
        editable=False,
        help_text="What this mail is about; a second one with this key is none.",
    )
    to = models.EmailField("aan")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="wie",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    subject = models.CharField("onderwerp", max_length=200)
    text = models.TextField("tekst", blank=True)
    headers = models.JSONField(default=dict, blank=True, editable=False)
    is_secret = models.BooleanField(
        "geheim",
        default=False,
        help_text="Met een code of een link die toegang geeft: na het verzenden is de tekst gewist.",
    )
    state = models.CharField("stand", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    next_try_at = models.DateTimeField("volgende poging", default=timezone.now)
    useful_until = models.DateTimeField(
        "zinvol tot", null=True, blank=True, help_text="Daarna proberen wij het niet meer: een code is dan verlopen."
    )
    error = models.CharField("fout", max_length=250, blank=True)
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)
    sent_at = models.DateTimeField("verzonden op", null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "mail van de site"
        verbose_name_plural = "mails van de site"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["wacht", "verzonden", "mislukt"]), name="mail_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(is_secret=False) | models.Q(state="wacht") | models.Q(text=""),
                name="mail_secret_wiped",
            ),
        ]
        indexes = [models.Index("next_try_at", condition=models.Q(state="wacht"), name="mail_waiting")]

    def __str__(self):
        return f"{self.subject} ({self.to})"

    @property
    def can_be_tried(self) -> bool:
        """Whether there is something to send: not sent yet, and the text is still there."""
        return self.state != self.State.SENT and self.text != ""

    def give_up(self) -> None:
        """Stop trying; a secret goes, for nobody needs it any more."""
        self.state = self.State.FAILED
        self.wipe_if_secret()

    def wipe_if_secret(self) -> None:
        """Forget a text that gives access."""
        if self.is_secret:
            self.text = ""
