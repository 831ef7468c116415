"""The staff admin of pages and contact messages, and the menu that holds all of it."""

import django_filters
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import DateColumn, StatusTagColumn
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.admin.wagtail_hooks import SiteHistoryReportMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.documents.wagtail_hooks import register_documents_menu_item
from wagtail.images.wagtail_hooks import register_images_menu_item
from wagtail.models import Page

from mkbroute.core.admin import (
    CONTENT_MENU,
    KNOWLEDGE_MENU,
    NETWORK_MENU,
    PILOTS_MENU,
    ListViewSet,
)
from mkbroute.core.editing import ToldAboutNewerVersion, WithProofreading, give_advice, is_decision
from mkbroute.core.proofreading import NotReady, errors, proofread, require_ready
from mkbroute.core.queue_panel import QueueLinkPanel
from mkbroute.manual import FOR_TEAM
from mkbroute.models import ContactMessage, ContentPage, HomePage
from mkbroute.queue import ContactKind
from mkbroute.today import TodayPanel

# --- Pages --------------------------------------------------------------------------------------------------


class ProofreadPage(WithProofreading):
    """For Wagtail's views of pages: a page with errors is saved as a draft, whatever was asked."""

    def form_valid(self, form) -> HttpResponse:
        if is_decision(self.action_name, self.request.POST):
            page = form.save(commit=False)
            if found := errors(proofread(page)):
                self.has_content_changes = form.has_changed()
                self.save_action()
                raise NotReady(self.page, found)
        return super().form_valid(form)


class PageCreateView(ProofreadPage, CreateView):
    """Writing a new page."""


class PageEditing(ToldAboutNewerVersion, ProofreadPage):
    """For Wagtail's edit views of pages: who would save over a newer version is told first."""

    @property
    def edited(self) -> Page:
        return self.page

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.must_be_told or self.is_cancelling_workflow:
            return super().post(request, *args, **kwargs)
        messages.error(request, self.newer_version_message)
        self.has_unsaved_changes = True
        self.form = self.form_class(
            request.POST,
            request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=request.user,
        )
        return self.render_to_response(self.get_context_data())


class PageEditView(PageEditing, EditView):
    """Editing the newest version."""


class PageRevertView(PageEditing, RevisionsRevertView):
    """Going back to an older version."""


def advise_on_page(request: HttpRequest, page: Page) -> None:
    """Wagtail's ``after_create_page`` and ``after_edit_page``."""
    if request.accepts("text/html"):
        give_advice(request, page)


def check_copies(request: HttpRequest, page: Page) -> None:
    """Wagtail's ``before_copy_page``: a copy that appears at once goes through no other check. Raises NotReady."""
    if request.method == "POST" and {"publish_copies", "alias"} & request.POST.keys():
        copied = page.get_descendants(inclusive=True) if "copy_subpages" in request.POST else [page]
        for one in copied:
            if one.live:  # of a draft the copy is a draft
                require_ready(one.specific)


class HomePageViewSet(PageViewSet):
    model = HomePage
    add_view_class = PageCreateView
    edit_view_class = PageEditView
    revisions_revert_view_class = PageRevertView


class ContentPageViewSet(PageViewSet):
    model = ContentPage
    add_view_class = PageCreateView
    edit_view_class = PageEditView
    revisions_revert_view_class = PageRevertView


class PagesView(IndexView):
    """All pages in one list, the front page too; what is added is a content page."""

    def get_base_queryset(self) -> models.QuerySet:
        explorable = self.permission_policy.explorable_instances(self.request.user)
        return self.annotate_queryset(Page.objects.filter(depth__gt=1, pk__in=explorable.values("pk")))

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        tree = Button("Bekijk als boom", url=reverse("wagtailadmin_explore_root"), icon_name="folder-open-inverse")
        return [tree, *super().header_more_buttons]


class PagesViewSet(PageListingViewSet):
    model = ContentPage
    name = "paginas"
    icon = "doc-full"
    index_view_class = PagesView
    menu_label = "Pagina's"
    menu_hook = CONTENT_MENU
    menu_order = 10
    list_export = ["title", "full_url", "status_string", "latest_revision_created_at", "owner"]
    export_headings = {
        "full_url": "Adres",
        "status_string": "Stand",
        "latest_revision_created_at": "Laatst bewerkt",
        "owner": "Eigenaar",
    }
    export_filename = "paginas"


