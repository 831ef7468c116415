"""The last step of a proposal: sending in what was shown."""

from django import forms

from mkbroute.core import privacy
from pilots.changes import Change


class SendForm(forms.Form):
    """The last step: what looks like data of a person is said, and may stay with a reason."""

    privacy_reason = forms.CharField(
        label="Waarom mogen deze gegevens op de site?",
        max_length=250,
        required=False,
        help_text="Zoals: dit is het algemene adres van de opleiding.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, changes: list[Change], note: str, **kwargs):
        super().__init__(*args, **kwargs)
        texts = [(change.place, change.after) for change in changes] + [("Bericht aan het team", note)]
        self.finds = [(place, found) for place, text in texts for found in privacy.find(text)]
        if not self.finds:
            del self.fields["privacy_reason"]

    def clean_privacy_reason(self) -> str:
        reason = self.cleaned_data["privacy_reason"].strip()
        if not reason:
            raise forms.ValidationError("Haal deze gegevens weg, of schrijf waarom ze mogen blijven.")
        return reason
