"""Keeping what the team and a pilot talked about."""

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm

from pilots.actions.contact import keep_contact
from pilots.forms.support import SubmissionField
from pilots.models import ContactMoment


class ContactMomentForm(WagtailAdminModelForm):
    """A new moment is by who writes it down, unless that is changed; hours are written as one writes them in Dutch."""

    submission = SubmissionField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_new and "by" in self.fields and self.for_user:
            self.initial["by"] = self.for_user.pk
        hours = self.fields["hours"]
        hours.localize = True
        hours.widget = forms.TextInput(attrs={"inputmode": "decimal"})
        hours.widget.is_localized = True

    @property
    def is_new(self) -> bool:
        return self.instance.pk is None

    def clean(self) -> dict:
        fields = super().clean()
        if self.is_new:
            self.instance.submission = fields["submission"]
        return fields

    def save(self, commit: bool = True) -> ContactMoment:
        if self.is_new and commit:
            self.instance = keep_contact(moment=self.instance, by=self.for_user)
            return self.instance
        return super().save(commit)


class QuickContactForm(ContactMomentForm):
    """The same on the page of one pilot."""

    class Meta:
        model = ContactMoment
        fields = ["date", "kind", "hours", "agreements", "next_contact_on", "is_shared", "internal_note"]
        widgets = {"agreements": forms.Textarea(attrs={"rows": 4}), "internal_note": forms.Textarea(attrs={"rows": 2})}
