"""Preview links: what a stranger with the address sees, and where editors make and withdraw them."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, RevisionMixin
from wagtail.permissions import policy_registry

from mkbroute.core.models import PreviewLink


@require_safe
def preview_link(request: HttpRequest, token: str) -> TemplateResponse:
    """The newest draft behind a valid link, in the public template; anything else is 404, in words for who got a link."""
    link = PreviewLink.objects.valid().filter(token=token).first()
    if link is None or link.target is None:
        return TemplateResponse(request, "core/preview_link_closed.html", status=404)
    draft = link.target.get_latest_revision_as_object()
    response = draft.serve_preview(request, draft.default_preview_mode)
    response.context_data["preview_link"] = link
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is the secret
    return response


def may_edit(user, target: models.Model) -> bool:
    """Whether this user may edit the page or snippet, and so may show its draft to others."""
    if isinstance(target, Page):
        return target.permissions_for_user(user).can_edit()
    return policy_registry.get_by_type(type(target)).user_has_permission_for_instance(user, "change", target)


class PreviewLinksView(WagtailAdminTemplateMixin, TemplateView):
    """The preview links of one object in the admin; POST makes a new one."""

    template_name = "core/preview_links.html"
    page_title = "Voorbeeldlinks"
    header_icon = "link"

    def setup(self, request: HttpRequest, app_label: str, model_name: str, pk: int) -> None:
        super().setup(request)
        try:
            model = apps.get_model(app_label, model_name)
        except LookupError:
            raise Http404 from None
        if not issubclass(model, RevisionMixin):
            raise Http404
        self.target = get_object_or_404(model, pk=pk)
        if not may_edit(request.user, self.target):
            raise Http404

    def get_page_subtitle(self) -> str:
        return str(self.target.get_latest_revision_as_object())

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = {"url": self.edit_url, "label": self.get_page_subtitle()}
        here = {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, edit, here]

    @property
    def edit_url(self) -> str:
        return AdminURLFinder(self.request.user).get_edit_url(self.target)

    def get_context_data(self, **kwargs) -> dict:
        links = PreviewLink.objects.filter(
            content_type=ContentType.objects.get_for_model(self.target), object_id=str(self.target.pk)
        ).select_related("created_by")
        return super().get_context_data(links=links, edit_url=self.edit_url, now=timezone.now(), **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        PreviewLink.objects.create(target=self.target, created_by=request.user)
        messages.success(request, "De link is gemaakt. Kopieer het adres en stuur het door.")
        return redirect(request.path)


@require_POST
def withdraw_preview_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a link at once, for everybody who has it."""
    link = get_object_or_404(PreviewLink.objects.valid(), pk=pk)
    if link.target is None or not may_edit(request.user, link.target):
        raise Http404
    link.withdrawn_at = timezone.now()
    link.save(update_fields=["withdrawn_at"])
    messages.success(request, "De link is ingetrokken en werkt niet meer.")
    return redirect("preview_links", link.content_type.app_label, link.content_type.model, link.object_id)


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [
    path(
        "voorbeeldlinks/<str:app_label>/<str:model_name>/<int:pk>/",
        PreviewLinksView.as_view(),
        name="preview_links",
    ),
    path("voorbeeldlinks/<int:pk>/intrekken/", withdraw_preview_link, name="preview_link_withdraw"),
]
