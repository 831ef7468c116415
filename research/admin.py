"""The staff admin of practices, questions, publications, policy, terms and news."""

import django_filters
from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column, UpdatedAtColumn

from mkbroute.core.admin import (
    KNOWLEDGE_MENU,
    PublishableFilterSet,
    PublishableViewSet,
    StateColumn,
    management_tab,
    picture_panel,
)
from mkbroute.core.forms import PublishableForm
from mkbroute.core.models import Theme
from research.forms import PolicyFileForm, PracticeForm, PublicationForm, QuestionForm, TermForm
from research.models import NewsItem, PolicyFile, Practice, Publication, Question, Term
from research.submission_panel import SubmissionPanel


def ticked_panel(name: str, help_text: str = "") -> FieldPanel:
    """Several of many, ticked in a list: there is nothing to learn."""
    return FieldPanel(name, widget=forms.CheckboxSelectMultiple, help_text=help_text)


def title_panel(heading: str = "") -> TitleFieldPanel:
    return TitleFieldPanel("title", heading=heading, placeholder=False, classname="", required_on_save=True)


class ThemesFilterSet(PublishableFilterSet):
    """Filters of what has several themes."""

    themes = django_filters.ModelChoiceFilter(label="Thema", queryset=Theme.objects.all())


# --- Good practices -----------------------------------------------------------------------------------------


