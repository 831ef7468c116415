"""Signing in, in the trail: how somebody came in, and what did not work. Never from where: that goes with the session."""

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from mkbroute.accounts.models import User
from mkbroute.core import audit

WAYS = {"password": "wachtwoord", "code": "code per mail", "socialaccount": "eigen instelling"}
STEPS = {"totp": "app met codes", "webauthn": "passkey", "recovery_codes": "herstelcode"}


def signed_in(request: HttpRequest, user: User) -> None:
    """Note that somebody is in, and by which steps."""
    steps = [
        STEPS.get(record.get("type"), "tweede stap") if record["method"] == "mfa" else WAYS.get(record["method"], "")
        for record in get_authentication_records(request, user)
    ]
    way = ", dan ".join(dict.fromkeys(step for step in steps if step))
    audit.record(audit.Action.SIGNED_IN, f"ingelogd met {way}" if way else "ingelogd", by=user, on=user)


def password_failed(email: str) -> None:
    """Note a wrong password. An address without an account is not kept: it may be a password typed in the wrong box."""
    user = User.objects.filter(email=email.strip().lower()).first()
    audit.record(
        audit.Action.SIGN_IN_FAILED, "wachtwoord klopt niet" if user else "e-mailadres zonder account", on=user
    )


def code_rejected(user: User, **kwargs) -> None:
    """allauth's signal: a mailed code that does not match."""
    audit.record(audit.Action.SIGN_IN_FAILED, "code uit de mail klopt niet", on=user)


def second_step_failed(user: User, authenticator, **kwargs) -> None:
    """allauth's signal: the second step that does not match."""
    audit.record(audit.Action.SIGN_IN_FAILED, f"{STEPS.get(authenticator.type, 'tweede stap')} klopt niet", on=user)
