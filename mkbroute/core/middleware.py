"""What holds for every screen of the admin: a page that is not ready is not published, and who takes a list out is known."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from mkbroute.core import audit
from mkbroute.core.proofreading import NotReady

ADMIN_PREFIX = "/admin/"


class NotReadyMiddleware:
    """By whatever road somebody publishes or approves a page with errors: back to its editing, with all places named."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotReady):
            return None
        messages.error(request, exception.message)
        where = AdminURLFinder(request.user).get_edit_url(exception.instance) or reverse("wagtailadmin_home")
        if request.headers.get("x-requested-with") == "XMLHttpRequest":  # a window of Wagtail, which goes where we say
            return JsonResponse({"step": "success", "redirect": where})
        return redirect(where)


class ExportsMiddleware:
    """A list that leaves the admin as a file is noted in the trail, also one of Wagtail's own reports.

    Of a filter only its name is kept: what somebody searched for can be a name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(ADMIN_PREFIX) and "export" in request.GET and _is_file(response):
            name = re.search(r'filename="?([\w. -]+)', response["Content-Disposition"])
            filters = sorted(key for key, value in request.GET.items() if value and key != "export")
            audit.record(
                audit.Action.EXPORT,
                f"lijst gedownload: {name[1] if name else request.path_info}",
                by=request.user,
                filters=filters,
            )
        return response


def _is_file(response: HttpResponse) -> bool:
    return response.status_code == 200 and response.get("Content-Disposition", "").startswith("attachment")
