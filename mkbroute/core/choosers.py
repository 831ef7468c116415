"""The windows of the admin in which an editor picks something.

Wagtail shows them to everybody who works in the admin: also of what somebody may not see, such as what visitors wrote.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.permissions import policy_registry
from wagtail.snippets.views import chooser


class ForWhoHasRights:
    """A view for who has any right on the model."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        policy = policy_registry.get_by_type(self.model_class)
        if not policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ChooseView(ForWhoHasRights, chooser.ChooseView):
    pass


class ChooseResultsView(ForWhoHasRights, chooser.ChooseResultsView):
    pass


class ChosenView(ForWhoHasRights, chooser.SnippetChosenView):
    pass


class ChosenMultipleView(ForWhoHasRights, chooser.SnippetChosenMultipleView):
    pass


class CreateView(chooser.SnippetCreateView):
    """Making something while picking, which exists only where the window has a form for it."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.get_creation_form_class() is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class PublicChooserViewSet(chooser.SnippetChooserViewSet):
    """Of what everybody may see: the admin's people pick it also where they may not change it."""

    create_view_class = CreateView


class ChooserViewSet(PublicChooserViewSet):
    """Of what only some may see."""

    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
