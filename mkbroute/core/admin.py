"""The staff admin of what has a page of its own, and of the words and sources everybody shares."""

import django_filters
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import Column, StatusTagColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.models import ReferenceIndex
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from mkbroute.core.choosers import ChooserViewSet, PublicChooserViewSet
from mkbroute.core.editing import ProofreadSnippet, SaysWhatHappened, ToldAboutNewerRow, ToldAboutNewerVersion
from mkbroute.core.models import Province, Sector, Source, TargetGroup, Theme
from mkbroute.core.states import State, state_in_words, with_state

PILOTS_MENU, NETWORK_MENU, KNOWLEDGE_MENU, CONTENT_MENU = (
    "register_pilots_menu",
    "register_network_menu",
    "register_knowledge_menu",
    "register_content_menu",
)
"""The groups of the main menu; a viewset names one as its ``menu_hook``. "Beheer" is Wagtail's settings menu."""

# --- Lists --------------------------------------------------------------------------------------------------


class StateColumn(StatusTagColumn):
    def __init__(self):
        super().__init__(
            "state", label="Stand", accessor=state_in_words, sort_key="live", primary=lambda page: page.live
        )


class PublishableFilterSet(WagtailFilterSet):
    """Filters of every list of pages; the fields of ``Meta`` come first."""

    state = django_filters.ChoiceFilter(label="Stand", choices=State, method="filter_state")
    owner = django_filters.ModelChoiceFilter(
        label="Eigenaar", queryset=lambda request: get_user_model().objects.filter(is_staff=True)
    )

    def filter_state(self, queryset, name, value):
        return queryset.filter(State(value).condition)


class IndexView(snippets.IndexView):
    def to_row_dict(self, item) -> dict:
        item.state = state_in_words(item)
        return super().to_row_dict(item)


# --- Panels -------------------------------------------------------------------------------------------------


def picture_panel() -> MultiFieldPanel:
    return MultiFieldPanel(
        [FieldPanel("image"), FieldPanel("image_alt"), FieldPanel("image_decorative")], heading="Afbeelding"
    )


def management_tab() -> ObjectList:
    """The tab with what visitors do not see."""
    return ObjectList(
        [
            FieldPanel("slug", help_text="Laat dit leeg: de site maakt het van de titel."),
            FieldRowPanel([FieldPanel("owner"), FieldPanel("deputy"), FieldPanel("review_on")]),
            PublishingPanel(),
        ],
        heading="Beheer",
    )


# --- Editing ------------------------------------------------------------------------------------------------


class CreateView(SaysWhatHappened, ProofreadSnippet, snippets.CreateView):
    """Adding something with a page of its own."""


class EditView(SaysWhatHappened, ToldAboutNewerVersion, ProofreadSnippet, snippets.EditView):
    """Editing the newest version."""

    def is_valid(self, form) -> bool:
        if self.must_be_told and self.action != "cancel-workflow":
            self.produced_error_code = "invalid_revision"
            self.produced_error_message = self.newer_version_message
            return False
        return super().is_valid(form)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, preview_link_button(self.object)]


def page_header_buttons(page, user, view_name, next_url=None):
    """Wagtail's ``register_page_header_buttons``: the preview links of a page."""
    if view_name == "edit" and page.permissions_for_user(user).can_edit():
        yield preview_link_button(page)


def preview_link_button(target: models.Model) -> Button:
    """To the page with the preview links of an object, for its "more" menu."""
    names = target._meta.app_label, target._meta.model_name
    return Button(
        "Voorbeeldlink", url=reverse("preview_links", args=[*names, target.pk]), icon_name="link", priority=15
    )


# --- Viewsets -----------------------------------------------------------------------------------------------


class PublishableViewSet(SnippetViewSet):
    """Administration of what has a page of its own; subclasses give ``edit_handler``, columns and filters."""

    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    chooser_viewset_class = PublicChooserViewSet
    copy_view_enabled = False  # a copy would share the slug and the place on the line
    list_per_page = 50
    search_fields = ["title", "summary"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return with_state(self.model.objects.all())


class RowEditView(ToldAboutNewerRow, snippets.EditView):
    """Editing a row without drafts."""


class ListViewSet(SnippetViewSet):
    """Administration of rows without drafts."""

    edit_view_class = RowEditView
    chooser_viewset_class = ChooserViewSet
    copy_view_enabled = False
    list_per_page = 50


class ReceivedPolicy(ModelPermissionPolicy):
    """Rights on what visitors, partners or the site itself make: nobody adds one here."""

    def user_has_permission(self, user, action: str) -> bool:
        return action != "add" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"add"})


class LabelViewSet(ListViewSet):
    """A fixed list of words."""

    chooser_viewset_class = PublicChooserViewSet
    icon = "tag"
    list_display = ["title", "slug", "sort_order"]
    list_export = ["title", "slug", "sort_order"]
    search_fields = ["title"]
    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("sort_order", help_text="Laag staat vooraan. Bij gelijke nummers telt het alfabet."),
    ]


