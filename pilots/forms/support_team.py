"""What the team fills in about a support request. Each form of the screen has a prefix of its own."""

from django import forms

from mkbroute.accounts.models import User
from pilots.forms.support import TOO_LONG, SubmissionField
from pilots.models import SupportMessage, SupportRequest
from pilots.permissions import answerers

LONGEST = SupportMessage._meta.get_field("text").max_length


class TextForm(forms.Form):
    """Something to write, with the name of the form and the version of the request that was read."""

    text = forms.CharField(
        label="Uw antwoord",
        error_messages={"required": "Schrijf eerst een tekst.", "max_length": TOO_LONG},
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": None}),
    )
    submission = SubmissionField()


class AnswerForm(TextForm):
    """An answer to the pilot, and how it goes on."""

    PILOT, TEAM, CLOSED = "pilot", "team", "afgerond"

    then = forms.ChoiceField(
        label="Hoe gaat het verder?",
        choices=[
            (PILOT, "De pilot is aan zet: dit is een antwoord, of ik vraag iets terug."),
            (TEAM, "Wij blijven aan zet: dit is een tussenbericht."),
            (CLOSED, "De vraag is afgerond."),
        ],
        initial=PILOT,
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(TextForm):
    """A note of the team for itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Uw notitie"


class ReassignForm(forms.Form):
    """Who answers from now on."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label="Overdragen aan",
        empty_label="Kies een collega",
        error_messages={"required": "Kies een collega."},
    )
    note = forms.CharField(
        label="Wat moet uw collega weten?",
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": TOO_LONG},
        help_text="Alleen het team leest dit.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, request: SupportRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = answerers().exclude(pk=request.assignee_id)
