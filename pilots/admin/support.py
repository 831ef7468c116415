"""The staff admin of support: the list of questions, and the screen on which one is answered."""

from collections.abc import Callable

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.snippets.views import snippets

from mkbroute.core.admin import PILOTS_MENU, ListViewSet, RowEditView
from pilots.actions.support import (
    answer_pilot,
    close_for_pilot,
    note_for_team,
    reassign,
    reopen_for_pilot,
    take_on,
)
from pilots.forms.support_team import AnswerForm, NoteForm, ReassignForm
from pilots.models import SupportRequest
from pilots.permissions import answerers, may_answer
from pilots.queue.support import conversation

# --- The list -----------------------------------------------------------------------------------------------


class SupportRequestFilterSet(WagtailFilterSet):
    assignee = django_filters.ModelChoiceFilter(label="Behandelaar", queryset=lambda request: answerers())
    waits = django_filters.ChoiceFilter(
        label="Wie is aan zet",
        choices=[("team", "het programmateam"), ("pilot", "de pilot")],
        method="filter_waits",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = SupportRequest
        fields = ["theme", "urgency", "state", "pilot"]

    def filter_waits(self, queryset, name, value):
        return queryset.for_the_team() if value == "team" else queryset.filter(state=SupportRequest.State.ASKED)


class SupportIndexView(snippets.IndexView):
    """The search reads the conversations too, and names a question once."""

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return super().search_queryset(queryset).distinct() if self.is_searching else queryset


class SupportEditView(RowEditView):
    """Nothing of a question is edited: who opens one comes where it is answered."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return redirect("support_answer", self.object.pk)

    post = get


class SupportRequestViewSet(ListViewSet):
    model = SupportRequest
    index_view_class = SupportIndexView
    edit_view_class = SupportEditView
    icon = "help"
    menu_hook = PILOTS_MENU
    menu_order = 13
    list_display = [
        "title",
        Column("pilot", label="Pilot", sort_key="pilot__title"),
        Column("theme", label="Thema", sort_key="theme__title"),
        StatusTagColumn(
            "get_urgency_display",
            label="Hoe snel",
            sort_key="urgency",
            primary=lambda request: request.urgency == SupportRequest.Urgency.URGENT,
        ),
        StatusTagColumn(
            "state_for_team", label="Stand", sort_key="state", primary=lambda request: request.waits_for_team
        ),
        Column("assignee", label="Behandelaar", sort_key="assignee__first_name"),
        DateColumn("turn_since", label="Wacht sinds", sort_key="turn_since"),
    ]
    list_export = [
        *("created_at", "pilot", "author_name", "theme", "get_urgency_display", "title", "question"),
        *("state_for_team", "assignee", "turn_since", "closed_at"),
    ]
    export_headings = {
        "author_name": "Gevraagd door",
        "get_urgency_display": "Hoe snel",
        "state_for_team": "Stand",
    }
    export_filename = "ondersteuningsvragen"
    filterset_class = SupportRequestFilterSet
    search_fields = ["title", "question", "messages__text"]
    panels = [MultiFieldPanel([FieldPanel("title", read_only=True)], heading="Vraag")]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return SupportRequest.objects.with_people()


# --- Answering ----------------------------------------------------------------------------------------------

ANSWER, NOTE, REASSIGN, TAKE, REOPEN = "antwoorden", "noteren", "overdragen", "oppakken", "heropenen"


class SupportAnswerView(WagtailAdminTemplateMixin, TemplateView):
    """One question with the whole conversation, and all that the team can do with it."""

    template_name = "pilots/support_answer.html"
    header_icon = "help"

    def setup(self, request: HttpRequest, pk: int) -> None:
        super().setup(request, pk=pk)
        self.pk = pk

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_answer(request.user):
            raise PermissionDenied
        self.asked = get_object_or_404(SupportRequest.objects.with_people(), pk=self.pk)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = self.written.get(request.POST.get("doe", ""))
        try:
            if form is None:
                done = self.press(request.POST.get("doe", ""))
            elif form.is_valid():
                done = self.send(form)
            else:
                return self.render_to_response(self.get_context_data())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            # As it is by now; what was written stays in its form.
            self.asked = SupportRequest.objects.with_people().get(pk=self.pk)
            return self.render_to_response(self.get_context_data())
        messages.success(request, done)
        return redirect("support_answer", self.pk)

    @cached_property
    def written(self) -> dict[str, forms.Form]:
        """The forms of this screen by the word of their button; what was sent is in the one whose button it was."""
        chosen = self.request.POST.get("doe")
        make: dict[str, Callable[..., forms.Form]] = {
            ANSWER: AnswerForm,
            NOTE: NoteForm,
            REASSIGN: lambda *args, **kwargs: ReassignForm(*args, request=self.asked, **kwargs),
        }
        return {name: form(self.request.POST if name == chosen else None, prefix=name) for name, form in make.items()}

    def press(self, button: str) -> str:
        """Do what needs no writing, and return what was done. Raises ValidationError when it cannot be done."""
        if button == TAKE:
            take_on(request=self.asked, by=self.request.user)
            return "U hebt deze vraag opgepakt."
        if button == REOPEN:
            reopen_for_pilot(request=self.asked, by=self.request.user)
            return "De vraag is weer open. De pilot krijgt daar een mail van."
        raise ValidationError("Kies een van de knoppen.")

    def send(self, form: forms.Form) -> str:
        """Do what a form says, and return what was done. Raises ValidationError when it cannot be done."""
        data, by = form.cleaned_data, self.request.user
        if isinstance(form, ReassignForm):
            reassign(request=self.asked, to=data["to"], by=by, note=data["note"])
            return f"De vraag is overgedragen aan {data['to']}."
        said = {"request": self.asked, "by": by, "text": data["text"], "submission": data["submission"]}
        if isinstance(form, NoteForm):
            note_for_team(**said)
            return "De notitie is bewaard. De pilot ziet die niet."
        if data["then"] == AnswerForm.CLOSED:
            close_for_pilot(version=data["version"], **said)
            return "Het antwoord is verstuurd en de vraag is afgerond."
        answer_pilot(version=data["version"], goes_on=data["then"] == AnswerForm.TEAM, **said)
        return "Het antwoord is verstuurd."

    def get_page_title(self) -> str:
        return self.asked.title

    def get_breadcrumbs_items(self) -> list[dict]:
        above = {"url": reverse(SupportRequest.snippet_viewset.get_url_name("list")), "label": "Ondersteuningsvragen"}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.asked.title}]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            asked=self.asked,
            conversation=conversation(self.asked),
            answer_form=self.written[ANSWER],
            note_form=self.written[NOTE],
            reassign_form=self.written[REASSIGN],
            contact_url=reverse("pilot_contact", args=[self.asked.pilot_id]),
            **kwargs,
        )


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [path("ondersteuning/<int:pk>/", SupportAnswerView.as_view(), name="support_answer")]
