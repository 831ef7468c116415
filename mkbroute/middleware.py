import logging
from collections.abc import Callable

from csp.constants import SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDictKeyError
from django.views.defaults import bad_request, page_not_found

from mkbroute.views.system import DATABASE_AWAY, database_away

logger = logging.getLogger(__name__)

ADMIN_PREFIX = "/admin/"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class AreaPolicyMiddleware:
    """What differs between the faces of the site: the admin needs a wider content policy, private pages stay
    out of caches and search engines, and every response says which browser features it does without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path_info.startswith(ADMIN_PREFIX):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY
        if getattr(request, "is_dummy", False):
            # A preview: a public page that Wagtail asks for in our name, to show in a frame of the admin.
            response._csp_replace = {"frame-ancestors": [SELF]}
        if request.path_info.startswith((ADMIN_PREFIX, "/account/", "/partner/", "/voorbeeld/")):
            response.setdefault("Cache-Control", "private, no-store")
            response["X-Robots-Tag"] = "noindex"
        return response


class ErrorPageMiddleware:
    """A page for the errors that Django leaves without one: a wrong method, half a form and a silent database; and in development
    the visitors' page for an address that does not exist, in place of a list of patterns."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.DEBUG and response.status_code == 404 and b"DEBUG = True" in getattr(response, "content", b""):
            return page_not_found(request, Http404())
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, MultiValueDictKeyError):  # a form without a field that every browser sends
            return bad_request(request, exception)
        if not isinstance(exception, DATABASE_AWAY):
            return None
        logger.error("The database did not serve %s", request.path, exc_info=exception)
        return database_away(request)
