"""The staff admin of what the site keeps: the mails it sent, the trail of access and decisions, and how long. To read."""

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from mkbroute.accounts.models import User
from mkbroute.core.mail import try_again
from mkbroute.core.models import AuditEntry, Mail
from mkbroute.retention import KEPT, RULES

MAY_SEE_MAIL, MAY_RETRY_MAIL, MAY_SEE_TRAIL = "core.view_mail", "core.change_mail", "core.view_auditentry"


class GuardedMenuItem(MenuItem):
    """Only for who has a right."""

    def __init__(self, *args, right: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.right)


class MomentColumn(Column):
    """A moment in full, as the rest of the site writes one."""

    def get_value(self, instance) -> str:
        moment = super().get_value(instance)
        return date_format(localtime(moment), "j F Y, H:i") if moment else ""


# --- Mails --------------------------------------------------------------------------------------------------

TROUBLED = "hapert"


def mail_menu_item() -> MenuItem:
    return GuardedMenuItem("Verstuurde mail", reverse("mail_list"), icon_name="mail", order=1210, right=MAY_SEE_MAIL)


class MailFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label="Stand", choices=[(TROUBLED, "niet aangekomen"), *Mail.State.choices], method="filter_state"
    )
    created = django_filters.DateFromToRangeFilter(
        label="Gemaakt", field_name="created_at", widget=DateRangePickerWidget
    )

    class Meta:
        model = Mail
        fields: list[str] = []

    def filter_state(self, queryset, name, value):
        return queryset.troubled() if value == TROUBLED else queryset.filter(state=value)


class RetryColumn(Column):
    """A button that tries a mail anew, where that can be done."""

    cell_template_name = "mkbroute/mail_retry_cell.html"

    def get_cell_context_data(self, instance, parent_context) -> dict:
        request = parent_context["request"]
        may_retry = bool(instance.error) and instance.can_be_tried and request.user.has_perm(MAY_RETRY_MAIL)
        return {
            **super().get_cell_context_data(instance, parent_context),
            "address": reverse("mail_retry", args=[instance.pk]) if may_retry else "",
            "csrf_token": get_token(request),
        }


class MailListView(ReportView):
    """Every mail of the site, what did not arrive on top."""

    model = Mail
    page_title = "Verstuurde mail"
    header_icon = "mail"
    permission_policy = ModelPermissionPolicy(Mail)
    any_permission_required = ["view"]
    filterset_class = MailFilterSet
    index_url_name = "mail_list"
    index_results_url_name = "mail_list_results"
    default_ordering = None
    no_results_message = "Er is nog geen mail verstuurd."
    columns = [
        TitleColumn(
            "subject",
            label="Onderwerp",
            sort_key="subject",
            get_url=lambda mail: reverse("mail_detail", args=[mail.pk]),
        ),
        Column("to", label="Aan", sort_key="to"),
        StatusTagColumn(
            "state",
            label="Stand",
            accessor=lambda mail: mail.get_state_display(),
            sort_key="state",
            primary=lambda mail: bool(mail.error),
        ),
        MomentColumn("created_at", label="Gemaakt", sort_key="created_at"),
        MomentColumn("sent_at", label="Verzonden", sort_key="sent_at"),
        Column("error", label="Wat er misging"),
        RetryColumn("retry", label="Nog eens"),
    ]

    def get_base_queryset(self) -> models.QuerySet:
        troubled = models.Q(pk__in=Mail.objects.troubled().values("pk"))
        return Mail.objects.defer("text").order_by(
            models.Case(models.When(troubled, then=0), default=1), "-created_at", "-pk"
        )


class MailDetailView(WagtailAdminTemplateMixin, TemplateView):
    """One mail: what it said, as long as we keep that."""

    template_name = "mkbroute/mail_detail.html"
    header_icon = "mail"

    def setup(self, request: HttpRequest, pk: int) -> None:
        super().setup(request)
        if not request.user.has_perm(MAY_SEE_MAIL):
            raise PermissionDenied
        self.mail = get_object_or_404(Mail, pk=pk)

    def get_page_title(self) -> str:
        return self.mail.subject

    def get_breadcrumbs_items(self) -> list[dict]:
        above = {"url": reverse("mail_list"), "label": MailListView.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.mail.subject}]

    def get_context_data(self, **kwargs) -> dict:
        may_retry = self.mail.can_be_tried and self.request.user.has_perm(MAY_RETRY_MAIL)
        return super().get_context_data(mail=self.mail, may_retry=may_retry, **kwargs)


