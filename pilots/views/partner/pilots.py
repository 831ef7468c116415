"""A pilot as its own people see it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pilots.models import Pilot


@login_required
@require_safe
def portal_pilot(request: HttpRequest, slug: str) -> HttpResponse:
    """The start of one pilot in the portal."""
    pilot = get_object_or_404(Pilot.objects.of_member(request.user), slug=slug)
    return render(request, "partner/pilot.html", {"pilot": pilot})
