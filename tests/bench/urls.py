"""The addresses of the site, and two views that do next to nothing: what is left is the server and the middleware."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from mkbroute import urls

LINE = engines["django"].from_string("<!doctype html><title>Mkb-route in het hbo</title><p>{{ request.path }}</p>")


def line(request: HttpRequest) -> HttpResponse:
    """A template of one line."""
    return HttpResponse(LINE.render({}, request))


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing at all."""
    return HttpResponse()


urlpatterns = [path("bench/line/", line), path("bench/empty/", empty), *urls.urlpatterns]
handler500 = urls.handler500
