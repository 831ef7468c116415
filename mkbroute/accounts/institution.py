"""Signing in by one's own institution: OpenID Connect, such as SURFconext, through allauth.

This road only opens accounts that are there. Who made an account for somebody is the invitation, never the institution:
``InstitutionAdapter.pre_social_login`` has the last word, before allauth would make one. Of all an institution tells we
keep the subject, by which we know the account again; no name, no address, no token.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from mkbroute.accounts.models import User
from mkbroute.core import audit

logger = logging.getLogger(__name__)

PROVIDER = "institution"
"""What allauth calls the one provider of the settings, in its addresses and in the links it keeps."""

ENDPOINTS = {"issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}


def is_offered() -> bool:
    """Whether the settings name an institution to sign in by."""
    return all((settings.OIDC_SERVER_URL, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET))


def links_of(user: User) -> QuerySet[SocialAccount]:
    """The accounts elsewhere by which this user can sign in."""
    return SocialAccount.objects.filter(user=user, provider=PROVIDER).order_by("date_joined")


@transaction.atomic
def link(user: User, *, subject: str) -> bool:
    """Know this user again by the subject of their institution, whatever address that gives later.

    Returns whether that is new.
    """
    _, is_new = SocialAccount.objects.get_or_create(provider=PROVIDER, uid=subject, defaults={"user": user})
    if is_new:
        audit.record(audit.Action.ACCOUNT, "Inloggen met de instelling gekoppeld", by=user, on=user)
    return is_new


@transaction.atomic
def unlink(user: User, *, by: User) -> bool:
    """Forget the accounts elsewhere by which this user could sign in. Returns whether there were any."""
    deleted, _ = links_of(user).delete()
    if deleted:
        audit.record(audit.Action.ACCOUNT, "Inloggen met de instelling losgemaakt", by=by, on=user)
    return bool(deleted)


def refused(request: HttpRequest, reason: str, user: User | None = None) -> HttpResponse:
    """One answer for all whom we do not let in, so that nobody learns from it whether there is an account."""
    audit.record(audit.Action.SIGN_IN_FAILED, "Inloggen met de instelling geweigerd", by=user, on=user, reden=reason)
    return render(request, "account/institution_refused.html", {"institution": settings.OIDC_NAME}, status=403)


def not_done(request: HttpRequest, error: object, *, status: int = 502) -> HttpResponse:
    """One answer for all that goes wrong on the way: the visitor stopped, or the institution gave no good answer."""
    logger.warning("Signing in by institution was not done: %s", error)
    return render(request, "account/institution_not_done.html", {"institution": settings.OIDC_NAME}, status=status)


@contextmanager
def understanding_the_institution() -> Iterator[None]:
    """Make one error of all that can be strange in an answer, where allauth would stumble over it.

    Raises OAuth2Error, which ends in ``not_done``.
    """
    try:
        yield
    except (AttributeError, ImproperlyConfigured, LookupError, RequestException, TypeError, ValueError) as error:
        raise OAuth2Error(f"The institution gave no good answer ({type(error).__name__}).") from error


class Conversation(OpenIDConnectOAuth2Adapter):
    """What is said between this site and the institution."""

    @property
    def openid_config(self) -> dict:
        with understanding_the_institution():
            config = super().openid_config
        if missing := ENDPOINTS - config.keys():
            raise OAuth2Error(f"The institution does not tell its {', '.join(sorted(missing))}.")
        return config

    def get_access_token_data(self, *args, **options) -> dict:
        with understanding_the_institution():
            return super().get_access_token_data(*args, **options)

    def parse_token(self, data: dict) -> SocialToken:
        with understanding_the_institution():
            return super().parse_token(data)

    def complete_login(self, *args, **options) -> SocialLogin:
        with understanding_the_institution():
            return super().complete_login(*args, **options)


class InstitutionProvider(OpenIDConnectProvider):
    """Asks for as little as we need, and takes from the answer as little as we need."""

    pkce_enabled_default = True
    oauth2_adapter_class = Conversation

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def extract_uid(self, data: dict) -> str:
        """The subject. What was told by token and what was told when asked must be about the same person."""
        subjects = {told["sub"] for told in data.values()}
        subject = super().extract_uid(data)
        if len(subjects) != 1 or not subject.isprintable():
            raise OAuth2Error("The institution told of two people, or of nobody.")
        return subject

    def extract_extra_data(self, data: dict) -> dict:
        """Nothing. The subject, the one claim that is kept, has a column of its own."""
        return {}

    def extract_common_fields(self, data: dict) -> dict:
        return {}

    def extract_email_addresses(self, data: dict) -> list[EmailAddress]:
        """The address, if the institution says in so many words that it is this person's: ``true``, not "true" or 1.

        An address beyond ASCII could, in small letters, turn into somebody else's.
        """
        return [
            address
            for address in super().extract_email_addresses(data)
            if address.verified is True and address.email.isascii()
        ]


class InstitutionAdapter(DefaultSocialAccountAdapter):
    """The one provider of the settings, and who may come in by it."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The provider of the settings, if any; there are none in the database."""
        app = SocialApp(
            provider=InstitutionProvider.id,
            provider_id=PROVIDER,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings={"server_url": settings.OIDC_SERVER_URL},
        )
        is_asked = provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        return [app] if is_offered() and is_asked else []

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom we know, by subject or else by a verified address, and refuse everybody else.

        Always ends the request here: what allauth would do next makes accounts, and puts tokens in the session. A
        second factor is still asked, and only who passes it is linked (``AccountAdapter.post_login``).
        """
        raise ImmediateHttpResponse(self._answer(request, sociallogin))

    def _answer(self, request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
        account = sociallogin.account
        if account.pk:
            user = account.user
        elif not sociallogin.email_addresses:
            return refused(request, "adres niet bevestigd")
        else:
            address = sociallogin.email_addresses[0].email.lower()
            user = User.objects.filter(email=address).first()
        if user is None:
            return refused(request, "geen account")
        if not user.is_active:
            return refused(request, "account uitgezet", user)
        record_authentication(request, user, "socialaccount", provider=PROVIDER, uid=account.uid)
        return perform_login(
            request,
            user,
            redirect_url=sociallogin.get_redirect_url(request),
            signal_kwargs={"subject": account.uid},
        )

    def on_authentication_error(
        self, request: HttpRequest, provider, error=None, exception=None, extra_context=None
    ) -> None:
        status = 502 if exception else 400
        raise ImmediateHttpResponse(not_done(request, exception or error, status=status))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
