from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from mkbroute.accounts.permissions import may_enter_admin, needs_second_factor

ADMIN_PREFIX = "/admin/"
PRIVATE_PREFIXES = (ADMIN_PREFIX, "/account/", "/partner/", "/documenten/")
# Open to who still has to set up a second factor: setting it up, proving who you are, and leaving.
SET_UP_VIEWS = ("mfa_", "account_reauthenticate", "account_reset_password", "account_logout")


class AdminAccessMiddleware:
    """The admin does not exist for who may not enter it.

    Without this, Wagtail sends a signed-in stranger to the sign-in page, which sends them straight back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_private(request, (ADMIN_PREFIX,)):
            user = request.user
            if user.is_authenticated and not may_enter_admin(user):
                raise Http404
        return self.get_response(request)


class SecondFactorMiddleware:
    """Staff without a second factor reach only the pages where they set one up.

    Public pages stay open. ``request.needs_second_factor`` has the set-up page explain why they are there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not _is_private(request, PRIVATE_PREFIXES) or request.user.is_anonymous:
            return None
        request.needs_second_factor = needs_second_factor(request.user)
        view_name = request.resolver_match.view_name or ""
        if request.needs_second_factor and not view_name.startswith(SET_UP_VIEWS):
            return redirect("mfa_index")
        return None


def _is_private(request: HttpRequest, prefixes: tuple[str, ...]) -> bool:
    """Whether this is a private page, asked by somebody with a session; all others must not cost a query."""
    return request.path_info.startswith(prefixes) and settings.SESSION_COOKIE_NAME in request.COOKIES
