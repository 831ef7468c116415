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
