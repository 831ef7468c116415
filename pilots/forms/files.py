import uuid

from django import forms
from django.core.exceptions import ValidationError

from pilots.actions.files import checked
from pilots.models import PilotFile


class PilotFileForm(forms.ModelForm):
    """A file for the people of a pilot."""

    submission = forms.UUIDField(initial=uuid.uuid4, required=False, widget=forms.HiddenInput)

    class Meta:
        model = PilotFile
        fields = ["title", "file"]
        help_texts = {"file": "Een document of een foto, van hoogstens 20 MB."}
        error_messages = {
            "title": {"required": "Schrijf in een paar woorden wat het is."},
            "file": {
                "required": "Kies een bestand.",
                "empty": "Dit bestand is leeg.",
                "missing": "Kies een bestand.",
            },
        }
        widgets = {"file": forms.FileInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].max_length = None  # a long name is cut, not refused

    def clean_file(self):
        upload = self.cleaned_data["file"]
        checked(upload)
        return upload

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("submission"):
            raise ValidationError("Uw bestand kwam niet helemaal bij ons aan. Kies het nog een keer.")
        return cleaned
