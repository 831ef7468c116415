import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
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
from django.utils.crypto import get_random_string


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


MAX_TRIES = 5
"""So often a code may be typed in, the right time included; then a new one is needed."""

# No vowels, so that no code is a word; none that looks like another.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


class Coded(models.Model):
    """Something only who reads a certain mailbox can do: by typing in the code that was mailed there, in time and without
    guessing on and on. The code is stored hashed."""

    code = models.CharField(max_length=128, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    expires_at = models.DateTimeField("vervalt op")

    class Meta:
        abstract = True

    def set_code(self, valid_for: timedelta) -> str:
        """Give it a new code and a new term, and return the code for in the mail. Save it afterwards."""
        code = get_random_string(8, LETTERS)
        self.code, self.tries, self.expires_at = make_password(code), 0, timezone.now() + valid_for
        return f"{code[:4]}-{code[4:]}"

    def try_code(self, typed: str) -> bool:
        """Whether this is the code; a dash, a space and small letters do not matter.

        Every call counts. The database counts before we look, so that guesses sent at the same moment are not more than
        those sent one by one. Call it outside a transaction that may be undone, or the count is undone with it.
        """
        unused = type(self)._base_manager.filter(pk=self.pk, code=self.code, tries__lt=MAX_TRIES)
        is_counted = unused.update(tries=models.F("tries") + 1) == 1
        return is_counted and check_password("".join(filter(str.isalpha, typed)).upper(), self.code)

    @property
    def is_used_up(self) -> bool:
        """Whether it was guessed at so often that no code is taken any more."""
        return self.tries >= MAX_TRIES


INVITED_FOR = timedelta(days=14)
"""How long an invitation can be accepted."""


def new_token() -> str:
    """The part of an address that nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """What nobody accepted or withdrew; it may have lapsed, and can be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self):
        """What can still be accepted: not accepted, withdrawn or lapsed."""
        return self.pending().filter(expires_at__gt=timezone.now())


class BaseInvitation(Coded):
    """Somebody is asked to take part in something, on an address that its reader must prove to have: the mail carries a
    link and a code, and only the code, typed in, changes anything. The app that invites adds what for."""

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
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
        return f"{self.first_name} {self.last_name}".strip() or self.email or "uitnodiging zonder naam"

    @property
    def is_lapsed(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and not self.is_lapsed


CODE_WORKS_FOR = timedelta(minutes=15)
"""How long a code counts that we mail to somebody who is signed in."""


class MailedCode(Coded):
    """A code for somebody who is signed in: to prove that a new address is theirs, or once more who they are."""

    class Purpose(models.TextChoices):
        NEW_ADDRESS = "nieuw-adres", "nieuw e-mailadres"
        CONFIRM = "bevestigen", "bevestigen wie u bent"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="wie", on_delete=models.CASCADE, related_name="mailed_codes"
    )
    purpose = models.CharField("waarvoor", max_length=12, choices=Purpose)
    email = models.EmailField("e-mailadres")

    class Meta:
        verbose_name = "gemailde code"
        verbose_name_plural = "gemailde codes"
        ordering = ["user", "purpose"]
        constraints = [
            models.UniqueConstraint(fields=["user", "purpose"], name="mailed_code_once"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=["nieuw-adres", "bevestigen"]), name="mailed_code_purpose_known"
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} ({self.user})"
