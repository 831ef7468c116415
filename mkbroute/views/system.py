"""Addresses for programs (probes, search engines, researchers of security), files, and errors of ours."""

import sys
from datetime import timedelta

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve

from mkbroute.jobs import standings

DATABASE_AWAY = (OperationalError, InterfaceError)
"""What Django raises when the database is gone, full, restarting or too slow: nothing that a visitor did."""

TEXT = "text/plain; charset=utf-8"
DAY = 24 * 3600


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else, so that a database that is down does not get us restarted."""
    return HttpResponse("ok\n", content_type=TEXT)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers too, so visitors may be sent here. That it is migrated is up to the deployment.

    A job that is late or failed is named, for who watches; it is no reason to send visitors away.
    """
    try:
        troubled = [standing for standing in standings() if standing.trouble]
    except Error:
        return HttpResponse("De database antwoordt niet.\n", content_type=TEXT, status=503)
    lines = ["ok", *(f"{standing.job.name} {standing.trouble}" for standing in troubled)]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)


@cache_control(max_age=DAY)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines need not visit, and where the list of pages is."""
    return render(request, "robots.txt", {"site": settings.SITE_URL}, content_type=TEXT)


@cache_control(max_age=DAY)
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116). It stays good for half a year after each time it is read."""
    expires = timezone.now() + timedelta(days=180)
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Contact: {settings.SITE_URL}/contact/",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)


@cache_control(max_age=DAY)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For who asks here unprompted; pages name the icon themselves."""
    return redirect(static("img/favicon.svg"))


# Of MEDIA_ROOT only the folder with renditions is public. Originals are far larger than any page needs, and
# documents go through Wagtail's own view, which knows which of them are private. The library holds only
# public images, so nobody's rights are asked here. A rendition is named after its file and size; a replaced
# file gets a new name, but a name can come back once its first file is gone: so a month, not "immutable".
@cache_control(public=True, max_age=30 * DAY)
@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponse:
    """A resized image of the library, by the name of its file."""
    return serve(request, name, document_root=settings.MEDIA_ROOT / "images")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``; the error is still at hand, so a missing database is called by its name."""
    if isinstance(sys.exception(), DATABASE_AWAY):
        return database_away(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def database_away(request: HttpRequest) -> HttpResponse:
    """The page for when there is no database. Needs nothing but its template."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "120"})


def nowhere(request: HttpRequest, *args: str) -> HttpResponse:
    """An address of a library that we do not offer."""
    raise Http404
