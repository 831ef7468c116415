"""What every form does that sends a text of a partner in: it asks about personal data before that goes on."""

from hashlib import sha256
from typing import Any

from django import forms

from mkbroute.core import privacy

REASON, SHOWN = "privacy_reason", "privacy_shown"


class PrivacyChecked:
    """For a form whose ``privacy_fields`` may hold data of people; goes before ``forms.ModelForm`` or ``forms.Form``.

    ``sending`` says whether the text is sent in: a draft is never checked. On the first send what was found stands at its
    field as a warning, and a field asks why it may stay. With a reason the form goes on, until other data come in. The
    reason is in ``cleaned_data["privacy_reason"]``, and on an instance that has such a field.

    Give ``sending`` to the constructor, or set it on the form before it is validated. A template that draws the fields
    one by one draws ``form.privacy_reason`` and ``form.privacy_shown`` too; without a find there are none.
    """

    privacy_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, sending: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sending = sending
        self.fields.pop(REASON, None)  # of a form that names the column: the question comes when there is cause for it
        reason = getattr(getattr(self, "instance", None), REASON, "")
        if reason or self.add_prefix(REASON) in self.data:
            known = [str(self.get_initial_for_field(self.fields[name], name) or "") for name in self.privacy_fields]
            self._ask(reason, [one for text in known for one in privacy.find(text)])

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        if self.sending:
            self._check(cleaned)
        if REASON in cleaned and hasattr(getattr(self, "instance", None), REASON):
            self.instance.privacy_reason = cleaned[REASON]
        cleaned.setdefault(REASON, "")
        return cleaned

    def _check(self, cleaned: dict) -> None:
        found = {name: finds for name in self.privacy_fields if (finds := privacy.find(str(cleaned.get(name) or "")))}
        everything = [one for finds in found.values() for one in finds]
        reason = cleaned.get(REASON, "") or REASON in self.errors  # one that is too long is mended, not asked again
        if not everything:
            cleaned[REASON] = ""  # nothing is left that needs one
            return
        if reason and _marks(everything) <= set(cleaned.get(SHOWN, "").split()):
            return
        for name, finds in found.items():
            self.add_error(
                name, f"Hier staat {privacy.in_words(finds)}. Haal dit weg, of schrijf onderaan waarom het mag blijven."
            )
        self._ask("", everything)
        self._refill(SHOWN, " ".join(sorted(_marks(everything))))
        if not reason:
            self.add_error(REASON, "Vul dit in, of haal de gegevens weg.")

    def _ask(self, reason: str, shown: list[privacy.Find]) -> None:
        """Add the question, with what was shown before it was answered: other data need an answer of their own."""
        if REASON in self.fields:
            return
        self.fields[REASON] = forms.CharField(
            label="Waarom mag dit erin blijven?",
            help_text="Het programmateam leest dit. Bijvoorbeeld: dit is het algemene nummer van de opleiding.",
            initial=reason,
            required=False,
            max_length=250,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        # A browser cuts off a pasted text at maxlength and says nothing; our own message loses no word.
        self.fields[REASON].widget.attrs.pop("maxlength")
        self.fields[SHOWN] = forms.CharField(
            initial=" ".join(sorted(_marks(shown))), required=False, widget=forms.HiddenInput
        )

    def _refill(self, name: str, value: str) -> None:
        """Put another value in the form that comes back."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value


def _marks(finds: list[privacy.Find]) -> set[str]:
    """What finds are known by in the form; not the data themselves, once more."""
    return {sha256(one.text.encode()).hexdigest()[:12] for one in finds}
