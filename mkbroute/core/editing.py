"""What editing in the staff admin adds to Wagtail's: who is told about a newer version, what is checked, what is said."""

import json
from collections.abc import Iterable

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel, ChecksSidePanel
from wagtail.admin.utils import get_latest_str
from wagtail.log_actions import registry as log_registry
from wagtail.models import Revision, RevisionMixin

from mkbroute.core.proofreading import Finding, advice, errors, proofread, require_ready


class ToldAboutNewerVersion:
    """For edit views: who saves over a version they have not seen is told first, with or without JavaScript.

    Wagtail refuses only its own background saves. What was typed stays in the form; saving once more is a choice.
    """

    @property
    def edited(self) -> RevisionMixin:
        return self.object

    @cached_property
    def newer_version(self) -> Revision | None:
        """The newest version that somebody else saved since this form was opened.

        Versions of one's own do not count: the browser saves in the background and leaves in the form when it was
        opened.
        """
        versions = self.edited.revisions.exclude(user=self.request.user)
        try:
            opened = parse_datetime(self.request.POST.get("loaded_revision_created_at", ""))
        except ValueError:
            opened = None
        if opened:
            versions = versions.filter(created_at__gt=opened)
        return versions.select_related("user").order_by("created_at").last()

    @property
    def must_be_told(self) -> bool:
        return not self.expects_json_response and self.newer_version is not None

    @property
    def newer_version_message(self) -> str:
        return format_html(
            "Nog niet bewaard: {} heeft intussen een nieuwere versie bewaard. Wat u hebt ingevuld staat hieronder nog. "
            '<a href="{}" target="_blank">Bekijk eerst wat er is veranderd</a>. Bewaart u daarna opnieuw, dan wordt uw '
            "versie de nieuwste. De andere blijft in de geschiedenis staan.",
            self.newer_version.user or "iemand anders",
            self.get_history_url(),
        )


class ToldAboutNewerRow:
    """For edit views of rows without versions: who saves over a change they have not seen is told first.

    A hidden field holds a fingerprint of the values the form was opened with. What was typed stays in the form; saving
    once more is a choice.
    """

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        self.stored = fingerprint(self.object, form.fields)
        form.fields["opened_as"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self.stored)
        return form

    def is_valid(self, form) -> bool:
        if constant_time_compare(form.data.get("opened_as", ""), self.stored):
            return super().is_valid(form)
        form.data = form.data.copy()
        form.data["opened_as"] = self.stored
        self.produced_error_code = "invalid_revision"
        last = log_registry.get_logs_for_instance(self.object).exclude(user=self.request.user).first()
        self.produced_error_message = format_html(
            "Nog niet bewaard: {} heeft dit intussen veranderd. Wat u hebt ingevuld staat hieronder nog. "
            '<a href="{}" target="_blank">Bekijk eerst wat er nu staat</a>. Bewaart u daarna opnieuw, dan komt uw tekst '
            "ervoor in de plaats.",
            (last and last.user) or "iemand anders",
            self.get_edit_url(),
        )
        return False


def fingerprint(row: models.Model, names: Iterable[str]) -> str:
    """What tells whether somebody changed a row: a signature over these of its values."""
    columns = (column for column in row._meta.concrete_fields if column.name in names)
    values = {column.name: column.value_to_string(row) for column in columns}
    return salted_hmac("row as opened", json.dumps(values)).hexdigest()


class ProofreadingPanel(BaseSidePanel):
    """The side panel "Controle": what stops publication and what would be better, in the version that is open."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Controle tonen of verbergen"
        icon_name = "glasses"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context) -> dict:
            context = super().get_context_data(parent_context)
            return {**context, "count": len(errors(self.panel.findings))}

    name = "controle"
    title = "Controle"
    template_name = "core/proofreading_panel.html"
    order = 350

    @cached_property
    def findings(self) -> list[Finding]:
        return proofread(self.object) if self.object.pk else []

    def get_context_data(self, parent_context) -> dict:
        return {
            **super().get_context_data(parent_context),
            "csrf_token": get_token(self.request),
            "errors": errors(self.findings),
            "advice": advice(self.findings),
            "confirm_url": confirm_url(self.object) if self.object.pk and hasattr(self.object, "review_on") else "",
        }


def confirm_url(target: models.Model) -> str:
    """Where to POST that an object is still correct."""
    return reverse("still_correct", args=[target._meta.app_label, target._meta.model_name, target.pk])


class WithProofreading:
    """For editors: our own check of the content in place of Wagtail's, which needs scripts of the admin in the public page,
    and after saving a message with the advice."""

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()
        kept = [panel for panel in panels if not isinstance(panel, ChecksSidePanel)]
        return MediaContainer([*kept, ProofreadingPanel(self.form.instance, self.request)])


def give_advice(request: HttpRequest, instance: models.Model) -> None:
    """Show what would make an object better, without stopping anything."""
    if found := advice(proofread(instance)):
        points = format_html_join("", "<li>{}</li>", ((str(finding),) for finding in found))
        messages.warning(request, format_html("Advies, u hoeft er niets mee te doen:<ul>{}</ul>", points))


def is_decision(action: str, post: QueryDict) -> bool:
    """Whether an action of an editor brings a page nearer to visitors, so that it may have no errors."""
    is_task = action in {"workflow-action", "perform_workflow_action"}
    approves = is_task and post.get("workflow-action-name") == "approve"
    return approves or action in {"publish", "submit", "restart-workflow", "restart_workflow"}


class SaysWhatHappened:
    """For editors: after saving, whether visitors see it, and whether what was planned is really planned."""

    def get_success_message(self, instance=None) -> str:
        saved = instance or self.object
        if self.action == "workflow-action" and is_decision(self.action, self.request.POST):
            saved.refresh_from_db(fields=["live", "has_unpublished_changes"])
            if saved.live and not saved.has_unpublished_changes:
                return f"‘{saved}’ is goedgekeurd en staat op de site."
        if self.action not in {"create", "edit"}:
            return super().get_success_message(instance)
        message = f"Het concept van ‘{get_latest_str(saved)}’ is bewaard. Bezoekers zien het nog niet."
        draft = saved.get_latest_revision_as_object()
        if draft.go_live_at and draft.go_live_at > timezone.now() and not saved.scheduled_revision:
            message += " De datum is ingevuld, maar er is nog niets gepland: kies daarvoor ‘Publicatie inplannen’."
        return message


class ProofreadSnippet(WithProofreading):
    """For the editors of what is ``Publishable``: the draft is kept whatever happens, and only then is it checked."""

    def run_action_method(self) -> HttpResponse | None:
        if is_decision(self.action, self.request.POST):
            require_ready(self.new_revision.as_object())
        return super().run_action_method()

    def save_action(self) -> HttpResponse:
        if self.expects_json_response:
            return super().save_action()
        for hint in getattr(self.form, "hints", []):
            messages.warning(self.request, hint)
        response = super().save_action()
        give_advice(self.request, self.new_revision.as_object())
        return response
