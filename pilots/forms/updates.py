"""The forms with which partners post."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from mkbroute.accounts.models import User
from mkbroute.core.files import BarePicture, is_picture, small_picture
from mkbroute.core.forms_privacy import PrivacyChecked
from pilots.models import Audience, Update, UpdateReport
from pilots.permissions import posts_directly

LARGEST_PHOTO = 20 * 1024 * 1024
LONGEST_SIDE = 1600
"""So many pixels are enough for a photo in a text; a telephone makes more than twice as many."""
CUT_OFF = "Uw bericht kwam niet helemaal bij ons aan. Verstuur het nog een keer."
TOO_LONG = "Dit is te lang: het zijn %(show_value)d tekens en het mogen er %(limit_value)d zijn."
READERS = {
    Audience.PUBLIC: "Iedereen: het staat op de openbare site, bij uw pilot en bij het nieuws.",
    Audience.NETWORK: "Alle pilots: iedereen met een account bij een pilot leest het.",
    Audience.PILOT: "Alleen uw pilot: de mensen van uw eigen pilot lezen het.",
}
CHECKED_FIRST = "Een openbaar bericht leest het programmateam eerst. De andere twee staan er meteen."
AT_ONCE = "Het programmateam leest alles mee. Uw bericht staat er meteen."


class UpdateForm(PrivacyChecked, forms.ModelForm):
    """A message in a minute. As long as it is a draft only what cannot be kept is refused; ``sending`` asks for the rest.

    ``cleaned_data["photo"]`` is a ``BarePicture``: the photo of a telephone, made small and without its place.
    """

    photo = forms.FileField(
        label="Foto",
        required=False,
        help_text="Kies een foto of maak er een. Wij maken haar kleiner en halen weg waar zij gemaakt is.",
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    drop_photo = forms.BooleanField(label="Haal de foto weg", required=False)
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(initial=uuid.uuid4, required=False, widget=forms.HiddenInput)

    field_order = [
        *("title", "text", "audience", "photo", "drop_photo", "picture_alt", "picture_decorative", "theme"),
        *("version", "submission"),  # last: when it arrives, everything before it did
    ]

    class Meta:
        model = Update
        fields = ["title", "text", "audience", "picture_alt", "picture_decorative", "theme"]
        error_messages = {name: {"max_length": TOO_LONG} for name in ("title", "text", "picture_alt")}
        help_texts = {"theme": "Dan staat het ook op de pagina van dat thema."}
        widgets = {"text": forms.Textarea(attrs={"rows": 10, "data-markdown": ""}), "audience": forms.RadioSelect}

    privacy_fields = ("title", "text", "picture_alt")

    def __init__(self, *args, user: User, sending: bool = False, **kwargs):
        super().__init__(*args, sending=sending, **kwargs)
        self.fields["audience"].choices = [(audience.value, words) for audience, words in READERS.items()]
        self.fields["audience"].help_text = AT_ONCE if posts_directly(user, self.instance.pilot) else CHECKED_FIRST
        self.fields["theme"].empty_label = "Geen thema"
        self.initial["version"] = self.instance.version
        if self.instance.pk:
            self.fields["photo"].label = "Andere foto" if self.instance.picture else "Foto"
        if not self.instance.picture:
            del self.fields["drop_photo"]
        for field in self.fields.values():
            # A browser cuts off a pasted text at maxlength and says nothing; our own message loses no word.
            field.widget.attrs.pop("maxlength", None)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_photo(self) -> BarePicture | None:
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        if upload.size > LARGEST_PHOTO:
            raise ValidationError("Deze foto is te groot. Zij mag hoogstens 20 MB zijn.")
        if not is_picture(upload):
            raise ValidationError("Dit is geen foto die wij kunnen lezen. Kies een JPEG-, PNG- of WebP-bestand.")
        return small_picture(upload, LONGEST_SIDE)

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("submission"):
            raise ValidationError(CUT_OFF)
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if self.sending and not self.errors:
            for name, problem in self.instance.lacking.items():
                self.add_error(name, problem)

    def renew(self, version: str) -> None:
        """Let the form that goes back speak of this version."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = version


class ReportForm(forms.ModelForm):
    """What is wrong with an update of somebody else."""

    class Meta:
        model = UpdateReport
        fields = ["reason"]
        labels = {"reason": "Wat klopt er niet?"}
        help_texts = {"reason": "Alleen het programmateam leest dit. De schrijver hoort niet wie het meldde."}
        error_messages = {"reason": {"required": "Schrijf erbij wat er niet klopt.", "max_length": TOO_LONG}}
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}
