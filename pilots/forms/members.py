"""Inviting somebody, accepting, and changing a role."""

import uuid

from django import forms

from network.models import Organisation
from pilots.models import MemberRole, Membership, Pilot, PilotInvitation

WHAT_A_ROLE_MAY = {
    MemberRole.LEAD: "Penvoerder: doet alles van een redacteur en bepaalt wie er meedoen",
    MemberRole.EDITOR: "Redacteur: plaatst berichten, stelt wijzigingen voor en vraagt om hulp",
    MemberRole.READER: "Lezer: leest mee",
}
NAME_MISSING = "Vul een naam in."


class InviteForm(forms.ModelForm):
    """Somebody to ask. Takes the pilot, and which roles the inviter may give."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = PilotInvitation
        fields = ["first_name", "last_name", "email", "organisation", "role"]
        labels = {"role": "Wat mag deze persoon?"}
        help_texts = {
            "email": "Hierheen mailen wij de uitnodiging, met een code die 14 dagen geldt.",
            "organisation": "Namens wie doet deze persoon mee? Laat leeg als dat nog niet bekend is.",
        }
        error_messages = {
            "email": {"required": "Vul een e-mailadres in.", "invalid": "Dit e-mailadres klopt niet."},
            "role": {"required": "Kies wat deze persoon mag."},
        }
        widgets = {"role": forms.RadioSelect, "organisation": forms.Select}

    def __init__(self, *args, pilot: Pilot, roles: list[str], organisations=None, **kwargs):
        super().__init__(*args, initial={"submission": uuid.uuid4, "role": MemberRole.EDITOR}, **kwargs)
        self.fields["role"].choices = [(role, WHAT_A_ROLE_MAY[role]) for role in roles]
        self.fields["organisation"].empty_label = "nog niet bekend"
        self.fields["organisation"].queryset = (
            Organisation.objects.filter(partnerships__pilot=pilot).distinct()
            if organisations is None
            else organisations
        )
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = NAME_MISSING
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class AcceptForm(forms.Form):
    """The code from the mail, and for who is not signed in the name to be known by."""

    first_name = forms.CharField(
        label="Voornaam",
        max_length=60,
        error_messages={"required": "Vul uw voornaam in."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Achternaam",
        max_length=80,
        help_text="Zo ziet de rest van de pilot wie u bent. Hebt u al een account? Dan blijft de naam die daar staat.",
        error_messages={"required": "Vul uw achternaam in."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Acht letters uit de mail. Hoofdletters en het streepje maken niet uit.",
        error_messages={"required": "Vul de code uit de mail in."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def __init__(self, *args, invitation: PilotInvitation, asks_name: bool, **kwargs):
        names = {"first_name": invitation.first_name, "last_name": invitation.last_name}
        super().__init__(*args, initial=names, **kwargs)
        if not asks_name:
            del self.fields["first_name"], self.fields["last_name"]


class RoleForm(forms.ModelForm):
    """Another role for somebody."""

    class Meta:
        model = Membership
        fields = ["role"]
        labels = {"role": "Wat mag deze persoon?"}
        widgets = {"role": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = list(WHAT_A_ROLE_MAY.items())
