from django import forms
from django.contrib.postgres.fields import ArrayField
from django.utils.text import capfirst


class ChoicesField(ArrayField):
    """Several of a fixed list of choices, ticked in a form.

    The choices are those of ``base_field``, a CharField.
    """

    def formfield(self, **kwargs):
        return forms.MultipleChoiceField(
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
            required=not self.blank,
            choices=self.base_field.choices,
            widget=forms.CheckboxSelectMultiple,
        )

    def labels_of(self, instance) -> list[str]:
        """The words of what is chosen, in the order of the choices, for the site."""
        chosen = getattr(instance, self.name)
        return [label for value, label in self.base_field.flatchoices if value in chosen]