@require_POST
def mail_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of the team has a mail tried anew."""
    if not request.user.has_perm(MAY_RETRY_MAIL):
        raise PermissionDenied
    mail = get_object_or_404(Mail, pk=pk)
    try:
        try_again(mail=mail)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("mail_list")
    mail.refresh_from_db()
    if mail.state == Mail.State.SENT:
        messages.success(request, "De mail is verzonden.")
    else:
        messages.warning(request, "Het lukt nog niet. Wij blijven het proberen.")
    return redirect("mail_list")


# --- The trail ----------------------------------------------------------------------------------------------


def trail_menu_item() -> MenuItem:
    return GuardedMenuItem(
        "Toegang en besluiten", reverse("trail"), icon_name="history", order=1310, right=MAY_SEE_TRAIL
    )


class TrailFilterSet(WagtailFilterSet):
    by = django_filters.ModelChoiceFilter(
        label="Wie", queryset=lambda request: User.objects.filter(pk__in=AuditEntry.objects.values("by"))
    )
    at = django_filters.DateFromToRangeFilter(label="Wanneer", widget=DateRangePickerWidget)

    class Meta:
        model = AuditEntry
        fields = ["action"]


class TrailView(ReportView):
    """Who did what that matters, newest first."""

    model = AuditEntry
    page_title = "Toegang en besluiten"
    header_icon = "history"
    permission_policy = ModelPermissionPolicy(AuditEntry)
    any_permission_required = ["view"]
    filterset_class = TrailFilterSet
    index_url_name = "trail"
    index_results_url_name = "trail_results"
    default_ordering = None
    no_results_message = "Er is nog niets opgeschreven."
    columns = [
        MomentColumn("at", label="Wanneer", sort_key="at"),
        Column("action", label="Wat", accessor=lambda entry: entry.get_action_display(), sort_key="action"),
        Column("by", label="Wie", accessor=lambda entry: entry.by or "–", sort_key="by__last_name"),
        Column("summary", label="Omschrijving"),
        Column("about", label="Waarover"),
        Column("in_detail", label="Bijzonderheden"),
    ]
    list_export = ["at", "get_action_display", "by", "summary", "about", "in_detail"]
    export_headings = {
        "get_action_display": "Wat",
        "about": "Waarover",
        "in_detail": "Bijzonderheden",
    }
    export_filename = "toegang-en-besluiten"

    def get_base_queryset(self) -> models.QuerySet:
        return AuditEntry.objects.select_related("by", "content_type").prefetch_related("subject")


# --- Retention ----------------------------------------------------------------------------------------------


def retention_menu_item() -> MenuItem:
    return GuardedMenuItem(
        "Bewaartermijnen", reverse("retention_list"), icon_name="date", order=1320, right=MAY_SEE_TRAIL
    )


class RetentionView(WagtailAdminTemplateMixin, TemplateView):
    """What we keep of people and how long, as declared in the code; to read only."""

    template_name = "mkbroute/retention_list.html"
    page_title = "Bewaartermijnen"
    header_icon = "date"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(MAY_SEE_TRAIL):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(rules=RULES, kept=KEPT, **kwargs)


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path("mails/", MailListView.as_view(), name="mail_list"),
    path("mails/lijst/", MailListView.as_view(results_only=True), name="mail_list_results"),
    path("mails/<int:pk>/", MailDetailView.as_view(), name="mail_detail"),
    path("mails/<int:pk>/opnieuw/", mail_retry, name="mail_retry"),
    path("toegang/", TrailView.as_view(), name="trail"),
    path("toegang/lijst/", TrailView.as_view(results_only=True), name="trail_results"),
    path("bewaartermijnen/", RetentionView.as_view(), name="retention_list"),
]
