from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mkbroute.core.footnotes import Footnotes
from mkbroute.core.models import Source
from pilots.models import Answer, Criterion, CriterionAnswer, Pilot, Status, StatusChange
from research.models import STRONGEST, Practice, Question, QuestionStatus, Term

EXAMPLE = Source(pk=0, title="Voorbeeldbron", publisher="alleen voor deze stijlgids", date_text="geen echte bron")


class ExampleForm(forms.Form):
    """Every kind of field the site uses, with its help and its error."""

    name = forms.CharField(label="Naam")
    email = forms.EmailField(label="E-mailadres", help_text="Wij gebruiken dit alleen om te antwoorden.")
    subject = forms.ChoiceField(label="Onderwerp", choices=[("", "Maak een keuze"), ("a", "Ik mis een route")])
    message = forms.CharField(label="Bericht", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="Ik heb dit gelezen")


def example_pilot(*statuses: Status) -> Pilot:
    """A pilot that is in no database, with this history."""
    pilot = Pilot(title="Voorbeeldpilot", slug="voorbeeld", number=8)
    pilot.status_changes = [StatusChange(status=status, date_text="voorbeelddatum") for status in statuses]
    pilot.follow_changes()
    return pilot


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the site in all its states, with examples that say they are examples."""
    answers = [
        CriterionAnswer(criterion=Criterion.C1, answer=Answer.YES, remark="Met bron.", source=EXAMPLE),
        CriterionAnswer(criterion=Criterion.C2, answer=Answer.NO, remark="Met uitleg."),
        CriterionAnswer(criterion=Criterion.C3, answer=Answer.NOT_YET, remark="Met uitleg."),
        CriterionAnswer(criterion=Criterion.C4, answer=Answer.UNKNOWN),
    ]
    context = {
        "crumbs": [("Stijlgids", request.path)],
        "tokens": ["paper", "tint", "ink", "ink-soft", "line", "line-ink", "deep", "focus", "rule", "edge", "land"],
        "ladders": [
            example_pilot(),
            example_pilot(Status.CONNECTED, Status.EXPLORING, Status.PLAN),
            example_pilot(Status.EXPLORING, Status.RUNNING, Status.IMPROVING),
            example_pilot(Status.EXPLORING, Status.PLAN, Status.STOPPED),
        ],
        "answers": answers,
        "source": EXAMPLE,
        "example_sources": [EXAMPLE],
        "sources": Footnotes({EXAMPLE.pk: EXAMPLE}),
        "practices": [Practice(strength=strength) for strength in (0, 2, STRONGEST)],
        "questions": [Question(status=status) for status in QuestionStatus],
        "term": Term(title="voorbeeldwoord", slug="voorbeeld", summary="Een woord dat alleen hier bestaat."),
        "form": ExampleForm(),
        "faulty_form": ExampleForm({"name": "Noor", "email": "geen adres"}, auto_id="fout_%s"),
        "page": SimpleNamespace(
            paginator=SimpleNamespace(num_pages=3), number=2, has_previous=True, has_next=True,
            previous_page_number=1, next_page_number=3,
        ),
    }  # fmt: skip
    return render(request, "styleguide.html", context)
