"""The fixed lists of the domain, in the words of the site."""

from django.db import models

AMBITION = 20
"""How many routes the programme wants. Source: programmafolder, around the turn of 2020 to 2021."""


class Status(models.TextChoices):
    """Where a pilot is; all but the last are stops on one line, in this order."""

    CONNECTED = "aangesloten", "aangesloten"
    EXPLORING = "marktverkenning", "marktverkenning"
    PLAN = "pilotplan", "pilotplan"
    DEVELOPING = "in-ontwikkeling", "in ontwikkeling"
    RUNNING = "lopend", "lopend"
    IMPROVING = "doorontwikkeling", "doorontwikkeling"
    STOPPED = "gestopt", "gestopt"

    @classmethod
    def ladder(cls) -> list["Status"]:
        """The stops of the line."""
        return [status for status in cls if status is not cls.STOPPED]


class Degree(models.TextChoices):
    """What one leaves with. NLQF levels: Nuffic, "Niveau van Nederlandse diploma's"."""

    AD = "ad", "Associate degree (Ad)"
    BACHELOR = "bachelor", "hbo-bachelor"
    UNDECIDED = "ad-of-bachelor", "Ad of bachelor, nog te bepalen"
    UNKNOWN = "", "nog niet bekend"

    @property
    def nlqf_level(self) -> int | None:
        return {Degree.AD: 5, Degree.BACHELOR: 6}.get(self)


class Form(models.TextChoices):
    """How study and work go together."""

    DUAL = "duaal", "duaal"
    PART_TIME = "deeltijd", "deeltijd"
    FULL_TIME = "voltijd", "voltijd"
    UNKNOWN = "", "nog niet bekend"


class Role(models.TextChoices):
    """What an organisation is in a pilot."""

    LEAD = "penvoerder", "penvoerder"
    HOGESCHOOL = "hogeschool", "hogeschool"
    MBO = "mbo-school", "mbo-school"
    BRANCHE = "branche", "brancheorganisatie"
    FUND = "fonds", "fonds"
    TRAINING_COMPANY = "opleidingsbedrijf", "opleidingsbedrijf"
    OTHER = "overig", "andere partner"


class Criterion(models.TextChoices):
    """The seven marks of a mkb-route. Source: the programme's pages for hogescholen and for companies."""

    C1 = "C1", "Leidt op tot een erkende Ad of hbo-bachelor"
    C2 = "C2", "Werken en leren horen bij elkaar"
    C3 = "C3", "De werkplek ligt bij een mkb-bedrijf"
    C4 = "C4", "De werkgever betaalt salaris"
    C5 = "C5", "Student, hogeschool en bedrijf tekenen samen een overeenkomst"
    C6 = "C6", "Bedrijven, branche en hogeschool maken de route samen"
    C7 = "C7", "Het meeste leren gebeurt op de werkplek"


class Answer(models.TextChoices):
    YES = "ja", "Ja"
    NO = "nee", "Nee"
    NOT_YET = "nog-niet", "Nog niet"
    UNKNOWN = "onbekend", "Nog niet bekend"


class MemberRole(models.TextChoices):
    """What somebody is in a pilot; ``pilots.permissions`` says what that allows."""

    LEAD = "penvoerder", "penvoerder"
    EDITOR = "redacteur", "redacteur"
    READER = "lezer", "lezer"
