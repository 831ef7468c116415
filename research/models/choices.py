"""The fixed lists of research, in the words of the site."""

from django.db import models


class Audience(models.TextChoices):
    """Who can do something with it."""

    HOGESCHOOL = "hogeschool", "hogescholen"
    COMPANY = "mkb-bedrijf", "mkb-bedrijven"
    BRANCHE = "branche", "branches en fondsen"
    STUDENT = "student", "studenten en werkenden"
    POLICY = "beleid", "beleid en onderzoek"


class PracticeKind(models.TextChoices):
    """What sort of good practice it is."""

    APPROACH = "aanpak", "aanpak"
    EXPERIENCE = "ervaringsverhaal", "ervaringsverhaal"
    TOOL = "hulpmiddel", "hulpmiddel"
    IDEA = "idee", "idee"


class Method(models.TextChoices):
    """How it is known what a practice gave, from weak to strong."""

    NONE = "geen", "nog niet uitgeprobeerd of niet beschreven"
    TOLD = "verteld", "verteld of beschreven door wie het doet"
    ASKED = "bevraagd", "nagevraagd bij meer partijen, met interviews of vragenlijsten"
    COMPARED = "vergeleken", "gemeten en vergeleken met ervoor of met anderen"


class QuestionStatus(models.TextChoices):
    """How far the answer is."""

    OPEN = "open", "open"
    RUNNING = "in-onderzoek", "in onderzoek"
    ANSWERED = "beantwoord", "beantwoord"


class PublicationKind(models.TextChoices):
    """What sort of publication it is; decides how it is cited and how search engines read it."""

    REPORT = "rapport", "rapport"
    MAGAZINE = "magazine", "magazine"
    THESIS = "scriptie", "scriptie of proefschrift"
    ARTICLE = "artikel", "artikel"


class PolicyKind(models.TextChoices):
    """What sort of policy it is."""

    MOTION = "motie", "motie"
    LAW = "wet", "wet of besluit"
    AGREEMENT = "afspraak", "afspraak of convenant"
    ADVICE = "advies", "advies of verkenning"
    SCHEME = "regeling", "subsidieregeling"
    PROGRAMME = "programma", "programma"


class PolicyStatus(models.TextChoices):
    """Where a policy file stands."""

    RUNNING = "loopt", "loopt"
    DECIDED = "afgerond", "afgerond"
    ENDED = "vervallen", "vervallen"
    UNKNOWN = "onbekend", "nog niet bekend"


class SubmissionState(models.TextChoices):
    """How far a practice is that partners send in."""

    CONCEPT = "concept", "concept"
    SENT = "ingediend", "ingediend"
    RETURNED = "teruggestuurd", "teruggestuurd"
    JUDGED = "expertoordeel", "bij een expert"
    ASKED = "akkoord-gevraagd", "akkoord gevraagd"
    OBJECTED = "bezwaar", "bezwaar gemaakt"
    AGREED = "akkoord", "akkoord gegeven"
    PLACED = "geplaatst", "geplaatst"
    REJECTED = "afgewezen", "afgewezen"
    WITHDRAWN = "ingetrokken", "ingetrokken"

    @property
    def explanation(self) -> str:
        """What it means for the pilot, and what happens next."""
        return EXPLANATIONS[self]


EXPLANATIONS = {
    SubmissionState.CONCEPT: "U en uw collega's schrijven hier samen aan. Het programmateam ziet dit nog niet.",
    SubmissionState.SENT: "Het programmateam kijkt of uw voorbeeld volledig is. U krijgt bericht per mail.",
    SubmissionState.RETURNED: "Het programmateam vraagt u iets aan te vullen. Lees de opmerking en stuur het opnieuw in.",
    SubmissionState.JUDGED: "Een expert beoordeelt uw voorbeeld en maakt het klaar voor de site.",
    SubmissionState.ASKED: "Het team heeft uw tekst aangepast. Lees wat er verandert en zeg of u akkoord gaat.",
    SubmissionState.OBJECTED: "Het programmateam bekijkt uw opmerking en past de tekst aan.",
    SubmissionState.AGREED: "U gaf akkoord. Het programmateam plaatst uw voorbeeld op de site.",
    SubmissionState.PLACED: "Uw voorbeeld is op de site geplaatst.",
    SubmissionState.REJECTED: "Het programmateam plaatst dit voorbeeld niet. De reden leest u hieronder.",
    SubmissionState.WITHDRAWN: "Uw pilot heeft dit voorbeeld ingetrokken. Uw tekst staat hieronder nog.",
}
