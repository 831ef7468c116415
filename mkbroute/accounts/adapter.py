"""How allauth behaves here, and what it says where it asks no template."""

from datetime import timedelta
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from mkbroute.accounts import sign_ins
from mkbroute.accounts.models import User
from mkbroute.core.mail import When, post

USEFUL_FOR = {
    "account/email/login_code": timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
    "account/email/password_reset_key": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
}
"""How long what a mail carries works; later nobody is waiting for it."""

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class AccountAdapter(DefaultAccountAdapter):
    """Signing in: nobody signs up, accounts come by invitation."""

    # What our pages can say; other keys belong to what we do not offer: signing up, phones, more addresses.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Dit account is uitgezet.",
        "email_password_mismatch": "Het e-mailadres of het wachtwoord klopt niet.",
        "enter_current_password": "Dit is niet uw huidige wachtwoord.",
        "incorrect_code": "Deze code klopt niet. Kijk de code na en probeer het opnieuw.",
        "incorrect_password": "Dit wachtwoord klopt niet.",
        "invalid_login": "Inloggen is niet gelukt. Kijk na wat u hebt ingevuld.",
        "invalid_or_expired_key": "Deze link werkt niet meer.",
        "invalid_password_reset": "Deze link werkt niet meer.",
        "rate_limited": "U hebt het te vaak geprobeerd. Wacht een paar minuten.",
        "select_only_one": "Vul maar een van de twee in.",
        "too_many_login_attempts": "Te veel mislukte pogingen. Probeer het over een paar minuten opnieuw.",
        "unknown_email": "Dit e-mailadres kennen wij niet.",
    }
    reauthentication_methods = {
        "reauthenticate": "Met uw wachtwoord",
        "mfa_reauthenticate": "Met een code uit uw app of een herstelcode",
        "mfa_reauthenticate:webauthn": "Met een passkey",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send a mail of allauth at once: who asked for a code sits waiting for it.

        Also what carries no code tells about signing in, so no text of these is kept.
        """
        message = self.render_mail(
            template_prefix, email, {"request": current.request, "email": email, "current_site": None, **context}
        )
        post(
            to=email,
            person=User.objects.filter(email=email.lower()).first(),
            subject=message.subject,
            template="account",
            context={"text": message.body},
            key=f"account:{uuid4()}",
            is_secret=True,
            useful_for=USEFUL_FOR.get(template_prefix),
            when=When.NOW,
        )

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        sign_ins.password_failed(credentials.get("email", ""))
        super().authentication_failed(request, **credentials)

    def post_login(self, request: HttpRequest, user: User, *, signal_kwargs: dict | None, **options) -> HttpResponse:
        """Whoever came by their institution, and passed the second factor, is known by it from now on."""
        from mkbroute.accounts.institution import link  # which imports allauth, which asks for this adapter

        sign_ins.signed_in(request, user)
        response = super().post_login(request, user, signal_kwargs=signal_kwargs, **options)
        subject = (signal_kwargs or {}).get("subject")
        if subject and link(user, subject=subject):
            self.send_notification_mail(
                "account/email/institution_linked", user, {"institution": settings.OIDC_NAME}, email=user.email
            )
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody lands who was on the way to no page: the team at its account, a partner in the portal."""
        return reverse("account_home") if request.user.is_staff else super().get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        """The ways this user can show once more who they are, described in Dutch."""
        return [
            {**method, "description": self.reauthentication_methods[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: an app with codes, passkeys, and recovery codes for who lost both."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "U kunt deze tweede stap niet uitzetten.",
        "cannot_generate_recovery_codes": "U krijgt herstelcodes als u eerst een app of een passkey instelt.",
        "incorrect_code": "Dat klopt niet. Probeer het opnieuw.",
    }

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as an element for in the page, for our content policy allows no ``data:`` images."""
        _, _, svg = super().build_totp_svg(url).partition("?>")
        return mark_safe(svg)  # noqa: S308 -- drawn by a library, from squares

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Mijn passkey" if number == 1 else f"Mijn passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who a passkey is for: the browser binds it to the host and shows the name."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.WAGTAIL_SITE_NAME}
