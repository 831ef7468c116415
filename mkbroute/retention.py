"""Everything personal that the site keeps, and how long: the rules of all apps together, and the job that applies them."""

import logging

from django.db import models

import network.retention
import pilots.retention
import research.retention
from mkbroute.accounts import retention as accounts
from mkbroute.core import retention as core
from mkbroute.core.retention import WITH_THE_THING, YEAR, Kept, Rule

logger = logging.getLogger(__name__)

RULES = [
    Rule(
        "contact-messages",
        "Afgehandelde contactberichten",
        "mkbroute.ContactMessage",
        "received_at",
        "na ontvangst",
        keep=YEAR,
        condition=models.Q(state="afgehandeld"),
    ),
    *pilots.retention.RULES,
    *core.RULES,
    *accounts.RULES,  # after the sessions, on which those of users depend
]

KEPT = [
    Kept(
        "Wie pagina's bijhoudt",
        ("mkbroute.HomePage", "mkbroute.ContentPage", "mkbroute.BrokenLink"),
        WITH_THE_THING,
    ),
    Kept(
        "Herinneringen", ("mkbroute.ReviewReminder",), "Zo krijgt niemand er twee keer een. Gaat weg met het account."
    ),
    *research.retention.KEPT,
    *pilots.retention.KEPT,
    *network.retention.KEPT,
    *accounts.KEPT,
    *core.KEPT,
]


def apply_retention() -> str:
    """Apply every rule; one that fails does not stop the next. Raises ExceptionGroup with the failures."""
    failures, done = [], 0
    for rule in RULES:
        try:
            done += rule.apply()
        except Exception as error:
            logger.exception("Rule %s could not be applied", rule.name)
            failures.append(error)
    if failures:
        raise ExceptionGroup("Niet alles wat oud is, kon weg.", failures)
    return f"{done} {'rij' if done == 1 else 'rijen'} verwijderd of gewist."
