"""What the admin answers when a page is not ready to be published."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from mkbroute.core.proofreading import NotReady


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
