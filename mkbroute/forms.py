import uuid

from django import forms
from django.core import signing

from mkbroute.models import ContactMessage
from pilots.models import Pilot

MIN_SECONDS = 3
"""Nobody reads the form, types a question and sends it faster than this; programs do."""
MAX_AGE = 24 * 3600
"""How long, in seconds, a form that was opened may be sent."""

TOO_LONG = {"max_length": "Dit is te lang: het zijn %(show_value)d tekens en het mogen er %(limit_value)d zijn."}

signer = signing.TimestampSigner(salt="mkbroute.contact")


def new_token() -> str:
    """A signed name for one form that is opened now. It tells when that was, and knows a second click."""
    return signer.sign(uuid.uuid4().hex)


class ContactForm(forms.ModelForm):
    """A question of a visitor, guarded against programs by a trap field, a minimum time and a signed token.

    ``instance.submission`` is set from the token when the form is valid. Whatever is refused, what was typed
    stays in the form, and the form can be sent again as it stands.
    """

    # No visitor sees this field (.trap in css/components/form.css); most programs fill in whatever they find.
    website = forms.CharField(
        label="Laat dit veld leeg",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(initial=new_token, required=False, widget=forms.HiddenInput)

    class Meta:
        model = ContactMessage
        fields = ["name", "email", "organisation", "subject", "message"]
        labels = {
            "name": "Uw naam",
            "email": "Uw e-mailadres",
            "organisation": "Uw school, bedrijf of organisatie",
            "subject": "Onderwerp",
            "message": "Uw vraag of bericht",
        }
        help_texts = {"email": "Hierop krijgt u antwoord."}
        error_messages = {
            "name": {"required": "Vul uw naam in.", **TOO_LONG},
            "email": {
                "required": "Vul uw e-mailadres in. Anders kunnen wij u niet antwoorden.",
                "invalid": "Dit e-mailadres klopt niet. Een e-mailadres ziet er zo uit: naam@voorbeeld.nl.",
            },
            "organisation": TOO_LONG,
            "subject": {"required": "Vul in waar uw bericht over gaat.", **TOO_LONG},
            "message": {"required": "Vul uw vraag of bericht in.", **TOO_LONG},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
            "message": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A browser cuts off a pasted text at maxlength and says nothing; our own message loses no word.
            field.widget.attrs.pop("maxlength", None)

    def clean(self) -> dict:
        fields = super().clean()
        for name in ("name", "organisation", "subject"):
            # One line each: these go into the headers of a mail.
            if name in fields:
                fields[name] = " ".join(fields[name].split())
        if not self.errors:  # one trouble at a time: the guards wait until a person has nothing left to mend
            self._check_trap(fields["website"])
            self.instance.submission = self._submission(fields["token"])
        return fields

    def _check_trap(self, found: str) -> None:
        """Raises ValidationError when the field that nobody sees is filled in."""
        if found:
            self._refill("website", "")
            raise forms.ValidationError(
                "Uw bericht is nog niet verstuurd, want een verborgen veld was ingevuld. "
                "Dat veld is nu leeg. Verstuur het formulier nog een keer."
            )

    def _submission(self, token: str) -> uuid.UUID:
        """The name of the opened form. Raises ValidationError when it is too old, too new or not ours."""
        try:
            submission = uuid.UUID(signer.unsign(token, max_age=MAX_AGE))
        except signing.BadSignature as error:  # SignatureExpired is one of these
            self._refill("token", new_token())
            raise forms.ValidationError(
                "Uw bericht is nog niet verstuurd, want het formulier stond te lang open. "
                "Lees uw bericht na en verstuur het over een paar tellen nog een keer."
            ) from error
        try:
            signer.unsign(token, max_age=MIN_SECONDS)
        except signing.SignatureExpired:
            return submission
        raise forms.ValidationError(
            "Uw bericht is nog niet verstuurd, want het formulier was wel erg snel ingevuld. "
            "Lees uw bericht na en verstuur het nog een keer."
        )

    def _refill(self, name: str, value: str) -> None:
        """Put another value in the form that the visitor gets back."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value


class ContactPrefill(forms.Form):
    """What a link to the contact form may fill in: ``?pilot=<slug>`` or ``?onderwerp=<text>``."""

    pilot = forms.ModelChoiceField(Pilot.objects.published(), to_field_name="slug", required=False)
    onderwerp = forms.CharField(required=False)

    @property
    def subject(self) -> str:
        """The subject to start with; empty when the link says nothing, or nothing we understand."""
        self.full_clean()
        if pilot := self.cleaned_data.get("pilot"):
            subject = f"Vraag over de pilot {pilot}"
        else:
            subject = self.cleaned_data.get("onderwerp", "")
        return subject[: ContactMessage._meta.get_field("subject").max_length]


class CloseAccountForm(forms.Form):
    """What becomes of what somebody sent in, and that they mean it."""

    contributions = forms.ChoiceField(
        label="Wat moet er gebeuren met wat u instuurde?",
        choices=[("blijft", "Het blijft staan, onder ‘voormalig lid’"), ("weg", "Wis het")],
        error_messages={"required": "Kies wat er met uw bijdragen moet gebeuren."},
        widget=forms.RadioSelect,
    )
    is_sure = forms.BooleanField(
        label="Ik weet dat dit niet terug te draaien is",
        error_messages={"required": "Vink aan dat u dit zeker weet."},
    )

    @property
    def keeps(self) -> bool:
        return self.cleaned_data["contributions"] == "blijft"
