"""The forms in which partners tell of a good practice, send it in and answer the team."""

from django import forms
from django.forms import BoundField

from pilots.models.members import name_of
from research.guide import QUESTIONS, Question, Step, fingerprint, in_words, personal_data
from research.models import PracticeSubmission

TOO_LONG = "Dit is te lang: het zijn %(show_value)d tekens en het mogen er %(limit_value)d zijn."


class StepForm(forms.ModelForm):
    """The questions of one step. Any of them may stay empty: it is kept as it stands, and can be completed later."""

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, step: Step, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.step = step
        for question in QUESTIONS:
            if question.field not in step.fields:
                del self.fields[question.field]
        for question in step.questions:
            field = self.fields[question.field]
            field.label, field.help_text, field.required = question.label, question.help_text, False
            field.widget.attrs.pop("maxlength", None)  # a browser cuts off a pasted text and says nothing
            field.error_messages["max_length"] = TOO_LONG
            for validator in field.validators:
                if getattr(validator, "code", "") == "max_length":
                    validator.message = TOO_LONG
        self.initial["opened_as"] = fingerprint(step.values(self.instance))

    class Meta:
        model = PracticeSubmission
        fields = [question.field for question in QUESTIONS]
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 6})
                for name in ("context", "aim", "done", "result", "evidence", "difficulties", "lesson", "transferable")
            },
            "summary": forms.Textarea(attrs={"rows": 3}),
            "themes": forms.CheckboxSelectMultiple,
        }

    @property
    def questions(self) -> list[tuple[BoundField, Question, str]]:
        """Each field with its question and, after a stale save, what a colleague put there meanwhile."""
        newer = getattr(self, "newer", {})
        return [(self[question.field], question, newer.get(question.field)) for question in self.step.questions]

    @property
    def answers(self) -> dict:
        """What was typed, comparable with ``Step.values``."""
        return {name: self._plain(name) for name in self.step.fields}

    def _plain(self, name: str):
        value = self.cleaned_data[name]
        if name == "themes":
            return sorted(theme.pk for theme in value)
        return sorted(value) if name == "audiences" else value.replace("\r\n", "\n")

    def show_newer(self, submission: PracticeSubmission) -> None:
        """A colleague changed this step since it was opened: keep what was typed, show theirs beside it.

        The form can then be saved as it stands: who does so has seen both.
        """
        theirs, typed = self.step.values(submission), self.answers
        self.newer = {name: in_words(name, theirs[name]) for name in self.step.fields if theirs[name] != typed[name]}
        self.data = self.data.copy()
        self.data["opened_as"] = fingerprint(theirs)
        who = name_of(submission.edited_by)
        self.add_error(
            None,
            f"Nog niet bewaard: {who} heeft dit intussen veranderd. Wat u typte staat hieronder nog, met de andere tekst "
            "erbij. Neem over wat u wilt houden en bewaar opnieuw.",
        )


class StartForm(StepForm):
    """The first step of what is not stored yet. ``submission`` knows a second click."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not any(self.answers.values()):
            self.add_error("title", "Vul eerst een titel in. De rest kan later.")
        return data


class SendInForm(forms.Form):
    """The last step: everything was read, and what looks like personal data may stay for a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    privacy_reason = forms.CharField(
        label="Waarom mogen deze gegevens blijven staan?",
        help_text="Zoals: dit is het algemene nummer van de school.",
        max_length=250,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args, submission: PracticeSubmission, **kwargs):
        super().__init__(*args, **kwargs)
        self.finds = personal_data(submission)
        self.initial = {"version": submission.version, "privacy_reason": submission.privacy_reason}
        self.fields["privacy_reason"].widget.attrs.pop("maxlength", None)
        if not self.finds:
            del self.fields["privacy_reason"]

    def show(self, submission: PracticeSubmission, error: forms.ValidationError) -> None:
        """Say why it was not sent in. The page shows it as it is now, so the form can be sent again."""
        self.data = self.data.copy()
        self.data["version"] = submission.version
        self.add_error("privacy_reason" if error.code == "privacy" else None, error)


class AnswerForm(forms.Form):
    """What partners say of the text as the team would publish it: consent, or what must be different."""

    version = forms.CharField(widget=forms.HiddenInput)
    remark = forms.CharField(
        label="Wat moet er anders?",
        help_text="Alleen invullen als u niet akkoord gaat.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remark"].widget.attrs.pop("maxlength", None)
