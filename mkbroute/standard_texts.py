"""The staff admin of the standard texts: reasons the team often gives when it decides."""

from django import forms
from django.utils.text import capfirst
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column

from mkbroute import queue
from mkbroute.core.admin import ListViewSet
from mkbroute.core.models import StandardText


class StandardTextForm(WagtailAdminModelForm):
    """A standard text, with the kinds of the queue to tick."""

    kinds = forms.MultipleChoiceField(
        label="Bij welke soorten",
        help_text=StandardText._meta.get_field("kinds").help_text,
        choices=lambda: [(kind.name, capfirst(kind.label)) for kind in queue.KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def kinds_in_words(text: StandardText) -> str:
    """The kinds a standard text is for."""
    return ", ".join(kind.label for kind in queue.KINDS if kind.name in text.kinds) or "alle soorten"


class StandardTextViewSet(ListViewSet):
    model = StandardText
    icon = "openquote"
    add_to_settings_menu = True
    menu_order = 20
    list_display = [
        "title",
        Column("get_verb_display", label="Bij welk besluit", sort_key="verb"),
        Column("kinds", label="Bij welke soorten", accessor=kinds_in_words),
        "sort_order",
    ]
    list_export = ["title", "text", "get_verb_display", "sort_order"]
    export_headings = {"get_verb_display": "Bij welk besluit"}
    export_filename = "standaardteksten"
    search_fields = ["title", "text"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("text"),
            FieldPanel("kinds"),
            FieldRowPanel([FieldPanel("verb"), FieldPanel("sort_order")]),
        ],
        base_form_class=StandardTextForm,
    )
