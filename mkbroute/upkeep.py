"""The staff admin of what keeps the site in order: broken links, the jobs of the clock, and "Nog steeds juist"."""

import django_filters
from django import forms
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.snippets.views import snippets

from mkbroute.core.admin import CONTENT_MENU, ListViewSet
from mkbroute.core.views import may_edit
from mkbroute.jobs import standings
from mkbroute.models import BrokenLink
from mkbroute.reviews import confirm_still_correct, reviewed_models

# --- Broken links -------------------------------------------------------------------------------------------


class BrokenLinkForm(WagtailAdminModelForm):
    """Ignoring a link, with the reason and by whom."""

    def save(self, commit: bool = True) -> BrokenLink:
        self.instance.ignored_by = self.for_user if self.instance.is_ignored else None
        return super().save(commit)


class BrokenLinkFilterSet(WagtailFilterSet):
    """Without a choice, only links that nobody ignores."""

    is_ignored = django_filters.ChoiceFilter(
        label="Genegeerd",
        choices=[("ja", "alleen genegeerde"), ("alle", "ook genegeerde")],
        empty_label="niet",
        method="filter_ignored",
        widget=forms.RadioSelect,
    )
    where = django_filters.ChoiceFilter(
        label="Leidt naar",
        choices=[("site", "deze site"), ("elders", "andere sites")],
        method="filter_where",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = BrokenLink
        fields: list[str] = []

    def filter_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        chosen = self.form.cleaned_data.get("is_ignored")
        shown = queryset if chosen else queryset.filter(is_ignored=False)
        return super().filter_queryset(shown)

    def filter_ignored(self, queryset, name, value):
        return queryset.filter(is_ignored=True) if value == "ja" else queryset

    def filter_where(self, queryset, name, value):
        outside = models.Q(address__startswith="http")
        return queryset.filter(outside if value == "elders" else ~outside)


class SubjectColumn(Column):
    """The page with the link, leading to its editing."""

    cell_template_name = "mkbroute/subject_cell.html"

    def get_cell_context_data(self, instance, parent_context) -> dict:
        user = parent_context["request"].user
        address = AdminURLFinder(user).get_edit_url(instance.subject) if instance.subject else None
        return {**super().get_cell_context_data(instance, parent_context), "address": address}


class BrokenLinkIndexView(snippets.IndexView):
    """Without boxes to tick: there is nothing to do with many links at once."""

    @cached_property
    def columns(self) -> list[Column]:
        return [column for column in super().columns if column.name != "bulk_actions"]


class BrokenLinkViewSet(ListViewSet):
    model = BrokenLink
    index_view_class = BrokenLinkIndexView
    icon = "link"
    menu_hook = CONTENT_MENU
    menu_order = 60
    list_display = [
        "address",
        Column("label", label="Tekst van de link", sort_key="label"),
        SubjectColumn("title", label="Staat op", sort_key="title"),
        Column("what_is_wrong", label="Antwoord", sort_key="status"),
        DateColumn("broken_since", label="Kapot sinds", sort_key="broken_since"),
        DateColumn("checked_at", label="Gecontroleerd", sort_key="checked_at"),
        Column("ignored_because", label="Genegeerd omdat", sort_key="ignored_because"),
        Column("ignored_by", label="Genegeerd door", sort_key="ignored_by__last_name"),
    ]
    list_export = [
        *("title", "place", "label", "address", "what_is_wrong", "broken_since", "checked_at"),
        *("is_ignored", "ignored_because", "ignored_by"),
    ]
    export_headings = {"what_is_wrong": "Antwoord", "ignored_because": "Genegeerd omdat"}
    export_filename = "kapotte-links"
    filterset_class = BrokenLinkFilterSet
    search_fields = ["title", "label", "address"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("title", read_only=True), FieldPanel("place", read_only=True)]),
                    FieldRowPanel([FieldPanel("label", read_only=True), FieldPanel("address", read_only=True)]),
                    FieldRowPanel(
                        [FieldPanel("broken_since", read_only=True), FieldPanel("checked_at", read_only=True)]
                    ),
                ],
                heading="De link",
            ),
            MultiFieldPanel([FieldPanel("is_ignored"), FieldPanel("ignored_because")], heading="Negeren"),
        ],
        base_form_class=BrokenLinkForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return BrokenLink.objects.select_related("ignored_by").prefetch_related("subject")


# --- Jobs ---------------------------------------------------------------------------------------------------

MAY_SEE_JOBS = "mkbroute.view_jobrun"


class JobsMenuItem(MenuItem):
    """Only for who may see how the jobs went."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_SEE_JOBS)


def jobs_menu_item() -> MenuItem:
    return JobsMenuItem("Taken van de klok", reverse("job_list"), icon_name="tasks", order=1200)


class JobListView(WagtailAdminTemplateMixin, TemplateView):
    """How the last run of every job went, to read only."""

    template_name = "mkbroute/job_list.html"
    page_title = "Taken van de klok"
    header_icon = "tasks"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(MAY_SEE_JOBS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(standings=standings(), **kwargs)


# --- Nog steeds juist ---------------------------------------------------------------------------------------


@require_POST
def still_correct(request: HttpRequest, app_label: str, model_name: str, pk: int) -> HttpResponse:
    """Somebody looked at a page again and all of it still holds."""
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        raise Http404 from None
    if model not in reviewed_models():
        raise Http404
    target = get_object_or_404(model, pk=pk)
    if not may_edit(request.user, target):
        raise Http404
    confirm_still_correct(target=target, by=request.user)
    messages.success(request, format_html("‘{}’ is nagekeken. Over een jaar vragen wij het weer.", target))
    return redirect(get_valid_next_url_from_request(request) or AdminURLFinder(request.user).get_edit_url(target))


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path("taken/", JobListView.as_view(), name="job_list"),
    path("nagekeken/<str:app_label>/<str:model_name>/<int:pk>/", still_correct, name="still_correct"),
]
