"""A form of the portal that cannot be taken is given back with every word in it.

Somebody may be signed out while they write, by time or by hand, or lose a right. Neither may cost them what they typed, with
or without JavaScript. A form that another site sends is never given back: its sender could have others send it on.
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render, resolve_url
from django.views import csrf

PORTAL = "/partner/"
OF_THE_FORM = {"csrfmiddlewaretoken", "submission", "version", "do", "next"}
"""Fields nobody typed."""


class HeldFormMiddleware:
    """What the portal answers to a form of somebody who is signed out, or who has no business there any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _is_ours(request):
            return response
        if _leads_to_sign_in(response) and not request.user.is_authenticated:
            return held(request)
        if response.status_code == 404 and request.user.is_authenticated:
            return render(request, "partner/gone.html", _context(request), status=404)
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's ``CSRF_FAILURE_VIEW``: signing in again makes every form that was open before it stale."""
    return held(request) if _is_ours(request) else csrf.csrf_failure(request, reason=reason)


def held(request: HttpRequest) -> HttpResponse:
    """The page with the form in it, to sign in beside and to send again."""
    return render(request, "partner/held.html", _context(request), status=403)


def _is_ours(request: HttpRequest) -> bool:
    """Whether this is a form of the portal that, says the browser, came from this very site."""
    if request.method != "POST" or not request.path_info.startswith(PORTAL):
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _leads_to_sign_in(response: HttpResponse) -> bool:
    where = response.get("Location", "").partition("?")[0]
    return response.status_code == 302 and where == resolve_url(settings.LOGIN_URL)


def _context(request: HttpRequest) -> dict:
    fields = list(_fields(request))
    return {
        "fields": fields,
        "typed": [value for name, value in fields if name not in OF_THE_FORM and " " in value.strip()],
        "had_files": any(file.size for file in request.FILES.values()) if fields else False,
    }


def _fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    try:
        sent = request.POST.lists()
    except (UnreadablePostError, MultiPartParserError):
        return
    for name, values in sent:
        if name != "csrfmiddlewaretoken":
            for value in values:
                yield name, value
