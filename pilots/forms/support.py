"""Asking for support, and writing to and fro about it."""

import uuid

from django import forms

from mkbroute.core.forms_privacy import PrivacyChecked
from pilots.models import SupportMessage, SupportRequest

Urgency = SupportRequest.Urgency

URGENCIES = [
    (Urgency.CAN_WAIT, "Kan wachten: wij kunnen verder zonder antwoord."),
    (Urgency.TWO_WEEKS, "Binnen twee weken: daarna kunnen wij niet verder."),
    (Urgency.URGENT, "Dringend: wij lopen nu vast, of er is een datum die niet kan schuiven."),
]
TOO_LONG = "Dit is te lang: het zijn %(show_value)d tekens en het mogen er %(limit_value)d zijn."


class SubmissionField(forms.UUIDField):
    """The name of one form that was opened, by which a second click is known. One that says no name gets a new one: that is
    no reason to refuse what somebody wrote."""

    def __init__(self, **kwargs):
        super().__init__(required=False, initial=uuid.uuid4, widget=forms.HiddenInput, **kwargs)

    def bound_data(self, data, initial):
        """What the form that comes back holds."""
        return data or initial

    def clean(self, value) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


def _let_text_in_whole(form: forms.BaseForm) -> None:
    """A browser cuts off a pasted text at maxlength and says nothing; our own message loses no word."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


class SupportRequestForm(PrivacyChecked, forms.ModelForm):
    """A new question; ``instance`` knows of which pilot, and which older one it goes on from."""

    privacy_fields = ("title", "question")

    submission = SubmissionField()

    class Meta:
        model = SupportRequest
        fields = ["title", "theme", "urgency", "question"]
        labels = {"title": "Onderwerp", "urgency": "Hoe snel u antwoord nodig hebt", "question": "Uw vraag"}
        help_texts = {
            "title": "In een paar woorden.",
            "theme": "Past er meer dan een? Kies wat het dichtstbij komt.",
            "question": "Schrijf ook wat u al hebt geprobeerd. Noem geen namen van studenten.",
        }
        error_messages = {
            "title": {"required": "Vul in waar uw vraag over gaat.", "max_length": TOO_LONG},
            "theme": {"required": "Kies een thema.", "invalid_choice": "Kies een thema uit de lijst."},
            "urgency": {"required": "Kies hoe snel u antwoord nodig hebt."},
            "question": {"required": "Schrijf uw vraag op.", "max_length": TOO_LONG},
        }
        widgets = {"urgency": forms.RadioSelect, "question": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _let_text_in_whole(self)
        self.fields["urgency"].choices = URGENCIES
        self.fields["theme"].empty_label = "Kies een thema"

    def clean_title(self) -> str:
        """One line: it becomes the subject of a mail."""
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict:
        fields = super().clean()
        self.instance.submission = fields["submission"]
        return fields


class SupportMessageForm(forms.Form):
    """What somebody of the pilot writes; whether something must be written depends on the button."""

    text = forms.CharField(
        label="Uw antwoord",
        required=False,
        max_length=SupportMessage._meta.get_field("text").max_length,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    submission = SubmissionField()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _let_text_in_whole(self)

    def about(self, asked: SupportRequest) -> "SupportMessageForm":
        """This form, asking for what can be said about that request as it is now."""
        self.fields["text"].label = "Wat is er nog niet opgelost" if asked.is_closed else "Uw antwoord"
        return self
