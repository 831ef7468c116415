"""Forms of the staff admin of research: what is refused is said at the field it is about."""

from django.core.exceptions import ValidationError

from mkbroute.core.forms import PublishableForm
from research.models import Question, Term


class PracticeForm(PublishableForm):
    constraint_fields = {
        "lowered_strength_has_reason": "lowered_because",
        "practice_years_in_order": "first_year",
    }


class QuestionForm(PublishableForm):
    constraint_fields = {"answer_is_dated_and_signed": "known_on"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        roots = Question.objects.filter(root=None).exclude(pk=self.instance.pk)
        self.fields["root"].queryset = roots
        self.fields["root"].empty_label = "Geen: dit is zelf een hoofdvraag"


class PublicationForm(PublishableForm):
    constraint_fields = {
        "publication_year_sane": "year",
        "file_has_accessible_version": "alternative",
    }


class PolicyFileForm(PublishableForm):
    constraint_fields = {"next_date_says_what": "next_what"}


class TermForm(PublishableForm):
    """A form belongs to one term only: in a text there is no telling which of two is meant."""

    constraint_fields = {"term_has_meaning": "summary"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["also"] = ", ".join(self.instance.also)
        self.fields["also"].base_field.required = False  # a comma too many is no mistake

    def clean_also(self) -> list[str]:
        """The other forms, each once and without the term itself."""
        known = {self.cleaned_data.get("title", "").casefold(), ""}
        forms = []
        for form in self.cleaned_data["also"]:
            if form.casefold() not in known:
                known.add(form.casefold())
                forms.append(form)
        return forms

    def clean(self) -> dict:
        data = super().clean()
        owners = {
            form.casefold(): term.title for term in Term.objects.exclude(pk=self.instance.pk) for form in term.forms
        }
        for field, forms in (("title", [data.get("title", "")]), ("also", data.get("also", []))):
            taken = [form for form in forms if form.casefold() in owners]
            if taken:
                self.add_error(field, [_taken(form, owners[form.casefold()]) for form in taken])
        return data


def _taken(form: str, owner: str) -> ValidationError:
    return ValidationError(f"‘{form}’ hoort al bij het begrip ‘{owner}’.")
