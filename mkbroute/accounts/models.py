import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Group,
    Permission,
    PermissionsMixin,
)
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A new user; without a password only a mailed code or a passkey lets them in."""
        user = self.model(email=self.model.normalize_username(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """A user who may do everything; daily work needs none."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class Notify(models.TextChoices):
    """How often somebody is mailed about what others post."""

    DIRECT = "direct", "meteen"
    DAILY = "dagelijks", "elke dag"
    WEEKLY = "wekelijks", "elke week"
    NONE = "geen", "niet"


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account, known by e-mail address. ``is_staff`` marks the programme team."""

    email = models.EmailField(
        "e-mailadres",
        unique=True,
        error_messages={"unique": "Dit e-mailadres is al in gebruik."},
    )
    first_name = models.CharField("voornaam", max_length=60, blank=True)
    last_name = models.CharField("achternaam", max_length=80, blank=True)
    is_staff = models.BooleanField(
        "programmateam",
        default=False,
        help_text="Hoort bij het team dat de site beheert.",
    )
    is_active = models.BooleanField("actief", default=True, help_text="Uitzetten in plaats van verwijderen.")
    notify = models.CharField(
        "meldingen",
        max_length=10,
        choices=Notify,
        default=Notify.DIRECT,
        help_text="Over wat anderen plaatsen. Een besluit over wat u zelf instuurde, krijgt u altijd meteen.",
    )
    date_joined = models.DateTimeField("sinds", default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            # Mail addresses differ in more than capitals, or a second account could pose as the first.
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Dit e-mailadres is al in gebruik.",
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Addresses are kept in small letters: that is how allauth looks them up."""
        return super().normalize_username(username).lower()

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email


class Notification(models.Model):
    """Somebody is told about something that another posted. See ``accounts.notify``."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="aan", on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField("soort", max_length=40)
    title = models.CharField("titel", max_length=250)
    url = models.CharField("adres", max_length=300, help_text="Het pad op deze site.")
    pilot = models.CharField("pilot", max_length=200, blank=True)
    key = models.CharField(
        max_length=200, editable=False, help_text="What it is about; nobody is told of one key twice."
    )
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)
    mailed_at = models.DateTimeField("gemaild op", null=True, blank=True)

    class Meta:
        verbose_name = "melding"
        verbose_name_plural = "meldingen"
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notified_once")]
        indexes = [models.Index("person", condition=models.Q(mailed_at=None), name="notification_waiting")]

    def __str__(self):
        return f"{self.title} ({self.person})"


class GivenRight(models.Model):
    """A right in the admin that a group was given. It is given once: what a superuser takes away stays away."""

    group = models.ForeignKey(Group, verbose_name="groep", on_delete=models.CASCADE, related_name="+")
    permission = models.ForeignKey(Permission, verbose_name="recht", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "gegeven recht"
        verbose_name_plural = "gegeven rechten"
        ordering = ["group", "permission"]
        constraints = [models.UniqueConstraint(fields=["group", "permission"], name="right_given_once")]

    def __str__(self):
        return f"{self.group}: {self.permission}"


INVITED_FOR = timedelta(days=14)
"""How long an invitation can be accepted."""


def new_token() -> str:
    """The part of an address that nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """What can still be accepted: not accepted, withdrawn or lapsed."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class BaseInvitation(models.Model):
    """Somebody is asked to take part in something, on an address that its reader must prove to have: the mail carries a
    link and a code, and only the code, typed in, changes anything. The app that invites adds what for.

    ``code`` is stored hashed; ``tries`` counts wrong codes.
    """

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    code = models.CharField(max_length=128, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    email = models.EmailField("e-mailadres")
    first_name = models.CharField("voornaam", max_length=60, blank=True)
    last_name = models.CharField("achternaam", max_length=80, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="uitgenodigd door",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)
    sent_at = models.DateTimeField("verstuurd op", null=True, blank=True)
    expires_at = models.DateTimeField("vervalt op")
    withdrawn_at = models.DateTimeField("ingetrokken op", null=True, blank=True)
    accepted_at = models.DateTimeField("aangenomen op", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="aangenomen door",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
