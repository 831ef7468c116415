"""The staff admin of what has a page of its own, and of the words and sources everybody shares."""

import django_filters
from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.html import format_html
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.admin.ui.tables import Column, StatusTagColumn, UpdatedAtColumn
from wagtail.admin.utils import get_latest_str
from wagtail.admin.widgets.button import Button
from wagtail.models import Revision, RevisionMixin
from wagtail.snippets.views import snippets
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from mkbroute.core.models import Province, Sector, Source, TargetGroup, Theme
from mkbroute.core.states import State, state_in_words, with_state

PILOTS_MENU, NETWORK_MENU, CONTENT_MENU = (
    "register_pilots_menu",
    "register_network_menu",
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


class ToldAboutNewerVersion:
    """For edit views: who saves over a version they have not seen is told first, with or without JavaScript.

    Wagtail refuses only its own background saves. What was typed stays in the form; saving once more is a choice.
    """

    @property
    def edited(self) -> RevisionMixin:
        return self.object

    @cached_property
    def newer_version(self) -> Revision | None:
        """The newest version that somebody else saved since this form was opened.

        Versions of one's own do not count: the browser saves in the background and leaves in the form when it was
        opened.
        """
        versions = self.edited.revisions.exclude(user=self.request.user)
        try:
            opened = parse_datetime(self.request.POST.get("loaded_revision_created_at", ""))
        except ValueError:
            opened = None
        if opened:
            versions = versions.filter(created_at__gt=opened)
        return versions.select_related("user").order_by("created_at").last()

    @property
    def must_be_told(self) -> bool:
        return not self.expects_json_response and self.newer_version is not None

    @property
    def newer_version_message(self) -> str:
        return format_html(
            "Nog niet bewaard: {} heeft intussen een nieuwere versie bewaard. Wat u hebt ingevuld staat hieronder nog. "
            '<a href="{}" target="_blank">Bekijk eerst wat er is veranderd</a>. Bewaart u daarna opnieuw, dan wordt uw '
            "versie de nieuwste. De andere blijft in de geschiedenis staan.",
            self.newer_version.user or "iemand anders",
            self.get_history_url(),
        )


class WithoutChecks:
    """For editors: no panel with checks of the content, for these need scripts of the admin in the public page."""

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()
        return MediaContainer([panel for panel in panels if not isinstance(panel, ChecksSidePanel)])


class SaysWhatHappened:
    """For editors: after saving, whether visitors see it, and whether what was planned is really planned."""

    def get_success_message(self, instance=None) -> str:
        saved = instance or self.object
        if self.action not in {"create", "edit"}:
            return super().get_success_message(instance)
        message = f"Het concept van ‘{get_latest_str(saved)}’ is bewaard. Bezoekers zien het nog niet."
        draft = saved.get_latest_revision_as_object()
        if draft.go_live_at and draft.go_live_at > timezone.now() and not saved.scheduled_revision:
            message += " De datum is ingevuld, maar er is nog niets gepland: kies daarvoor ‘Publicatie inplannen’."
        return message


class CreateView(SaysWhatHappened, WithoutChecks, snippets.CreateView):
    def save_action(self) -> HttpResponse:
        give_hints(self)
        return super().save_action()


class EditView(SaysWhatHappened, ToldAboutNewerVersion, WithoutChecks, snippets.EditView):
    def is_valid(self, form) -> bool:
        if self.must_be_told and self.action != "cancel-workflow":
            self.produced_error_code = "invalid_revision"
            self.produced_error_message = self.newer_version_message
            return False
        return super().is_valid(form)

    def save_action(self) -> HttpResponse:
        give_hints(self)
        return super().save_action()

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, preview_link_button(self.object)]


def give_hints(view) -> None:
    if not view.expects_json_response:
        for hint in getattr(view.form, "hints", []):
            messages.warning(view.request, hint)


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
    copy_view_enabled = False  # a copy would share the slug and the place on the line
    list_per_page = 50
    search_fields = ["title", "summary"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return with_state(self.model.objects.all())


class ListViewSet(SnippetViewSet):
    """Administration of rows without drafts."""

    copy_view_enabled = False
    list_per_page = 50


class LabelViewSet(ListViewSet):
    """A fixed list of words."""

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
    checked = django_filters.BooleanFilter(
        label="Nagekeken", field_name="checked_on", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Source
        fields = ["publisher"]


class SourceChooserViewSet(SnippetChooserViewSet):
    """Choosing a source while writing; a new one can be added on the spot."""

    icon = "link-external"
    form_fields = ["title", "publisher", "url", "date", "date_text", "checked_on"]
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
        "publisher",
        Column("shown_date", label="Datum", sort_key="date"),
        "checked_on",
        UpdatedAtColumn(),
    ]
    list_export = ["title", "publisher", "url", "shown_date", "checked_on", "note"]
    export_headings = {"shown_date": "Datum"}
    export_filename = "bronnen"
    filterset_class = SourceFilterSet
    search_fields = ["title", "publisher", "url", "note"]
    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("url")]),
        FieldRowPanel([FieldPanel("date"), FieldPanel("date_text")]),
        FieldPanel("checked_on", help_text="Wanneer hebt u voor het laatst gezien dat dit er staat?"),
        FieldPanel("note"),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return Source.objects.all()
