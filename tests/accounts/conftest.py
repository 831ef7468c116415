import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, hotp_value
from django.core import mail
from django.db import transaction

from tests import factories

PASSWORD = "vier-gewone-woorden"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    """Hashing is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def no_waiting_for_commit(monkeypatch):
    """allauth mails after the commit but within the request; a test commits nothing."""
    monkeypatch.setattr(transaction, "on_commit", lambda run, **options: run())


@pytest.fixture
def member(db):
    """Somebody with a password and no rights."""
    user = factories.UserFactory(email="noor@voorbeeld.nl", first_name="Noor")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, email: str = "noor@voorbeeld.nl", password: str = PASSWORD, **options):
    """Fill in the sign-in page."""
    return client.post("/account/login/", {"login": email, "password": password, **options})


def ask_code(client, email: str = "noor@voorbeeld.nl", **options):
    """Ask for a code by mail."""
    return client.post("/account/login/code/", {"email": email, **options})


def mailed_code() -> str:
    """The code in the newest mail."""
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def add_app(user) -> Authenticator:
    """An app with codes, as if set up earlier."""
    return TOTP.activate(user, SECRET).instance


def app_code(secret: str = SECRET, minutes_ago: int = 0) -> str:
    """What the app shows."""
    return f"{hotp_value(secret, int(time.time() - 60 * minutes_ago) // 30):06}"


def add_recovery_codes(user) -> list[str]:
    """Recovery codes, as if made earlier."""
    return RecoveryCodes.activate(user).get_unused_codes()