# --- Contact messages ---------------------------------------------------------------------------------------


class ContactMessageFilterSet(WagtailFilterSet):
    received = django_filters.DateFromToRangeFilter(
        label="Ontvangen", field_name="received_at", widget=DateRangePickerWidget
    )

    class Meta:
        model = ContactMessage
        fields = ["state"]


class ContactMessageViewSet(ListViewSet):
    model = ContactMessage
    icon = "mail"
    add_to_settings_menu = True
    menu_order = 10
    list_display = [
        "subject",
        "name",
        "organisation",
        DateColumn("received_at", label="Ontvangen", sort_key="received_at"),
        StatusTagColumn(
            "get_state_display",
            label="Stand",
            sort_key="state",
            primary=lambda message: message.state == "nieuw",
        ),
    ]
    list_export = [
        "received_at",
        "name",
        "email",
        "organisation",
        "subject",
        "message",
        "get_state_display",
        "note",
    ]
    export_headings = {"get_state_display": "Stand"}
    export_filename = "contactberichten"
    filterset_class = ContactMessageFilterSet
    search_fields = ["subject", "name", "email", "organisation", "message"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("subject", read_only=True),
                FieldPanel("message", read_only=True),
                FieldRowPanel([FieldPanel("name", read_only=True), FieldPanel("organisation", read_only=True)]),
                FieldRowPanel([FieldPanel("email", read_only=True), FieldPanel("received_at", read_only=True)]),
            ],
            heading="Wat er gevraagd is",
        ),
        MultiFieldPanel(
            [
                FieldPanel("state", read_only=True),
                FieldPanel("note", help_text="Alleen het team ziet dit."),
                QueueLinkPanel(ContactKind(), help_text="Antwoorden en op afgehandeld zetten doet u in de wachtrij."),
            ],
            heading="Wat wij ermee doen",
        ),
    ]


# --- Menu, start screen and look ----------------------------------------------------------------------------

# What Wagtail puts in the main menu and we place elsewhere, or leave out.
MOVED = {"explorer", "images", "documents", "snippets", "reports", "help"}


class MenuGroup(SubmenuMenuItem):
    """A group of the main menu; who may see only one of its items gets that item itself."""

    def render_component(self, request: HttpRequest) -> Component:
        items = self.menu.menu_items_for_request(request)
        return items[0].render_component(request) if len(items) == 1 else super().render_component(request)


def pilots_menu() -> MenuItem:
    return MenuGroup("Pilots", Menu(register_hook_name=PILOTS_MENU), icon_name="route", order=100)


def network_menu() -> MenuItem:
    return MenuGroup("Netwerk", Menu(register_hook_name=NETWORK_MENU), icon_name="group", order=200)


def knowledge_menu() -> MenuItem:
    return MenuGroup("Kennis", Menu(register_hook_name=KNOWLEDGE_MENU), icon_name="pick", order=300)


def content_menu() -> MenuItem:
    return MenuGroup("Inhoud", Menu(register_hook_name=CONTENT_MENU), icon_name="doc-full", order=400)


def manual_menu_item() -> MenuItem:
    return MenuItem("Handleiding", FOR_TEAM.url(), icon_name="help", order=20000)


def images_menu_item() -> MenuItem:
    item = register_images_menu_item()
    item.order = 20
    return item


def documents_menu_item() -> MenuItem:
    item = register_documents_menu_item()
    item.order = 30
    return item


def log_menu_item() -> MenuItem:
    return SiteHistoryReportMenuItem(
        "Logboek", reverse("wagtailadmin_reports:site_history"), icon_name="history", order=1300
    )


def arrange_main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's ``construct_main_menu``: five groups, "Beheer" being Wagtail's settings."""
    items[:] = [item for item in items if item.name not in MOVED]
    for item in items:
        if item.name == "settings":
            item.label = "Beheer"


def show_today(request: HttpRequest, panels: list[Component]) -> None:
    """Wagtail's ``construct_homepage_panels``: our start screen instead of Wagtail's."""
    panels[:] = [TodayPanel()]


def admin_css() -> SafeString:
    """Our colours and the few components of our own, in Wagtail's admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


def admin_dates_js() -> SafeString:
    """What keeps the date picker from changing what somebody typed."""
    return format_html('<script src="{}"></script>', static("js/admin_dates.js"))


def add_icons(icons: list[str]) -> list[str]:
    return [*icons, "wagtailadmin/icons/route.svg"]
