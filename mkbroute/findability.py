"""The staff admin of the search: synonyms, promoted results, and what visitors searched for."""

import django_filters
from django.db import models
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.formats import date_format
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from mkbroute.core.admin import CONTENT_MENU, ListViewSet
from mkbroute.core.models import PromotedResult, SearchedTerm, Synonym

MAY_SEE_TERMS = "core.view_searchedterm"


class SynonymViewSet(ListViewSet):
    model = Synonym
    icon = "copy"
    menu_hook = CONTENT_MENU
    menu_order = 70
    list_display = ["terms"]
    list_export = list_display
    export_filename = "synoniemen"
    search_fields = ["terms"]
    panels = [FieldPanel("terms")]


class PromotedResultViewSet(ListViewSet):
    model = PromotedResult
    icon = "pick"
    menu_hook = CONTENT_MENU
    menu_order = 80
    list_display = ["term", "address", "note"]
    list_export = list_display
    export_filename = "uitgelichte-resultaten"
    search_fields = ["term", "address", "note"]
    panels = [FieldPanel("term"), FieldPanel("address"), FieldPanel("note")]


def months(request: HttpRequest | None = None) -> list[tuple[str, str]]:
    """The months in which somebody searched, the newest first, as choices."""
    found = SearchedTerm.objects.order_by("-month").values_list("month", flat=True).distinct()
    return [(month.isoformat(), date_format(month, "F Y")) for month in found]


class SearchedTermFilterSet(WagtailFilterSet):
    month = django_filters.ChoiceFilter(label="Maand", choices=months)
    found = django_filters.ChoiceFilter(
        label="Gevonden", choices=[(True, "met resultaat"), (False, "zonder resultaat")]
    )

    class Meta:
        model = SearchedTerm
        fields: list[str] = []


class SearchedTermsView(ReportView):
    """What was searched for per month, with and without result; to read and to export."""

    model = SearchedTerm
    page_title = "Gezochte woorden"
    header_icon = "search"
    permission_policy = ModelPermissionPolicy(SearchedTerm)
    any_permission_required = ["view"]
    filterset_class = SearchedTermFilterSet
    index_url_name = "searched_terms"
    index_results_url_name = "searched_terms_results"
    default_ordering = None
    columns = [
        Column("month", label="Maand", accessor=lambda row: date_format(row.month, "F Y"), sort_key="month"),
        Column("term", label="Zoekterm", sort_key="term"),
        Column("count", label="Aantal keer", sort_key="count"),
        Column("outcome", label="Gevonden", sort_key="found"),
    ]
    list_export = ["month", "term", "count", "outcome"]
    export_headings = {"month": "Maand", "term": "Zoekterm", "count": "Aantal keer", "outcome": "Gevonden"}
    export_filename = "gezochte-woorden"

    def get_base_queryset(self) -> models.QuerySet:
        return SearchedTerm.objects.all()


class SearchedTermsMenuItem(MenuItem):
    """Only for who may see what was searched for."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_SEE_TERMS)


def searched_terms_menu_item() -> MenuItem:
    return SearchedTermsMenuItem("Gezochte woorden", reverse("searched_terms"), icon_name="search", order=90)


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path("gezocht/", SearchedTermsView.as_view(), name="searched_terms"),
    path("gezocht/lijst/", SearchedTermsView.as_view(results_only=True), name="searched_terms_results"),
]
