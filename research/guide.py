"""The guided form in which partners tell of a good practice: its questions step by step, with help and examples, and what
is known of their answers."""

import json
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from mkbroute.core.models import Theme
from mkbroute.core.privacy import Find, find
from research.consent import TEXTS
from research.models import PracticeSubmission


@dataclass(frozen=True)
class Question:
    """One question: which field it fills, its words, help, an example, and whether it may stay empty."""

    field: str
    label: str
    help_text: str
    example: str = ""
    may_stay_empty: bool = False


@dataclass(frozen=True)
class Step:
    """Some questions that belong together. ``name`` is in the address."""

    name: str
    title: str
    lead: str
    questions: tuple[Question, ...] = ()

    @property
    def fields(self) -> list[str]:
        return [question.field for question in self.questions]

    def missing(self, submission: PracticeSubmission) -> list[Question]:
        """The questions without an answer that need one before it can be sent in."""
        return [q for q in self.questions if not q.may_stay_empty and not is_answered(submission, q.field)]

    def values(self, submission: PracticeSubmission) -> dict:
        """The stored answers, comparable with those of a form."""
        return {name: stored(submission, name) for name in self.fields}


CHECK = Step("nalezen", "Nalezen en insturen", "Lees uw voorbeeld na. Klopt alles? Dan stuurt u het in.")

STEPS = (
    Step(
        "aanleiding",
        "Aanleiding en doel",
        "Waarom begon u eraan?",
        (
            Question(
                "title",
                "Hoe heet uw voorbeeld?",
                "Een korte titel waarin staat wat u deed.",
                "Twee bedrijven delen een student",
            ),
            Question(
                "context",
                "Wat was er aan de hand?",
                "Beschrijf de situatie van toen. Wie had er last van?",
                "Kleine bedrijven wilden graag een student, maar hadden niet elke week genoeg passend werk.",
            ),
            Question(
                "aim",
                "Wat wilde u bereiken?",
                "Noem het doel zo precies als u het toen had.",
                "Elke student heeft het hele jaar werk dat past bij de opleiding.",
            ),
        ),
    ),
    Step(
        "aanpak",
        "Wat u deed en met wie",
        "Vertel het zo dat een ander het kan nadoen.",
        (
            Question(
                "done",
                "Wat deed u, stap voor stap?",
                "Begin bij de eerste stap. Korte zinnen zijn genoeg.",
                "Eerst vroegen wij tien bedrijven wat zij zochten. Daarna maakten wij vier duo's. Elk duo maakte afspraken "
                "over werkdagen, loon en begeleiding.",
            ),
            Question(
                "by_whom",
                "Met wie deed u dat?",
                "Noem functies en organisaties. Noem geen namen van personen.",
                "De coördinator van de opleiding, twee bedrijven en de brancheorganisatie.",
            ),
        ),
    ),
    Step(
        "tijd-en-geld",
        "Tijd en geld",
        "Een schatting is goed. Weet u het niet? Laat het dan leeg.",
        (
            Question(
                "hours",
                "Hoeveel tijd kostte het?",
                "Hoeveel uren of dagen, en van wie?",
                "Ongeveer 40 uur van de coördinator en 8 uur per bedrijf.",
                may_stay_empty=True,
            ),
            Question(
                "costs",
                "Wat kostte het?",
                "Noem het bedrag, en wie betaalde.",
                "Geen extra kosten. De bedrijven betalen elk de helft van het loon.",
                may_stay_empty=True,
            ),
        ),
    ),
    Step(
        "resultaat",
        "Wat het gaf",
        "Een klein resultaat telt ook.",
        (
            Question(
                "result",
                "Wat is er nu anders?",
                "Voor wie is het beter geworden? Noem aantallen als u die hebt.",
                "Acht studenten hadden het hele jaar werk. Zes van de acht bedrijven doen volgend jaar weer mee.",
            ),
            Question(
                "evidence",
                "Hoe weet u dat?",
                "Hebt u het zelf gezien, nagevraagd of gemeten? Bij hoeveel mensen, en sinds welk jaar? Een expert bepaalt "
                "hiermee hoe zeker het is. Dit antwoord komt niet op de site.",
                "Wij spraken alle acht bedrijven, in 2024 en in 2025. Van de studenten hebben wij een vragenlijst.",
            ),
        ),
    ),
    Step(
        "lastig",
        "Wat lastig was",
        "Juist hier leert een ander van.",
        (
            Question(
                "difficulties",
                "Wat was lastig of mislukte?",
                "Wees eerlijk. Dit is vaak het nuttigste deel.",
                "Een duo stopte, want de bedrijven lagen te ver uit elkaar.",
            ),
            Question(
                "lesson",
                "Wat zou u een ander aanraden?",
                "Een of twee adviezen zijn genoeg.",
                "Begin met bedrijven die elkaar al kennen en die dicht bij elkaar liggen.",
            ),
        ),
    ),
    Step(
        "voor-wie",
        "Voor wie bruikbaar",
        "Zo vinden de juiste mensen uw voorbeeld.",
        (
            Question(
                "transferable",
                "Voor wie werkt dit ook, en voor wie niet?",
                "Denk aan andere sectoren, regio's en kleinere of grotere bedrijven.",
                "Voor elke sector met kleine bedrijven. Niet als er maar een bedrijf in de buurt is.",
            ),
            Question("audiences", "Wie kan er iets mee?", "Kies er een of meer."),
            Question("themes", "Bij welk thema hoort het?", "Kies er een of meer."),
            Question(
                "summary",
                "Vat uw voorbeeld samen",
                "Een of twee zinnen. Dit staat boven de pagina.",
                "Twee bedrijven nemen samen een student aan. Zo is er het hele jaar genoeg passend werk.",
            ),
        ),
    ),
    CHECK,
)
BY_NAME = {step.name: step for step in STEPS}
QUESTIONS = [question for step in STEPS for question in step.questions]


def stored(submission: PracticeSubmission, name: str):
    """A stored answer as plain data: themes by key, one sort of line end."""
    if name == "themes":
        return sorted(submission.themes.values_list("pk", flat=True)) if submission.pk else []
    value = getattr(submission, name)
    return sorted(value) if name == "audiences" else value.replace("\r\n", "\n")


def is_answered(submission: PracticeSubmission, name: str) -> bool:
    return bool(stored(submission, name))


def fingerprint(values: dict) -> str:
    """What tells whether somebody changed the answers of a step since a form with them was opened."""
    return salted_hmac("research.submission", json.dumps(values, sort_keys=True)).hexdigest()


def missing(submission: PracticeSubmission) -> list[tuple[Step, list[Question]]]:
    """Each step that is not complete, with the questions that still want an answer."""
    return [(step, questions) for step in STEPS if (questions := step.missing(submission))]


def personal_data(submission: PracticeSubmission) -> list[Find]:
    """What in the words of the partners looks like data of a person."""
    return [one for name in (*TEXTS, "evidence") for one in find(getattr(submission, name))]


def in_words(name: str, value) -> str:
    """A plain answer as people read it."""
    if name == "themes":
        return ", ".join(str(theme) for theme in Theme.objects.filter(pk__in=value)) or "niets gekozen"
    if name == "audiences":
        labels = dict(PracticeSubmission._meta.get_field(name).base_field.flatchoices)
        return ", ".join(labels[one] for one in value) or "niets gekozen"
    return value or "niets ingevuld"