class ThemeViewSet(LabelViewSet):
    model = Theme
    menu_hook = CONTENT_MENU
    menu_order = 50
    export_filename = "themas"
    panels = [*LabelViewSet.panels, FieldPanel("summary")]


class SectorViewSet(LabelViewSet):
    model = Sector
    menu_hook = PILOTS_MENU
    menu_order = 30
    export_filename = "sectoren"


class TargetGroupViewSet(LabelViewSet):
    model = TargetGroup
    menu_hook = PILOTS_MENU
    menu_order = 20
    export_filename = "doelgroepen"


class ProvinceViewSet(LabelViewSet):
    model = Province
    icon = "globe"
    menu_hook = NETWORK_MENU
    menu_order = 30
    export_filename = "provincies"
    list_display = ["title", "slug", "code", "sort_order"]
    list_export = list_display
    panels = [
        *LabelViewSet.panels,
        FieldPanel("code", help_text="Zoals NL-OV. Hiermee vindt de kaart de provincie."),
    ]


class SourceFilterSet(WagtailFilterSet):
    needs_review = django_filters.BooleanFilter(label="Opnieuw nakijken", method="filter_needs_review")
    checked = django_filters.BooleanFilter(
        label="Nagekeken", field_name="checked_on", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Source
        fields = ["kind", "publisher"]

    def filter_needs_review(self, queryset, name, value):
        due = models.Q(review_on__lte=timezone.localdate())
        return queryset.filter(due if value else ~due | models.Q(review_on=None))


class UsageColumn(Column):
    """How often something is used, as a link to the list of where."""

    cell_template_name = "core/usage_cell.html"

    def __init__(self):
        super().__init__("times_used", label="Gebruikt op", sort_key="times_used")

    def get_cell_context_data(self, instance, parent_context) -> dict:
        address = reverse(type(instance).snippet_viewset.get_url_name("usage"), args=[instance.pk])
        return {**super().get_cell_context_data(instance, parent_context), "address": address}


def with_usage(queryset: models.QuerySet) -> models.QuerySet:
    """The same rows, each with ``times_used``: on how many pages it is used, also inside their texts."""
    uses = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(queryset.model),
        to_object_id=Cast(models.OuterRef("pk"), models.CharField()),
    )
    pages = (
        uses.order_by()
        .values("to_object_id")
        .values(
            pages=models.Count(
                Concat("base_content_type", models.Value("-"), "object_id", output_field=models.CharField()),
                distinct=True,
            )
        )
    )
    return queryset.annotate(times_used=Coalesce(models.Subquery(pages), 0))


class NewSourceForm(WagtailAdminModelForm):
    """A new source, added while writing. What sort of knowledge it is, the editor says: nothing is chosen beforehand."""

    class Meta:
        model = Source
        fields = ["title", "kind", "publisher", "url", "date", "date_text", "checked_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Kies een soort"), *Source.Kind.choices]
        self.initial["kind"] = ""


class SourceChooserViewSet(PublicChooserViewSet):
    """Choosing a source while writing; a new one can be added on the spot."""

    icon = "link-external"
    creation_form_class = NewSourceForm
    choose_one_text = "Kies een bron"
    choose_another_text = "Kies een andere bron"
    creation_tab_label = "Nieuwe bron"
    create_action_label = "Bron toevoegen"


class SourceViewSet(ListViewSet):
    model = Source
    icon = "link-external"
    menu_hook = CONTENT_MENU
    menu_order = 40
    chooser_viewset_class = SourceChooserViewSet
    list_display = [
        "title",
        "kind",
        "publisher",
        Column("shown_date", label="Datum", sort_key="date"),
        StatusTagColumn(
            "review_on",
            label="Nakijken op",
            accessor=lambda source: date_format(source.review_on, "j F Y") if source.review_on else "",
            sort_key="review_on",
            primary=lambda source: source.needs_review,
        ),
        UsageColumn(),
        UpdatedAtColumn(),
    ]
    list_export = ["title", "get_kind_display", "publisher", "url", "shown_date", "checked_on", "review_on", "note"]
    export_headings = {"shown_date": "Datum", "get_kind_display": "Soort"}
    export_filename = "bronnen"
    filterset_class = SourceFilterSet
    search_fields = ["title", "publisher", "url", "note"]
    panels = [
        FieldPanel("title"),
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("url")]),
        FieldRowPanel([FieldPanel("date"), FieldPanel("date_text")]),
        FieldRowPanel(
            [
                FieldPanel("checked_on", help_text="Wanneer hebt u voor het laatst gezien dat dit er staat?"),
                FieldPanel("review_on"),
            ]
        ),
        FieldPanel("note"),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return with_usage(Source.objects.all())
