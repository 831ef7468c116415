"""How long we keep what belongs to accounts."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import models

from mkbroute.core.retention import WITH_ACCOUNT, Kept, Rule

RULES = [
    Rule("mailed-codes", "Gemailde codes", "accounts.MailedCode", "expires_at", "na het vervallen", keep=timedelta(0)),
    Rule(
        "notifications",
        "Meldingen",
        "accounts.Notification",
        "created_at",
        "na het maken",
        keep=timedelta(days=90),
    ),
    Rule(
        "user-sessions",
        "Waar iemand was ingelogd",
        "usersessions.UserSession",
        "last_seen_at",
        "na het aflopen van de sessie",
        keep=timedelta(0),
        condition=~models.Q(session_key__in=Session.objects.values("session_key")),
    ),
]

KEPT = [
    Kept(
        "Accounts",
        ("accounts.User",),
        "Zolang iemand meedoet. Wie stopt, sluit het account of vraagt het aan het team.",
    ),
    Kept(
        "Manieren om in te loggen",
        ("account.EmailAddress", "mfa.Authenticator", "socialaccount.SocialAccount"),
        WITH_ACCOUNT,
    ),
]
