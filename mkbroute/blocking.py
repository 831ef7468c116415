"""The screen on which the team shuts somebody out of the portal, and lets them in again."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from mkbroute.accounts import actions
from mkbroute.accounts.models import User
from mkbroute.accounts.permissions import may_manage

MAY_BLOCK = "accounts.change_user"


def may_block(user: User, other: User) -> bool:
    """Whether ``user`` may shut ``other`` out, or let them in again."""
    return user != other and user.has_perm(MAY_BLOCK) and may_manage(user, other)


def block_url(other: User | None, *, by: User) -> str:
    """Where ``by`` blocks or unblocks somebody; empty when that is not theirs to do."""
    return reverse("block_user", args=[other.pk]) if other and may_block(by, other) else ""


class BlockForm(forms.Form):
    """Why somebody is shut out."""

    reason = forms.CharField(
        label="Reden",
        help_text="Deze persoon leest dit in een mail. Schrijf er geen gegevens van anderen in.",
        error_messages={"required": "Schrijf erbij waarom."},
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class UnblockForm(forms.Form):
    """Somebody is let in again; no reason is asked."""


class BlockView(WagtailAdminTemplateMixin, FormView):
    """Blocking somebody, or undoing that: the page is the confirmation."""

    template_name = "mkbroute/block_user.html"
    header_icon = "user"

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.person = get_object_or_404(User, pk=pk)
        if not may_block(request.user, self.person):
            raise PermissionDenied
        return super().dispatch(request)

    def get_form_class(self) -> type[forms.Form]:
        return BlockForm if self.person.is_active else UnblockForm

    def form_valid(self, form: forms.Form) -> HttpResponse:
        # One page, two verbs: the button says which, so that a page that stood open for a while does not do the other.
        verb = self.request.POST.get("verb")
        if verb not in ("block", "unblock"):
            raise Http404
        try:
            if verb == "block":
                actions.block(user=self.person, by=self.request.user, reason=form.cleaned_data.get("reason", ""))
            else:
                actions.unblock(user=self.person, by=self.request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        said = "{} is geblokkeerd en nergens meer ingelogd." if verb == "block" else "{} kan weer inloggen."
        messages.success(self.request, format_html(said, self.person))
        return redirect(self.back)

    @property
    def back(self) -> str:
        """Where the reader came from: an item of the queue, or the user."""
        return get_valid_next_url_from_request(self.request) or reverse(
            "wagtailusers_users:edit", args=[self.person.pk]
        )

    def get_page_title(self) -> str:
        return f"{self.person} {'blokkeren' if self.person.is_active else 'weer toelaten'}"

    def get_breadcrumbs_items(self) -> list[dict]:
        users = {"url": reverse("wagtailusers_users:index"), "label": "Gebruikers"}
        return [*self.breadcrumbs_items, users, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(person=self.person, back=self.back, **kwargs)


# Wagtail puts these below /admin/ and lets in only who may enter the admin.
admin_urls = [path("gebruikers/<int:pk>/blokkeren/", BlockView.as_view(), name="block_user")]