class EvidencePanel(Panel):
    """What the rule gives this practice, point by point."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "research/evidence_panel.html"

        def get_context_data(self, parent_context=None) -> dict:
            self.instance.follow_rule()  # a draft was never saved as a row
            return super().get_context_data(parent_context) | {"practice": self.instance}


class PracticeFilterSet(ThemesFilterSet):
    class Meta:
        model = Practice
        fields = ["kind", "sector", "strength"]


class PracticeViewSet(PublishableViewSet):
    model = Practice
    icon = "pick"
    menu_hook = KNOWLEDGE_MENU
    menu_order = 10
    list_display = [
        "title",
        Column("kind", label="Soort", accessor="get_kind_display", sort_key="kind"),
        Column("strength", label="Bewijskracht", accessor="strength_in_words", sort_key="strength"),
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = [
        *(
            "title",
            "get_kind_display",
            "summary",
            "sector",
            "strength",
            "lowered_because",
            "get_evidence_method_display",
        ),
        *("seen_in", "first_year", "last_year", "hours", "costs", "lesson", "state", "review_on", "full_url"),
    ]
    export_headings = {
        "get_kind_display": "Soort",
        "get_evidence_method_display": "Hoe weten wij dit",
        "state": "Stand",
        "full_url": "Adres",
    }
    export_filename = "goede-voorbeelden"
    filterset_class = PracticeFilterSet
    search_fields = ["title", "summary", "lesson"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    SubmissionPanel(heading="Van een pilot"),
                    title_panel(),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("sector", widget=forms.Select)]),
                    FieldPanel("summary"),
                    FieldPanel("audiences"),
                    ticked_panel("themes"),
                    picture_panel(),
                ],
                heading="Voorbeeld",
            ),
            ObjectList(
                [
                    FieldPanel("context"),
                    FieldPanel("aim"),
                    FieldPanel("done", help_text="Wat deden zij, stap voor stap?"),
                    FieldPanel("by_whom", help_text="Zoals: de coördinator van de opleiding en twee bedrijven."),
                    FieldRowPanel([FieldPanel("hours"), FieldPanel("costs")]),
                    FieldPanel("result", help_text="Wat is er nu anders, en voor wie?"),
                    FieldPanel("difficulties", help_text="Juist hier leert een ander van."),
                    FieldPanel("lesson"),
                    FieldPanel("transferable"),
                    FieldPanel("body", help_text="Alleen als er meer te vertellen is dan hierboven staat."),
                ],
                heading="Wat is er gedaan",
            ),
            ObjectList(
                [
                    EvidencePanel(heading="Bewijskracht nu"),
                    MultiFieldPanel(
                        [
                            FieldPanel("evidence_method"),
                            FieldPanel("seen_in"),
                            FieldRowPanel(
                                [
                                    FieldPanel("first_year", help_text="Sinds wanneer wordt dit gedaan en gevolgd?"),
                                    FieldPanel("last_year", help_text="Leeg: alleen het eerste jaar is zeker."),
                                ]
                            ),
                        ],
                        heading="Waar de regel naar kijkt",
                    ),
                    MultiFieldPanel([FieldPanel("lowered_to"), FieldPanel("lowered_because")], heading="Verlagen"),
                ],
                heading="Bewijs",
            ),
            ObjectList(
                [
                    ticked_panel("pilots", "In welke pilots is dit gedaan?"),
                    ticked_panel("organisations", "Wie deden het, of weten er meer van?"),
                    ticked_panel("questions", "Bij welke vragen helpt dit voorbeeld?"),
                ],
                heading="Verbonden met",
            ),
            ObjectList(
                [
                    InlinePanel(
                        "references",
                        heading="Bronnen",
                        label="Bronvermelding",
                        help_text="De lijst onder aan de pagina.",
                        panels=[FieldPanel("source"), FieldPanel("taken", help_text="Zoals: het aantal gesprekken.")],
                    )
                ],
                heading="Bronnen",
            ),
            management_tab(),
        ],
        base_form_class=PracticeForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("sector")


# --- Research agenda ----------------------------------------------------------------------------------------


def root_in_short(question: Question) -> str:
    return Truncator(question.root.title).chars(40) if question.root else "is een hoofdvraag"


def known_on(question: Question) -> str:
    return date_format(question.known_on, "j F Y") if question.known_on else "nog geen antwoord"


class QuestionFilterSet(PublishableFilterSet):
    root = django_filters.ModelChoiceFilter(label="Hoofdvraag", queryset=Question.objects.filter(root=None))

    class Meta:
        model = Question
        fields = ["status", "theme"]


class QuestionViewSet(PublishableViewSet):
    model = Question
    icon = "help"
    menu_hook = KNOWLEDGE_MENU
    menu_order = 20
    list_display = [
        "title",
        Column("root", label="Hoofdvraag", accessor=root_in_short),
        "theme",
        Column("status", label="Status", accessor="get_status_display", sort_key="status"),
        Column("known_on", label="Antwoord van", accessor=known_on, sort_key="known_on"),
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = [
        *("number", "title", "root", "theme", "get_status_display", "planned", "researcher", "known_on", "known_by"),
        *("missing", "state", "review_on", "full_url"),
    ]
    export_headings = {
        "get_status_display": "Status",
        "planned": "Antwoord verwacht",
        "state": "Stand",
        "full_url": "Adres",
    }
    export_filename = "onderzoeksvragen"
    filterset_class = QuestionFilterSet
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    title_panel("De vraag"),
                    FieldRowPanel([FieldPanel("root", widget=forms.Select), FieldPanel("number")]),
                    FieldPanel("summary"),
                    FieldPanel("theme", widget=forms.Select),
                    FieldPanel("background"),
                    MultiFieldPanel(
                        [
                            FieldPanel("status", help_text="Beantwoord kan pas als er een antwoord is ingevuld."),
                            FieldPanel("researcher", help_text="Een functie of organisatie. Liever geen persoon."),
                            FieldRowPanel(
                                [
                                    FieldPanel(
                                        "date",
                                        heading="Antwoord verwacht op",
                                        help_text="De dag, of bij een ruwe datum de eerste dag van die periode.",
                                    ),
                                    FieldPanel("date_text", help_text="Als de dag niet vaststaat. Zoals: zomer 2027."),
                                ]
                            ),
                        ],
                        heading="Hoe staat het ervoor",
                    ),
                ],
                heading="Vraag",
            ),
            ObjectList(
                [
                    FieldPanel(
                        "body", help_text="Het beste antwoord van nu, met ‘Bewering met bron’ bij wat vaststaat."
                    ),
                    FieldRowPanel(
                        [
                            FieldPanel("known_on"),
                            FieldPanel("known_by", help_text="Wie staat hiervoor in? Staat op de site bij de datum."),
                        ]
                    ),
                    FieldPanel("missing", help_text="Wat weten wij nog niet, en wat is er nodig om het te weten?"),
                ],
                heading="Wat we nu weten",
            ),
            ObjectList(
                [
                    HelpPanel(
                        "<p>Een goed voorbeeld of publicatie koppelt u bij dat voorbeeld of die publicatie zelf.</p>",
                        classname="help-block help-info",
                    ),
                    ticked_panel("pilots", "In welke pilots wordt dit onderzocht?"),
                    ticked_panel("organisations", "Wie zoeken het uit, of weten er meer van?"),
                ],
                heading="Verbonden met",
            ),
            management_tab(),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("root", "theme")


# --- Publications -------------------------------------------------------------------------------------------


class PublicationFilterSet(ThemesFilterSet):
    file = django_filters.BooleanFilter(label="Met bestand", field_name="file", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Publication
        fields = ["kind"]


class PublicationViewSet(PublishableViewSet):
    model = Publication
    icon = "doc-full-inverse"
    menu_hook = KNOWLEDGE_MENU
    menu_order = 30
    list_display = [
        "title",
        Column("kind", label="Soort", accessor="get_kind_display", sort_key="kind"),
        Column("year", label="Jaar", sort_key="year"),
        "publisher",
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = [
        *("title", "get_kind_display", "authors", "year", "publisher", "doi", "url", "summary", "file"),
        *("file_is_accessible", "alternative", "state", "review_on", "full_url"),
    ]
    export_headings = {"get_kind_display": "Soort", "state": "Stand", "full_url": "Adres op deze site"}
    export_filename = "publicaties"
    filterset_class = PublicationFilterSet
    search_fields = ["title", "summary", "authors", "publisher", "doi"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    title_panel(),
                    FieldPanel("kind"),
                    FieldPanel("authors"),
                    FieldRowPanel([FieldPanel("year"), FieldPanel("date_text")]),
                    FieldPanel("publisher"),
                    MultiFieldPanel(
                        [
                            FieldPanel("url"),
                            FieldPanel("doi", help_text="Zoals 10.1234/abcd, zonder https://doi.org/ ervoor."),
                            FieldPanel("source"),
                        ],
                        heading="Waar staat het origineel",
                    ),
                ],
                heading="Publicatie",
            ),
            ObjectList(
                [
                    FieldPanel("summary"),
                    FieldPanel("body", help_text="Wat is onderzocht, wat kwam eruit en wat kan een lezer ermee?"),
                ],
                heading="In gewone taal",
            ),
            ObjectList(
                [
                    FieldPanel("file", help_text="Alleen als u het zelf mag verspreiden. Hoogstens 20 MB."),
                    FieldPanel("file_is_accessible"),
                    FieldPanel("alternative"),
                ],
                heading="Bestand",
            ),
            ObjectList(
                [
                    ticked_panel("themes"),
                    ticked_panel("questions", "Op welke vragen geeft dit een antwoord?"),
                    ticked_panel("pilots", "Over welke pilots gaat het?"),
                    ticked_panel("organisations", "Van of over welke organisaties is het?"),
                ],
                heading="Verbonden met",
            ),
            management_tab(),
        ],
        base_form_class=PublicationForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("file")


# --- Policy -------------------------------------------------------------------------------------------------


def next_date(policy_file: PolicyFile) -> str:
    """The next date with what happens then; one that has passed says so, for it wants a new one."""
    if policy_file.next_on is None:
        return ""
    passed = " (voorbij)" if policy_file.next_on < timezone.localdate() else ""
    return f"{date_format(policy_file.next_on, 'j F Y')}{passed}: {policy_file.next_what}"


class PolicyFilterSet(ThemesFilterSet):
    class Meta:
        model = PolicyFile
        fields = ["kind", "status"]


class PolicyFileViewSet(PublishableViewSet):
    model = PolicyFile
    icon = "calendar-check"
    menu_hook = KNOWLEDGE_MENU
    menu_order = 40
    list_display = [
        "title",
        Column("kind", label="Soort", accessor="get_kind_display", sort_key="kind"),
        Column("status", label="Status", accessor="get_status_display", sort_key="status"),
        Column("next_on", label="Volgende datum", accessor=next_date, sort_key="next_on"),
        Column("scheme_warnings", label="Regelingen"),
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = [
        *("title", "number", "get_kind_display", "get_status_display", "status_note", "meaning", "next_on"),
        *("next_what", "scheme_warnings", "url", "internal_notes", "state", "review_on", "full_url"),
    ]
    export_headings = {
        "get_kind_display": "Soort",
        "get_status_display": "Status",
        "scheme_warnings": "Regelingen",
        "state": "Stand",
        "full_url": "Adres op deze site",
    }
    export_filename = "beleidsdossiers"
    filterset_class = PolicyFilterSet
    search_fields = ["title", "summary", "number", "meaning"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    title_panel(),
                    FieldRowPanel([FieldPanel("kind", required_on_save=True), FieldPanel("number")]),
                    FieldRowPanel([FieldPanel("status"), FieldPanel("status_note")]),
                    FieldPanel("summary"),
                    FieldPanel("meaning", required_on_save=True),
                    MultiFieldPanel(
                        [
                            FieldPanel("next_on", help_text="De lijst op de site staat op volgorde van deze datum."),
                            FieldPanel("next_what", help_text="Zoals: het debat in de Tweede Kamer."),
                        ],
                        heading="Wat komt er aan",
                    ),
                    FieldPanel("url"),
                    ticked_panel("themes"),
                ],
                heading="Dossier",
            ),
            ObjectList(
                [
                    InlinePanel(
                        "events",
                        heading="Wat er gebeurde",
                        label="Gebeurtenis",
                        help_text="De tijdlijn op de pagina. De site zet alles op volgorde van datum.",
                        panels=[
                            FieldPanel("what"),
                            FieldRowPanel([FieldPanel("date"), FieldPanel("date_text")]),
                            FieldPanel("source"),
                        ],
                    )
                ],
                heading="Tijdlijn",
            ),
            ObjectList(
                [
                    InlinePanel(
                        "schemes",
                        heading="Regelingen",
                        label="Regeling",
                        help_text="Na de einddatum staat er vanzelf ‘verlopen’ bij. Een jaar na de controle staat er "
                        "‘niet gecontroleerd’.",
                        panels=[
                            FieldPanel("title"),
                            FieldPanel("amount"),
                            FieldPanel("for_whom"),
                            FieldPanel("conditions"),
                            FieldPanel("how"),
                            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
                            FieldPanel("checked_on", help_text="Wanneer hebt u gezien dat dit zo in de bron staat?"),
                            FieldPanel("source"),
                        ],
                    )
                ],
                heading="Regelingen",
            ),
            ObjectList([FieldPanel("body")], heading="Tekst"),
            ObjectList(
                [
                    FieldPanel(
                        "internal_notes",
                        help_text="Alleen voor wie in deze omgeving werkt. Verschijnt nooit op de site, ook niet in een "
                        "voorbeeld of een voorbeeldlink.",
                    )
                ],
                heading="Intern: nooit op de site",
            ),
            management_tab(),
        ],
        base_form_class=PolicyFileForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_rows("schemes")


# --- Terms --------------------------------------------------------------------------------------------------


class TermFilterSet(PublishableFilterSet):
    class Meta:
        model = Term
        fields = ["in_texts"]


class TermViewSet(PublishableViewSet):
    model = Term
    icon = "glasses"
    menu_hook = KNOWLEDGE_MENU
    menu_order = 50
    list_display = [
        "title",
        Column("also", label="Andere vormen", accessor=lambda term: ", ".join(term.also)),
        "in_texts",
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = ["title", "also", "summary", "in_texts", "source", "state", "review_on", "full_url"]
    export_headings = {"state": "Stand", "full_url": "Adres"}
    export_filename = "begrippen"
    filterset_class = TermFilterSet
    search_fields = ["title", "summary", "also"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    title_panel("Begrip"),
                    FieldPanel("also"),
                    FieldPanel(
                        "summary",
                        heading="Wat het betekent",
                        help_text="In een of twee zinnen, zonder andere moeilijke woorden.",
                    ),
                    FieldPanel("in_texts"),
                    FieldPanel("source"),
                ],
                heading="Begrip",
            ),
            management_tab(),
        ],
        base_form_class=TermForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("source")


# --- News ---------------------------------------------------------------------------------------------------


class NewsFilterSet(ThemesFilterSet):
    class Meta:
        model = NewsItem
        fields = []


class NewsItemViewSet(PublishableViewSet):
    model = NewsItem
    icon = "comment"
    menu_hook = KNOWLEDGE_MENU
    menu_order = 60
    list_display = [
        "title",
        Column("shown_date", label="Datum", sort_key="date"),
        StateColumn(),
        UpdatedAtColumn(),
    ]
    list_export = ["title", "shown_date", "summary", "state", "review_on", "full_url"]
    export_headings = {"shown_date": "Datum", "state": "Stand", "full_url": "Adres"}
    export_filename = "nieuws"
    filterset_class = NewsFilterSet
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    title_panel(),
                    FieldRowPanel(
                        [
                            FieldPanel("date", help_text="Wanneer gebeurde het? Leeg: vandaag."),
                            FieldPanel("date_text"),
                        ]
                    ),
                    FieldPanel("summary"),
                    FieldPanel("body"),
                    picture_panel(),
                ],
                heading="Nieuws",
            ),
            ObjectList(
                [
                    ticked_panel("themes"),
                    ticked_panel("pilots", "Het bericht staat ook bij deze pilots."),
                    ticked_panel("organisations", "Het bericht staat ook bij deze organisaties."),
                ],
                heading="Verbonden met",
            ),
            management_tab(),
        ],
        base_form_class=PublishableForm,
    )
