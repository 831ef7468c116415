"""How long we keep what is of the people of a pilot."""

from datetime import timedelta

from django.db.models import Q

from mkbroute.core.retention import WITH_ACCOUNT, WITH_THE_THING, Kept, Rule

MONTH = timedelta(days=30)
NOBODY = {"email": "", "first_name": "", "last_name": ""}

RULES = [
    Rule(
        "invitations-lapsed",
        "Uitnodigingen die niemand aannam",
        "pilots.PilotInvitation",
        "expires_at",
        "na het vervallen",
        keep=MONTH,
        condition=Q(accepted_at=None, withdrawn_at=None),
    ),
    Rule(
        "invitations-withdrawn",
        "Ingetrokken uitnodigingen",
        "pilots.PilotInvitation",
        "withdrawn_at",
        "na het intrekken",
        keep=MONTH,
        wipe=NOBODY,
    ),
    Rule(
        "invitations-accepted",
        "Aangenomen uitnodigingen",
        "pilots.PilotInvitation",
        "accepted_at",
        "na het aannemen",
        keep=MONTH,
        wipe=NOBODY,
    ),
]

KEPT = [
    Kept(
        "Ondersteuningsvragen, en wat erover is geschreven",
        ("pilots.SupportRequest", "pilots.SupportMessage"),
        WITH_THE_THING,
    ),
    Kept("Contact van het team met pilots", ("pilots.ContactMoment",), WITH_THE_THING),
    Kept(
        "Berichten, meldingen, bestanden en voorstellen van pilots",
        ("pilots.Update", "pilots.UpdateReport", "pilots.PilotFile", "pilots.Proposal"),
        WITH_THE_THING,
    ),
    Kept("Leden van pilots", ("pilots.Membership",), WITH_ACCOUNT),
    Kept("Wie een pilot bijhoudt", ("pilots.Pilot",), WITH_THE_THING),
]
