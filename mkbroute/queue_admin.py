"""The screens of the team's queue in the staff admin: the list, and one item with its choices."""

from itertools import groupby

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from mkbroute import queue
from mkbroute.blocking import block_url
from mkbroute.core import privacy
from mkbroute.core.models import Decision, StandardText
from mkbroute.core.queue import Choice, QueueKind, Waiting
from mkbroute.core.working_days import late_before, working_days_after

# --- The list -------------------------------------------------------------------------------------------------------


class QueueFilter(forms.Form):
    """Which part of the queue to show. What is not among the choices filters nothing."""

    soort = forms.ChoiceField(label="Soort", required=False)
    pilot = forms.ChoiceField(label="Pilot", required=False)
    te_laat = forms.BooleanField(label="Alleen te laat", required=False)

    def __init__(self, *args, kinds: list[QueueKind], waiting: list[Waiting], **kwargs):
        super().__init__(*args, **kwargs)
        pilots = sorted({one.pilot for one in waiting if one.pilot})
        self.fields["soort"].choices = [("", "Alle soorten"), *((kind.name, capfirst(kind.label)) for kind in kinds)]
        self.fields["pilot"].choices = [("", "Alle pilots"), *((pilot, pilot) for pilot in pilots)]

    def apply(self, waiting: list[Waiting]) -> list[Waiting]:
        """The part that was asked for."""
        self.is_valid()
        kind, pilot, late = (self.cleaned_data.get(name) for name in ("soort", "pilot", "te_laat"))
        limit = late_before()
        return [
            one
            for one in waiting
            if kind in ("", None, one.kind.name) and pilot in ("", None, one.pilot) and (not late or one.since < limit)
        ]


class QueueView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that waits for this user, oldest first."""

    template_name = "mkbroute/queue.html"
    page_title = "Wachtrij"
    header_icon = "tasks"
    per_page = 50

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.kinds = queue.kinds_for(request.user)
        if not self.kinds:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs) -> dict:
        waiting = waiting_of(self.request)
        chosen = QueueFilter(self.request.GET, kinds=self.kinds, waiting=waiting, label_suffix="")
        page = Paginator(chosen.apply(waiting), self.per_page).get_page(self.request.GET.get("p"))
        query = self.request.GET.copy()
        query.pop("p", None)
        return super().get_context_data(
            filter=chosen, page=page, rows=rows(page.object_list), total=len(waiting), query=query.urlencode(), **kwargs
        )


def waiting_of(request: HttpRequest) -> list[Waiting]:
    """What waits for the user of this request; asked once, for the menu, the start screen and the list alike."""
    if not hasattr(request, "queue_waiting"):
        request.queue_waiting = queue.waiting_for(request.user)
    return request.queue_waiting


def rows(waiting: list[Waiting]) -> list[dict]:
    """What the list shows of each: the line, its age in words, and whether it waits too long."""
    return [{"one": one, **standing(one)} for one in waiting]


def standing(one: Waiting) -> dict:
    """How long something waits, in words and in working days, and whether that is too long."""
    days = working_days_after(timezone.localdate(one.since), timezone.localdate())
    return {"age": queue.age_in_words(one.since), "days": days, "is_late": one.since < late_before()}


# --- One item -------------------------------------------------------------------------------------------------------


class DecisionForm(forms.Form):
    """Why the team decides, with what the reader had before them. The choice itself is the button."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.ChoiceField(label="Standaardtekst", required=False)
    reason = forms.CharField(required=False, widget=AdminAutoHeightTextInput(attrs={"rows": 5}))

    def __init__(self, *args, kind: QueueKind, choices: list[Choice], texts: list[StandardText], **kwargs):
        super().__init__(*args, **kwargs)
        self.texts = {str(text.pk): text for text in texts}
        groups = groupby(sorted(texts, key=lambda text: text.get_verb_display()), StandardText.get_verb_display)
        self.fields["text"].choices = [
            ("", "Kies een tekst"),
            *((capfirst(verb) or "Altijd", [(str(text.pk), text.title) for text in group]) for verb, group in groups),
        ]
        self.fields["text"].help_text = "De tekst komt in het vak hieronder. Daar maakt u hem passend."
        self.fields["reason"].label = kind.reason_label
        wanting = " en ".join(f"‘{choice.label}’" for choice in choices if choice.needs_reason)
        self.fields["reason"].help_text = (
            f"{kind.reason_help} Verplicht bij {wanting}." if wanting else kind.reason_help
        )

    def put(self, **values: str) -> None:
        """Put other values in the form that comes back."""
        self.data = {**dict(self.data.items()), **values}

    def take_text(self) -> None:
        """Add the chosen standard text to the reason, below what was typed already."""
        chosen = self.texts.get(self.data.get("text", ""))
        if chosen:
            typed = self.data.get("reason", "").rstrip()
            self.put(reason="\n\n".join(filter(None, [typed, chosen.text])), text="")


