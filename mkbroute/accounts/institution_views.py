"""The pages of signing in by one's own institution. Where the settings name none, they do not exist."""

from collections.abc import Callable
from functools import wraps

from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mkbroute.accounts.institution import PROVIDER, Conversation, is_offered, not_done, unlink


def where_offered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 without an institution to sign in by."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_offered():
            raise Http404
        return view(request, *args, **kwargs)

    return answer


@where_offered
@require_POST
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the visitor on to the institution.

    With a page in between, for browsers hold the content policy of the page with the button (``form-action``) against
    every redirect that follows; SURFconext sends people on to institutions of which we do not know the addresses.
    """
    if request.user.is_authenticated:
        return redirect("account_home")
    if limited := ratelimit.consume_or_429(request, action="login"):
        return limited
    provider = get_adapter(request).get_provider(request, PROVIDER)
    try:
        response = provider.redirect(request, AuthProcess.LOGIN, next_url=get_next_redirect_url(request))
    except OAuth2Error as error:
        return not_done(request, error)
    if not isinstance(response, HttpResponseRedirect):
        return response
    return render(request, "account/institution_leave.html", {"institution": provider.name, "address": response.url})


@where_offered
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the institution answers, through the browser of the visitor."""
    try:
        return OAuth2CallbackView.adapter_view(Conversation(request, PROVIDER))(request)
    except OAuth2Error as error:
        return not_done(request, error)


@where_offered
@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """No longer sign in by institution, until one signs in by it anew."""
    if unlink(request.user, by=request.user):
        messages.success(request, f"Uw account is niet meer gekoppeld aan {settings.OIDC_NAME}.")
    return redirect("account_home")
