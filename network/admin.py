"""The staff admin of organisations and people."""

import django_filters
from django import forms
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column, UpdatedAtColumn

from mkbroute.core.admin import (
    NETWORK_MENU,
    PublishableFilterSet,
    PublishableViewSet,
    StateColumn,
    management_tab,
    picture_panel,
)
from mkbroute.core.choosers import PublicChooserViewSet
from mkbroute.core.forms import PointsPanel, PublishableForm
from mkbroute.core.models import Province
from network.models import Body, Organisation, Person


class OrganisationFilterSet(PublishableFilterSet):
    province = django_filters.ModelChoiceFilter(
        label="Provincie", field_name="places__province", queryset=Province.objects.all(), distinct=True
    )

    class Meta:
        model = Organisation
        fields = ["kind", "sector"]


class OrganisationChooserViewSet(PublicChooserViewSet):
    icon = "group"
    choose_one_text = "Kies een organisatie"
    choose_another_text = "Kies een andere organisatie"


class OrganisationViewSet(PublishableViewSet):
    model = Organisation
    icon = "group"
    menu_hook = NETWORK_MENU
    menu_order = 10
    chooser_viewset_class = OrganisationChooserViewSet
    list_display = ["title", "kind", "sector", StateColumn(), UpdatedAtColumn()]
    list_export = [
        *("title", "short_name", "kind", "sector", "part_of", "role", "website", "brin", "brin_checked_on"),
        *("state", "review_on", "full_url"),
    ]
    export_headings = {"state": "Stand", "full_url": "Adres"}
    export_filename = "organisaties"
    filterset_class = OrganisationFilterSet
    search_fields = ["title", "short_name", "summary"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("title", heading="Naam", placeholder=False, classname="", required_on_save=True),
                    FieldRowPanel([FieldPanel("short_name"), FieldPanel("kind", required_on_save=True)]),
                    FieldPanel("summary"),
                    FieldRowPanel([FieldPanel("sector", widget=forms.Select), FieldPanel("part_of")]),
                    FieldPanel("role"),
                    picture_panel(),
                ],
                heading="Organisatie",
            ),
            ObjectList(
                [
                    PointsPanel(
                        "places",
                        heading="Vestigingen",
                        label="Vestiging",
                        help_text="Waar de organisatie zit. Laat het punt leeg: de site zoekt het op bij de plaats.",
                        panels=[
                            FieldRowPanel([FieldPanel("city"), FieldPanel("province", widget=forms.Select)]),
                            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                        ],
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("website"),
                            FieldRowPanel([FieldPanel("brin"), FieldPanel("brin_checked_on")]),
                        ],
                        heading="Website en code",
                    ),
                ],
                heading="Plaatsen en gegevens",
            ),
            ObjectList([FieldPanel("body")], heading="Tekst"),
            management_tab(),
        ],
        base_form_class=PublishableForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("sector", "part_of")


class PersonFilterSet(PublishableFilterSet):
    body = django_filters.ChoiceFilter(label="Groep", field_name="appointments__body", choices=Body, distinct=True)

    class Meta:
        model = Person
        fields = []


class PersonViewSet(PublishableViewSet):
    model = Person
    icon = "user"
    menu_hook = NETWORK_MENU
    menu_order = 20
    list_display = [
        "title",
        Column("bodies", label="Groep", accessor=lambda person: ", ".join(person.bodies)),
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = ["title", "bodies", "summary", "state", "review_on"]
    export_headings = {"bodies": "Groep", "state": "Stand"}
    export_filename = "personen"
    filterset_class = PersonFilterSet
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("title", heading="Naam", placeholder=False, classname="", required_on_save=True),
                    FieldPanel(
                        "summary",
                        help_text="Wie is dit? Een of twee zinnen. Geen mailadres of telefoonnummer.",
                    ),
                    InlinePanel(
                        "appointments",
                        heading="Benoemingen",
                        label="Benoeming",
                        help_text="Iemand verschijnt op de pagina van elke groep die hier staat.",
                        panels=[
                            FieldRowPanel([FieldPanel("body", required_on_save=True), FieldPanel("role")]),
                            FieldRowPanel([FieldPanel("function"), FieldPanel("organisation")]),
                            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                            FieldRowPanel(
                                [
                                    FieldPanel("date", heading="Peildatum", help_text="Op deze dag klopte dit nog."),
                                    FieldPanel("date_text"),
                                ]
                            ),
                            FieldPanel("position", help_text="Laag staat vooraan op de pagina van de groep."),
                        ],
                    ),
                    picture_panel(),
                ],
                heading="Persoon",
            ),
            management_tab(),
        ],
        base_form_class=PublishableForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_rows("appointments")