class QueueItemView(WagtailAdminTemplateMixin, TemplateView):
    """One item: what it says, what was decided before, and what can be done with it."""

    template_name = "mkbroute/queue_item.html"

    def dispatch(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        self.kind = queue.kind_for(request.user, kind)
        self.item = get_object_or_404(self.kind.items(), pk=pk)
        self.form = self.get_form()
        self.confirm: Choice | None = None
        return super().dispatch(request)

    def get_form(self) -> DecisionForm:
        newest = queue.newest_decision(self.item)
        self.now = {"version": self.kind.version(self.item), "seen": str(newest.pk) if newest else ""}
        return DecisionForm(
            self.request.POST if self.request.method == "POST" else None,
            kind=self.kind,
            choices=self.kind.choices(self.item),
            texts=list(StandardText.objects.for_kind(self.kind.name)),
            initial=self.now,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if "take" in request.POST:
            self.form.take_text()
            return self.draw()
        choice, reason = request.POST.get("choice", ""), request.POST.get("reason", "")
        try:
            if self.must_be_confirmed(choice, reason):
                return self.draw()
            done = queue.choose(
                kind=self.kind,
                pk=self.item.pk,
                choice=choice,
                by=request.user,
                reason=reason,
                version=request.POST.get("version", ""),
                seen=request.POST.get("seen", ""),
            )
        except ValidationError as refusal:
            return self.refuse(refusal)
        label = next((one.label for one in self.kind.choices(self.item) if one.name == choice), choice)
        messages.success(request, format_html("Gedaan: {}. Het gaat om ‘{}’.", label, done))
        return redirect("queue")

    def must_be_confirmed(self, name: str, reason: str) -> bool:
        """Whether to ask once more. Raises ValidationError first when a reason is wanted."""
        chosen = next((one for one in self.kind.choices(self.item) if one.name == name), None)
        if chosen and chosen.is_serious and self.request.POST.get("confirmed") != name:
            queue.require_reason(chosen, reason)
            self.confirm = chosen
        return self.confirm is not None

    def refuse(self, refusal: ValidationError) -> HttpResponse:
        """The item as it is by now, with why nothing was done and what was typed."""
        self.item = self.kind.items().filter(pk=self.item.pk).first()
        if self.item is None:
            messages.error(self.request, " ".join(refusal.messages))
            return redirect("queue")
        self.form = self.get_form()
        self.form.full_clean()
        self.form.add_error(None, refusal)
        self.form.put(**self.now)  # the reader has this version before them now, so it is what they decide on next
        return self.draw()

    def draw(self) -> HttpResponse:
        """The page again, with what was typed."""
        return self.render_to_response(self.get_context_data())

    def get_page_title(self) -> str:
        return str(self.item)

    def get_header_icon(self) -> str:
        return self.kind.icon

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("queue"), "label": QueueView.page_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs) -> dict:
        waiting = next((one for one in self.kind.waiting() if one.pk == self.item.pk), None)
        author, user = self.kind.author(self.item), self.request.user
        return super().get_context_data(
            item=self.item,
            kind=self.kind,
            waiting=waiting,
            standing=standing(waiting) if waiting else None,
            author=author,
            author_block_url=block_url(author, by=user),
            finds=[(label, finds) for label, words in self.kind.texts(self.item) if (finds := privacy.find(words))],
            privacy_reason=getattr(self.item, "privacy_reason", ""),
            decisions=Decision.objects.on(self.item).select_related("by"),
            choices=self.kind.choices(self.item),
            confirm=self.confirm,
            form=self.form,
            texts={key: text.text for key, text in self.form.texts.items()},
            edit_url=AdminURLFinder(user).get_edit_url(self.item),
            **self.kind.context(self.item, user),
            **kwargs,
        )


# --- Menu -----------------------------------------------------------------------------------------------------------


class QueueMenuItem(MenuItem):
    """With how many wait, and only for who handles any of it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(queue.kinds_for(request.user))

    def render_component(self, request: HttpRequest) -> Component:
        count = len(waiting_of(request))
        label = f"{self.label} ({count})" if count else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name)


def queue_menu_item() -> MenuItem:
    return QueueMenuItem(QueueView.page_title, reverse("queue"), name="wachtrij", icon_name="tasks", order=10)


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path("wachtrij/", QueueView.as_view(), name="queue"),
    path("wachtrij/<slug:kind>/<int:pk>/", QueueItemView.as_view(), name="queue_item"),
]
