"""The staff admin of contact with pilots: all moments in a list, and per pilot what was agreed and what is asked."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import date as date_in_words
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from mkbroute.core.admin import PILOTS_MENU, ListViewSet
from pilots.forms.contact import ContactMomentForm, QuickContactForm
from pilots.models import ContactMoment, Pilot, SupportRequest, with_contact, without_contact

MAY_SEE = "pilots.change_contactmoment"

# --- All moments --------------------------------------------------------------------------------------------


class ContactMomentFilterSet(WagtailFilterSet):
    overdue = django_filters.BooleanFilter(label="Afspraak over tijd", method="filter_overdue")
    held = django_filters.DateFromToRangeFilter(label="Datum", field_name="date", widget=DateRangePickerWidget)

    class Meta:
        model = ContactMoment
        fields = ["pilot", "kind", "by", "is_shared"]

    def filter_overdue(self, queryset, name, value):
        overdue = ContactMoment.objects.overdue().values("pk")
        return queryset.filter(pk__in=overdue) if value else queryset.exclude(pk__in=overdue)


class ContactMomentViewSet(ListViewSet):
    model = ContactMoment
    icon = "calendar-check"
    menu_hook = PILOTS_MENU
    menu_order = 14
    list_display = [
        "pilot",
        DateColumn("date", label="Datum", sort_key="date", accessor="date"),
        Column("get_kind_display", label="Soort", sort_key="kind"),
        Column("by", label="Wie", sort_key="by__first_name"),
        Column("hours", label="Uren", sort_key="hours"),
        Column("agreements", label="Afspraken", accessor=lambda moment: _shortened(moment.agreements)),
        BooleanColumn("is_shared", label="Gedeeld", sort_key="is_shared"),
        StatusTagColumn(
            "next_contact_on",
            label="Volgend contact",
            sort_key="next_contact_on",
            accessor=lambda moment: date_in_words(moment.next_contact_on, "j F Y"),
            primary=lambda moment: moment.is_overdue,
        ),
    ]
    list_export = [
        *("pilot", "date", "get_kind_display", "by", "hours", "agreements"),
        *("is_shared", "next_contact_on", "internal_note"),
    ]
    export_headings = {"get_kind_display": "Soort"}
    export_filename = "contactmomenten"
    filterset_class = ContactMomentFilterSet
    search_fields = ["pilot__title", "agreements", "internal_note"]
    edit_handler = ObjectList(
        [
            FieldPanel("pilot", widget=forms.Select),
            FieldRowPanel([FieldPanel("date"), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("by", widget=forms.Select), FieldPanel("hours")]),
            MultiFieldPanel(
                [FieldPanel("agreements"), FieldPanel("next_contact_on"), FieldPanel("is_shared")],
                heading="Wat er is afgesproken",
            ),
            FieldPanel("internal_note"),
        ],
        base_form_class=ContactMomentForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return ContactMoment.objects.with_next().select_related("pilot", "by")


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rsplit(' ', 1)[0]} …"


# --- Per pilot ----------------------------------------------------------------------------------------------


class PilotContactFilterSet(WagtailFilterSet):
    without = django_filters.BooleanFilter(label="90 dagen zonder contact", method="filter_without")

    class Meta:
        model = Pilot
        fields: list[str] = []

    def filter_without(self, queryset, name, value):
        silent = without_contact(Pilot.objects.all()).values("pk")
        return queryset.filter(pk__in=silent) if value else queryset.exclude(pk__in=silent)


class PilotContactListView(ReportView):
    """Every pilot with when it was spoken last, what comes next, what is asked and how many hours it took this year."""

    model = Pilot
    page_title = "Contact per pilot"
    header_icon = "calendar-check"
    permission_policy = ModelPermissionPolicy(ContactMoment)
    any_permission_required = ["change"]
    filterset_class = PilotContactFilterSet
    index_url_name = "pilot_contact_list"
    index_results_url_name = "pilot_contact_list_results"
    default_ordering = "last_contact"
    columns = [
        TitleColumn(
            "title",
            label="Pilot",
            sort_key="title",
            get_url=lambda pilot: reverse("pilot_contact", args=[pilot.pk]),
        ),
        Column("status", label="Status", accessor="get_status_display", sort_key="status"),
        Column(
            "last_contact",
            label="Laatste contact",
            accessor=lambda pilot: date_in_words(pilot.last_contact, "j F Y") or "nog nooit",
            sort_key="last_contact",
        ),
        Column(
            "next_contact",
            label="Volgend contact",
            accessor=lambda pilot: date_in_words(pilot.next_contact, "j F Y"),
            sort_key="next_contact",
        ),
        NumberColumn("open_requests", label="Open vragen", sort_key="open_requests"),
        Column("hours_this_year", label="Uren dit jaar", sort_key="hours_this_year"),
    ]
    list_export = [
        *("number", "title", "get_status_display", "last_contact"),
        *("next_contact", "open_requests", "hours_this_year"),
    ]
    export_headings = {
        "get_status_display": "Status",
        "last_contact": "Laatste contact",
        "next_contact": "Volgend contact",
        "open_requests": "Open vragen",
        "hours_this_year": "Uren dit jaar",
    }
    export_filename = "contact-per-pilot"

    def get_base_queryset(self) -> models.QuerySet:
        asked = SupportRequest.objects.open().filter(pilot=models.OuterRef("pk")).order_by().values("pilot")
        counted = asked.annotate(total=models.Count("pk")).values("total")
        return with_contact(Pilot.objects.all()).annotate(
            open_requests=models.functions.Coalesce(models.Subquery(counted), 0)
        )

    def order_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        """Who was never spoken comes first, as the longest ago."""
        if self.ordering == "last_contact":
            return queryset.order_by(models.F("last_contact").asc(nulls_first=True), "number")
        return super().order_queryset(queryset)


class PilotContactView(WagtailAdminTemplateMixin, TemplateView):
    """The contact with one pilot: a form to keep a moment in a minute, the hours per year, the moments, the questions."""

    template_name = "pilots/contact.html"
    header_icon = "calendar-check"

    def setup(self, request: HttpRequest, pk: int) -> None:
        super().setup(request, pk=pk)
        self.pk = pk

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        self.pilot = get_object_or_404(Pilot, pk=self.pk)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm("pilots.add_contactmoment"):
            raise PermissionDenied
        if not self.form.is_valid():
            messages.error(request, "Nog niet bewaard. Verbeter wat hieronder staat.")
            return self.render_to_response(self.get_context_data())
        self.form.save()
        messages.success(request, "Het contact is bewaard.")
        return redirect("pilot_contact", self.pk)

    @cached_property
    def form(self) -> QuickContactForm:
        moment = ContactMoment(pilot=self.pilot)
        return QuickContactForm(self.request.POST or None, instance=moment, for_user=self.request.user)

    def get_page_title(self) -> str:
        return f"Contact met {self.pilot.title}"

    def get_breadcrumbs_items(self) -> list[dict]:
        above = {"url": reverse("pilot_contact_list"), "label": PilotContactListView.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.pilot.title}]

    def get_context_data(self, **kwargs) -> dict:
        moments = self.pilot.contact_moments
        return super().get_context_data(
            pilot=self.pilot,
            form=self.form,
            may_add=self.request.user.has_perm("pilots.add_contactmoment"),
            years=list(moments.hours_per_year()),
            moments=moments.with_next().select_related("by"),
            asked=self.pilot.support_requests.with_people(),
            edit_url_name=ContactMoment.snippet_viewset.get_url_name("edit"),
            media=self.form.media,
            **kwargs,
        )


class ContactMenuItem(MenuItem):
    """Only for who keeps contact."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_SEE)


def contact_menu_item() -> MenuItem:
    return ContactMenuItem("Contact per pilot", reverse("pilot_contact_list"), icon_name="calendar-check", order=12)


def today_numbers() -> list[dict]:
    """The numbers of the start screen about contact, each with the list of exactly those; one query each."""
    moments = reverse(ContactMoment.snippet_viewset.get_url_name("list"))
    return [
        {
            "title": "Pilots zonder contact",
            "explanation": "Met deze pilots is 90 dagen geen contact vastgelegd. Bel of mail ze, en leg dat vast.",
            "count": without_contact(Pilot.objects.all()).count(),
            "url": f"{reverse('pilot_contact_list')}?without=true",
        },
        {
            "title": "Afspraken over tijd",
            "explanation": "Het volgende contact was afgesproken, en die dag is voorbij.",
            "count": ContactMoment.objects.overdue().count(),
            "url": f"{moments}?overdue=true",
        },
    ]


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path("contact/", PilotContactListView.as_view(), name="pilot_contact_list"),
    path("contact/lijst/", PilotContactListView.as_view(results_only=True), name="pilot_contact_list_results"),
    path("contact/<int:pk>/", PilotContactView.as_view(), name="pilot_contact"),
]
