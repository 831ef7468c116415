"""The staff admin of pilots."""

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
from wagtail.admin.ui.tables import NumberColumn, UpdatedAtColumn

from mkbroute.core.admin import (
    PILOTS_MENU,
    PublishableFilterSet,
    PublishableViewSet,
    StateColumn,
    management_tab,
    picture_panel,
)
from mkbroute.core.forms import PointsPanel, PublishableForm
from mkbroute.core.models import Province
from pilots.models import Pilot

from .proposals import OpenProposalPanel


class PilotFilterSet(PublishableFilterSet):
    province = django_filters.ModelChoiceFilter(
        label="Provincie", field_name="regions__province", queryset=Province.objects.all(), distinct=True
    )

    class Meta:
        model = Pilot
        fields = ["status", "sector"]


ABOUT_TAB = ObjectList(
    [
        OpenProposalPanel(),
        TitleFieldPanel("title", placeholder=False, classname="", required_on_save=True),
        FieldRowPanel([FieldPanel("number"), FieldPanel("sector", widget=forms.Select)]),
        FieldPanel("summary"),
        FieldPanel("target_groups", widget=forms.CheckboxSelectMultiple),
        FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
        picture_panel(),
    ],
    heading="Pilot",
)

PROGRAMMES_TAB = ObjectList(
    [
        InlinePanel(
            "programmes",
            heading="Opleidingen",
            label="Opleiding",
            help_text="Waar iemand zich voor inschrijft. Laat leeg wat u niet weet: de site schrijft dan ‘nog niet bekend’.",
            panels=[
                FieldPanel("title"),
                FieldRowPanel([FieldPanel("degree"), FieldPanel("form"), FieldPanel("duration_years")]),
                FieldPanel("form_note"),
                FieldPanel("places"),
                FieldPanel("entry", help_text="Wat moet iemand hebben of kunnen om te beginnen?"),
                FieldPanel("rhythm"),
                FieldRowPanel([FieldPanel("costs"), FieldPanel("start")]),
            ],
        )
    ],
    heading="Opleidingen",
)

PLACE_TAB = ObjectList(
    [
        PointsPanel(
            "regions",
            heading="Regio's",
            label="Regio",
            help_text="Elke regio is een punt op de kaart. Laat het punt leeg: de site zoekt het op bij de plaats.",
            panels=[
                FieldRowPanel([FieldPanel("name"), FieldPanel("province", widget=forms.Select)]),
                FieldPanel("city", help_text="Een stad in of bij de regio, voor het punt op de kaart."),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
        ),
        MultiFieldPanel([FieldPanel("nationwide"), FieldPanel("region_note")], heading="Landelijk of onzeker"),
        InlinePanel(
            "partnerships",
            heading="Partners",
            label="Partner",
            help_text="Wie doet mee, en in welke rol? Een pilot heeft hoogstens een penvoerder.",
            panels=[
                FieldRowPanel([FieldPanel("organisation"), FieldPanel("role", required_on_save=True)]),
                FieldPanel("note"),
            ],
        ),
    ],
    heading="Regio en partners",
)

PROGRESS_TAB = ObjectList(
    [
        InlinePanel(
            "status_changes",
            heading="Status",
            label="Statuswijziging",
            help_text="Van oud naar nieuw. De onderste regel is de status van nu.",
            panels=[
                FieldPanel("status", required_on_save=True),
                FieldRowPanel([FieldPanel("date"), FieldPanel("date_text")]),
                FieldPanel("explanation"),
                FieldPanel("source"),
            ],
        ),
        InlinePanel(
            "criterion_answers",
            heading="Kenmerken van een mkb-route",
            label="Kenmerk",
            max_num=7,
            help_text="Alleen ‘Ja’ met een bron. Wat u hier niet noemt, staat op de site als ‘nog niet bekend’.",
            panels=[
                FieldRowPanel(
                    [
                        FieldPanel("criterion", required_on_save=True),
                        FieldPanel("answer", required_on_save=True),
                    ]
                ),
                FieldPanel("remark"),
                FieldPanel("source"),
            ],
        ),
    ],
    heading="Status en kenmerken",
)

STORY_TAB = ObjectList([FieldPanel("body"), FieldPanel("llo_challenge")], heading="Verhaal")

SOURCES_TAB = ObjectList(
    [
        InlinePanel(
            "facts",
            heading="In het kort",
            label="Feit",
            help_text="Feiten en cijfers, elk met een bron en een datum.",
            panels=[
                FieldRowPanel([FieldPanel("label"), FieldPanel("value")]),
                FieldRowPanel([FieldPanel("date"), FieldPanel("date_text")]),
                FieldPanel("source"),
            ],
        ),
        InlinePanel(
            "references",
            heading="Bronnen",
            label="Bronvermelding",
            help_text="De lijst onder aan de pagina.",
            panels=[FieldPanel("source"), FieldPanel("taken")],
        ),
    ],
    heading="Feiten en bronnen",
)


class PilotViewSet(PublishableViewSet):
    model = Pilot
    icon = "route"
    menu_hook = PILOTS_MENU
    menu_order = 10
    list_display = [
        "title",
        NumberColumn("number", label="Plaats", sort_key="number"),
        "status",
        "sector",
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = [
        *("number", "title", "get_status_display", "sector", "summary", "region_note", "llo_challenge"),
        *("state", "review_on", "full_url"),
    ]
    export_headings = {"get_status_display": "Status", "state": "Stand", "full_url": "Adres"}
    export_filename = "pilots"
    filterset_class = PilotFilterSet
    edit_handler = TabbedInterface(
        [
            ABOUT_TAB,
            PROGRAMMES_TAB,
            PLACE_TAB,
            PROGRESS_TAB,
            STORY_TAB,
            SOURCES_TAB,
            management_tab(),
        ],
        base_form_class=PublishableForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("sector")
