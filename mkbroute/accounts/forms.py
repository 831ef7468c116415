"""allauth's forms in our words.

allauth repeats every label as a placeholder, which vanishes while you type, and asks a new password twice.
Whoever mistypes a new password can still sign in with a mailed code, so once is enough.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from mkbroute.accounts.models import User

LABELS = {
    "login": "E-mailadres",
    "email": "E-mailadres",
    "password": "Wachtwoord",
    "oldpassword": "Huidig wachtwoord",
    "password1": "Nieuw wachtwoord",
    "code": "Code",
    "name": "Naam van de passkey",
}
HELP = {
    "password1": "Minstens 12 tekens. Een paar woorden achter elkaar onthoudt u makkelijk.",
    "name": "Zo herkent u hem later, bijvoorbeeld: laptop van het werk.",
}


class OurWords(forms.Form):
    """Puts our label and help on every field, by its name."""

    help: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = {**HELP, **self.help}.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, account.LoginForm):
    pass


class RequestLoginCodeForm(OurWords, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(OurWords, account.ConfirmLoginCodeForm):
    help = {"code": "Acht letters uit de mail. Hoofdletters en het streepje maken niet uit."}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    password2 = None


class SetPasswordForm(OurWords, account.SetPasswordForm):
    password2 = None


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    password2 = None


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    pass


class AuthenticateForm(OurWords, mfa.AuthenticateForm):
    help = {"code": "Zes cijfers uit uw app, of een herstelcode van acht cijfers."}


class ReauthenticateByCodeForm(OurWords, mfa.ReauthenticateForm):
    help = AuthenticateForm.help


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    help = {"code": "Zes cijfers die uw app nu laat zien."}


class PasskeyAnswer(OurWords):
    """What a passkey answered, put in a hidden field by static/js/passkey.js."""

    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "De passkey is niet gebruikt. Probeer het opnieuw.",
            "invalid": "De passkey gaf een vreemd antwoord. Probeer het opnieuw.",
        },
    )


@contextmanager
def refusing_forgeries() -> Iterator[None]:
    """Answer what no passkey can have said with an error of the form, where allauth would stumble over it.

    Raises ValidationError.
    """
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AuthenticateByPasskeyForm(PasskeyAnswer, webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with refusing_forgeries():
            return super().clean_credential()


class ReauthenticateByPasskeyForm(AuthenticateByPasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    pass


class LoginByPasskeyForm(AuthenticateByPasskeyForm, webauthn.LoginWebAuthnForm):
    pass


class AddPasskeyForm(PasskeyAnswer, webauthn.AddWebAuthnForm):
    passwordless = None  # every key here is a passkey: it can be used to sign in without a password

    def clean(self) -> dict:
        with refusing_forgeries():
            return super().clean()


class EditPasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    pass


class NotifyForm(forms.ModelForm):
    """How often somebody is mailed about what others post."""

    class Meta:
        model = User
        fields = ["notify"]
        labels = {"notify": "Hoe vaak wilt u een mail over wat anderen plaatsen?"}
        help_texts = {"notify": "Een overzicht van de week komt op maandagochtend."}
        widgets = {"notify": forms.RadioSelect}


class MailedCodeForm(forms.Form):
    """A code that was mailed to who is signed in."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text=ConfirmLoginCodeForm.help["code"],
        error_messages={"required": "Vul de code uit de mail in."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class NameForm(forms.ModelForm):
    """How somebody is called."""

    class Meta:
        model = User
        fields = ["first_name", "last_name"]
        error_messages = {
            "first_name": {"required": "Vul uw voornaam in."},
            "last_name": {"required": "Vul uw achternaam in."},
        }
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True


class AddressForm(forms.Form):
    """Another address to sign in with. Takes the user, who has one already."""

    email = forms.EmailField(
        label="Nieuw e-mailadres",
        max_length=254,
        help_text="Hierheen mailen wij een code. Pas als u die invult, verandert er iets.",
        error_messages={"required": "Vul een e-mailadres in.", "invalid": "Dit e-mailadres klopt niet."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = User.normalize_username(self.cleaned_data["email"])
        if email == self.user.email:
            raise forms.ValidationError("Dit is uw adres al.")
        return email
