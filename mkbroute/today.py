"""The start screen "Vandaag": numbers of what waits for somebody, and the list behind each number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import Http404, HttpRequest
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.models import Page, Revision, WorkflowState
from wagtail.permissions import policy_registry

from mkbroute import queue
from mkbroute.core.models import Mail
from mkbroute.core.states import State, of_same_object, with_state
from mkbroute.core.working_days import late_before
from mkbroute.jobs import standings
from mkbroute.models import BrokenLink, ContentPage, HomePage
from mkbroute.permissions import PUBLISHABLES
from mkbroute.queue_admin import waiting_of
from mkbroute.records import TROUBLED
from pilots.admin import contact

OLD = timedelta(days=30)
PAGES = (HomePage, ContentPage)


@dataclass(frozen=True)
class WorkList:
    """Pages that wait for somebody. ``choose`` takes a queryset ``with_state``; ``moment`` is the date to show."""

    key: str
    title: str
    explanation: str
    moment_label: str
    choose: Callable[[models.QuerySet], models.QuerySet]
    moment: Callable[[type[models.Model]], models.F | models.Subquery]
    moment_format: str = "j F Y, H:i"
    is_review: bool = False
    types: tuple[type[models.Model], ...] = PUBLISHABLES + PAGES

    def rows(self, user) -> models.QuerySet:
        """What this user may work on, in one query over all types: dicts of type, key, title, moment and editor."""
        parts = [
            self.choose(with_state(allowed(model, user)))
            .order_by()
            .values(
                type=models.Value(model._meta.label_lower),
                key=models.F("pk"),
                name=Coalesce(models.F("latest_revision__object_str"), Cast("title", models.TextField())),
                moment=Cast(self.moment(model), models.DateTimeField()),
                editor=Concat(
                    "latest_revision__user__first_name", models.Value(" "), "latest_revision__user__last_name"
                ),
            )
            for model in self.types
        ]
        return parts[0].union(*parts[1:], all=True)


def allowed(model: type[models.Model], user) -> models.QuerySet:
    """The objects of a type that this user may edit or publish."""
    if issubclass(model, Page):
        pages = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(user, {"change", "publish"})
        return model.objects.filter(pk__in=pages.values("pk"))
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, {"change", "publish"})


WORK_LISTS = [
    WorkList(
        key="controle",
        title="Wacht op controle",
        explanation="Een redacteur is klaar. Iemand van het programmateam kijkt het na en publiceert.",
        moment_label="Ingediend",
        choose=lambda pages: pages.filter(State.REVIEW.condition),
        moment=lambda model: models.Subquery(
            WorkflowState.objects.filter(**of_same_object(model), status=WorkflowState.STATUS_IN_PROGRESS).values(
                "created_at"
            )[:1]
        ),
    ),
    WorkList(
        key="gepland",
        title="Gepland",
        explanation="Dit verschijnt vanzelf op de dag en het uur die erbij staan.",
        moment_label="Verschijnt",
        choose=lambda pages: pages.filter(State.PLANNED.condition),
        moment=lambda model: models.Subquery(
            Revision.objects.filter(**of_same_object(model), approved_go_live_at__isnull=False).values(
                "approved_go_live_at"
            )[:1]
        ),
    ),
    WorkList(
        key="oude-concepten",
        title="Concept ouder dan 30 dagen",
        explanation="Hier is iemand aan begonnen. Maak het af, publiceer het of gooi het weg.",
        moment_label="Laatst bewerkt",
        choose=lambda pages: pages.filter(
            State.DRAFT.condition, latest_revision__created_at__lt=timezone.now() - OLD, is_planned=False
        ),
        moment=lambda model: models.F("latest_revision__created_at"),
    ),
    WorkList(
        key="nakijken",
        title="Nakijken",
        explanation="De datum om na te kijken is bereikt. Klopt alles nog? Kies dan ‘Nog steeds juist’.",
        moment_label="Nakijken op",
        choose=lambda pages: pages.filter(review_on__lte=timezone.localdate()),
        moment=lambda model: models.F("review_on"),
        moment_format="j F Y",
        is_review=True,
        types=(*PUBLISHABLES, ContentPage),
    ),
]


def queue_number(request: HttpRequest) -> dict:
    """The number of the team's queue, with in words how many wait too long."""
    waiting, limit = waiting_of(request), late_before()
    late = sum(one.since < limit for one in waiting)
    standing = {0: "Niets wacht te lang.", 1: "1 daarvan wacht te lang."}.get(late, f"{late} daarvan wachten te lang.")
    return {
        "title": "Wacht op ons",
        "explanation": f"Partners en bezoekers stuurden dit in. {standing}",
        "count": len(waiting),
        "url": reverse("queue"),
    }


class TodayPanel(Component):
    """The numbers of the start screen; each opens its list."""

    name = "today"
    order = 0
    template_name = "mkbroute/today_panel.html"

    def get_context_data(self, parent_context) -> dict:
        user = parent_context["request"].user
        numbers = [
            {
                "title": work.title,
                "explanation": work.explanation,
                "count": work.rows(user).count(),
                "url": reverse("today_list", args=[work.key]),
            }
            for work in WORK_LISTS
        ]
        if queue.kinds_for(user):
            numbers.insert(0, queue_number(parent_context["request"]))
        if policy_registry.get_by_type(BrokenLink).user_has_permission(user, "change"):
            numbers.append(
                {
                    "title": "Kapotte links",
                    "explanation": "Deze links leiden nergens meer heen. Herstel ze op de pagina, of negeer ze met een reden.",
                    "count": BrokenLink.objects.filter(is_ignored=False).count(),
                    "url": reverse(BrokenLink.snippet_viewset.get_url_name("list")),
                }
            )
        if user.has_perm("mkbroute.view_jobrun"):
            numbers.append(
                {
                    "title": "Taken te laat of mislukt",
                    "explanation": "De site publiceert, mailt en controleert vanzelf. Hier staat of dat goed gaat.",
                    "count": sum(bool(standing.trouble) for standing in standings()),
                    "url": reverse("job_list"),
                }
            )
        if user.has_perm("core.view_mail"):
            numbers.append(
                {
                    "title": "Mails niet aangekomen",
                    "explanation": "De mailserver weigert deze mails steeds. Kijk of het adres klopt.",
                    "count": Mail.objects.troubled().count(),
                    "url": f"{reverse('mail_list')}?state={TROUBLED}",
                }
            )
        if user.has_perm(contact.MAY_SEE):
            numbers += contact.today_numbers()
        return {"numbers": numbers}


class WorkPaginator(WagtailPaginator):
    """Counts things of several types."""

    verbose_name, verbose_name_plural = "stuk", "stukken"


class StillCorrectColumn(Column):
    """A button that says: somebody looked, and all of it still holds."""

    cell_template_name = "mkbroute/still_correct_cell.html"

    def get_cell_context_data(self, instance, parent_context) -> dict:
        request = parent_context["request"]
        return {
            **super().get_cell_context_data(instance, parent_context),
            "address": reverse("still_correct", args=[*instance["type"].split("."), instance["key"]]),
            "csrf_token": get_token(request),
            "next": request.path,
        }


class WorkListView(BaseListingView):
    """The list behind one number: exactly what was counted."""

    header_icon = "tasks"
    paginate_by = 50
    paginator_class = WorkPaginator
    default_ordering = "moment"
    no_results_message = "Niets te doen."

    def setup(self, request: HttpRequest, key: str) -> None:
        super().setup(request)
        self.work = next((work for work in WORK_LISTS if work.key == key), None)
        if self.work is None:
            raise Http404

    def get_page_title(self) -> str:
        return self.work.title

    def get_index_url(self) -> str:
        return reverse("today_list", args=[self.work.key])

    def get_base_queryset(self) -> models.QuerySet:
        return self.work.rows(self.request.user)

    @property
    def columns(self) -> list[Column]:
        columns = [
            TitleColumn("name", label="Titel", accessor="name", sort_key="name", get_url=edit_url),
            Column("type", label="Soort", accessor=lambda row: capfirst(_model_of(row)._meta.verbose_name)),
            Column("moment", label=self.work.moment_label, accessor=self.moment, sort_key="moment"),
            Column("editor", label="Laatst bewerkt door", accessor="editor"),
        ]
        return [*columns, StillCorrectColumn("confirm", label="Klopt het nog?")] if self.work.is_review else columns

    def moment(self, row: dict) -> str:
        return date_format(timezone.localtime(row["moment"]), self.work.moment_format)


def edit_url(row: dict) -> str:
    """Where the object of a row is edited."""
    model = _model_of(row)
    name = "wagtailadmin_pages:edit" if issubclass(model, Page) else model.snippet_viewset.get_url_name("edit")
    return reverse(name, args=[row["key"]])


def _model_of(row: dict) -> type[models.Model]:
    return apps.get_model(row["type"])


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [path("vandaag/<str:key>/", WorkListView.as_view(), name="today_list")]
